/** Databases as older MLflow releases left them open as they are. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../src/mlflow/open-store.ts';
import type { SqlConnection } from '../../src/mlflow/sql/connection.ts';
import { readSeries } from '../../src/mlflow/sql/read-series.ts';
import { detectSchema } from '../../src/mlflow/sql/schema.ts';
import { SqliteConnection } from '../../src/mlflow/sql/sqlite-connection.ts';
import { ODD_ROW } from '../../src/mlflow/sql/sqlite-rows.ts';
import type { Sql } from '../../src/mlflow/sql/statements.ts';
import { parseFilter, parseOrder } from '../../src/query/parse.ts';
import { createDatabase, insertLatest, insertRun } from '../support/databases.ts';
import { makeTemporaryFolder } from '../support/demo.ts';

const { signal } = new AbortController();
const everything = { metrics: 'all', params: 'all', tags: 'all', datasets: true } as const;

test('1.x: latest values are computed, names come from tags, times may be missing', async () => {
  using folder = makeTemporaryFolder();
  const path = join(folder.path, 'old.db');
  const database = createDatabase(path, '1.0');
  insertRun(database, { id: 'a', name: '', start: 5, params: { lr: '0.1' }, tags: { 'mlflow.runName': 'old' } });
  insertRun(database, { id: 'b', start: 6, end: 0, tags: { 'mlflow.user': 'ana' } });
  const insert = database.prepare('INSERT INTO metrics VALUES (?, ?, ?, ?)');
  for (const [value, time] of [
    [3, 1],
    [1, 3],
    [2, 3],
    [9, 2],
  ] as const)
    insert.run('m', value, time, 'a');
  insert.run('m', 1.5, 1, 'b');
  database.close();

  const store = await openStore(path);
  expect(store.capabilities.version).toBeUndefined();
  expect(await store.searchExperiments({}, signal)).toEqual([
    { id: '1', name: 'first', lifecycle: 'active', tags: new Map() },
  ]);
  const { runs } = await store.topRuns({}, [parseOrder('metrics.m DESC')], 9, everything, signal);
  expect(runs.map(({ id, name, endTime, user }) => [id, name, endTime, user])).toEqual([
    ['a', 'old', undefined, undefined],
    ['b', '', undefined, 'ana'],
  ]);
  expect(runs[0]?.metrics.get('m')).toEqual({ value: 2, step: 0, timestamp: 3 });
  const columns = await store.columns({ filter: parseFilter('metrics.m >= 2') }, { metrics: 'all' }, signal);
  expect([[...columns.ids], columns.metrics.get('m')]).toEqual([['a'], [2]]);
  expect((await store.topRuns({ filter: parseFilter("datasets.name = 'x'") }, [], 9, everything, signal)).matched).toBe(
    0,
  );
  const [series] = await Array.fromAsync(store.metricHistory(['a'], ['m'], signal));
  expect(series?.points.map(({ value }) => value)).toEqual([3, 9, 1, 2]);
  const names = await store.lookup({ keys: true, runs: ['OLD'] }, signal);
  expect(names.keys).toContainEqual({ kind: 'metric', key: 'm' });
  expect(names.runs.map(({ id }) => id)).toEqual(['a']);
  await store.close();
});

test('2.x: neither datasets nor workspaces', async () => {
  using folder = makeTemporaryFolder();
  const path = join(folder.path, 'two.db');
  const database = createDatabase(path, '2.0');
  insertRun(database, { id: 'a', name: 'run' });
  insertLatest(database, 'a', 'm', Number.NaN);
  database.close();
  const store = await openStore(path);
  expect(store.capabilities.version).toBe('schema 97727af70f4d');
  expect((await store.getRuns(['a'], signal))[0]).toMatchObject({
    name: 'run',
    datasets: [],
    metrics: new Map([['m', { value: Number.NaN, step: 0, timestamp: 1 }]]),
  });
  await store.close();
});

test('3.x: another workspace is not ours', async () => {
  using folder = makeTemporaryFolder();
  const path = join(folder.path, 'three.db');
  const database = createDatabase(path, '3');
  database.exec(
    `INSERT INTO experiments (experiment_id, name, lifecycle_stage, workspace) VALUES (2, 'theirs', 'active', 'other')`,
  );
  insertRun(database, { id: 'a', name: 'r', params: { k: 'v' } });
  insertRun(database, { id: 'b', name: 'r', params: { theirs: 'v' }, experiment: 2 });
  database.exec(`INSERT INTO metrics (key, value, timestamp, run_uuid) VALUES ('m', 1, 1, 'b')`);
  database.close();
  const store = await openStore(path);
  expect((await store.searchExperiments({ lifecycle: 'all' }, signal)).map(({ id }) => id)).toEqual(['1']);
  expect([...(await store.columns({ experimentIds: ['1', '2'], lifecycle: 'all' }, {}, signal)).ids]).toEqual(['a']);
  expect((await store.getRuns(['a', 'b'], signal)).map(({ id }) => id)).toEqual(['a']);
  expect(await Array.fromAsync(store.metricHistory(['b'], ['m'], signal))).toEqual([]);
  const names = await store.lookup({ keys: true, values: ['v'], runs: ['r'] }, signal);
  expect([names.keys, names.values, names.runs.map(({ id }) => id)]).toEqual([
    [{ kind: 'param', key: 'k' }],
    [{ kind: 'param', key: 'k', value: 'v' }],
    ['a'],
  ]);
  await store.close();
});

const shared = join(import.meta.dirname, '../../../shared/evals/stores');
if (!existsSync(shared))
  process.stderr.write('\nLEFT OUT: real public databases (../shared/evals/stores is not here).\n\n');

test.skipIf(!existsSync(shared)).each<[string, number, number]>([
  ['ride', 3, 54],
  ['ridefiles', 3, 36],
  ['iforest', 3, 137],
])('a real database: %s', async (name, experiments, runs) => {
  const store = await openStore(join(shared, name, 'mlflow.db'));
  expect(await store.searchExperiments({}, signal)).toHaveLength(experiments);
  const { metrics, ...columns } = await store.columns({}, everything, signal);
  const ids = [...columns.ids];
  expect(ids).toHaveLength(runs);
  expect(metrics.size).toBeGreaterThan(0);
  const counts = await store.countRuns({}, signal);
  expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(runs);
  expect((await store.getRuns(ids, signal)).map(({ id }) => id)).toEqual(ids);
  await store.close();
});

test.each([
  ['1.0', [], 'INDEX sqlite_autoindex_metrics_1 (key=?)'],
  ['1.0', ['run_uuid'], 'INDEX of_run_uuid (run_uuid=?)'],
  ['2.0', ['run_uuid'], 'INDEX of_run_uuid (run_uuid=? AND rowid>? AND rowid<?)'],
  ['3', ['run_uuid', 'run_uuid, key, step'], 'INDEX of_run_uuid_key_step (run_uuid=? AND key=?)'],
] as const)('%s with indexes over (%s): a series is found by its run', async (age, indexes, plan) => {
  using folder = makeTemporaryFolder();
  const path = join(folder.path, 'planned.db');
  using database = createDatabase(path, age);
  database.exec(`INSERT INTO metrics (key, value, timestamp, run_uuid) VALUES ('m', 1, 1, 'a')`);
  for (const columns of indexes)
    database.exec(`CREATE INDEX of_${columns.replaceAll(', ', '_')} ON metrics (${columns})`);
  const asked: Sql[] = [];
  const connection = new SqliteConnection(path);
  connection.open();
  const listen = (sql: Sql) => {
    if (sql.text.includes('m."key" = ?') && !sql.text.includes('+m."key"')) asked.push(sql);
  };
  const listening: SqlConnection = {
    dialect: connection.dialect,
    location: path,
    spentMs: 0,
    all(sql) {
      listen(sql);
      return connection.all(sql);
    },
    each(sql, onRow) {
      listen(sql);
      return connection.each(sql, onRow);
    },
  };
  await readSeries(listening, await detectSchema(listening), 'a', 'm');
  connection.close();
  const { text, values } = asked.at(-1) as Sql;
  database.function(ODD_ROW, (_table, _row) => 0);
  const [search] = database.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...(values as string[]));
  expect(search?.detail).toContain(plan);
});
