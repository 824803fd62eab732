/**
 * Seeded mlruns folders in which some runs are hostile or broken, each asked by a process of its own: no throw, no hang,
 * no secret, little memory; the others answer, and what could not be read is counted. `RUNSIGHT_WHOLE=1`: all of them.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeTemporaryFolder } from '../support/demo.ts';
import { FAULTS, type Fate } from '../support/hostile-folders.ts';
import { writeExperiment, writeRun } from '../support/mlruns.ts';
import { runProgram } from '../surfaces/cli/run-program.ts';

const FOLDERS = process.env.RUNSIGHT_WHOLE === '1' ? 300 : 30;
const RUNS = 6;
const BEST = 5;
const MOST_MS = 20_000;
const MOST_KB = 512 * 1024;
const CANARY = 'CANARYFILE';

/** What the process took at most, told on standard error when it ends. */
const TELL_MEMORY = `--import "data:text/javascript,process.on('exit',()=>process.stderr.write('peak '+process.resourceUsage().maxRSS))"`;

/** 0 to 1, the same for each seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const idOf = (n: number): string => (n + 1).toString(16).padStart(32, '0');

/** Every fault comes in turn, with others by chance. */
function makeFolder(seed: number, folder: string): Fate[] {
  const random = createRandom(seed);
  const below = (count: number) => Math.floor(random() * count);
  const [secret, outside] = [join(folder, 'secret.txt'), join(folder, 'outside')];
  writeFileSync(secret, `${CANARY} 0.987654 1\n`);
  mkdirSync(outside);
  const experiment = writeExperiment(join(folder, 'mlruns'), '1', 'alpha');
  const runs = Array.from({ length: RUNS }, (_, n) =>
    writeRun(experiment, idOf(n), {
      name: `r-${n}`,
      metrics: { accuracy: `1700000000000 ${n === BEST ? 0.9 : n / 100} 0\n` },
      params: { lr: '0.1' },
    }),
  );
  const faults = [
    FAULTS[seed % FAULTS.length]!,
    ...Array.from({ length: below(3) }, () => FAULTS[below(FAULTS.length)]!),
  ];
  return faults.map(([, fate, make], n) => {
    make({ run: runs[n]!, other: runs[BEST]!, secret, outside, random: below });
    return fate;
  });
}

/** How many runs the notes say could not be read, or only in part. */
function countNoted(text: string, words: string): number {
  return Number(new RegExp(`(\\d+) runs? ${words}:`).exec(text)?.[1] ?? 0);
}

test.each(Array.from({ length: FOLDERS }, (_, at) => at))('folder %i', async (at) => {
  // A tenth of them still meets every fault in turn over some days of work: the first ones differ by the seed's place.
  using temporary = makeTemporaryFolder();
  const folder = temporary.path;
  const fates = makeFolder(FOLDERS === 300 ? at : at * 7, folder);
  const started = performance.now();
  const { code, stdout, stderr } = await runProgram(
    ['ask', 'best run by accuracy', '--uri', join(folder, 'mlruns'), '--model', 'offline', '--json'],
    { cwd: folder, env: { NODE_OPTIONS: TELL_MEMORY, XDG_CACHE_HOME: join(folder, 'cache') } },
  );
  expect(performance.now() - started).toBeLessThan(MOST_MS);
  expect(stdout + stderr).not.toContain(CANARY);
  expect(stderr).toMatch(/^peak \d+$/);
  expect(Number(stderr.slice('peak '.length))).toBeLessThan(MOST_KB);
  expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  const { status, text, findings } = JSON.parse(stdout);
  const said = findings[0].caveats.map((caveat: { readonly text: string }) => caveat.text).join('\n');
  expect([code, text]).toEqual([0, expect.stringContaining(`r-${BEST}`)]);
  for (const [fate, words] of [
    ['lost', 'could not be read'],
    ['partly', 'could be read only in part'],
  ] as const) {
    const sure = fates.filter((one) => one === fate).length;
    const perhaps = fates.filter((one) => one === 'any').length;
    const noted = countNoted(said, words);
    expect([words, noted >= sure && noted <= sure + perhaps, said]).toEqual([words, true, said]);
  }
  expect(status).toBe(said.includes(' could ') ? 'partial' : 'answered');
});
