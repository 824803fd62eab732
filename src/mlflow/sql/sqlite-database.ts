/** A database file: one handle, which one transaction at a time reads. */
import { setTimeout } from 'node:timers/promises';
import { StoreError } from '../errors.ts';
import type { SqlDatabase, SqlSession } from './connection.ts';
import { SqliteConnection } from './sqlite-connection.ts';
import { inspectFile } from './sqlite-file.ts';

const BUSY_WAIT_MS = 5_000;
const BUSY_POLL_MS = 25;

/** `PRAGMA schema_version` is the read that takes the lock: BEGIN alone takes none. */
const FIRST_READ = { text: 'PRAGMA schema_version', values: [] };

export class SqliteDatabase implements SqlDatabase {
  readonly kind = 'sqlite';
  readonly sharedMs = Number.POSITIVE_INFINITY;
  readonly location: string;
  readonly #connection: SqliteConnection;

  /** Throws StoreError: not_found, empty_database, not_mlflow or database_unreadable. */
  constructor(path: string, tables: readonly string[] = []) {
    this.location = path;
    this.#connection = new SqliteConnection(path, tables);
  }

  revision(): string {
    return inspectFile(this.location).revision;
  }

  /** Waits for a writer to finish; throws `database_busy` when that takes longer than five seconds. */
  async begin(): Promise<SqlSession> {
    const deadline = Date.now() + BUSY_WAIT_MS;
    this.#connection.refresh();
    for (;;) {
      try {
        await this.#lock();
        return this.#session();
      } catch (error) {
        const busy = error instanceof StoreError && error.code === 'database_busy';
        if (!busy || Date.now() >= deadline) throw error;
      }
      await setTimeout(BUSY_POLL_MS);
    }
  }

  async schemaVersion(session: SqlSession): Promise<unknown> {
    return (await session.all(FIRST_READ))[0]?.[0];
  }

  async close(): Promise<void> {
    this.#connection.close();
  }

  async #lock(): Promise<void> {
    this.#connection.exec('BEGIN');
    try {
      await this.#connection.all(FIRST_READ);
    } catch (error) {
      this.#connection.exec('ROLLBACK');
      throw error;
    }
  }

  #session(): SqlSession {
    const connection = this.#connection;
    return {
      dialect: connection.dialect,
      location: connection.location,
      all: (sql) => connection.all(sql),
      each: (sql, onRow) => connection.each(sql, onRow),
      isSpoilt: false,
      end: async () => connection.exec('COMMIT'),
      // A statement of this driver has ended before anybody could ask.
      cancel() {},
    };
  }
}
