/** What a database server may refuse or lose, on real PostgreSQL and MariaDB: each ends in one line that names the mend. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { StoreError } from '../../src/mlflow/errors.ts';
import { openStore } from '../../src/mlflow/open-store.ts';
import type { TrackingStore } from '../../src/mlflow/runs/tracking-store.ts';
import type { SqlDatabase } from '../../src/mlflow/sql/connection.ts';
import { MysqlDatabase } from '../../src/mlflow/sql/mysql-database.ts';
import { PostgresqlDatabase } from '../../src/mlflow/sql/postgresql-database.ts';
import { KnownSchema, SqlCall } from '../../src/mlflow/sql/sql-call.ts';
import { copyDatabase } from '../support/copy-database.ts';
import {
  createServerDatabase,
  findDatabaseServers,
  type ServerDatabase,
  type ServerKind,
} from '../support/database-servers.ts';
import { createDatabase, insertRun } from '../support/databases.ts';
import { makeTemporaryFolder } from '../support/demo.ts';
import { hasOwnPostgresql, type OwnPostgresql, startOwnPostgresql } from '../support/own-postgresql.ts';

const { signal } = new AbortController();
const servers = await findDatabaseServers('faults of a database');

const SLEEP: Readonly<Record<ServerKind, string>> = {
  postgresql: 'SELECT pg_sleep(20)',
  mysql: 'SELECT sleep(20)',
};
/** Ends every other connection to the database. */
const END_OTHERS: Readonly<Record<ServerKind, (database: ServerDatabase) => Promise<void>>> = {
  postgresql: (database) =>
    database.execute(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    ),
  async mysql(database) {
    const rows = await database.read(
      'SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()',
    );
    for (const [id] of rows) await database.execute(`KILL ${Number(id)}`);
  },
};

const callOf = (handle: SqlDatabase) => new SqlCall(new KnownSchema(handle), false);

const open = (uri: string, timeoutMs?: number) =>
  uri.startsWith('mysql') ? new MysqlDatabase(uri, { timeoutMs }) : new PostgresqlDatabase(uri, { timeoutMs });

async function faultOf(work: Promise<unknown>): Promise<StoreError> {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(StoreError);
  const { message, hint } = error as StoreError;
  expect(`${message} ${hint}`).not.toMatch(/\n|wr0ng|SELECT 1|reader:/);
  return error as StoreError;
}

