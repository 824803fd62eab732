/**
 * Times one whole answer of the built program over a generated mlruns folder: the first, which reads and indexes it,
 * and later ones, which look for changes; interleaved with the bundled demo's database, which is mostly start-up.
 *
 * usage: node bench/mlruns.mjs [--smoke] [--runs 10000] [--n 9]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { writeExperiment, writeRun } from '../test/support/mlruns.ts';

const root = path.join(import.meta.dirname, '..');
const node = path.join(root, 'node_modules/.bin/node');
const QUESTION = 'which run had the best f1_score?';
const METRICS = 'f1_score accuracy loss auc recall precision rmse mae train_time val_loss val_accuracy r2'.split(' ');
const MODELS = ['xgboost', 'forest', 'linear'];
/** Files that are younger count as under way. */
const SETTLED_MS = 2_500;

const { values } = parseArgs({
  options: { smoke: { type: 'boolean' }, runs: { type: 'string' }, n: { type: 'string' } },
});
const runs = Number(values.runs ?? (values.smoke ? 500 : 10_000));
const turns = Number(values.n ?? (values.smoke ? 3 : 9));
const home = mkdtempSync(path.join(tmpdir(), 'runsight-bench-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));

/** 0 to 1, the same each time. */
let seed = 1;
const random = () => {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return seed / 2147483648;
};

/** 12 metrics, 15 params and 6 tags a run; each 200th run has 50 points a metric. */
function generate(mlruns) {
  const experiment = writeExperiment(mlruns, '123456789012345678', 'churn');
  for (let n = 0; n < runs; n++) {
    const start = 1_700_000_000_000 + n * 60_000;
    const points = Array.from({ length: n % 200 === 0 ? 50 : 1 }, (_, step) => step);
    const lines = () => points.map((step) => `${start + step} ${random()} ${step}\n`).join('');
    const params = Array.from({ length: 14 }, (_, index) => [`p${index}`, random().toFixed(3)]);
    writeRun(experiment, n.toString(16).padStart(32, '0'), {
      name: `run-${n}`,
      start,
      metrics: Object.fromEntries(METRICS.map((key) => [key, lines()])),
      params: Object.fromEntries([...params, ['model_type', MODELS[n % MODELS.length]]]),
      tags: {
        'mlflow.user': 'ana',
        'mlflow.runName': `run-${n}`,
        'mlflow.source.name': 'train.py',
        'mlflow.source.type': 'LOCAL',
        team: `t${n % 5}`,
        stage: 'dev',
      },
    });
  }
}

/** Milliseconds of a whole process. */
function time(...args) {
  const started = performance.now();
  const { status, stderr } = spawnSync(node, [path.join(root, 'dist/bin.js'), 'ask', QUESTION, ...args], {
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, TZ: 'UTC' },
    encoding: 'utf8',
  });
  const elapsed = performance.now() - started;
  if (status !== 0) throw new Error(`runsight ended with ${status}: ${stderr}`);
  return elapsed;
}

function print(label, times) {
  const sorted = times.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  console.log(
    `${label.padEnd(28)} median ${median.toFixed(0).padStart(6)} ms   least ${sorted[0].toFixed(0).padStart(6)} ms`,
  );
}

const mlruns = path.join(home, 'mlruns');
generate(mlruns);
await setTimeout(SETTLED_MS);
time(); // The demo: fills the compile cache.
const first = time('--uri', mlruns);
const [later, demo] = [[], []];
for (let turn = 0; turn < turns; turn++) {
  later.push(time('--uri', mlruns));
  demo.push(time('--uri', path.join(root, 'examples/demo/mlflow.db')));
}
console.log(`"${QUESTION}", ${runs} runs, whole process, n = ${turns}, Node ${process.version}`);
print('first, n = 1', [first]);
print('later', later);
print('the demo, for scale', demo);
