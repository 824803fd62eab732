/** A SQLite database that can only be read: read-only handle, query_only, and an authorizer over a list of tables. */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { readParamNumber } from '../filter/matches.ts';
import { readLastNumber } from '../runs/last-number.ts';
import type { SqlConnection } from './connection.ts';
import type { RowTable } from './dialect.ts';
import type { OddRow } from './odd-rows.ts';
import { authorize, RUN_TABLES } from './sqlite-authorizer.ts';
import { copyPrivately, type PrivateCopy } from './sqlite-copy.ts';
import { SQLITE } from './sqlite-dialect.ts';
import { isDamaged, toStoreError } from './sqlite-errors.ts';
import { SqliteFile } from './sqlite-file.ts';
import { setLimits } from './sqlite-limits.ts';
import { ODD_ROW } from './sqlite-rows.ts';
import type { Sql, SqlRow, SqlValue } from './statements.ts';

/** Scans pass over each page once: more, or pages mapped from the file, took memory and no less time. */
const CACHE_KIB = 8 * 2 ** 10;
/** How long the driver itself waits for a lock, blocking everything; longer waits are the caller's, in turns. */
const LOCK_WAIT_MS = 2;
/** Nothing that the file says is called, and no cell is believed to lie where it cannot. */
const SETTINGS = `PRAGMA query_only = 1; PRAGMA case_sensitive_like = 1; PRAGMA trusted_schema = 0;
  PRAGMA cell_size_check = 1; PRAGMA cache_size = -${CACHE_KIB}`;

/** Forgets nothing that it is told. */
const unheard = (): void => {};

function openDatabase(path: string, immutable: boolean, tables: ReadonlySet<string>): DatabaseSync {
  // Without log data nobody has to be asked about a write-ahead database, and no -wal and -shm are left behind.
  const location = pathToFileURL(path);
  if (immutable) location.searchParams.set('immutable', '1');
  const database = new DatabaseSync(immutable ? location : path, { readOnly: true, timeout: LOCK_WAIT_MS });
  setLimits(database);
  database.exec(SETTINGS);
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
  #copy: PrivateCopy | undefined;
  #heard: (row: OddRow) => void = unheard;
  readonly #tables = new Set(RUN_TABLES);
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
      // Each time: what SQLite finds beside the file it opens, and it must be a file.
      const { revision } = this.#file.look();
      if (this.#frozenAt === undefined || this.#frozenAt === revision) return false;
      this.close();
      this.#file = new SqliteFile(this.location);
    }
    const { log, revision } = this.#file.look();
    this.#frozenAt = log === 'none' || log === 'left' ? revision : undefined;
    if (log === 'left') this.#copy = copyPrivately(this.#file, this.location);
    const path = this.#copy?.path ?? this.location;
    this.#database = this.#guard(() => openDatabase(path, log === 'none', this.#tables));
    this.#database.function(ODD_ROW, (table, rowId) => {
      this.#heard({ table: table as RowTable, rowId: Number(rowId) });
      return 0;
    });
    return true;
  }

  /** Takes the lock, which BEGIN alone does not. Returns what changes when others have written. */
  begin(): number {
    this.#guard(() => this.#database?.exec('BEGIN'));
    try {
      const [version] = this.#guard(() => this.#prepare('PRAGMA data_version').get() as unknown as [number]);
      // All of it is open now.
      this.#copy?.remove();
      return version;
    } catch (error) {
      this.end();
      throw (isDamaged(error) && this.#file.faultOfSize()) || error;
    }
  }

  /** Who is told of the rows that statements pass over from now on. */
  listen(heard: ((row: OddRow) => void) | undefined): void {
    this.#heard = heard ?? unheard;
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
    this.#copy?.remove();
    this.#copy = undefined;
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
