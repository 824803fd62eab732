/** A MySQL or MariaDB server: a small pool of connections, each read in transactions that can only read. */
import mysql, { type Pool, type PoolConnection, type PoolOptions, type RowDataPacket } from 'mysql2';
import type { PoolConnection as PromisedConnection } from 'mysql2/promise';
import { StoreError } from '../errors.ts';
import type { SqlDatabase, SqlSession } from './connection.ts';
import { MYSQL } from './mysql-dialect.ts';
import { type Encryption, encryptionAttempts } from './mysql-tls.ts';
import { Places } from './places.ts';
import { readServerAddress } from './server-address.ts';
import { toDatabaseError } from './server-errors.ts';
import { SCHEMA_MS, type ServerOptions, STATEMENT_MS } from './server-options.ts';
import type { Sql, SqlRow, SqlValue } from './statements.ts';

const CONNECT_MS = 5_000;
/** Calls that read at the same time; one connection more cancels what they ask. */
const CALLS = 4;

/** Lists as MySQL's driver writes them; none at all is no SQL. */
const toQuery = ({ text, values }: Sql) => ({
  sql: text.replaceAll('IN ??', 'IN (?)'),
  values: values.map((value: SqlValue) => (Array.isArray(value) && value.length === 0 ? [null] : value)),
  rowsAsArray: true,
});

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code);
const NO_TLS = 'HANDSHAKE_NO_SSL_SUPPORT';
/** What a plain connection is told by a server that demands encryption, or demands it of this user. */
const PERHAPS_ENCRYPTED = ['ER_SECURE_TRANSPORT_REQUIRED', 'ER_ACCESS_DENIED_ERROR'];

/** Without window functions no population can be counted while it is ordered. */
function checkVersion(location: string, version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number.parseFloat);
  const isMaria = /mariadb/i.test(version);
  if (isMaria ? major > 10 || (major === 10 && minor >= 5) : major >= 8) return;
  throw new StoreError('unsupported_source', `${location} is ${isMaria ? 'MariaDB' : 'MySQL'} ${version}`, {
    hint: 'MySQL 8.0 or MariaDB 10.5 is needed to read it directly; with an older one use the address of an mlflow server.',
  });
}

export class MysqlDatabase implements SqlDatabase {
  readonly kind = 'mysql';
  readonly location: string;
  readonly #config: PoolOptions;
  readonly #attempts: readonly Encryption[];
  readonly #statementMs: number;
  readonly #ready = new WeakSet<PoolConnection>();
  readonly #places = new Places(CALLS);
  #pool: Pool | undefined;

  /** Nothing is sent yet. Throws `unsupported_source` or `tls_error` for an address that cannot be used. */
  constructor(uri: string, { timeoutMs = STATEMENT_MS, mysqlSsl }: ServerOptions) {
    const address = readServerAddress(uri, 'mysql');
    const { host, port, user, password, database } = address;
    this.location = address.location;
    this.#attempts = encryptionAttempts(address, mysqlSsl);
    this.#statementMs = timeoutMs;
    this.#config = {
      ...(host?.startsWith('/') ? { socketPath: host } : { host: host ?? 'localhost' }),
      ...(port !== undefined && { port }),
      ...(user !== undefined && { user }),
      ...(password !== undefined && { password }),
      ...(database !== undefined && { database }),
      charset: 'utf8mb4',
      connectTimeout: CONNECT_MS,
      connectionLimit: CALLS + 1,
      supportBigNumbers: true,
      bigNumberStrings: true,
    };
  }

  revision(): undefined {}

  begin(): Promise<SqlSession> {
    return this.#guard(async () => {
      await this.#places.take();
      let core: PoolConnection | undefined;
      try {
        core = (await this.#connect()).connection as unknown as PoolConnection;
        if (!this.#ready.has(core)) await this.#prepare(core);
        await query(core, { text: 'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY', values: [] });
        return this.#session(core);
      } catch (error) {
        core?.destroy();
        this.#places.give();
        throw error;
      }
    });
  }

  async schemaVersion(): Promise<unknown> {
    return Math.floor(Date.now() / SCHEMA_MS);
  }

  async close(): Promise<void> {
    await this.#pool?.promise().end();
  }

  /** The first connection finds out whether it is to be encrypted. */
  async #connect(): Promise<PromisedConnection> {
    if (this.#pool !== undefined) return this.#pool.promise().getConnection();
    let first: unknown;
    for (const encryption of this.#attempts) {
      const pool = mysql.createPool({ ...this.#config, ...encryption });
      try {
        const connection = await pool.promise().getConnection();
        this.#pool = pool;
        return connection;
      } catch (error) {
        await pool.promise().end();
        const isEncrypted = encryption.ssl !== undefined;
        // Without encryption there the other way was the only one.
        if (first !== undefined) throw isEncrypted && codeOf(error) === NO_TLS ? first : error;
        if (!(isEncrypted ? [NO_TLS] : PERHAPS_ENCRYPTED).includes(codeOf(error))) throw error;
        first = error;
      }
    }
    throw first;
  }

  async #prepare(core: PoolConnection): Promise<void> {
    const [row] = await query(core, { text: 'SELECT VERSION()', values: [] });
    const version = String(row?.[0]);
    checkVersion(this.location, version);
    const limit = /mariadb/i.test(version)
      ? `max_statement_time = ${this.#statementMs / 1_000}`
      : `max_execution_time = ${this.#statementMs}`;
    for (const text of [
      `SET SESSION sql_mode = 'ANSI_QUOTES', ${limit}`,
      'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY',
    ])
      await query(core, { text, values: [] });
    this.#ready.add(core);
  }

  #session(core: PoolConnection): SqlSession {
    let isSpoilt = false;
    const read = <T>(work: () => Promise<T>): Promise<T> =>
      this.#guard(work).catch((error: unknown) => {
        isSpoilt = true;
        throw error;
      });
    return {
      dialect: MYSQL,
      location: this.location,
      all: (sql) => read(() => query(core, sql)),
      each: (sql, onRow) => read(() => queryEach(core, sql, onRow)),
      get isSpoilt() {
        return isSpoilt;
      },
      end: async () => {
        if (!isSpoilt) await query(core, { text: 'COMMIT', values: [] }).catch(() => (isSpoilt = true));
        if (isSpoilt) core.destroy();
        else core.release();
        this.#places.give();
      },
      cancel: () => {
        isSpoilt = true;
        this.#pool?.query(`KILL QUERY ${Number(core.threadId)}`, () => undefined);
      },
    };
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw toDatabaseError(this.location, error);
    }
  }
}

function query(core: PoolConnection, sql: Sql): Promise<SqlRow[]> {
  return new Promise((resolve, reject) => {
    core.query<RowDataPacket[][]>(toQuery(sql), (error, rows) =>
      error ? reject(error) : resolve(rows as unknown as SqlRow[]),
    );
  });
}

function queryEach(core: PoolConnection, sql: Sql, onRow: (row: SqlRow) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    core
      .query(toQuery(sql))
      .on('result', (row: unknown) => onRow(row as SqlRow))
      .on('error', reject)
      .on('end', () => resolve());
  });
}
