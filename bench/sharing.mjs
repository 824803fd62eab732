/**
 * Shares a SQLite database with a writer: three askers in a loop in one process, while another process, which waits a
 * second for a lock, commits every 100 ms; in rollback-journal mode and in write-ahead mode. Ends with 1 where a commit
 * or an answer fails.
 *
 * usage: node bench/sharing.mjs [--smoke] [--runs 100000] [--seconds 30] [--store FILE] [--root FOLDER]
 *
 * --store takes a copy of a database that `bench/scale/run.mjs --keep` left, else one is generated; --root asks another
 * checkout's sources, to compare.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text as readText } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createDatabase } from '../test/support/databases.ts';

const { values: flags } = parseArgs({
  options: {
    smoke: { type: 'boolean', default: false },
    runs: { type: 'string' },
    seconds: { type: 'string' },
    store: { type: 'string' },
    root: { type: 'string', default: path.join(import.meta.dirname, '..') },
  },
});
const runs = Number(flags.runs ?? (flags.smoke ? 20_000 : 100_000));
const seconds = Number(flags.seconds ?? (flags.smoke ? 4 : 30));
const root = path.resolve(flags.root);
const { createApp } = await import(path.join(root, 'src/app/create-app.ts'));
const { readConfig } = await import(path.join(root, 'src/config/config.ts'));

const EXPERIMENT = 'churn-sweep';
const QUESTIONS = {
  best: `Which run had the highest f1_score in ${EXPERIMENT}?`,
  group: `Average f1_score by model_type in ${EXPERIMENT}`,
  impact: `Which parameters matter for f1_score in ${EXPERIMENT}?`,
};
const METRICS = ['f1_score', 'accuracy', 'precision', 'recall', 'roc_auc', 'log_loss'];
const PARAMS = ['learning_rate', 'max_depth', 'n_estimators', 'subsample', 'dropout', 'batch_size'];
const MODELS = ['xgboost', 'lightgbm', 'mlp'];

const home = mkdtempSync(path.join(tmpdir(), 'runsight-sharing-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));

/** 0 to 1, the same each time. */
let seed = 1;
const random = () => {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return seed / 2147483648;
};

function generate(file) {
  using database = createDatabase(file, '3');
  database.exec(`PRAGMA synchronous = OFF; BEGIN;
    INSERT INTO experiments (experiment_id, name, lifecycle_stage) VALUES (2, '${EXPERIMENT}', 'active')`);
  const run = database.prepare(`INSERT INTO runs (run_uuid, name, status, start_time, end_time, lifecycle_stage,
    experiment_id) VALUES (?, ?, 'FINISHED', ?, ?, 'active', 2)`);
  const param = database.prepare('INSERT INTO params (key, value, run_uuid) VALUES (?, ?, ?)');
  const metric = database.prepare('INSERT INTO latest_metrics VALUES (?, ?, 1, 0, 0, ?)');
  for (let at = 0; at < runs; at++) {
    const id = at.toString(16).padStart(32, '0');
    run.run(id, `run-${at}`, at * 60_000, at * 60_000 + 1_000);
    param.run('model_type', MODELS[at % MODELS.length], id);
    for (const key of PARAMS) param.run(key, random().toFixed(2), id);
    for (const key of METRICS) metric.run(key, random(), id);
  }
  database.exec('COMMIT');
}

/** As a training run logs: its points one by one. Tells each commit's wait, or that it failed. */
const WRITER = `
import json, sqlite3, sys, time
path, seconds = sys.argv[1], float(sys.argv[2])
connection = sqlite3.connect(path, timeout=1, isolation_level=None)
experiment = connection.execute("SELECT experiment_id FROM experiments WHERE name = '${EXPERIMENT}'").fetchone()[0]
commits, failures, longest = 0, [], 0.0
ends = time.monotonic() + seconds
while time.monotonic() < ends:
    started = time.monotonic()
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE runs SET end_time = end_time + 1 WHERE run_uuid = (SELECT max(run_uuid) FROM runs)")
        connection.execute("UPDATE latest_metrics SET step = step + 1 WHERE key = 'f1_score' AND run_uuid = (SELECT max(run_uuid) FROM runs)")
        connection.execute("COMMIT")
        commits += 1
    except sqlite3.OperationalError as error:
        failures.append(str(error))
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    waited = time.monotonic() - started
    longest = max(longest, waited)
    time.sleep(max(0, 0.1 - waited))
print(json.dumps({"commits": commits, "failures": failures, "longest": longest}))
`;

async function write(file) {
  const child = spawn('python3', ['-c', WRITER, file, String(seconds)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output] = await Promise.all([readText(child.stdout), once(child, 'exit')]);
  return JSON.parse(output);
}

/** How often it was answered, how often that the data changed meanwhile; what was no answer. */
async function askInLoop(app, question, isOver) {
  const asked = { answers: 0, changed: 0, faults: [], longestMs: 0 };
  while (!isOver()) {
    const started = performance.now();
    for await (const event of app.ask(question, new AbortController().signal)) {
      if (event.type !== 'answer') continue;
      if (event.answer.status === 'answered') asked.answers++;
      else asked.faults.push(event.answer.text);
      if (event.answer.findings.some(({ caveats }) => caveats.some(({ code }) => code === 'CHANGED'))) asked.changed++;
    }
    asked.longestMs = Math.max(asked.longestMs, performance.now() - started);
    // The next question of a person comes in another turn of the event loop.
    await setTimeout();
  }
  return asked;
}

async function share(mode, source) {
  const file = path.join(home, `${mode}.db`);
  copyFileSync(source, file);
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA journal_mode = ${mode}`);
  database.close();
  const config = readConfig({ HOME: home, TZ: 'UTC', MLFLOW_TRACKING_URI: `sqlite:///${file}` }, { model: 'offline' });
  const app = createApp(config);
  let isOver = false;
  const writing = write(file).finally(() => {
    isOver = true;
  });
  const asking = Object.values(QUESTIONS).map((question) => askInLoop(app, question, () => isOver));
  const [{ commits, failures, longest }, ...asked] = await Promise.all([writing, ...asking]);
  await app.close();
  rmSync(file);
  const figures = Object.keys(QUESTIONS).map((name, at) => {
    const { answers, changed, longestMs } = asked[at];
    return `${name} ${answers} answers (${changed} changed meanwhile, longest ${(longestMs / 1000).toFixed(1)} s)`;
  });
  console.log(
    `${mode}: ${commits} commits, ${failures.length} failed, longest ${longest.toFixed(3)} s; ${figures.join(', ')}`,
  );
  const faults = [...failures, ...asked.flatMap((one) => one.faults)];
  const silent = asked.filter(({ answers }) => answers === 0).length;
  for (const fault of new Set(faults)) console.error(`FAILED: ${fault}`);
  if (silent > 0) console.error(`FAILED: ${silent} askers got no answer`);
  return faults.length === 0 && silent === 0 && commits > 0;
}

let source = flags.store;
if (source === undefined) {
  source = path.join(home, 'generated.db');
  generate(source);
}
for (const mode of ['delete', 'wal']) if (!(await share(mode, source))) process.exitCode = 1;
