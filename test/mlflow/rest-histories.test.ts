/** Curves of many runs over REST: with one request where that brings all of them, and never fewer points than there are. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openRestStore } from '../../src/mlflow/rest/rest-store.ts';
import type { MetricSeries, TrackingStore } from '../../src/mlflow/runs/tracking-store.ts';
import { type HttpDouble, type ScriptedReply, startHttpDouble } from '../support/http-double.ts';

const { signal } = new AbortController();
const MAX_BULK = 25_000;
const ids = ['a', 'b', 'c', 'd'];

let double: HttpDouble;
let store: TrackingStore;
beforeEach(async () => {
  double = await startHttpDouble();
  store = openRestStore(double.url, { retry: { sleep: async () => {} } });
});
afterEach(async () => {
  await store.close();
  await double.stop();
});

interface Point {
  readonly key: string;
  readonly value: number | string;
  readonly timestamp: number;
  readonly step: number;
  readonly run_id: string;
}
const pointsOf = (run: string, count: number): Point[] =>
  Array.from({ length: count }, (_, step) => ({ key: 'm', value: step / 2, timestamp: step, step, run_id: run }));

/** As MLflow serves them: many runs sorted and cut, one run page by page. */
function serve(counts: Readonly<Record<string, number>>, edit: (bulk: Point[]) => unknown = (bulk) => bulk): void {
  const reply: ScriptedReply = (response, { path }) => {
    const query = new URL(path, 'http://x').searchParams;
    const runs = query.getAll('run_id').sort();
    const all = runs.flatMap((run) => pointsOf(run, counts[run] ?? 0));
    const from = Number(query.get('page_token') ?? 0);
    const page = all.slice(from, from + MAX_BULK);
    const isBulk = path.includes('get-history-bulk');
    const token = !isBulk && from + MAX_BULK < all.length ? { next_page_token: String(from + MAX_BULK) } : {};
    const answer = isBulk ? edit(page) : page;
    if (typeof answer === 'number') response.writeHead(answer, { 'content-type': 'text/html' });
    response.end(JSON.stringify({ metrics: answer, ...token }).replace('"bare NaN"', 'NaN'));
  };
  double.script([reply], true);
}

const read = (keys = ['m']): Promise<MetricSeries[]> => Array.fromAsync(store.metricHistory(ids, keys, signal));
const lengths = (series: readonly MetricSeries[]) =>
  series.map(({ runId, key, points }) => [runId, key, points.length]);
const asked = () => double.requests.map(({ path }) => new URL(path, 'http://x').searchParams.getAll('run_id').join(''));

test('one request for each metric of many runs, in the order asked for', async () => {
  serve({ a: 2, b: 3, d: 1 });
  expect(lengths(await Array.fromAsync(store.metricHistory(['d', 'c', 'b', 'a'], ['m'], signal)))).toEqual([
    ['d', 'm', 1],
    ['b', 'm', 3],
    ['a', 'm', 2],
  ]);
  expect(asked()).toEqual(['dcba']);
});

test('NaN is read as Python writes it, and equal steps keep the order of time', async () => {
  const points = [
    { key: 'm', value: 'bare NaN', timestamp: 5, step: 1, run_id: 'a' },
    { key: 'm', value: 2, timestamp: 6, step: 0, run_id: 'a' },
    { key: 'm', value: 3, timestamp: 7, step: 1, run_id: 'a' },
  ];
  serve({}, () => points);
  const [series] = await read();
  expect(series?.points).toEqual([
    { value: 2, step: 0, timestamp: 6 },
    { value: Number.NaN, step: 1, timestamp: 5 },
    { value: 3, step: 1, timestamp: 7 },
  ]);
});

test.each<[string, Record<string, number>, string[]]>([
  ['what is cut off is asked for again', { a: 10_000, b: 10_000, c: 10_000, d: 10 }, ['abcd', 'cd']],
  ['a run that is cut off at its last point too', { a: 10_000, b: 15_000, c: 0, d: 10 }, ['abcd', 'bcd']],
  ['a run that fills the answer alone is read page by page', { a: 30_000, b: 5, d: 10 }, ['abcd', 'a', 'a', 'bcd']],
])('%s', async (_name, counts, requests) => {
  serve(counts);
  expect(lengths(await read())).toEqual(
    Object.entries(counts)
      .filter(([, count]) => count > 0)
      .map(([run, count]) => [run, 'm', count]),
  );
  expect(asked()).toEqual(requests);
});

describe('runs are asked for one by one, for good', () => {
  test.each<[string, (bulk: Point[]) => unknown]>([
    ['where there is no such endpoint', () => 404],
    ['where a proxy lets it not through', () => 403],
    ['where the rows are in no order', (bulk) => [...bulk, ...bulk]],
    ['where a run comes that was not asked for', (bulk) => [...bulk, ...pointsOf('z', 1)]],
    ['where another metric comes', (bulk) => bulk.map((point) => ({ ...point, key: 'other' }))],
    ['where a point has no shape', (bulk) => [...bulk, { run_id: 'd', value: {} }]],
  ])('%s', async (_name, edit) => {
    serve({ a: 2, b: 3, c: 1, d: 1 }, edit);
    const expected = ids.map((run) => [run, 'm', { a: 2, b: 3, c: 1, d: 1 }[run]]);
    expect(lengths(await read())).toEqual(expected);
    const bulks = () => double.requests.filter(({ path }) => path.includes('get-history-bulk')).length;
    const before = bulks();
    expect(lengths(await read())).toEqual(expected);
    expect([before, bulks()]).toEqual([1, 1]);
  });

  test('not where the server is down', async () => {
    serve({ a: 1 }, () => 500);
    await expect(read()).rejects.toMatchObject({ code: 'server_error' });
    expect(double.requests).toHaveLength(1);
  });
});

test('of a database that takes upper for lower case the points of the other metric are left out', async () => {
  serve({ a: 2 }, (bulk) => bulk.flatMap((point) => [point, { ...point, key: 'M' }]));
  expect(lengths(await read())).toEqual([['a', 'm', 2]]);
});

test('the first line of a request stays within what servers take', async () => {
  serve({});
  const many = Array.from({ length: 300 }, (_, index) => index.toString(16).padStart(32, '0'));
  await Array.fromAsync(store.metricHistory(many, [`k${'/'.repeat(249)}`], signal));
  expect(Math.max(...double.requests.map(({ path }) => path.length))).toBeLessThan(4_000);
  expect(asked().join('')).toBe(many.join(''));
  expect(double.requests).toHaveLength(4);
});

test('a refusal of any other kind is not taken for a run without that metric', async () => {
  double.script([{ status: 405, body: { error_code: 'INVALID_PARAMETER_VALUE', message: 'no' } }], true);
  const asked = Array.fromAsync(store.metricHistory(['a'], ['m'], signal));
  await expect(asked).rejects.toMatchObject({ code: 'bad_response' });
});
