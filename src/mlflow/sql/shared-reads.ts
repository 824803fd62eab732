/** Read transactions: readers that overlap share one, begun by the first and ended by the last. */

import { untilAborted } from '../../until-aborted.ts';
import type { SqlConnection, SqlDatabase, SqlSession } from './connection.ts';
import { detectSchema, type Schema } from './schema.ts';

/** A read transaction with what its database has. */
export interface Reader {
  readonly connection: SqlConnection;
  readonly schema: Schema;
}

interface Begun extends Reader {
  readonly connection: SqlSession;
}

interface Shared {
  readonly reader: Promise<Begun>;
  readonly begunAt: number;
  readers: number;
  /** Whether nobody may join any more. */
  isBroken: () => boolean;
}

/** Nobody waits for what an aborted question would still ask. */
function forSignal({ connection, schema }: Reader, signal: AbortSignal): Reader {
  const guarded: SqlConnection = {
    dialect: connection.dialect,
    location: connection.location,
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
    const current = this.#current;
    if (current !== undefined && !current.isBroken() && Date.now() - current.begunAt < this.#database.sharedMs) {
      current.readers++;
      return current;
    }
    const shared: Shared = { reader: this.#begin(), begunAt: Date.now(), readers: 1, isBroken: () => false };
    // Whoever joined meets a fault of its beginning as well.
    shared.reader.then(
      ({ connection }) => {
        shared.isBroken = () => connection.isSpoilt;
      },
      () => {
        shared.isBroken = () => true;
      },
    );
    this.#current = shared;
    return shared;
  }

  async #leave(shared: Shared): Promise<void> {
    if (--shared.readers > 0) return;
    if (this.#current === shared) this.#current = undefined;
    this.#ending = shared.reader.then(
      (reader) => {
        // It may have failed for tables that are no longer as they were.
        if (reader.connection.isSpoilt) this.#schema = undefined;
        return reader.connection.end();
      },
      () => undefined,
    );
    await this.#ending;
  }

  /** Nobody waits for the end of what was cancelled. */
  #abandon(shared: Shared): void {
    // Others may share the transaction; then the statement is left to end by itself.
    if (shared.readers === 1)
      shared.reader.then(
        ({ connection }) => connection.cancel(),
        () => undefined,
      );
    this.#leave(shared).catch(() => undefined);
  }

  async #begin(): Promise<Begun> {
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
