/**
 * Times the built chat in a pseudo-terminal on the demo: from the start of the process until it can be typed into, and
 * from Enter until the first words of an offline answer, typed at a person's pace and typed at once.
 *
 * usage: node bench/chat.mjs [--smoke] [--n 15]
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs, stripVTControlCharacters } from 'node:util';

const root = path.join(import.meta.dirname, '..');
const node = path.join(root, 'node_modules/.bin/node');
const program = path.join(root, 'dist/bin.js');
const QUESTIONS = [
  'Which run had the highest F1 score?',
  'how many runs failed this month?',
  'plot the loss of run 17',
];
const TARGETS = { ready: 300, first: 30 };
/** Between keys: 100 words a minute. */
const TYPING_MS = 120;

const { values } = parseArgs({ options: { smoke: { type: 'boolean' }, n: { type: 'string' } } });
const turns = Number(values.n ?? (values.smoke ? 2 : 15));
const home = mkdtempSync(path.join(tmpdir(), 'runsight-bench-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));

if (spawnSync('script', ['--version']).status !== 0) {
  console.log('left out: a pseudo-terminal needs the program "script" (util-linux)');
  process.exit(0);
}

/** The chat in a pseudo-terminal of its own: what it writes, and when. */
function startChat() {
  const command = `stty cols 80 rows 24; exec ${node} ${program} chat --model offline`;
  const env = { PATH: process.env.PATH, HOME: home, TZ: 'UTC', TERM: 'xterm-256color', NO_COLOR: '1' };
  const child = spawn('script', ['-qefc', command, '/dev/null'], {
    env,
    cwd: home,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let written = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    written += text;
    child.emit('written');
  });
  return {
    child,
    type: (keys) => child.stdin.write(keys),
    /** Resolves to the time at which `pattern` stands after place `from`. */
    async until(pattern, from) {
      const limit = AbortSignal.timeout(20_000);
      while (!pattern.test(stripVTControlCharacters(written.slice(from))))
        await once(child, 'written', { signal: limit });
      return performance.now();
    },
    length: () => written.length,
  };
}

/** One session: ready, then each question in turn. */
async function timeSession(pace) {
  const started = performance.now();
  const chat = startChat();
  const ready = (await chat.until(/> $/, 0)) - started;
  const firsts = [];
  for (const question of QUESTIONS) {
    const before = chat.length();
    for (const key of pace === 0 ? [] : question) {
      chat.type(key);
      await delay(pace);
    }
    const entered = performance.now();
    chat.type(pace === 0 ? `${question}\r` : '\r');
    // What follows the line break behind the question is the answer's.
    const answer = new RegExp(`${question.replace('?', '\\?')}\\s*\\n\\s*\\w`);
    firsts.push((await chat.until(answer, before)) - entered);
    await chat.until(/> $/, before + question.length + 1);
  }
  const ended = once(chat.child, 'close');
  chat.type('\x04');
  await ended;
  return { ready, firsts };
}

function print(label, times, target) {
  const sorted = times.toSorted((a, b) => a - b);
  const [median, least, most] = [sorted[Math.floor(sorted.length / 2)], sorted[0], sorted.at(-1)];
  const figures = [median, least, most].map((time) => time.toFixed(1).padStart(7));
  const aim = target === undefined ? '' : `   target ${target} ms`;
  console.log(`${label.padEnd(46)} median${figures[0]} ms   least${figures[1]}   most${figures[2]}${aim}`);
}

// The first start fills the compile cache.
await timeSession(0);
const typed = [];
const pasted = [];
for (let turn = 0; turn < turns; turn++) {
  typed.push(await timeSession(values.smoke ? 20 : TYPING_MS));
  pasted.push(await timeSession(0));
}

console.log(`chat on the demo in a pseudo-terminal of 80 × 24, n = ${turns}, Node ${process.version}`);
print(
  'ready after start',
  [...typed, ...pasted].map((one) => one.ready),
  TARGETS.ready,
);
for (const [index, question] of QUESTIONS.entries()) {
  print(
    `first words, typed: ${question}`.slice(0, 46),
    typed.map((one) => one.firsts[index]),
    TARGETS.first,
  );
}
for (const [index, question] of QUESTIONS.entries()) {
  print(
    `first words, at once: ${question}`.slice(0, 46),
    pasted.map((one) => one.firsts[index]),
  );
}
