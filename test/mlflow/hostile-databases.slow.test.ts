/**
 * The program over databases from a seed: bytes turned over, files cut, and the kinds of `HOSTILE`, asked in several
 * ways. RUNSIGHT_TEST_HOSTILE says how many; a tenth of what was run once is run always.
 */
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXIT_CODES } from '../../src/surfaces/shared/exit-codes.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../support/demo.ts';
import { listFiles } from '../support/examine-database.ts';
import {
  ENDLESS_TREES,
  flipBytes,
  HOSTILE,
  type HostileDatabase,
  writeSmallDatabase,
} from '../support/hostile-databases.ts';
import { askWatched, type Watched } from '../support/watched-program.ts';

const COUNT = Number(process.env.RUNSIGHT_TEST_HOSTILE ?? 40);
const SEED = 20_261_201;
/** A tool's time and a second. */
const MOST_MS = 31_000;
const MOST_MIB = 512;
const QUESTIONS = [
  'best run by f1_score in churn-prediction',
  'which params matter most for f1_score in churn-prediction?',
  'how many runs failed?',
  'what happened in run-145?',
  'average f1_score by model in churn-prediction',
  'list the experiments',
];
/** Never an internal fault, a usage error or a signal. */
const DUE: ReadonlySet<number | undefined> = new Set([
  EXIT_CODES.ok,
  EXIT_CODES.unreachable,
  EXIT_CODES.unreadable,
  EXIT_CODES.cannot,
  EXIT_CODES.clarify,
]);

let folder: TemporaryFolder;
let small: string;
beforeAll(() => {
  folder = makeTemporaryFolder();
  small = join(folder.path, 'small.db');
  writeSmallDatabase(small);
});
afterAll(() => folder[Symbol.dispose]());

async function ask(name: string, make: HostileDatabase['make'], question: string): Promise<Watched> {
  const own = join(folder.path, 'own');
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own);
  const path = join(own, 'mlflow.db');
  copyFileSync(small, path);
  const undo = make(path);
  const before = listFiles(own);
  const result = await askWatched(question, path, folder.path, MOST_MS);
  undo?.();
  const said = `${name}: ${question}\n${result.code} ${Math.round(result.ms)} ms ${Math.round(result.memory)} MiB\n${result.text}`;
  expect(DUE.has(result.code), said).toBe(true);
  expect(result.ms, said).toBeLessThan(MOST_MS);
  expect(result.memory, said).toBeLessThan(MOST_MIB);
  expect(result.text, said).not.toMatch(/\n\s+at |SQLITE|SQL logic/);
  expect(listFiles(own), said).toEqual(before);
  return result;
}

test(`${COUNT} databases with bytes turned over`, { timeout: COUNT * MOST_MS }, async () => {
  const codes = new Map<number | undefined, number>();
  for (let at = 0; at < COUNT; at++) {
    const make = (path: string) => {
      flipBytes(path, SEED + at);
      return undefined;
    };
    const { code } = await ask(`seed ${SEED + at}`, make, QUESTIONS[at % QUESTIONS.length]!);
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  console.log(`exit codes of ${COUNT}:`, codes);
});

/** All of them where many are run, else a tenth and those that are left out of the quick suite. */
const isRun = ({ isSlow, name }: HostileDatabase, at: number) =>
  COUNT >= 300 || isSlow === true || at % 10 === 0 || name.includes('of runs without end');

test.each([...HOSTILE, ...ENDLESS_TREES].filter(isRun))(
  'the program over $name',
  { timeout: 2 * MOST_MS },
  async ({ name, make, due }) => {
    const { code, text } = await ask(name, make, QUESTIONS[0]!);
    if (typeof due === 'number') expect([EXIT_CODES.ok, EXIT_CODES.cannot], text).toContain(code);
  },
);
