/** A database file, read in steps: a session goes from window to window and notices what was written in between. */
import { StoreError } from '../errors.ts';
import type { SqlDatabase, SqlSession } from './connection.ts';
import { type OddRow, OddRows } from './odd-rows.ts';
import { SQLITE } from './sqlite-dialect.ts';
import { SqliteWindows } from './sqlite-windows.ts';
import type { Sql, SqlRow } from './statements.ts';

/** A call that has read for so long lets go of the lock after each statement; a shorter one keeps to one window. */
const SHORT_MS = 20;
/** What a call may read of texts, in characters: mostly it holds them. */
const MOST_TEXT = 256 * 2 ** 20;

export const SCHEMA_VERSION: Sql = { text: 'PRAGMA schema_version', values: [] };

export class SqliteDatabase implements SqlDatabase {
  readonly kind = 'sqlite';
  readonly location: string;
  readonly #windows: SqliteWindows;

  /** Throws StoreError: not_found, empty_database, not_mlflow or database_unreadable. */
  constructor(path: string, tables: readonly string[] = []) {
    this.location = path;
    this.#windows = SqliteWindows.of(path, tables);
  }

  revision(): string {
    return this.#windows.connection.revision;
  }

  async begin(): Promise<SqlSession> {
    return this.newSession();
  }

  newSession(): SqliteSession {
    return new SqliteSession(this.#windows);
  }

  async schemaVersion(session: SqlSession): Promise<unknown> {
    return (await session.all(SCHEMA_VERSION))[0]?.[0];
  }

  close(): Promise<void> {
    return this.#windows.close();
  }
}

export class SqliteSession implements SqlSession {
  readonly dialect = SQLITE;
  readonly location: string;
  readonly isSpoilt = false;
  readonly #windows: SqliteWindows;
  /** Of the window that was read last. */
  #state: number | undefined;
  #hasChanged = false;
  #spentMs = 0;
  /** Of the texts that were read, in characters. */
  #length = 0;
  readonly #oddRows = new OddRows();

  constructor(windows: SqliteWindows) {
    this.#windows = windows;
    this.location = windows.connection.location;
    windows.join();
  }

  get hasChanged(): boolean {
    return this.#hasChanged;
  }

  get spentMs(): number {
    return this.#spentMs;
  }

  async all(sql: Sql): Promise<SqlRow[]> {
    const rows = await this.#step(() => this.#windows.connection.all(sql));
    for (const row of rows) this.#count(row);
    return rows;
  }

  each(sql: Sql, onRow: (row: SqlRow) => void): Promise<void> {
    return this.#step(() =>
      this.#windows.connection.each(sql, (row) => {
        this.#count(row);
        onRow(row);
      }),
    );
  }

  takeOddRows(): readonly OddRow[] {
    return this.#oddRows.take();
  }

  leave(): void {
    this.#windows.leave();
  }

  async end(): Promise<void> {
    this.leave();
  }

  // A statement of this driver has ended before anybody could ask.
  cancel(): void {}

  /** Throws `database_unreadable` where a call has read more text than is held at once. */
  #count(row: SqlRow): void {
    for (const cell of row) if (typeof cell === 'string') this.#length += cell.length;
    if (this.#length > MOST_TEXT)
      throw new StoreError('database_unreadable', `${this.location} holds too much text for one answer`, {
        hint: `More than ${MOST_TEXT / 2 ** 20} MiB were read; ask about fewer runs, or about one metric, param or tag.`,
      });
  }

  async #step<T>(statement: () => Promise<T>): Promise<T> {
    // While this waits in turn, another reader may shut the window again.
    for (let opening = this.#windows.enter(); opening !== undefined; opening = this.#windows.enter()) await opening;
    this.#hasChanged ||= this.#state !== undefined && this.#state !== this.#windows.state;
    this.#state = this.#windows.state;
    const started = performance.now();
    this.#windows.connection.listen((row) => this.#oddRows.add(row, this.location));
    // The driver has done all of it when it returns.
    const result = statement();
    this.#windows.connection.listen(undefined);
    this.#spentMs += performance.now() - started;
    if (this.#spentMs > SHORT_MS) this.#windows.shut();
    return result;
  }
}
