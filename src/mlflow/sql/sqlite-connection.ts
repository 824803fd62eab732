/** A SQLite database that can only be read: read-only handle, query_only, and an authorizer over a list of tables. */
import { constants, DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { StoreError } from '../errors.ts';
import { readParamNumber } from '../filter/matches.ts';
import { readLastNumber } from '../runs/last-number.ts';
import type { SqlConnection } from './connection.ts';
import { SQLITE } from './sqlite-dialect.ts';
import { SqliteFile } from './sqlite-file.ts';
import type { Sql, SqlRow, SqlValue } from './statements.ts';

/** What is read of runs; families of data add theirs. Secrets, gateway, job and webhook tables are not among them. */
const TABLES: ReadonlySet<string> = new Set([
  'experiments',
  'experiment_tags',
  'runs',
  'tags',
  'params',
  'metrics',
  'latest_metrics',
  'datasets',
  'inputs',
  'input_tags',
  'alembic_version',
  'json_each',
  'sqlite_master',
]);
const FUNCTIONS: ReadonlySet<string> = new Set([
  'coalesce',
  'count',
  'group_concat',
  'json_each',
  'json_group_array',
  'like',
  'lower',
  'max',
  'min',
  'nullif',
  'octet_length',
  'row_number',
  'last_number',
  'param_number',
]);
const PRAGMAS: ReadonlySet<string> = new Set([
  'data_version',
  'schema_version',
  'table_info',
  'index_list',
  'index_info',
]);
/** Scans pass over each page once: more, or pages mapped from the file, took memory and no less time. */
const CACHE_KIB = 8 * 2 ** 10;
/** How long the driver itself waits for a lock, blocking everything; longer waits are the caller's, in turns. */
const LOCK_WAIT_MS = 2;

const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_CORRUPT = 11;

type Authorizer = (action: number, first: string | null, second: string | null) => number;

const authorize =
  (tables: ReadonlySet<string>): Authorizer =>
  (action, first, second) => {
    const allowed =
      action === constants.SQLITE_SELECT ||
      action === constants.SQLITE_RECURSIVE ||
      action === constants.SQLITE_TRANSACTION ||
      // Sub-queries and common table expressions of our own have no name here.
      (action === constants.SQLITE_READ && (!first || tables.has(first))) ||
      (action === constants.SQLITE_FUNCTION && FUNCTIONS.has(second ?? '')) ||
      (action === constants.SQLITE_PRAGMA && PRAGMAS.has(first ?? ''));
    return allowed ? constants.SQLITE_OK : constants.SQLITE_DENY;
  };

/** A read-only handle met the journal of a writer that died. */
const SQLITE_READONLY_ROLLBACK = 776;

/** Primary result code of a driver error, without the extension bits. */
function resultCode(error: unknown): number | undefined {
  const { errcode } = (error ?? {}) as { errcode?: unknown };
  return typeof errcode === 'number' ? errcode & 0xff : undefined;
}

function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  return code === SQLITE_BUSY || code === SQLITE_LOCKED;
}

/** Faults of the file (not of our SQL: those propagate as they are). */
function toStoreError(path: string, cause: unknown): unknown {
  const unreadable: ReadonlyMap<number, string> = new Map([
    [3, 'access is denied'],
    [8, 'its folder or log cannot be written, which its write-ahead mode needs'],
    [10, 'the disk reports an error'],
    [SQLITE_CORRUPT, 'it is damaged'],
    [14, 'it cannot be opened'],
    [26, 'it is damaged or encrypted'],
  ]);
  if (isBusy(cause))
    return new StoreError('database_busy', `${path} is locked by a writer`, {
      hint: 'Try again in a moment; if it stays locked, a program holds a transaction open.',
      retryable: true,
      cause,
    });
  if ((cause as { errcode?: unknown }).errcode === SQLITE_READONLY_ROLLBACK)
    return new StoreError('database_unreadable', `${path} holds the unfinished work of a writer that stopped`, {
      hint: 'Open it once with mlflow, which takes the unfinished work back.',
      cause,
    });
  const reason = unreadable.get(resultCode(cause) ?? -1);
  if (reason === undefined) return cause;
  return new StoreError('database_unreadable', `cannot read ${path}: ${reason}`, {
    hint: 'Check the permissions, or copy the file again while nothing writes to it.',
    cause,
  });
}

