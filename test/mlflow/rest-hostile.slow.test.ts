/**
 * Ways in which a server is broken × seeds, one process asking them all: none throws, hangs, passes its deadline, holds
 * the program up, or takes its memory. RUNSIGHT_BROKEN_SERVERS says how many (500 are the whole).
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ALL_QUESTIONS, askBroken, findWrong, questionOf, secondsFor, shownOf } from '../support/ask-broken.ts';
import type { Job, Report } from '../support/broken-asker.ts';
import { type BrokenMlflow, seeded, startBrokenMlflow } from '../support/broken-mlflow.ts';
import { FAULTS, placeOfFault } from '../support/server-faults.ts';

const COUNT = Number(process.env.RUNSIGHT_BROKEN_SERVERS ?? 50);
const SEED = Number(process.env.RUNSIGHT_SEED ?? 11);
/** A tool's time, and a second. */
const MOST_MS = 31_000;
const MOST_CANCEL_MS = 500;
const MOST_BLOCKED_MS = 250;
const MOST_MEGABYTES = 512;

let server: BrokenMlflow;
let asker: ChildProcess;
const right = new Map<string, string>();

function startAsker(): ChildProcess {
  return fork(join(import.meta.dirname, '../support/broken-asker.ts'), { serialization: 'advanced' });
}

/** Undefined where it does not come back. What is heavy is asked by a new process: an old one keeps what it once took. */
async function ask(job: Job, isHeavy: boolean): Promise<Report | undefined> {
  if (isHeavy) restart();
  asker.send(job);
  const timeout = AbortSignal.timeout(MOST_MS + 10_000);
  try {
    const [report] = await once(asker, 'message', { signal: timeout });
    if (isHeavy) restart();
    return report as Report;
  } catch {
    restart();
    return undefined;
  }
}

function restart(): void {
  asker.kill('SIGKILL');
  asker = startAsker();
}

beforeAll(async () => {
  server = await startBrokenMlflow();
  asker = startAsker();
  const { signal } = new AbortController();
  for (const question of ALL_QUESTIONS)
    right.set(question, shownOf(await askBroken(server.uriOf('', 0), question, 5, signal)));
});
afterAll(async () => {
  asker?.kill();
  await server?.stop();
});

function* findProblems(report: Report | undefined): Generator<string> {
  if (report === undefined) return yield 'hangs';
  const { thrown, ms, cancelledMs = 0, blockedMs, megabytes } = report;
  if (thrown !== undefined) yield `throws ${thrown}`;
  if (ms > MOST_MS) yield `takes ${Math.round(ms)} ms`;
  if (cancelledMs > MOST_CANCEL_MS) yield `is cancelled after ${Math.round(cancelledMs)} ms`;
  if (blockedMs > MOST_BLOCKED_MS) yield `blocks for ${Math.round(blockedMs)} ms`;
  if (megabytes > MOST_MEGABYTES) yield `takes ${Math.round(megabytes)} MB`;
}

test(`${COUNT} combinations of fault and seed`, { timeout: COUNT * 40_000 }, async () => {
  const random = seeded(SEED);
  const problems: string[] = [];
  const most = { ms: 0, cancelledMs: 0, blockedMs: 0, megabytes: 0 };
  const offset = Math.floor(random() * FAULTS.length);
  for (let index = 0; index < COUNT; index++) {
    // A step that has no divisor in common with their number takes each in turn.
    const fault = FAULTS[(offset + index * 37) % FAULTS.length]!;
    const seed = Math.floor(random() * 2 ** 30);
    const place = placeOfFault(fault, seed);
    const question = questionOf(fault, place, seed);
    const cancelMs = random() < 0.2 ? Math.floor(random() * 300) : undefined;
    const report = await ask(
      { uri: server.uriOf(fault.name, seed), question, seconds: secondsFor(fault), cancelMs },
      fault.isHeavy,
    );
    const answer = report?.answer;
    const wrong = answer && findWrong(fault, place, answer, right.get(question) ?? '');
    const found = [...findProblems(report), ...(wrong === undefined ? [] : [wrong])];
    problems.push(...found.map((problem) => `${fault.name} ${seed} (${place}, ${question}): ${problem}`));
    for (const name of Object.keys(most) as (keyof typeof most)[])
      most[name] = Math.max(most[name], Math.round(report?.[name] ?? 0));
  }
  process.stderr.write(`${COUNT} combinations, seed ${SEED}, at most ${JSON.stringify(most)}\n`);
  expect(problems).toEqual([]);
});

test.each([
  ['histories: without end', 'plot accuracy of r-3', / sends more than 500,000 points of metrics\. /],
  [
    'pages: large new runs without end',
    'best run by accuracy',
    / sends more than fits in memory: [\d,]+ runs so far\. /,
  ],
])('the limit that bites is said: %s', { timeout: 60_000 }, async (fault, question, said) => {
  const report = await ask({ uri: server.uriOf(fault, 2), question, seconds: 10, cancelMs: undefined }, true);
  expect(report?.answer?.text).toMatch(said);
});
