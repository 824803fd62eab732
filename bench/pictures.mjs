/**
 * Times a curve of 20,000 logged points from question to PNG and SVG: the whole process of the built library, and inside
 * it what the picture takes (the finding is there, the file's bytes are not). Twelve curves of 1,000 points, and 300
 * points with a fitted curve, beside it.
 *
 * usage: node bench/pictures.mjs [--smoke] [--n 9]
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';

const root = path.join(import.meta.dirname, '..');
const node = path.join(root, 'node_modules/.bin/node');
const POINTS = 20_000;
const TARGET_MS = 1_000;
const QUESTIONS = [
  [`one curve of ${POINTS} points`, 'plot bench_loss of run-017'],
  ['8 curves', 'plot training_loss in churn-prediction'],
  ['scatter with its fit', 'does learning_rate affect f1_score in churn-prediction?'],
];

/** Prints milliseconds and processor milliseconds of one question's picture, by format. */
const CHILD = `
import { enableCompileCache } from 'node:module';
enableCompileCache();
const [question, format, location] = process.argv.slice(1);
const { createRunsight, drawPicture } = await import(${JSON.stringify(path.join(root, 'dist/index.js'))});
const runsight = createRunsight({ store: 'sqlite:///' + location, model: 'offline' });
const answer = await runsight.ask(question, { signal: AbortSignal.timeout(60_000) });
await runsight.close();
const chart = answer.charts[0];
if (chart === undefined) throw new Error('no chart: ' + answer.text);
const started = performance.now();
const cpu = process.cpuUsage();
const bytes = await drawPicture(chart, format);
const used = process.cpuUsage(cpu);
console.log(JSON.stringify({ inside: performance.now() - started, cpu: (used.user + used.system) / 1000, bytes: bytes.length }));
`;

const { values } = parseArgs({ options: { smoke: { type: 'boolean' }, n: { type: 'string' } } });
const turns = Number(values.n ?? (values.smoke ? 1 : 9));
const home = mkdtempSync(path.join(tmpdir(), 'runsight-bench-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));

/** The demo with a long, noisy, falling curve that breaks off twice. */
function makeStore() {
  const file = path.join(home, 'mlflow.db');
  copyFileSync(path.join(root, 'examples/demo/mlflow.db'), file);
  const database = new DatabaseSync(file);
  const { run_uuid: run } = database.prepare("SELECT run_uuid FROM runs WHERE name = 'run-017'").get();
  const insert = database.prepare(
    'INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, ?, ?)',
  );
  database.exec('BEGIN');
  for (let step = 0; step < POINTS; step++) {
    const isGap = step % 9_000 > 8_900;
    const value = Math.exp(-step / 4_000) * (1 + 0.3 * Math.sin(step * 12.9898));
    insert.run('bench_loss', isGap ? 0 : value, 1_763_000_000_000 + 250 * step, run, step, isGap ? 1 : 0);
  }
  database
    .prepare('INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid) VALUES (?, ?, ?, ?, ?, ?)')
    .run('bench_loss', Math.exp(-POINTS / 4_000), 1_763_000_000_000 + 250 * POINTS, POINTS - 1, 0, run);
  database.exec('COMMIT');
  database.close();
  return file;
}

function draw(question, format, store) {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(node, ['--input-type=module', '-e', CHILD, question, format, store], {
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, TZ: 'UTC' },
    encoding: 'utf8',
  });
  const whole = performance.now() - started;
  if (status !== 0 || stderr !== '') throw new Error(`"${question}" ended with ${status}: ${stderr}`);
  return { whole, ...JSON.parse(stdout) };
}

const middle = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

const store = makeStore();
console.log(`question → picture, n = ${turns}, Node ${process.version}; medians`);
for (const [label, question] of QUESTIONS) {
  for (const format of ['png', 'svg']) {
    // The first fills the compile cache.
    draw(question, format, store);
    const all = Array.from({ length: turns }, () => draw(question, format, store));
    const of = (field) => `${middle(all.map((one) => one[field])).toFixed(0)} ms`.padStart(8);
    const least = Math.min(...all.map(({ inside }) => inside)).toFixed(0);
    console.log(
      `${label.padEnd(26)} ${format}  picture ${of('inside')} (least ${least}, processor ${of('cpu')})  process ${of('whole')}  ${(all[0].bytes / 1000).toFixed(0)} kB`,
    );
  }
}
console.log(`target: a picture of ${POINTS} points within ${TARGET_MS} ms`);