function openDatabase(path: string, immutable: boolean, tables: ReadonlySet<string>): DatabaseSync {
  // Without log data nobody has to be asked about a write-ahead database, and no -wal and -shm are left behind.
  const location = pathToFileURL(path);
  if (immutable) location.searchParams.set('immutable', '1');
  const database = new DatabaseSync(immutable ? location : path, { readOnly: true, timeout: LOCK_WAIT_MS });
  database.exec('PRAGMA query_only = 1; PRAGMA case_sensitive_like = 1');
  database.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
  database.function('param_number', { deterministic: true }, (text) =>
    typeof text === 'string' ? (readParamNumber(text) ?? null) : null,
  );
  database.function('last_number', { deterministic: true }, (text) =>
    typeof text === 'string' ? (readLastNumber(text) ?? null) : null,
  );
  database.setAuthorizer(authorize(tables));
  return database;
}

/** One value stands for a list. */
const LIST = 'IN (SELECT value FROM json_each(?))';
const bind = (value: SqlValue): SQLInputValue =>
  Array.isArray(value) ? JSON.stringify(value) : (value as SQLInputValue);

/** The driver is synchronous: nothing else happens while a statement runs. */
export class SqliteConnection implements SqlConnection {
  readonly dialect = SQLITE;
  /** The file's path. */
  readonly location: string;
  #file: SqliteFile;
  #database: DatabaseSync | undefined;
  /** The file's state when it was opened as one that cannot change; undefined for an ordinary handle. */
  #frozenAt: string | undefined;
  readonly #tables = new Set(TABLES);
  readonly #statements = new Map<string, StatementSync>();

  /** Throws StoreError: not_found, empty_database, not_mlflow or database_unreadable. */
  constructor(path: string) {
    this.location = path;
    this.#file = new SqliteFile(path);
  }

  /** Lets tables be read beside those of runs. */
  allow(tables: readonly string[]): void {
    for (const table of tables) this.#tables.add(table);
  }

  /** The file's state as seen from outside; it changes with the data. */
  get revision(): string {
    return this.#file.look().revision;
  }

  /** Opens it, or anew where a file taken for unchanging has changed; whether it did. Not inside a transaction. */
  open(): boolean {
    if (this.#database !== undefined) {
      if (this.#frozenAt === undefined || this.#frozenAt === this.revision) return false;
      this.close();
      this.#file = new SqliteFile(this.location);
    }
    const { wal, hasWalData, revision } = this.#file.look();
    this.#frozenAt = wal && !hasWalData ? revision : undefined;
    this.#database = this.#guard(() => openDatabase(this.location, this.#frozenAt !== undefined, this.#tables));
    return true;
  }

  /** Takes the lock, which BEGIN alone does not. Returns what changes when others have written. */
  begin(): number {
    this.#guard(() => this.#database?.exec('BEGIN'));
    try {
      return this.#guard(() => this.#prepare('PRAGMA data_version').get() as unknown as [number])[0];
    } catch (error) {
      this.end();
      const isDamaged = resultCode((error as Error).cause) === SQLITE_CORRUPT;
      throw (isDamaged && this.#file.faultOfSize()) || error;
    }
  }

  async all(sql: Sql): Promise<SqlRow[]> {
    return this.#guard(() => this.#prepare(sql.text).all(...sql.values.map(bind)) as unknown as SqlRow[]);
  }

  async each(sql: Sql, onRow: (row: SqlRow) => void): Promise<void> {
    const rows = this.#guard(() => this.#prepare(sql.text).iterate(...sql.values.map(bind)));
    try {
      for (;;) {
        const next = this.#guard(() => rows.next());
        if (next.done) return;
        onRow(next.value as unknown as SqlRow);
      }
    } finally {
      // A statement that was left in the middle would keep the lock.
      rows.return?.();
    }
  }

  /** Gives the lock back. A fault of the disk may have ended the transaction already. */
  end(): void {
    if (this.#database?.isTransaction) this.#guard(() => this.#database?.exec('ROLLBACK'));
  }

  close(): void {
    this.#statements.clear();
    this.#database?.close();
    this.#database = undefined;
    this.#file.close();
  }

  #prepare(text: string): StatementSync {
    const known = this.#statements.get(text);
    if (known !== undefined) return known;
    const statement = this.#database!.prepare(text.replaceAll('IN ??', LIST));
    statement.setReturnArrays(true);
    this.#statements.set(text, statement);
    return statement;
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw toStoreError(this.location, error);
    }
  }
}
