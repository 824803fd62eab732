/** PostgreSQL and MariaDB on this machine, each test's data in a database of its own. */
import { randomBytes } from 'node:crypto';
import mysql from 'mysql2/promise';
import pg from 'pg';

export type ServerKind = 'postgresql' | 'mysql';

export interface ServerDatabase {
  readonly kind: ServerKind;
  /** For Runsight. */
  readonly uri: string;
  /** For MLflow, with the driver that its environment has. */
  readonly mlflowUri: string;
  execute(text: string, values?: readonly unknown[]): Promise<void>;
  read(text: string): Promise<readonly (readonly unknown[])[]>;
  /** A new user who may do nothing yet; gone with the database. */
  createUser(password: string): Promise<string>;
  grantSelect(user: string): Promise<void>;
  drop(): Promise<void>;
}

interface Kind {
  readonly name: string;
  /** Of a user that may create databases. */
  readonly address: string;
  readonly driver: string;
  connect(uri: string): Promise<Pick<ServerDatabase, 'execute' | 'read'> & { end(): Promise<void> }>;
  createUser(user: string, password: string): string;
  grantSelect(user: string): string;
  dropUser(user: string): string;
}

const KINDS: Readonly<Record<ServerKind, Kind>> = {
  postgresql: {
    name: 'PostgreSQL',
    address: process.env.RUNSIGHT_TEST_POSTGRESQL ?? 'postgresql://postgres@127.0.0.1:5432/postgres',
    driver: 'psycopg2',
    async connect(uri) {
      const client = new pg.Client({ connectionString: uri, connectionTimeoutMillis: 2_000 });
      // Databases are dropped under connections that are still open.
      client.on('error', () => undefined);
      await client.connect();
      return {
        async execute(text, values = []) {
          await client.query(text, [...values]);
        },
        read: async (text) => (await client.query({ text, rowMode: 'array' })).rows,
        end: () => client.end(),
      };
    },
    createUser: (user, password) => `CREATE USER ${user} PASSWORD '${password}'`,
    grantSelect: (user) => `GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${user}`,
    dropUser: (user) => `DROP USER ${user}`,
  },
  mysql: {
    name: 'MariaDB or MySQL',
    address: process.env.RUNSIGHT_TEST_MYSQL ?? 'mysql://root@127.0.0.1:3306/mysql',
    driver: 'pymysql',
    async connect(uri) {
      const connection = await mysql.createConnection({ uri, connectTimeout: 2_000 });
      return {
        async execute(text, values = []) {
          await connection.query(text, [...values]);
        },
        async read(text) {
          const [rows] = await connection.query({ sql: text, rowsAsArray: true });
          return rows as unknown[][];
        },
        end: () => connection.end(),
      };
    },
    createUser: (user, password) => `CREATE USER ${user} IDENTIFIED BY '${password}'`,
    grantSelect: (user) => `GRANT SELECT ON * TO ${user}`,
    dropUser: (user) => `DROP USER ${user}`,
  },
};

async function isReachable(kind: ServerKind): Promise<boolean> {
  if (process.env.RUNSIGHT_TEST_SERVER !== '1' && !process.env.RUNSIGHT_TEST_PYTHON) return false;
  try {
    await (await KINDS[kind].connect(KINDS[kind].address)).end();
    return true;
  } catch {
    return false;
  }
}

/** The servers that tests may use; says what is left out without one. */
export async function findDatabaseServers(whatIsLeftOut: string): Promise<ServerKind[]> {
  const found: ServerKind[] = [];
  for (const kind of ['postgresql', 'mysql'] as const) {
    if (await isReachable(kind)) found.push(kind);
    else
      process.stderr.write(
        `\nLEFT OUT: ${whatIsLeftOut} on ${KINDS[kind].name}. Set RUNSIGHT_TEST_SERVER=1 with one at 127.0.0.1 whose administrator needs no password.\n\n`,
      );
  }
  return found;
}

/** An empty database that nobody else uses. */
export async function createServerDatabase(kind: ServerKind): Promise<ServerDatabase> {
  const { address, driver, connect, createUser, grantSelect, dropUser } = KINDS[kind];
  const name = `runsight_test_${randomBytes(6).toString('hex')}`;
  const uri = address.replace(/[^/]*$/, name);
  const run = async (text: string): Promise<void> => {
    const administrator = await connect(address);
    await administrator.execute(text);
    await administrator.end();
  };
  const users: string[] = [];
  await run(`CREATE DATABASE ${name}`);
  const connection = await connect(uri);
  return {
    kind,
    uri,
    mlflowUri: uri.replace(':', `+${driver}:`),
    execute: connection.execute,
    read: connection.read,
    async createUser(password) {
      const user = `runsight_${randomBytes(4).toString('hex')}`;
      await run(createUser(user, password));
      users.push(user);
      return user;
    },
    grantSelect: (user) => connection.execute(grantSelect(user)),
    async drop() {
      await connection.end();
      await run(`DROP DATABASE ${name}${kind === 'postgresql' ? ' WITH (FORCE)' : ''}`);
      for (const user of users) await run(dropUser(user));
    },
  };
}
