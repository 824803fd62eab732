/** A table of runs holds what the runs hold: all that is read from it equals what plain runs say, one after the other. */
import { setImmediate } from 'node:timers/promises';
import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { compareText } from '../../src/mlflow/compare-text.ts';
import { matches } from '../../src/mlflow/filter/matches.ts';
import { summarizeKeys, summarizeRows } from '../../src/mlflow/runs/key-stats.ts';
import { toColumns } from '../../src/mlflow/runs/run-columns.ts';
import { countRuns } from '../../src/mlflow/runs/run-counts.ts';
import { findNames } from '../../src/mlflow/runs/run-names.ts';
import type { LookupQuery, Projection } from '../../src/mlflow/runs/tracking-store.ts';
import type { Run } from '../../src/mlflow/runs/types.ts';
import { selectPopulation } from '../../src/mlflow/runs/whole-runs.ts';
import { firstRows, sortByStart } from '../../src/mlflow/table/order-rows.ts';
import { EVERYTHING, toRuns } from '../../src/mlflow/table/run-row.ts';
import { LIFECYCLES, type RunRows, RunTable, STATUSES } from '../../src/mlflow/table/run-table.ts';
import type { OrderKey } from '../../src/query/filter.ts';
import { anyField, anyFilter } from '../support/any-filter.ts';
import * as plain from '../support/plain-runs.ts';

const { signal } = new AbortController();

const NUMBERS = [0, -0, 1, 1.5, -3, Number.NaN, Infinity, -Infinity, Number.MIN_VALUE, 1e300];
const STEPS = [
  0,
  -0,
  -2,
  7,
  2 ** 31 - 1,
  -(2 ** 31),
  2 ** 31,
  0.5,
  Number.MAX_SAFE_INTEGER,
  2n ** 53n,
  2n ** 63n - 1n,
  -(2n ** 63n),
];
const TEXTS = [
  '',
  'a',
  'A',
  'Ab',
  'run-7',
  'run-007',
  '1',
  '1e0',
  ' 1 ',
  '-Infinity',
  '𝄞',
  '\uffee',
  'a\nb',
  'abcdef12',
];
const KEYS = ['k', 'loss', '__proto__', 'constructor', 'train/loss', '', 'mlflow.user', 'mlflow.note', '𝄞', '\uffee'];
const EXPERIMENTS = ['1', '2', '123456789012345678'];
const IDS = ['abcdef12', 'abcdef', 'ABCDEF99', 'id', '', ...TEXTS.slice(1, 4)];

const oneOf = <T>(values: readonly T[]) => fc.constantFrom(...values);
const anyText = oneOf(TEXTS);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const anyTime = oneOf([0, 5, 10, 10.5, -1, 1_700_000_000_000]);

/** By key, as stores give them. */
function anyMap<V>(value: fc.Arbitrary<V>): fc.Arbitrary<ReadonlyMap<string, V>> {
  return fc
    .uniqueArray(fc.tuple(oneOf(KEYS), value), { selector: ([key]) => key, maxLength: KEYS.length })
    .map((entries) => new Map(entries.sort(([a], [b]) => compareText(a, b))));
}

const plainly = { noNullPrototype: true } as const;
const anyPoint = fc.record({ value: oneOf(NUMBERS), step: oneOf(STEPS), timestamp: oneOf([0, 1, 2 ** 60]) }, plainly);
const anyDataset = fc.record(
  { name: anyText, digest: anyText, context: anyText },
  { requiredKeys: ['name', 'digest'], ...plainly },
);
const anyRun: fc.Arbitrary<Run> = fc.record(
  {
    id: oneOf(IDS),
    name: anyText,
    experimentId: oneOf(EXPERIMENTS),
    status: oneOf(STATUSES),
    lifecycle: oneOf(LIFECYCLES),
    startTime: anyTime,
    endTime: anyTime,
    user: anyText,
    parentId: anyText,
    artifactUri: anyText,
    metrics: anyMap(anyPoint),
    params: anyMap(anyText),
    tags: anyMap(anyText),
    datasets: fc.array(anyDataset, { maxLength: 3 }),
  },
  {
    requiredKeys: [
      ...(['id', 'name', 'experimentId', 'status', 'lifecycle'] as const),
      ...(['metrics', 'params', 'tags', 'datasets'] as const),
    ],
    ...plainly,
  },
);

