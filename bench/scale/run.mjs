/**
 * Large stores, side by side: each question asked of the built program, of raw SQL and of MLflow's own Python client,
 * all as whole processes in one run, every answer held against what the generator knows. Prints a Markdown table and
 * ends with 1 where an answer is wrong. Needs python3; MLflow is installed into the cache once.
 *
 * usage: node bench/scale/run.mjs [--store URI] [--runs 100000] [--points 10000000] [--n 5] [--client] [--keep FOLDER]
 *                                 [--only best,filter,…]
 *        node bench/scale/run.mjs --smoke      2,000 runs, SQLite, without the client: checks answers only
 *
 * --store takes an empty database, postgresql://… or mysql://…; default is a SQLite file in a folder of its own.
 * --client takes ten minutes more at 100,000 runs. --keep leaves the SQLite file and the truth in a folder, and takes
 * them from there the next time; a store of your own is filled when that folder has no truth of it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { mlflowPython } from '../../test/support/mlflow-python.ts';
import { differences, QUESTIONS } from './questions.mjs';

const root = path.join(import.meta.dirname, '../..');
const node = path.join(root, 'node_modules/.bin/node');

const { values: flags } = parseArgs({
  options: {
    store: { type: 'string' },
    runs: { type: 'string', default: '100000' },
    points: { type: 'string', default: '10000000' },
    n: { type: 'string', default: '5' },
    client: { type: 'boolean', default: false },
    keep: { type: 'string' },
    only: { type: 'string' },
    smoke: { type: 'boolean', default: false },
  },
});
const size = flags.smoke ? { runs: '2000', points: '30000', turns: 1 } : { ...flags, turns: Number(flags.n) };

const home = mkdtempSync(path.join(tmpdir(), 'runsight-scale-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));
const folder = flags.keep === undefined ? home : path.resolve(flags.keep);
const label = `${flags.store?.split(':')[0] ?? 'sqlite'}-${size.runs}-${size.points}`;
const file = path.join(folder, `${label}.db`);
const uri = flags.store ?? `sqlite:///${file}`;
/** MLflow asks for a driver by name where Runsight does not. */
const clientUri = uri.replace(/^mysql:/, 'mysql+pymysql:').replace(/^postgres(?:ql)?:/, 'postgresql+psycopg2:');
const python = await mlflowPython();

function fill() {
  const truth = path.join(folder, `${label}.json`);
  if (!existsSync(truth)) {
    mkdirSync(folder, { recursive: true });
    rmSync(file, { force: true });
    const script = path.join(import.meta.dirname, 'fill.py');
    const args = [script, clientUri, truth, '--runs', size.runs, '--points', size.points];
    const { status } = spawnSync(python, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    if (status !== 0)
      throw new Error(`fill.py ended with ${status}: is ${uri} an empty database that MLflow can open?`);
  }
  return JSON.parse(readFileSync(truth, 'utf8'));
}

/** Seconds, MiB at the most and output of a whole process. */
function measure(command, args, env = {}) {
  const script = path.join(import.meta.dirname, 'measure.py');
  const { stdout, stderr } = spawnSync(python, [script, command, ...args], {
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, TZ: 'UTC', ...env },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const measured = JSON.parse(stdout);
  if (measured.status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${measured.status}: ${stderr}`);
  return measured;
}

const parsed = ({ output, ...figures }) => ({ ...figures, answer: JSON.parse(output) });

function ask({ text, read }) {
  const args = [path.join(root, 'dist/bin.js'), 'ask', text, '--model', 'offline', '--json'];
  const { answer, ...figures } = parsed(measure(node, args, { MLFLOW_TRACKING_URI: uri }));
  return { ...figures, answer: answer.findings.length > 0 ? read(answer.findings[0]) : { text: answer.text } };
}

const bare = () => measure(node, ['-e', '0']);
const floor = ({ name }) => parsed(measure(node, [path.join(import.meta.dirname, 'floor.mjs'), name, uri]));
const client = ({ name }) => parsed(measure(python, [path.join(import.meta.dirname, 'client.py'), name, clientUri]));

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
/** Of several turns: the median time, the most memory, the last answer. */
const summarize = (turns) => ({
  ...turns.at(-1),
  seconds: median(turns.map(({ seconds }) => seconds)),
  mib: Math.max(...turns.map(({ mib }) => mib)),
});

const faults = [];
function check(who, { name }, turns, truth) {
  const found = turns.flatMap(({ answer }) => differences(answer, truth[name], who === 'runsight'));
  for (const difference of new Set(found)) faults.push(`${who}, ${name}: ${difference}`);
}

function measureQuestion(question, truth) {
  // The first answer fills the compile cache and the system's file cache.
  ask(question);
  const turns = { bare: [], ours: [], floor: [] };
  for (let turn = 0; turn < size.turns; turn++) {
    turns.bare.push(bare());
    turns.ours.push(ask(question));
    turns.floor.push(floor(question));
  }
  const ours = summarize(turns.ours);
  const theirs = flags.client && !flags.smoke ? client(question) : undefined;
  check('runsight', question, turns.ours, truth);
  check('floor', question, turns.floor, truth);
  if (theirs) check('client', question, [theirs], truth);
  return { question, ours, theirs, least: summarize(turns.floor), bare: summarize(turns.bare) };
}

const seconds = (figures) => figures?.seconds.toFixed(figures.seconds < 10 ? 3 : 1) ?? '–';
const mib = (figures) => figures?.mib.toFixed(0) ?? '–';

function row({ question, ours, theirs, least, bare }) {
  const ratio = theirs === undefined ? '–' : `${(theirs.seconds / ours.seconds).toFixed(0)} ×`;
  const cells = [question.name, seconds(theirs), seconds(ours), ratio, question.seconds, seconds(least)];
  return [...cells, (ours.seconds / bare.seconds).toFixed(1), mib(ours), mib(theirs)];
}

const HEADINGS = [
  ...['question', 'client s', 'runsight s', 'ratio', 'target s', 'floor s'],
  ...['× bare node', 'runsight MiB', 'client MiB'],
];

const truth = fill();
console.log(`${label}: ${cpus().length} × ${cpus()[0].model}, Node ${process.version}, n = ${size.turns}\n`);
for (const cells of [HEADINGS, HEADINGS.map(() => '---')]) console.log(`| ${cells.join(' | ')} |`);
const asked = QUESTIONS.filter(({ name }) => flags.only?.split(',').includes(name) ?? true);
if (asked.length === 0)
  throw new Error(`no question is called ${flags.only}: there are ${QUESTIONS.map(({ name }) => name).join(', ')}`);
for (const question of asked) console.log(`| ${row(measureQuestion(question, truth)).join(' | ')} |`);
for (const fault of faults) console.error(`WRONG: ${fault}`);
process.exitCode = faults.length > 0 ? 1 : 0;
