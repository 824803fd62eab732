/** SQL and predicate agree: the same random filters and orders over the same random runs. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { matches } from '../../src/mlflow/filter/matches.ts';
import { openStore } from '../../src/mlflow/open-store.ts';
import type { Projection, TrackingStore } from '../../src/mlflow/runs/tracking-store.ts';
import type { Run } from '../../src/mlflow/runs/types.ts';
import { printFilter } from '../../src/query/print.ts';
import { anyFilter } from '../support/any-filter.ts';
import { copyDatabase } from '../support/copy-database.ts';
import { createServerDatabase, findDatabaseServers, type ServerDatabase } from '../support/database-servers.ts';
import { createDatabase, insertLatest, insertRun } from '../support/databases.ts';
import { makeTemporaryFolder } from '../support/demo.ts';
import { plainColumns } from '../support/plain-columns.ts';
import { compareRuns } from '../support/plain-runs.ts';

const everything: Projection = { metrics: 'all', params: 'all', tags: 'all', datasets: true };
const { signal } = new AbortController();

const METRICS = ['loss', '__proto__'];
const VALUES = [0, -0, 1, 1.5, -3, Number.NaN, Infinity, -Infinity, Number.MIN_VALUE, 1e300];
const TEXTS = [
  '',
  'a',
  'A',
  'Ab',
  '1',
  '01',
  '1e0',
  ' 1 ',
  'None',
  'é',
  'É',
  '%',
  "it's",
  '"',
  '\\',
  'a\nb',
  '𝄞',
  '\uffee',
  // Nothing, to some collations.
  '  ',
  '\u200b',
  // Spaces around a number, and those that are none to everybody.
  '\v1\n',
  '\u00a01',
  // What LIKE may take for an escape.
  'a\\_',
  'a!_',
];
/** Of params and tags: what an expression can be matched to in many ways. */
const LONG_TEXTS = [`${'9'.repeat(1_000)}x`, `${' '.repeat(1_000)}x`];
const KEYS = ['k', "k'`", 'constructor'];

const folder = makeTemporaryFolder();
const path = `${folder.path}/random.db`;

/** A fixed pseudo-random walk, so that every machine tests the same runs. */
function createPick(): <T>(values: readonly T[]) => T {
  let state = 42;
  return (values) => {
    state = (state * 48_271) % 2_147_483_647;
    return values[state % values.length]!;
  };
}

function writeRuns(): void {
  const database = createDatabase(path, '3');
  const pick = createPick();
  const texts = () =>
    Object.fromEntries(KEYS.filter(() => pick([true, false])).map((key) => [key, pick([...TEXTS, ...LONG_TEXTS])]));
  for (let i = 0; i < 80; i++) {
    const id = i.toString(16).padStart(32, '0');
    const start = pick([null, 5, 10, 10, 20]);
    const tags: Record<string, string> = texts();
    if (pick([true, false])) tags['mlflow.parentRunId'] = pick(TEXTS);
    if (pick([true, false])) tags['mlflow.user'] = pick(TEXTS);
    const status = pick(['FINISHED', 'FAILED']);
    insertRun(database, {
      id,
      name: pick([null, ...TEXTS]),
      status,
      start,
      end: pick([null, 0, 15, 30]),
      params: texts(),
      tags,
    });
    for (const key of METRICS) if (pick([true, false])) insertLatest(database, id, key, pick(VALUES));
    if (pick([true, false])) {
      database.prepare('INSERT INTO datasets VALUES (?, 1, ?, ?)').run(`d${i}`, pick(TEXTS), pick(TEXTS));
      database.prepare("INSERT INTO inputs VALUES (?, 'DATASET', ?, 'RUN', ?)").run(`i${i}`, `d${i}`, id);
      if (pick([true, false]))
        database.prepare("INSERT INTO input_tags VALUES (?, 'mlflow.data.context', ?)").run(`i${i}`, pick(TEXTS));
    }
  }
  database.close();
}
writeRuns();
afterAll(() => folder[Symbol.dispose]());

const filters = anyFilter({
  metrics: fc.constantFrom(...METRICS, 'none'),
  numbers: fc.constantFrom(...VALUES.filter((value) => !Number.isNaN(value)), 5, 10, 15, 1.797e308),
  keys: fc.constantFrom(...KEYS, 'none'),
  texts: fc.constantFrom(...TEXTS, '%a%', 'a_', '_', '%%', 'FINISHED', 'A%'),
});

const servers = await findDatabaseServers('SQL against predicate');

describe.each([['sqlite', 1_500] as const, ...servers.map((kind) => [kind, 500] as const)])('%s', (kind, numRuns) => {
  let server: ServerDatabase | undefined;
  let store: TrackingStore;
  let runs: Run[];

  beforeAll(async () => {
    if (kind !== 'sqlite') {
      server = await createServerDatabase(kind);
      await copyDatabase(path, server);
    }
    store = await openStore(server?.uri ?? path);
    runs = (await Array.fromAsync(store.searchRuns({}, everything, signal))).flat();
  }, 60_000);
  afterAll(async () => {
    await store?.close();
    await server?.drop();
  });

  test('reads the runs that were written', async () => {
    const file = await openStore(path);
    expect(runs).toEqual((await Array.fromAsync(file.searchRuns({}, everything, signal))).flat());
    const columnsOf = async (one: TrackingStore) => plainColumns(await one.columns({}, everything, signal));
    expect(await columnsOf(store)).toEqual(await columnsOf(file));
    const names = { keys: true, values: TEXTS, runs: TEXTS, lastNumbers: [1] };
    expect(await store.lookup(names, signal)).toEqual(await file.lookup(names, signal));
    await file.close();
  });

  test('filters', async () => {
    await fc.assert(
      fc.asyncProperty(filters, async (filter) => {
        const found = await store.topRuns({ filter }, [], 100, {}, signal);
        const expected = runs.filter((run) => matches(filter, run)).map((run) => run.id);
        expect(
          found.runs.map((run) => run.id),
          printFilter(filter),
        ).toEqual(expected);
        expect(found.matched).toBe(expected.length);
      }),
      { numRuns },
    );
  });

  test('orders', async () => {
    const anyKey = fc.record({
      field: fc.oneof(
        fc.record({ kind: fc.constant('metric' as const), key: fc.constantFrom(...METRICS, 'none') }),
        fc.record({ kind: fc.constantFrom('param' as const, 'tag' as const), key: fc.constantFrom(...KEYS) }),
        fc.record({
          kind: fc.constant('attribute' as const),
          key: fc.constantFrom(
            'run_name' as const,
            'end_time' as const,
            'duration' as const,
            'user_id' as const,
            'parent_run_id' as const,
          ),
        }),
      ),
      ascending: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(anyKey, { maxLength: 3, selector: ({ field }) => field.kind + field.key }),
        async (order) => {
          const found = await store.topRuns({}, order, 100, {}, signal);
          expect(found.runs.map((run) => run.id)).toEqual(runs.toSorted(compareRuns(order)).map((run) => run.id));
        },
      ),
      { numRuns: numRuns / 5 },
    );
  });
});