const anyRuns = fc.uniqueArray(anyRun, { selector: ({ id }) => id, maxLength: IDS.length });
const anyKeys = fc.oneof(
  fc.constant('all' as const),
  fc.constant(undefined),
  fc.array(oneOf([...KEYS, 'none']), { maxLength: 3 }),
);
const anyProjection: fc.Arbitrary<Projection> = fc.record({
  metrics: anyKeys,
  params: anyKeys,
  tags: anyKeys,
  datasets: fc.boolean(),
});
const filterParts = {
  metrics: oneOf([...KEYS, 'none']),
  numbers: oneOf(NUMBERS.filter((number) => !Number.isNaN(number))),
  keys: oneOf([...KEYS, 'none']),
  texts: oneOf([...TEXTS, '%a%', 'a_', '_', 'FINISHED']),
};
const anyOrder: fc.Arbitrary<OrderKey[]> = fc.array(
  fc.record({ field: anyField(filterParts), ascending: fc.boolean() }),
  { maxLength: 3 },
);
const anyLookup: fc.Arbitrary<LookupQuery> = fc.record({
  keys: maybe(fc.boolean()),
  values: maybe(fc.array(anyText, { maxLength: 3 })),
  ofKeys: maybe(fc.array(oneOf(KEYS), { maxLength: 3 })),
  runs: maybe(fc.array(oneOf([...TEXTS, ...IDS]), { maxLength: 3 })),
  lastNumbers: maybe(fc.array(oneOf([1, 7, 12]), { maxLength: 2 })),
});

/** How a table may have come to hold its runs. */
type Fill = (runs: readonly Run[]) => RunRows;
const FILLS: readonly (readonly [string, Fill])[] = [
  [
    'filled run by run',
    (runs) => {
      const table = new RunTable();
      return { table, rows: runs.map((run) => table.add(run)) };
    },
  ],
  [
    'read from a file, then filled on',
    (runs) => {
      const half = new RunTable();
      const rows = runs.slice(0, runs.length / 2).map((run) => half.add(run));
      const table = new RunTable(deserialize(serialize(half.toParts())));
      return { table, rows: [...rows, ...runs.slice(rows.length).map((run) => table.add(run))] };
    },
  ],
  [
    'read from a file, with rows of runs that are gone or were otherwise before',
    (runs) => {
      const table = new RunTable();
      for (const run of runs)
        table.add({ ...run, name: 'before', metrics: new Map(), params: new Map([['old', '1']]) });
      const rows = runs.map((run) => table.add(run));
      return { table: new RunTable(deserialize(serialize(table.toParts()))), rows };
    },
  ],
];

interface InOrder {
  readonly sorted: readonly Run[];
  readonly filled: RunRows;
}

