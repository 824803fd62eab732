/**
 * Times one whole answer of the built program against a bare `node -e 0`, interleaved in the same run, and beside it
 * the shortest Python script that answers the same through MLflow's own client, where RUNSIGHT_TEST_PYTHON has one.
 *
 * usage: node bench/ask.mjs [--smoke] [--n 15]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { print, summarize } from './figures.mjs';

const root = path.join(import.meta.dirname, '..');
const node = path.join(root, 'node_modules/.bin/node');
const demo = path.join(root, 'examples/demo/mlflow.db');
const QUESTION = 'Which run had the highest F1 score?';
const TARGET_RATIO = 6;
/** The Python client takes seconds: fewer turns say as much. */
const CLIENT_TURNS = 3;

const CLIENT_SCRIPT = `
import mlflow
from mlflow import MlflowClient
mlflow.set_tracking_uri("sqlite:///${demo}")
client = MlflowClient()
ids = [e.experiment_id for e in client.search_experiments()]
best = client.search_runs(ids, "attributes.status = 'FINISHED'", order_by=["metrics.f1_score DESC"], max_results=1)[0]
print(best.info.run_name, best.data.metrics["f1_score"])
`;

const { values } = parseArgs({ options: { smoke: { type: 'boolean' }, n: { type: 'string' } } });
const turns = Number(values.n ?? (values.smoke ? 5 : 15));
const home = mkdtempSync(path.join(tmpdir(), 'runsight-bench-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));

/** Milliseconds of a whole process. */
function time(command, args) {
  const started = performance.now();
  const { status, stderr } = spawnSync(command, args, {
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, TZ: 'UTC' },
    encoding: 'utf8',
  });
  const elapsed = performance.now() - started;
  if (status !== 0) throw new Error(`${command} ${args[0]} ended with ${status}: ${stderr}`);
  return elapsed;
}

const answer = () => time(node, [path.join(root, 'dist/bin.js'), 'ask', QUESTION]);
const bare = () => time(node, ['-e', '0']);

// The first answer fills the compile cache.
answer();
const answers = [];
const bares = [];
for (let turn = 0; turn < turns; turn++) {
  bares.push(bare());
  answers.push(answer());
}
const [total, floor] = [summarize(answers), summarize(bares)];
const [ratio, leastRatio] = [total.median / floor.median, total.least / floor.least];

console.log(`"${QUESTION}" on the demo, whole process, n = ${turns}, Node ${process.version}`);
print('runsight ask', total);
print('node -e 0', floor);
console.log(`ratio ${ratio.toFixed(2)} (of the least ${leastRatio.toFixed(2)}); target at most ${TARGET_RATIO}`);

const python = process.env.RUNSIGHT_TEST_PYTHON;
if (python === undefined || python === '') {
  console.log("MLflow's own client: left out; set RUNSIGHT_TEST_PYTHON to a Python that has mlflow");
} else {
  const client = summarize(Array.from({ length: CLIENT_TURNS }, () => time(python, ['-c', CLIENT_SCRIPT])));
  print("MLflow's Python client", client);
  console.log(`runsight is ${(client.median / total.median).toFixed(1)} times as fast`);
}
