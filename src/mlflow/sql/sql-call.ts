/** What one tool call reads: in one session, begun by its first read and ended with the call. */
import { untilAborted } from '../../until-aborted.ts';
import type { SqlConnection, SqlDatabase, SqlSession } from './connection.ts';
import { OddRows } from './odd-rows.ts';
import { detectSchema, type Schema } from './schema.ts';

/** A session with what its database has. */
export interface Reader {
  readonly connection: SqlConnection;
  readonly schema: Schema;
}

interface Begun extends Reader {
  readonly connection: SqlSession;
}

/** Ends the first attempt of a call; never seen outside. */
class ChangedError extends Error {}

/** The tables of a database, looked at again when they may have changed. */
export class KnownSchema {
  readonly #database: SqlDatabase;
  #known: { readonly version: unknown; readonly schema: Schema } | undefined;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  /** What was found last; undefined before the first look. */
  get last(): Schema | undefined {
    return this.#known?.schema;
  }

  async begin(): Promise<Begun> {
    const connection = await this.#database.begin();
    try {
      return { connection, schema: await this.#detect(connection) };
    } catch (error) {
      await connection.end();
      throw error;
    }
  }

  async end({ connection }: Begun): Promise<void> {
    // It may have failed for tables that are no longer as they were.
    if (connection.isSpoilt) this.#known = undefined;
    await connection.end();
  }

  /** A server may upgrade the database in place between two calls. */
  async #detect(connection: SqlSession): Promise<Schema> {
    const version = await this.#database.schemaVersion(connection);
    if (this.#known === undefined || this.#known.version !== version)
      this.#known = { version, schema: await detectSchema(connection) };
    return this.#known.schema;
  }
}

export class SqlCall {
  readonly #schema: KnownSchema;
  readonly #isLast: boolean;
  #begun: Promise<Begun> | undefined;
  #session: SqlSession | undefined;
  #hasChanged = false;
  readonly #oddRows = new OddRows();

  /** @param isLast whether it reads on when the data changes under it. */
  constructor(schema: KnownSchema, isLast: boolean) {
    this.#schema = schema;
    this.#isLast = isLast;
  }

  /** Whether what it has read is of more than one state of the data. */
  get hasChanged(): boolean {
    return this.#hasChanged;
  }

  /** What had to be passed over as unreadable so far. */
  get oddRows(): OddRows {
    return this.#oddRows;
  }

  /** Throws the signal's reason as soon as it is given, and stops what the database still does for it. */
  async run<T>(signal: AbortSignal, work: (reader: Reader) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    try {
      const begun = await untilAborted(this.#begin(), signal);
      return await untilAborted(work(this.#guard(begun, signal)), signal);
    } catch (error) {
      if (signal.aborted) this.#abandon();
      throw error;
    }
  }

  async end(): Promise<void> {
    const begun = this.#begun;
    this.#begun = undefined;
    const reader = await begun?.catch(() => undefined);
    if (reader !== undefined) await this.#schema.end(reader);
  }

  #begin(): Promise<Begun> {
    // A statement that failed takes down nobody who reads beside it.
    if (this.#session?.isSpoilt) this.end().catch(() => undefined);
    this.#begun ??= this.#schema.begin().then((begun) => {
      this.#session = begun.connection;
      return begun;
    });
    return this.#begun;
  }

  /** Nobody waits for the end of what was cancelled. */
  #abandon(): void {
    this.#begun?.then(({ connection }) => connection.cancel()).catch(() => undefined);
    this.end().catch(() => undefined);
  }

  /** Nobody waits for what an aborted question, or a call that starts again, would still ask. */
  #guard({ connection, schema }: Begun, signal: AbortSignal): Reader {
    const read = async <T>(statement: () => Promise<T>): Promise<T> => {
      signal.throwIfAborted();
      const result = await statement();
      for (const row of connection.takeOddRows?.() ?? []) this.#oddRows.add(row, connection.location);
      this.#hasChanged ||= connection.hasChanged ?? false;
      if (this.#hasChanged && !this.#isLast) throw new ChangedError();
      return result;
    };
    const guarded: SqlConnection = {
      dialect: connection.dialect,
      location: connection.location,
      get spentMs() {
        return connection.spentMs;
      },
      all: (sql) => read(() => connection.all(sql)),
      each: (sql, onRow) => read(() => connection.each(sql, onRow)),
    };
    return { connection: guarded, schema };
  }
}
