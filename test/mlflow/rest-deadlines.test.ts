/** Nobody waits for what would come too late: waits know the time left, and a store that takes it all is blamed. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createVocabulary } from '../../src/app/store-vocabulary.ts';
import { anySignal, deadlineOf, extendDeadline } from '../../src/deadline.ts';
import { openRestStore } from '../../src/mlflow/rest/rest-store.ts';
import type { TrackingStore } from '../../src/mlflow/runs/tracking-store.ts';
import { type HttpDouble, startHttpDouble } from '../support/http-double.ts';

const EXPERIMENTS = { body: { experiments: [{ experiment_id: '1', name: 'one' }] } };
const { signal } = new AbortController();
let double: HttpDouble;
let store: TrackingStore;
let waits: number[];
beforeEach(async () => {
  double = await startHttpDouble();
  waits = [];
  const retry = { random: () => 1, sleep: async (ms: number) => void waits.push(ms) };
  store = openRestStore(double.url, { retry });
});
afterEach(async () => {
  await store.close();
  await double.stop();
});

test.each<[string, number, number[] | RegExp]>([
  ['a wait that the time left allows', 30_000, [20_000]],
  ['a wait that would end as a timeout', 20_500, /asks to wait 20 s/],
])('%s', async (_name, left, expected) => {
  const isWaited = Array.isArray(expected);
  double.script([{ status: 429, headers: { 'retry-after': '20' } }, ...(isWaited ? [EXPERIMENTS] : [])]);
  const asked = store.searchExperiments({}, anySignal([signal], left));
  if (isWaited) expect(await asked).toHaveLength(1);
  else await expect(asked).rejects.toMatchObject({ code: 'rate_limited', hint: expect.stringMatching(expected) });
  expect(waits).toEqual(isWaited ? expected : []);
});

test('in a read that several wait for, the last of their deadlines counts', async () => {
  double.script([{ status: 503, headers: { 'retry-after': '20' } }, EXPERIMENTS]);
  await store.snapshot(async () => {
    const asked = [40_000, 5_000].map((left) => store.searchExperiments({}, anySignal([signal], left)));
    expect(await Promise.all(asked)).toHaveLength(2);
  });
  expect(waits).toEqual([20_000]);
});

test('a read that is shared ends with the last that waits for it', async () => {
  double.script([{ status: 503, headers: { 'retry-after': '20' } }]);
  await store.snapshot(async () => {
    const asked = store.searchExperiments({}, anySignal([signal], 5_000));
    await expect(asked).rejects.toMatchObject({ code: 'server_error', hint: 'The server asks to wait 20 s.' });
  });
});

test('without time for another attempt the fault itself is told', async () => {
  double.script([{ status: 503 }]);
  await expect(store.searchExperiments({}, anySignal([signal], 1_100))).rejects.toMatchObject({ code: 'server_error' });
});

test('deadlines pass through signals that are joined', () => {
  const [early, late] = [anySignal([signal], 1_000), anySignal([signal], 9_000)];
  expect(deadlineOf(signal)).toBe(Number.POSITIVE_INFINITY);
  expect(deadlineOf(anySignal([late, early, signal]))).toBe(deadlineOf(early));
  const work = new AbortController();
  extendDeadline(work.signal, early);
  extendDeadline(work.signal, late);
  expect(deadlineOf(work.signal)).toBe(deadlineOf(late));
});

test('a server that takes all the time of a question is itself at fault', async () => {
  double.script([() => {}]);
  const asked = createVocabulary(store).experiments(anySignal([signal], 700));
  await expect(asked).rejects.toMatchObject({ name: 'StoreError', code: 'source_timeout' });
});
