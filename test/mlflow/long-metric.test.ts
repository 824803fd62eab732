/** A metric file of very many points: it is read in turns, and nobody has to wait for its end. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../src/mlflow/open-store.ts';
import { makeTemporaryFolder } from '../support/demo.ts';
import { writeExperiment, writeRun } from '../support/mlruns.ts';

const POINTS = 300_000;
const ID = '1'.padStart(32, '0');

test('is read in turns, and not on when the question is cancelled', async () => {
  using temporary = makeTemporaryFolder();
  const mlruns = join(temporary.path, 'mlruns');
  mkdirSync(mlruns);
  const lines = Array.from({ length: POINTS }, (_, step) => `${step} ${step / POINTS} ${step}\n`).join('');
  writeRun(writeExperiment(mlruns, '1', 'long'), ID, { metrics: { loss: lines } });
  const store = await openStore(mlruns);
  const started = performance.now();
  let last = started;
  let longest = 0;
  const clock = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  const [run] = await store.getRuns([ID], new AbortController().signal);
  const took = performance.now() - started;
  clearInterval(clock);
  expect(run?.metrics.get('loss')).toMatchObject({ step: POINTS - 1 });
  expect(Math.max(longest, performance.now() - last)).toBeLessThan(took / 2);

  const cancelled = new AbortController();
  const other = await openStore(mlruns);
  setTimeout(() => cancelled.abort(), 10);
  const asked = performance.now();
  await expect(other.getRuns([ID], cancelled.signal)).rejects.toThrow('aborted');
  expect(performance.now() - asked).toBeLessThan(took / 2);
});
