/** Databases as older MLflow releases left them on servers: the same answers as from the same rows in SQLite. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../src/mlflow/open-store.ts';
import type { TrackingStore } from '../../src/mlflow/runs/tracking-store.ts';
import { parseFilter, parseOrder } from '../../src/query/parse.ts';
import { copyDatabase } from '../support/copy-database.ts';
import { createServerDatabase, findDatabaseServers } from '../support/database-servers.ts';
import { type Age, createDatabase, insertLatest, insertRun } from '../support/databases.ts';
import { makeTemporaryFolder } from '../support/demo.ts';

const { signal } = new AbortController();
const everything = { metrics: 'all', params: 'all', tags: 'all', datasets: true } as const;
const servers = await findDatabaseServers('old databases');

function writeDatabase(path: string, age: Age): void {
  const database = createDatabase(path, age);
  insertRun(database, { id: 'a', name: '', start: 5, params: { lr: '0.1' }, tags: { 'mlflow.runName': 'old' } });
  insertRun(database, { id: 'b', start: 6, end: 0, tags: { 'mlflow.user': 'ana' } });
  insertRun(database, { id: 'c', name: 'none', params: { lr: '1e-2' } });
  const columns =
    age === '1.0' ? '(key, value, timestamp, run_uuid)' : '(key, value, timestamp, run_uuid, step, is_nan)';
  const rest = age === '1.0' ? '' : ', 0, 0';
  for (const [value, time, id] of [
    [3, 1, 'a'],
    [1, 3, 'a'],
    [2, 3, 'a'],
    [9, 2, 'a'],
    [1.5, 1, 'b'],
  ])
    database.prepare(`INSERT INTO metrics ${columns} VALUES ('m', ?, ?, ?${rest})`).run(value!, time!, id!);
  if (age !== '1.0') {
    insertLatest(database, 'a', 'm', 2);
    insertLatest(database, 'b', 'm', Number.NaN);
  }
  database.close();
}

const ask = (store: TrackingStore) =>
  Promise.all([
    store.searchExperiments({ lifecycle: 'all' }, signal),
    store.topRuns({}, [parseOrder('metrics.m DESC')], 9, everything, signal),
    store.topRuns({ filter: parseFilter("datasets.name = 'x'") }, [], 9, everything, signal),
    store.columns({ filter: parseFilter('metrics.m >= 2 OR params.lr < 0.05') }, everything, signal),
    store.keyStats({}, signal),
    Array.fromAsync(store.metricHistory(['a', 'b'], ['m'], signal)),
    store.lookup({ keys: true, values: ['0.1'], runs: ['OLD'] }, signal),
  ]);

const cases = (['1.0', '2.0'] as const).flatMap((age) =>
  (['postgresql', 'mysql'] as const).map((kind) => [age, kind] as const),
);

test.for(cases)('MLflow %s on %s', async ([age, kind], { skip }) => {
  if (!servers.includes(kind)) skip();
  using folder = makeTemporaryFolder();
  const path = join(folder.path, 'old.db');
  writeDatabase(path, age);
  const database = await createServerDatabase(kind);
  try {
    await copyDatabase(path, database);
    const [file, server] = [await openStore(path), await openStore(database.uri)];
    expect(await ask(server)).toEqual(await ask(file));
    await Promise.all([file.close(), server.close()]);
  } finally {
    await database.drop();
  }
});