describe.each(servers)('%s', (kind) => {
  let database: ServerDatabase;

  const withUser = (user: string, password: string) => {
    const url = new URL(database.uri);
    url.username = user;
    url.password = password;
    return url.href;
  };

  beforeAll(async () => {
    using folder = makeTemporaryFolder();
    const path = `${folder.path}/small.db`;
    const written = createDatabase(path, '3');
    insertRun(written, { id: 'a', name: 'first', params: { lr: '0.1' } });
    written.close();
    database = await createServerDatabase(kind);
    await copyDatabase(path, database);
  }, 60_000);
  afterAll(() => database?.drop());

  test('a user who may only read is enough; one who may read nothing is told so', async () => {
    const user = await database.createUser('wr1ght');
    const refused = await faultOf(openStore(withUser(user, 'wr1ght')));
    expect(['forbidden', 'not_mlflow']).toContain(refused.code);
    await database.grantSelect(user);
    const store = await openStore(withUser(user, 'wr1ght'));
    expect((await store.topRuns({}, [], 9, {}, signal)).matched).toBe(1);
    await store.close();
  });

  test('an address that names its host behind the ?, as for the sockets of Cloud SQL', async () => {
    const { protocol, username, password, hostname, port, pathname } = new URL(database.uri);
    const login = password === '' ? username : `${username}:${password}`;
    const store = await openStore(`${protocol}//${login}@${pathname}?host=${hostname}${port && `&port=${port}`}`);
    expect(store.capabilities.location).toContain(`//${hostname}`);
    await store.close();
  });

  test('no such database', async () => {
    const error = await faultOf(openStore(database.uri.replace(/[^/]*$/, 'runsight_no_such')));
    expect(error).toMatchObject({ code: 'not_found', message: expect.stringContaining('runsight_no_such') });
    expect((await faultOf(openStore(`${database.uri}/`))).hint).toContain('a / at its end');
  });

  test('a database of another program', async () => {
    const other = await createServerDatabase(kind);
    try {
      await other.execute('CREATE TABLE orders (id INTEGER)');
      expect((await faultOf(openStore(other.uri))).code).toBe('not_mlflow');
    } finally {
      await other.drop();
    }
  });

  test('nobody listens', async () => {
    const url = new URL(database.uri);
    url.port = '1';
    expect(await faultOf(openStore(url.href))).toMatchObject({ code: 'source_unreachable', retryable: true });
  });

  test('nothing can be written', async () => {
    const handle = open(database.uri);
    const call = callOf(handle);
    const write = call.run(signal, ({ connection }) =>
      connection.all({ text: "UPDATE runs SET name = 'mine'", values: [] }),
    );
    await expect(write).rejects.toThrow(/read.only/i);
    await call.end();
    await handle.close();
  });

  test('a connection that is lost in the middle of a statement; the next question is answered', async () => {
    const handle = open(database.uri);
    const call = callOf(handle);
    const lost = faultOf(call.run(signal, ({ connection }) => connection.all({ text: SLEEP[kind], values: [] })));
    await untilAsleep(database);
    await END_OTHERS[kind](database);
    expect(await lost).toMatchObject({ code: 'source_unreachable', retryable: true });
    const rows = await call.run(signal, ({ connection }) => connection.all({ text: 'SELECT 1', values: [] }));
    expect(rows.map(([one]) => Number(one))).toEqual([1]);
    await call.end();
    await handle.close();
  });

  test('tables that change while they are known; the next question looks at them anew', async () => {
    const store = await openStore(database.uri);
    const count = async () => (await store.topRuns({}, [], 9, { params: 'all' }, signal)).matched;
    expect(await count()).toBe(1);
    await database.execute('ALTER TABLE params RENAME TO parameters');
    expect(await faultOf(count())).toMatchObject({ code: 'database_busy', retryable: true });
    expect(await faultOf(count())).toMatchObject({ code: 'not_mlflow' });
    await database.execute('ALTER TABLE parameters RENAME TO params');
    expect(await count()).toBe(1);
    await store.close();
  });

  test('a statement that takes too long', async () => {
    const handle = open(database.uri, 300);
    const call = callOf(handle);
    const slow = call.run(signal, ({ connection }) =>
      // MySQL says that a sleep was interrupted by its result, so this counts instead.
      connection.all({
        text: 'SELECT count(*) FROM information_schema.columns a, information_schema.columns b, information_schema.columns c, information_schema.columns d',
        values: [],
      }),
    );
    expect((await faultOf(slow)).code).toBe('source_timeout');
    await call.end();
    await handle.close();
  });

  test('a statement that fails takes nobody down who shares its snapshot', async () => {
    const handle = open(database.uri);
    const call = callOf(handle);
    const one = () => call.run(signal, ({ connection }) => connection.all({ text: 'SELECT 1', values: [] }));
    await expect(
      call.run(signal, ({ connection }) => connection.all({ text: 'SELECT none FROM runs', values: [] })),
    ).rejects.toThrow();
    expect(await one()).toHaveLength(1);
    await call.end();
    await handle.close();
  });

  test('a cancelled question ends at once, its statement too, and the next is answered', async () => {
    const handle = open(database.uri);
    const call = callOf(handle);
    const controller = new AbortController();
    const cancelled = call.run(controller.signal, ({ connection }) =>
      connection.all({ text: SLEEP[kind], values: [] }),
    );
    await untilAsleep(database);
    const reason = new Error('cancelled by the person');
    controller.abort(reason);
    await expect(cancelled).rejects.toBe(reason);
    await expect.poll(() => countAsleep(database), { timeout: 5_000 }).toBe(0);
    const rows = await call.run(signal, ({ connection }) => connection.all({ text: 'SELECT 1', values: [] }));
    expect(rows).toHaveLength(1);
    await call.end();
    await handle.close();
  });

  test('more calls at once than there are connections: each waits for its turn', async () => {
    const store = await openStore(database.uri);
    const calls = Array.from({ length: 12 }, () =>
      store.snapshot(async (state) => {
        await state.countRuns({}, signal);
        await setTimeout(50);
        return (await state.countRuns({}, signal)).length;
      }),
    );
    expect(await Promise.all(calls)).toEqual(Array(12).fill(1));
    await store.close();
  });

  test('a snapshot stays one state; the next one sees what was written', async () => {
    const store = await openStore(database.uri);
    const count = async (state: TrackingStore) => (await state.topRuns({}, [], 9, {}, signal)).matched;
    await store.snapshot(async (state) => {
      expect(await count(state)).toBe(1);
      await database.execute(
        "INSERT INTO runs (run_uuid, status, lifecycle_stage, experiment_id) VALUES ('b', 'FINISHED', 'active', 1)",
      );
      expect([await count(state), await count(store)]).toEqual([1, 2]);
    });
    expect(await count(store)).toBe(2);
    await database.execute("DELETE FROM runs WHERE run_uuid = 'b'");
    await store.close();
  });
});

