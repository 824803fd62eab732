/** Thousands of runs are read in another way than a few: the columns must be those of the runs themselves. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../src/mlflow/open-store.ts';
import type { Projection } from '../../src/mlflow/runs/tracking-store.ts';
import { createDatabase, insertLatest, insertRun } from '../support/databases.ts';
import { makeTemporaryFolder } from '../support/demo.ts';
import { plainColumns } from '../support/plain-columns.ts';
import { toColumns } from '../support/plain-runs.ts';

const RUNS = 21_000;
const { signal } = new AbortController();

const idOf = (i: number): string => i.toString(16).padStart(32, '0');

test.each([
  ['as MLflow makes them', idOf],
  ['of other lengths', (i: number) => (i === 7 ? 'seven' : idOf(i))],
])('columns of thousands of runs, with gaps where rows were deleted; ids %s', async (_what, idOf) => {
  using folder = makeTemporaryFolder();
  const path = join(folder.path, 'many.db');
  const database = createDatabase(path, '3');
  database.exec('BEGIN');
  for (let i = 0; i < RUNS; i++) {
    const id = idOf(i);
    const params = { lr: String(i % 7), ...(i % 3 === 0 && { "odd ' key": `"${i}"` }), seed: String(i), depth: '3' };
    insertRun(database, { id, start: i % 10 === 0 ? null : i, params, tags: { team: i % 2 ? 'a' : '' } });
    if (i % 4 !== 0) insertLatest(database, id, 'loss', i % 5 === 0 ? Number.NaN : i / 3);
    if (i % 9 === 0) insertLatest(database, id, 'up', Infinity);
  }
  database.exec("DELETE FROM params WHERE key = 'depth' AND rowid % 1000 < 900");
  database.exec('COMMIT');
  database.close();

  const store = await openStore(path);
  const projections: Projection[] = [
    { metrics: 'all', params: 'all', tags: 'all' },
    { params: ['lr', 'seed', 'depth', "odd ' key", 'none'], metrics: ['loss'] },
    { params: ['none'], metrics: ['none', 'loss'], tags: [] },
  ];
  for (const projection of projections) {
    const runs = (await Array.fromAsync(store.searchRuns({}, projection, signal))).flat();
    expect(runs).toHaveLength(RUNS);
    const columns = await store.columns({}, projection, signal);
    expect(plainColumns(columns)).toEqual(toColumns(runs, projection));
  }
  await store.close();
});

test('a read of thousands of runs is cancelled in the middle', async () => {
  using folder = makeTemporaryFolder();
  const path = join(folder.path, 'many.db');
  const database = createDatabase(path, '3');
  database.exec('BEGIN');
  for (let i = 0; i < RUNS; i++) insertRun(database, { id: idOf(i), params: { a: '1', b: '2', c: '3', d: '4' } });
  database.exec('COMMIT');
  database.close();
  const store = await openStore(path);
  const controller = new AbortController();
  const reason = new Error('cancelled by the person');
  const read = store.columns({}, { metrics: ['loss'], params: 'all' }, controller.signal);
  setImmediate(() => controller.abort(reason));
  await expect(read).rejects.toBe(reason);
  expect((await store.topRuns({}, [], 1, {}, signal)).matched).toBe(RUNS);
  await store.close();
});
