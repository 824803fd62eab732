/** MLflow's SQLite database, read directly: no server, no Python, nothing written. */
import { setImmediate } from 'node:timers/promises';
import type { OrderKey } from '../filter/ast.ts';
import { summarizeKeys } from '../key-stats.ts';
import type {
  Capabilities,
  ExperimentQuery,
  KeyStats,
  LookupQuery,
  LookupResult,
  MetricSeries,
  Population,
  Projection,
  RunColumns,
  RunCount,
  TrackingStore,
} from '../tracking-store.ts';
import type { Experiment, Run } from '../types.ts';
import { compilePopulation } from './compile-filter.ts';
import { compileOrder } from './order.ts';
import { readRunColumns } from './read-columns.ts';
import { readExperiments, readRunCounts } from './read-experiments.ts';
import { readNames } from './read-names.ts';
import { readRuns } from './read-runs.ts';
import { readSeries } from './read-series.ts';
import { ReadTransaction } from './read-transaction.ts';
import { detectSchema, type Schema } from './schema.ts';
import { SqliteConnection, type SqlRow } from './sqlite-connection.ts';
import { inspectFile } from './sqlite-file.ts';

const PAGE_SIZE = 1_000;
const EVERYTHING: Projection = { metrics: 'all', params: 'all', tags: 'all', datasets: true };

/** The driver is synchronous: between pieces of work, others get their turn and the question may be cancelled. */
async function yieldTurn(signal: AbortSignal): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
}

class SqliteStore implements TrackingStore {
  readonly #connection: SqliteConnection;
  readonly #transaction: ReadTransaction;
  #schemaVersion: unknown;
  #schema!: Schema;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
    this.#transaction = new ReadTransaction(connection, () => this.#detectSchema());
  }

  get capabilities(): Capabilities {
    const { path } = this.#connection;
    return {
      kind: 'sqlite',
      location: path,
      ...(this.#schema.revision !== undefined && { version: `schema ${this.#schema.revision}` }),
      revision: () => inspectFile(path).revision,
    };
  }

  snapshot<T>(work: () => Promise<T>): Promise<T> {
    return this.#transaction.run(work);
  }

  searchExperiments(query: ExperimentQuery, signal: AbortSignal): Promise<Experiment[]> {
    return this.#read(signal, () => readExperiments(this.#connection, this.#schema, query));
  }

  countRuns(population: Population, signal: AbortSignal): Promise<RunCount[]> {
    return this.#read(signal, () => readRunCounts(this.#connection, this.#schema, population));
  }

  keyStats(population: Population, signal: AbortSignal): Promise<KeyStats[]> {
    const everything = { metrics: 'all', params: 'all', tags: 'all' } as const;
    return this.#read(signal, () =>
      summarizeKeys(readRunColumns(this.#connection, this.#schema, population, everything)),
    );
  }

  topRuns(
    population: Population,
    order: readonly OrderKey[],
    limit: number,
    projection: Projection,
    signal: AbortSignal,
  ): Promise<{ readonly runs: Run[]; readonly matched: number }> {
    return this.#read(signal, () => {
      // One row at least, for its count.
      const rows = this.#selectIds(population, order, Math.max(limit, 1));
      const ids = rows.slice(0, limit).map(([id]) => String(id));
      return { runs: readRuns(this.#connection, this.#schema, ids, projection), matched: Number(rows[0]?.[1] ?? 0) };
    });
  }

  async *searchRuns(population: Population, projection: Projection, signal: AbortSignal): AsyncIterable<Run[]> {
    await this.#transaction.enter();
    try {
      const ids = this.#selectIds(population, []).map(([id]) => String(id));
      for (let from = 0; from < ids.length; from += PAGE_SIZE) {
        await yieldTurn(signal);
        yield readRuns(this.#connection, this.#schema, ids.slice(from, from + PAGE_SIZE), projection);
      }
    } finally {
      this.#transaction.leave();
    }
  }

  getRuns(ids: readonly string[], signal: AbortSignal): Promise<Run[]> {
    return this.#read(signal, () => readRuns(this.#connection, this.#schema, ids, EVERYTHING));
  }

  columns(population: Population, projection: Projection, signal: AbortSignal): Promise<RunColumns> {
    return this.#read(signal, () => readRunColumns(this.#connection, this.#schema, population, projection));
  }

  async *metricHistory(
    runIds: readonly string[],
    keys: readonly string[],
    signal: AbortSignal,
  ): AsyncIterable<MetricSeries> {
    await this.#transaction.enter();
    try {
      for (const { id: runId } of readRuns(this.#connection, this.#schema, runIds, {}))
        for (const key of keys) {
          await yieldTurn(signal);
          const points = readSeries(this.#connection, this.#schema, runId, key);
          if (points.length > 0) yield { runId, key, points };
        }
    } finally {
      this.#transaction.leave();
    }
  }

  lookup(query: LookupQuery, signal: AbortSignal): Promise<LookupResult> {
    return this.#read(signal, () => readNames(this.#connection, this.#schema, query));
  }

  async close(): Promise<void> {
    this.#connection.close();
  }

  #read<T>(signal: AbortSignal, work: () => T): Promise<T> {
    return this.#transaction.run(() => {
      signal.throwIfAborted();
      return work();
    });
  }

  /** Rows of an id and the count of the whole population, which one pass over it finds both. */
  #selectIds(population: Population, order: readonly OrderKey[], limit = -1): SqlRow[] {
    const where = compilePopulation(population, this.#schema);
    const { joins, values, orderBy } = compileOrder(order, this.#schema);
    return this.#connection.all({
      text: `SELECT r.run_uuid, count(*) OVER () FROM runs r ${joins} WHERE ${where.text} ORDER BY ${orderBy} LIMIT ?`,
      values: [...values, ...where.values, limit],
    });
  }

  /** A server may upgrade the database in place between two questions. */
  #detectSchema(): void {
    const version = this.#connection.all({ text: 'PRAGMA schema_version', values: [] })[0]?.[0];
    if (version === this.#schemaVersion) return;
    this.#schema = detectSchema(this.#connection);
    this.#schemaVersion = version;
  }
}

/** Opens a database file. Throws StoreError: not_found, empty_database, not_mlflow, database_unreadable or _busy. */
export async function openSqliteStore(path: string): Promise<TrackingStore> {
  const connection = new SqliteConnection(path);
  try {
    const store = new SqliteStore(connection);
    await store.snapshot(async () => {});
    return store;
  } catch (error) {
    connection.close();
    throw error;
  }
}