describe.each(FILLS)('a table that was %s', (_how, fill) => {
  /** The runs in the order of a store, and a table of them. */
  async function inOrder(runs: readonly Run[]): Promise<InOrder> {
    const { table, rows } = fill(runs);
    return {
      sorted: runs.toSorted(plain.compareRuns([])),
      filled: { table, rows: await sortByStart(table, rows, signal) },
    };
  }
  const holds = <A>(other: fc.Arbitrary<A>, check: (runs: InOrder, other: A) => Promise<void>) =>
    fc.assert(
      fc.asyncProperty(anyRuns, other, async (runs, value) => check(await inOrder(runs), value)),
      { numRuns: 300 },
    );

  test('gives the runs back, keys in their order', () =>
    holds(fc.constant(EVERYTHING), async ({ sorted, filled }, projection) => {
      const runs = toRuns(filled.table, filled.rows, projection);
      expect(runs).toStrictEqual(sorted);
      const keysOf = ({ metrics, params, tags }: Run) => [metrics, params, tags].map((map) => [...map.keys()]);
      expect(runs.map(keysOf)).toEqual(sorted.map(keysOf));
    }));

  test('gives of the runs what is asked for', () =>
    holds(anyProjection, async ({ sorted, filled }, projection) => {
      expect(toRuns(filled.table, filled.rows, projection)).toStrictEqual(
        sorted.map((run) => plain.projectRun(run, projection)),
      );
    }));

  test('gives columns', () =>
    holds(anyProjection, async ({ sorted, filled }, projection) => {
      const columns = await toColumns(filled, projection, signal);
      const expected = plain.toColumns(sorted, projection);
      expect({ ...columns, ids: [...columns.ids], names: [...columns.names] }).toStrictEqual(expected);
      expect([columns.ids.length, columns.ids.at(0), columns.names.at(0), columns.ids.at(-1)]).toEqual([
        sorted.length,
        sorted[0]?.id,
        sorted[0]?.name,
        undefined,
      ]);
    }));

  test('counts', () =>
    holds(fc.constant(undefined), async ({ sorted, filled }) => {
      expect(countRuns(filled)).toStrictEqual(plain.countRuns(sorted));
    }));

  test('knows what was logged', () =>
    holds(fc.constant(EVERYTHING), async ({ sorted, filled }, everything) => {
      const expected = summarizeKeys(plain.toColumns(sorted, everything));
      expect(await summarizeRows(filled, signal)).toStrictEqual(expected);
    }));

  test('finds names', () =>
    holds(anyLookup, async ({ sorted, filled }, query) => {
      const active = await selectPopulation(filled, {}, ['1'], signal);
      const isActive = (run: Run) => run.lifecycle === 'active' && run.experimentId === '1';
      expect(await findNames(query, filled, active, signal)).toStrictEqual(plain.findNames(query, sorted, isActive));
    }));

  test('selects', () =>
    holds(
      fc.tuple(anyFilter(filterParts), oneOf([...LIFECYCLES, 'all'] as const)),
      async (runs, [filter, lifecycle]) => {
        const { table, rows } = await selectPopulation(runs.filled, { filter, lifecycle }, ['1', '2', 'none'], signal);
        const expected = runs.sorted.filter(
          (run) =>
            ['1', '2'].includes(run.experimentId) &&
            (lifecycle === 'all' || run.lifecycle === lifecycle) &&
            matches(filter, run),
        );
        expect(toRuns(table, rows, EVERYTHING)).toStrictEqual(expected);
      },
    ));

  test('orders', () =>
    holds(fc.tuple(anyOrder, fc.nat(IDS.length)), async ({ sorted, filled }, [order, limit]) => {
      const rows = await firstRows(filled, order, limit, signal);
      const expected = sorted.toSorted(plain.compareRuns(order)).slice(0, limit);
      expect(toRuns(filled.table, rows, EVERYTHING)).toStrictEqual(expected);
    }));
});

test('of a key that comes twice the last counts, as in a map', () => {
  const table = new RunTable();
  table.open({ id: 'a', name: '', experimentId: '1', status: 'FINISHED', lifecycle: 'active' });
  table.addMetric('m', { value: 1, step: 2n ** 60n, timestamp: 1 });
  table.addMetric('m', { value: 2, step: 3, timestamp: 4 });
  for (const value of ['x', 'y']) table.addParam('p', value);
  table.open({ id: 'b', name: '', experimentId: '1', status: 'FINISHED', lifecycle: 'active' });
  table.addParam('p', 'z');
  const [a, b] = toRuns(table, [0, 1], EVERYTHING);
  expect([...a!.metrics, ...a!.params]).toEqual([
    ['m', { value: 2, step: 3, timestamp: 4 }],
    ['p', 'y'],
  ]);
  expect([b!.metrics.size, ...b!.params]).toEqual([0, ['p', 'z']]);
});