/** Another server at `place`: sends its greeting, and counts who came. */
async function greetAt(place: string | number, greeting: string | Buffer) {
  const server = createServer((socket) => {
    socket.on('error', () => undefined).end(greeting);
  }).listen(place);
  await once(server, 'listening');
  const came = vi.fn();
  server.on('connection', came);
  return { came, port: (server.address() as AddressInfo).port, [Symbol.dispose]: () => void server.close() };
}

test('PostgreSQL: an address without a host means the socket of this machine, where there is one', async () => {
  const port = 40_000 + (process.pid % 20_000);
  using server = await greetAt(`/tmp/.s.PGSQL.${port}`, '');
  await faultOf(openStore(`postgresql://me:wr0ng@/mlflow?port=${port}`));
  expect(server.came).toHaveBeenCalled();
});

test.each([
  ['postgresql', Buffer.from('J\0\0\0\n5.5.5-10.11.6-MariaDB\0'.padEnd(78, '\0'), 'latin1')],
  ['postgresql', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ['mysql', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
] as const)('%s: the port of another service', async (scheme, greeting) => {
  using server = await greetAt(0, greeting);
  const error = await faultOf(openStore(`${scheme}://me:wr0ng@localhost:${server.port}/mlflow`));
  expect(`${error.message}. ${error.hint}`).toMatch(/\bport\b/);
});

test.skipIf(!servers.includes('postgresql'))('PostgreSQL: tables of a schema that the address names', async () => {
  using folder = makeTemporaryFolder();
  const path = `${folder.path}/small.db`;
  const written = createDatabase(path, '3');
  insertRun(written, { id: 'a' });
  written.close();
  const database = await createServerDatabase('postgresql');
  await copyDatabase(path, database);
  await database.execute('ALTER SCHEMA public RENAME TO ml; CREATE SCHEMA public');
  expect((await faultOf(openStore(database.uri))).code).toBe('not_mlflow');
  const store = await openStore(`${database.uri}?options=-csearch_path%3Dml`);
  expect((await store.topRuns({}, [], 9, {}, signal)).matched).toBe(1);
  await store.close();
  await database.drop();
});

test.skipIf(!servers.includes('mysql'))('MariaDB: a wrong password, which no message repeats', async () => {
  const database = await createServerDatabase('mysql');
  const url = new URL(database.uri);
  url.username = await database.createUser('wr1ght');
  url.password = 'wr0ng';
  expect((await faultOf(openStore(url.href))).code).toBe('unauthorized');
  await database.drop();
});

describe.skipIf(!hasOwnPostgresql('passwords and encryption of PostgreSQL'))(
  'a PostgreSQL that asks for a password',
  () => {
    let server: OwnPostgresql;
    beforeAll(async () => {
      server = await startOwnPostgresql('pa:ss%w@rd/1');
    }, 60_000);
    afterAll(() => server?.stop());

    /** Gets as far as finding no MLflow, or not. */
    const codeOf = async (options: string, password = 'pa:ss%w@rd/1') =>
      (await faultOf(openStore(server.uri(password, options)))).code;

    test('the right password in percent code, and a wrong one', async () => {
      expect(await codeOf('')).toBe('not_mlflow');
      expect(await codeOf('', 'wr0ng')).toBe('unauthorized');
      expect(await codeOf('', '')).toBe('unauthorized');
    });

    test.each([
      ['sslmode=disable', 'tls_error'],
      ['sslmode=allow', 'not_mlflow'],
      ['sslmode=require', 'not_mlflow'],
      ['sslmode=verify-full', 'tls_error'],
      ['sslmode=verify-full&sslrootcert=CERTIFICATE', 'not_mlflow'],
      ['sslmode=verify-ca&sslrootcert=CERTIFICATE', 'not_mlflow'],
      ['sslmode=require&sslrootcert=/nowhere.pem', 'tls_error'],
    ])('which takes only encrypted connections: %s', async (options, code) => {
      await server.demandTls();
      expect(await codeOf(options.replace('CERTIFICATE', encodeURIComponent(server.certificate)))).toBe(code);
    });
  },
);

async function countAsleep(database: ServerDatabase): Promise<number> {
  const text = {
    postgresql: `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE '%pg_sleep(20)'`,
    mysql: `SELECT count(*) FROM information_schema.processlist WHERE db = DATABASE() AND info LIKE 'SELECT sleep(20)'`,
  }[database.kind];
  return Number((await database.read(text))[0]?.[0]);
}

async function untilAsleep(database: ServerDatabase): Promise<void> {
  await expect.poll(() => countAsleep(database), { timeout: 5_000 }).toBe(1);
}
