/** Read transactions: readers that overlap share one, begun by the first and ended by the last. */

import { untilAborted } from '../until-aborted.ts';
import type { SqlDatabase, SqlSession } from './connection.ts';
import { detectSchema, type Schema } from './schema.ts';

/** Readers that come later get a new transaction: a database must not keep old rows for endless talk. */
const LONGEST_SHARED_MS = 10_000;

/** A read transaction with what its database has. */
export interface Reader {
  readonly connection: SqlSession;
  readonly schema: Schema;
}

interface Shared {
  readonly reader: Promise<Reader>;
  readonly begunAt: number;
  readers: number;
  isBroken: boolean;
}

/** Nobody waits for what an aborted question would still ask. */
function forSignal({ connection, schema }: Reader, signal: AbortSignal): Reader {
  const guarded: SqlSession = {
    ...connection,
    all(sql) {
      signal.throwIfAborted();
      return connection.all(sql);
    },
    each(sql, onRow) {
      signal.throwIfAborted();
      return connection.each(sql, onRow);
    },
  };
  return { connection: guarded, schema };
}

export class SharedReads {
  readonly #database: SqlDatabase;
  #current: Shared | undefined;
  /** A file's one handle cannot begin before it has ended. */
  #ending: Promise<void> = Promise.resolve();
  #schema: { readonly version: unknown; readonly schema: Schema } | undefined;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  /** What the last transaction found; undefined before the first. */
  get schema(): Schema | undefined {
    return this.#schema?.schema;
  }

  /** Throws the signal's reason as soon as it is given, and stops what the database still does for it. */
  async run<T>(signal: AbortSignal, work: (reader: Reader) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const shared = this.#join();
    try {
      const reader = await untilAborted(shared.reader, signal);
      return await untilAborted(work(forSignal(reader, signal)), signal);
    } finally {
      if (signal.aborted) this.#abandon(shared);
      else await this.#leave(shared);
    }
  }

  /** Holds one state of the data for all that is read meanwhile. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    const shared = this.#join();
    try {
      await shared.reader;
      return await work();
    } finally {
      await this.#leave(shared);
    }
  }

  #join(): Shared {
    const { kind } = this.#database;
    const current = this.#current;
    // The one handle of a file cannot begin a second transaction.
    const isYoung = current !== undefined && (kind === 'sqlite' || Date.now() - current.begunAt < LONGEST_SHARED_MS);
    if (current !== undefined && isYoung && !current.isBroken) {
      current.readers++;
      return current;
    }
    const shared = { reader: this.#begin(), begunAt: Date.now(), readers: 1, isBroken: false };
    // Whoever joined meets the fault as well.
    shared.reader.catch(() => {
      shared.isBroken = true;
    });
    this.#current = shared;
    return shared;
  }

  async #leave(shared: Shared): Promise<void> {
    if (--shared.readers > 0) return;
    if (this.#current === shared) this.#current = undefined;
    this.#ending = shared.reader.then(
      (reader) => reader.connection.end(),
      () => undefined,
    );
    await this.#ending;
  }

  /** Nobody waits for the end of what was cancelled. */
  #abandon(shared: Shared): void {
    // Others may share the transaction; then the statement is left to end by itself.
    if (shared.readers === 1)
      shared.reader.then(
        ({ connection }) => {
          shared.isBroken = connection.cancel();
        },
        () => undefined,
      );
    this.#leave(shared).catch(() => undefined);
  }

  async #begin(): Promise<Reader> {
    await this.#ending.catch(() => undefined);
    const connection = await this.#database.begin();
    try {
      return { connection, schema: await this.#detect(connection) };
    } catch (error) {
      await connection.end();
      throw error;
    }
  }

  /** A server may upgrade the database in place between two questions. */
  async #detect(connection: SqlSession): Promise<Schema> {
    const version = await this.#database.schemaVersion(connection);
    if (this.#schema === undefined || this.#schema.version !== version)
      this.#schema = { version, schema: await detectSchema(connection) };
    return this.#schema.schema;
  }
}