describe('of many runs', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });
  const RUNS = 60_000;
  const table = new RunTable();
  const rows = Array.from({ length: RUNS }, (_, n) =>
    table.add({
      id: n.toString(16).padStart(32, '0'),
      name: `run-${n}`,
      experimentId: '1',
      status: 'FINISHED',
      lifecycle: 'active',
      startTime: n,
      metrics: new Map(['a', 'b'].map((key) => [key, { value: (n * 7_919) % RUNS, step: n, timestamp: n }])),
      params: new Map([['p', `${n % 10}`]]),
      tags: new Map(),
      datasets: [],
    }),
  );
  const runs: RunRows = { table, rows: rows.toReversed() };
  const byA: OrderKey = { field: { kind: 'metric', key: 'a' }, ascending: false };

  test('are put in the order of their start', async () => {
    expect(await sortByStart(table, rows, signal)).toEqual(runs.rows);
    expect(await sortByStart(table, runs.rows, signal)).toEqual(runs.rows);
  });

  test('the first in an order are found block by block', async () => {
    const first = await firstRows(runs, [byA], 3, signal);
    expect(toRuns(table, first, EVERYTHING).map(({ metrics }) => metrics.get('a')?.value)).toEqual([
      RUNS - 1,
      RUNS - 2,
      RUNS - 3,
    ]);
    const all = await firstRows(runs, [byA], RUNS, signal);
    expect(toRuns(table, all, EVERYTHING).map(({ metrics }) => metrics.get('a')?.value)).toEqual(
      Array.from({ length: RUNS }, (_, n) => RUNS - 1 - n),
    );
  });

  test('what is read while runs are added is what was there', async () => {
    const growing = new RunTable(deserialize(serialize(table.toParts())));
    const before: RunRows = { table: growing, rows: runs.rows };
    const query = { keys: true, values: ['3', '5', 'new'], runs: ['run-12', 'new'], lastNumbers: [7] };
    const readAll = async () => ({
      names: await findNames(query, before, before, signal),
      stats: await summarizeRows(before, signal),
      columns: (await toColumns(before, EVERYTHING, signal)).params,
      first: await firstRows(before, [byA], 5, signal),
    });
    const expected = await readAll();
    let time = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => (time += 1_000));
    const reading = readAll();
    let isRead = false;
    reading.finally(() => (isRead = true)).catch(() => undefined);
    for (let n = 0; !isRead; n++) {
      const [run] = toRuns(growing, [0], EVERYTHING);
      growing.add({ ...run!, id: `new ${n}`, name: 'new', params: new Map([[`key ${n}`, `value ${n}`]]) });
      await setImmediate();
    }
    expect(await reading).toEqual(expected);
  });

  test.each<[string, (signal: AbortSignal) => Promise<unknown>]>([
    ['columns', (signal) => toColumns(runs, EVERYTHING, signal)],
    ['statistics', (signal) => summarizeRows(runs, signal)],
    ['names', (signal) => findNames({ keys: true, runs: ['x'], lastNumbers: [3] }, runs, runs, signal)],
    ['by start', (signal) => sortByStart(table, rows, signal)],
    ['in another order', (signal) => firstRows(runs, [byA], RUNS, signal)],
  ])('reading %s ends where the question does', async (_what, read) => {
    const question = new AbortController();
    const reason = new Error('cancelled');
    let time = 0;
    // A slow machine: at each look at the clock a turn is over.
    vi.spyOn(performance, 'now').mockImplementation(() => (time += 1_000));
    const reading = read(question.signal);
    question.abort(reason);
    await expect(reading).rejects.toBe(reason);
  });
});
