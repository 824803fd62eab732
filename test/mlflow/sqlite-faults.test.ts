/** Database files that are missing, foreign, broken, locked or being written. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStore } from '../../src/mlflow/open-store.ts';
import type { TrackingStore } from '../../src/mlflow/runs/tracking-store.ts';
import { SqliteConnection } from '../../src/mlflow/sql/sqlite-connection.ts';
import { SqliteFile } from '../../src/mlflow/sql/sqlite-file.ts';
import { createDatabase, insertLatest, insertRun } from '../support/databases.ts';
import { copyDemo, makeTemporaryFolder, type TemporaryFolder } from '../support/demo.ts';

const { signal } = new AbortController();
const everything = { metrics: 'all', params: 'all', tags: 'all', datasets: true } as const;
const hash = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

let folder: TemporaryFolder;
let path: string;
beforeEach(() => {
  folder = makeTemporaryFolder();
  path = join(folder.path, 'mlflow.db');
});
afterEach(() => folder[Symbol.dispose]());

describe('refused at opening, each by its name', () => {
  test.each<[string, () => unknown, string]>([
    ['no file', () => {}, 'not_found'],
    ['0 bytes', () => writeFileSync(path, ''), 'empty_database'],
    ['text', () => writeFileSync(path, 'experiment: 1\n'.repeat(20)), 'not_mlflow'],
    ['tables of another program', () => new DatabaseSync(path).exec('CREATE TABLE runs (id)'), 'not_mlflow'],
    ['cut short', () => truncateSync(copyDemo(folder.path), 1_000_000), 'database_unreadable'],
    ['a folder', () => mkdirSync(path), 'not_mlflow'],
    [
      'damaged',
      () =>
        writeFileSync(
          path,
          Buffer.concat([readFileSync(copyDemo(folder.path)).subarray(0, 100), Buffer.alloc(9_969_564, 7)]),
        ),
      'database_unreadable',
    ],
  ])('%s', async (_name, prepare, code) => {
    prepare();
    const error = await openStore(path).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'StoreError', code, hint: expect.any(String) });
    expect((error as Error).message).toContain(path);
  });
});

test('nothing is written: the bytes stay, no file appears beside them', async () => {
  copyDemo(folder.path);
  const before = hash(path);
  const store = await openStore(path);
  await store.keyStats({}, signal);
  await Array.fromAsync(store.searchRuns({}, everything, signal));
  await store.lookup({ keys: true, values: ['a'], runs: ['b'], lastNumbers: [1] }, signal);
  await store.close();
  expect([hash(path), readdirSync(folder.path)]).toEqual([before, ['mlflow.db']]);
});

test('a write-ahead database without log stays alone too, and new data is seen', async () => {
  const writer = createDatabase(path, '3');
  writer.exec('PRAGMA journal_mode = WAL');
  insertRun(writer, { id: 'a' });
  writer.close();
  const before = hash(path);
  const store = await openStore(path);
  expect((await store.topRuns({}, [], 9, {}, signal)).matched).toBe(1);
  expect([hash(path), readdirSync(folder.path)]).toEqual([before, ['mlflow.db']]);
  const again = new DatabaseSync(path);
  insertRun(again, { id: 'b' });
  expect((await store.topRuns({}, [], 9, {}, signal)).matched).toBe(2);
  again.close();
  await store.close();
});

test('only reading is possible, and only of the tables that are meant', async () => {
  createDatabase(path, '3').close();
  const connection = new SqliteConnection(path);
  connection.open();
  const refused = [
    'INSERT INTO runs (run_uuid) VALUES (1)',
    'DELETE FROM runs',
    'CREATE TEMP TABLE t (a)',
    `VACUUM INTO '${folder.path}/copy.db'`,
    `ATTACH '${folder.path}/other.db' AS other`,
    'PRAGMA query_only = 0',
    'PRAGMA journal_mode = WAL',
    'SELECT value FROM secrets',
    "SELECT load_extension('x')",
    "SELECT writefile('x', 'y')",
  ];
  for (const text of refused)
    await expect(connection.all({ text, values: [] }), text).rejects.toThrow(
      /authoriz|prohibited|not as MLflow makes them/,
    );
  connection.close();
  expect(readdirSync(folder.path)).toEqual(['mlflow.db']);
});

test('hostile texts are values, never SQL', async () => {
  const database = createDatabase(path, '3');
  const hostile = `'; DROP TABLE runs; -- " \` %_ \u0000 [x]`;
  insertRun(database, { id: 'a', name: hostile, params: { [hostile]: hostile } });
  database.close();
  const store = await openStore(path);
  const field = { kind: 'param', key: hostile } as const;
  const filter = { op: 'compare', field, comparator: '=', value: hostile } as const;
  const found = await store.topRuns(
    { filter, experimentIds: ['1', hostile] },
    [{ field, ascending: true }],
    9,
    everything,
    signal,
  );
  expect(found.runs[0]?.params.get(hostile)).toBe(hostile);
  expect((await store.lookup({ values: [hostile], runs: [hostile] }, signal)).runs).toHaveLength(1);
  await store.close();
});

describe('while something writes', () => {
  test('a short lock is waited for', async () => {
    const writer = createDatabase(path, '3');
    const store = await openStore(path);
    writer.exec('BEGIN EXCLUSIVE');
    const answer = store.countRuns({}, signal);
    insertRun(writer, { id: 'a' });
    setTimeout(() => writer.exec('COMMIT'), 150);
    expect(await answer).toMatchObject([{ count: 1 }]);
    await store.close();
    writer.close();
  });

  test('a lasting lock is named', { timeout: 15_000 }, async () => {
    const writer = createDatabase(path, '3');
    const store = await openStore(path);
    writer.exec('BEGIN EXCLUSIVE');
    const started = performance.now();
    await expect(store.countRuns({}, signal)).rejects.toMatchObject({ code: 'database_busy', retryable: true });
    expect(performance.now() - started).toBeLessThan(8_000);
    writer.exec('COMMIT');
    expect(await store.countRuns({}, signal)).toEqual([]);
    await store.close();
    writer.close();
  });

  test('a snapshot ends with one state; the next one sees what was written', async () => {
    const writer = createDatabase(path, '3');
    writer.exec('PRAGMA journal_mode = WAL');
    insertRun(writer, { id: 'a' });
    const store = await openStore(path);
    const count = async (state: TrackingStore) => (await state.topRuns({}, [], 9, {}, signal)).matched;
    const revision = store.capabilities.revision();
    let isWritten = false;
    const [first, second] = await store.snapshot(async (state) => {
      const before = await count(state);
      if (!isWritten) insertRun(writer, { id: 'b' });
      isWritten = true;
      return [before, await count(state)];
    });
    expect(second).toBe(first);
    expect(await count(store)).toBe(2);
    expect(store.capabilities.revision()).not.toBe(revision);
    await store.close();
    writer.close();
  });

  test('an upgrade in place is noticed', async () => {
    const old = createDatabase(path, '1.0');
    insertRun(old, { id: 'a' });
    const store = await openStore(path);
    expect(await store.searchExperiments({}, signal)).toMatchObject([{ name: 'first' }]);
    old.exec('ALTER TABLE experiments ADD creation_time BIGINT; UPDATE experiments SET creation_time = 7');
    old.exec('ALTER TABLE experiments ADD last_update_time BIGINT');
    expect(await store.searchExperiments({}, signal)).toMatchObject([{ creationTime: 7 }]);
    await store.close();
    old.close();
  });
});

test('values at the edge survive: steps beyond 2^53, NaN, infinities, strange keys', async () => {
  const database = createDatabase(path, '3');
  insertRun(database, { id: 'a', tags: { __proto__x: '1', '': 'empty' } });
  for (const [key, value] of [
    ['nan', Number.NaN],
    ['up', Infinity],
    ['down', -Infinity],
  ] as const)
    insertLatest(database, 'a', key, value, 9007199254740993n);
  insertLatest(database, 'a', 'least', 1, -(2n ** 63n));
  database.close();
  const store = await openStore(path);
  const [run] = await store.getRuns(['a'], signal);
  expect([...run!.metrics].map(([key, { value, step }]) => [key, value, step])).toEqual([
    ['down', -Infinity, 9007199254740993n],
    ['least', 1, -(2n ** 63n)],
    ['nan', Number.NaN, 9007199254740993n],
    ['up', Infinity, 9007199254740993n],
  ]);
  expect(run!.tags.get('')).toBe('empty');
  await store.close();
});

test('a write-ahead database copied without its log says what may be missing', async () => {
  const writer = new DatabaseSync(path);
  writer.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE runs (run_uuid)');
  const copy = join(folder.path, 'copy.db');
  copyFileSync(path, copy);
  writer.close();
  await expect(openStore(copy)).rejects.toMatchObject({ code: 'not_mlflow', hint: expect.stringContaining('-wal') });
});

test('the work of a writer that was killed in the middle of it is not answered from', async () => {
  const writer = new DatabaseSync(copyDemo(folder.path));
  // A page or two of memory: the rest of a transaction goes into the file before its end.
  writer.exec(
    "PRAGMA cache_size = 2; BEGIN; UPDATE params SET value = value || '!'; UPDATE runs SET status = 'KILLED'",
  );
  const killed = join(folder.path, 'killed.db');
  for (const part of ['', '-journal']) copyFileSync(path + part, killed + part);
  writer.exec('ROLLBACK');
  writer.close();
  const open = async () => (await openStore(killed)).countRuns({}, signal);
  await expect(open()).rejects.toMatchObject({
    code: 'database_unreadable',
    message: expect.stringContaining('unfinished work'),
    hint: expect.stringContaining('mlflow'),
  });
  expect(readdirSync(folder.path).sort()).toEqual(['killed.db', 'killed.db-journal', 'mlflow.db']);
});

test.each(['-journal', '-wal', '-shm'])('a pipe in the place of %s is seen before SQLite waits at it', (suffix) => {
  createDatabase(path, '3').close();
  const file = new SqliteFile(path);
  execFileSync('mkfifo', [path + suffix]);
  expect(() => file.look()).toThrow(`${path}${suffix}, which belongs to the database, is no file`);
  file.close();
});

test('row ids that JavaScript has no exact number for are named', async () => {
  const database = createDatabase(path, '3');
  insertRun(database, { id: 'a' });
  database.exec('UPDATE runs SET rowid = 9223372036854775806');
  database.close();
  const store = await openStore(path);
  await expect(store.countRuns({}, signal)).rejects.toThrow('the row ids of runs are out of range');
  await store.close();
});
