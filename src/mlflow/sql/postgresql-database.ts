/** A PostgreSQL server: a small pool of connections, each read in transactions that can only read. */
import { existsSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import pg from 'pg';
import { StoreError } from '../errors.ts';
import type { SqlDatabase, SqlSession } from './connection.ts';
import { Places } from './places.ts';
import { POSTGRESQL } from './postgresql-dialect.ts';
import { isLoopback, readPem, readServerAddress, type ServerAddress } from './server-address.ts';
import { toDatabaseError } from './server-errors.ts';
import { SCHEMA_MS, type ServerOptions, STATEMENT_MS } from './server-options.ts';
import type { Sql, SqlRow, SqlValue } from './statements.ts';

const CONNECT_MS = 5_000;
/** Calls that read at the same time; one connection more cancels what they ask. */
const CALLS = 4;

/** It takes a second for statements that take a tenth; servers before 11 have none. */
const WITHOUT_COMPILER = "SELECT set_config(name, 'off', true) FROM pg_settings WHERE name = 'jit'";

/** Where servers of this machine listen for addresses without a host: as packaged, and as built. */
const SOCKET_FOLDERS = ['/var/run/postgresql', '/tmp'];

/** As libpq does where neither the address nor PGHOST names a host; the driver would try TCP alone. */
function setDefaultHost(port = 5432): void {
  pg.defaults.host = SOCKET_FOLDERS.find((folder) => existsSync(`${folder}/.s.PGSQL.${port}`)) ?? 'localhost';
}

type Ssl = ConnectionOptions | false;

/** libpq's modes, in the order to be tried; without one it encrypts where it can, which on this machine is no use. */
function sslAttempts({ options, host = 'localhost' }: ServerAddress): readonly Ssl[] {
  const root = options.get('sslrootcert');
  const client = {
    cert: readPem(options.get('sslcert')),
    key: readPem(options.get('sslkey')),
    ca: root === 'system' ? undefined : readPem(root),
  };
  const given = Object.fromEntries(Object.entries(client).filter(([, value]) => value !== undefined));
  const encrypted: Ssl = { ...given, rejectUnauthorized: false };
  const ofAuthority: Ssl = { ...given, checkServerIdentity: () => undefined };
  const mode = options.get('sslmode') ?? (isLoopback(host) ? 'allow' : 'prefer');
  switch (mode) {
    case 'disable':
      return [false];
    case 'allow':
      return [false, encrypted];
    case 'prefer':
      return [encrypted, false];
    case 'require':
      return [root === undefined ? encrypted : ofAuthority];
    case 'verify-ca':
      return [ofAuthority];
    case 'verify-full':
      return [given];
    default:
      throw new StoreError('unsupported_source', `sslmode=${mode} is not known`, {
        hint: 'It takes disable, allow, prefer, require, verify-ca or verify-full.',
      });
  }
}

/** PostgreSQL knows no NUL in a text; what stands for it here is a character that is none. */
const withoutNul = (text: string): string => text.replaceAll('\0', '\uffff');

function bind(value: SqlValue): unknown {
  if (typeof value === 'string') return withoutNul(value);
  if (Array.isArray(value)) return value.map(withoutNul);
  return typeof value === 'bigint' ? String(value) : value;
}

/** `?` → `$1`, `IN ??` → `= ANY($1)`. */
function numberValues(text: string): string {
  let count = 0;
  return text.replaceAll(/IN \?\?|\?/g, (mark) => {
    count++;
    return mark === '?' ? `$${count}` : `= ANY($${count})`;
  });
}

const toQuery = ({ text, values }: Sql) => ({
  text: numberValues(text),
  values: values.map(bind),
  rowMode: 'array' as const,
});

export class PostgresqlDatabase implements SqlDatabase {
  readonly kind = 'postgresql';
  readonly location: string;
  readonly #config: pg.PoolConfig;
  readonly #attempts: readonly Ssl[];
  readonly #statementMs: number;
  /** The pool itself gives up on who waits for longer than for a connection. */
  readonly #places = new Places(CALLS);
  #pool: pg.Pool | undefined;
  #revision: string | undefined;

  /** Nothing is sent yet. Throws `unsupported_source` or `tls_error` for an address that cannot be used. */
  constructor(uri: string, { timeoutMs = STATEMENT_MS }: ServerOptions) {
    const address = readServerAddress(uri, 'postgresql');
    const { host, port, user, password, database, options } = address;
    this.location = address.location;
    this.#attempts = sslAttempts(address);
    this.#statementMs = timeoutMs;
    setDefaultHost(port);
    const config = { host, port, user, password, database, options: options.get('options') };
    this.#config = {
      ...Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined)),
      application_name: 'runsight',
      connectionTimeoutMillis: CONNECT_MS,
      max: CALLS + 1,
    };
  }

  /** The last transaction's own view: it changes with every transaction of the server. */
  revision(): string | undefined {
    return this.#revision;
  }

  begin(): Promise<SqlSession> {
    return this.#guard(async () => {
      await this.#places.take();
      let client: pg.PoolClient | undefined;
      try {
        client = await this.#connect();
        const results = (await client.query(
          `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = ${this.#statementMs};
           ${WITHOUT_COMPILER}; SELECT CAST(txid_current_snapshot() AS text) AS snapshot`,
        )) as unknown as pg.QueryResult[];
        this.#revision = String(results.at(-1)?.rows[0]?.snapshot);
        return this.#session(client);
      } catch (error) {
        client?.release(true);
        this.#places.give();
        throw error;
      }
    });
  }

  async schemaVersion(): Promise<unknown> {
    return Math.floor(Date.now() / SCHEMA_MS);
  }

  async close(): Promise<void> {
    await this.#pool?.end();
  }

  /** The first connection finds out whether it is to be encrypted. */
  async #connect(): Promise<pg.PoolClient> {
    if (this.#pool !== undefined) return this.#pool.connect();
    for (const [index, ssl] of this.#attempts.entries()) {
      const pool = new pg.Pool({ ...this.#config, ssl });
      // An idle connection that breaks is replaced by the pool.
      pool.on('error', () => undefined);
      try {
        const client = await pool.connect();
        this.#pool = pool;
        return client;
      } catch (cause) {
        await pool.end();
        const error = toDatabaseError(this.location, cause);
        const isTls = error instanceof StoreError && error.code === 'tls_error';
        if (!isTls || index === this.#attempts.length - 1) throw error;
      }
    }
    throw new Error('no way to connect was tried');
  }

  #session(client: pg.PoolClient): SqlSession {
    let isSpoilt = false;
    let last: Promise<unknown> = Promise.resolve();
    // One statement after another: the driver would queue them, and warns.
    const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
      const result = last.then(() => this.#guard(work));
      last = result.catch(() => {
        // A failed statement ends its transaction.
        isSpoilt = true;
      });
      return result;
    };
    return {
      dialect: POSTGRESQL,
      location: this.location,
      all: (sql) => inTurn(async () => (await client.query(toQuery(sql))).rows as unknown as SqlRow[]),
      each: (sql, onRow) => inTurn(() => queryEach(client, sql, onRow)),
      get isSpoilt() {
        return isSpoilt;
      },
      end: async () => {
        await last;
        if (!isSpoilt) await client.query('COMMIT').catch(() => (isSpoilt = true));
        client.release(isSpoilt);
        this.#places.give();
      },
      cancel: () => {
        isSpoilt = true;
        const { processID } = client as unknown as { processID: number };
        this.#pool?.query('SELECT pg_cancel_backend($1)', [processID]).catch(() => undefined);
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

function queryEach(client: pg.PoolClient, sql: Sql, onRow: (row: SqlRow) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const query = new pg.Query(toQuery(sql));
    query.on('row', (row) => onRow(row as unknown as SqlRow));
    query.on('end', () => resolve());
    query.on('error', reject);
    client.query(query);
  });
}
