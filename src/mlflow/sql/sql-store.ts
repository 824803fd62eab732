/** MLflow's database, read directly: no server, no Python, nothing written. */
import { setImmediate } from 'node:timers/promises';
import type { OrderKey } from '../../query/filter.ts';
import type { FamilyData } from '../family.ts';
import { summarizeKeys } from '../runs/key-stats.ts';
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
  Unreadable,
} from '../runs/tracking-store.ts';
import type { Experiment, Run } from '../runs/types.ts';
import type { SqlDatabase } from './connection.ts';
import { readRunColumns } from './read-columns.ts';
import { readExperiments, readRunCounts } from './read-experiments.ts';
import { readFirst } from './read-first.ts';
import { readNames } from './read-names.ts';
import { readPopulation } from './read-population.ts';
import { readRuns } from './read-runs.ts';
import { readSeries } from './read-series.ts';
import { readOddRows, readUnreadable } from './read-unreadable.ts';
import { KnownSchema, type Reader, SqlCall } from './sql-call.ts';

const PAGE_SIZE = 1_000;
const EVERYTHING: Projection = { metrics: 'all', params: 'all', tags: 'all', datasets: true };

/** The store, or (with a call) what one call sees of it. */
class SqlStore implements TrackingStore {
  readonly #database: SqlDatabase;
  readonly #schema: KnownSchema;
  readonly #call: SqlCall | undefined;

  constructor(database: SqlDatabase, schema = new KnownSchema(database), call?: SqlCall) {
    this.#database = database;
    this.#schema = schema;
    this.#call = call;
  }

  get capabilities(): Capabilities {
    const database = this.#database;
    const revision = this.#schema.last?.revision;
    return {
      kind: database.kind,
      location: database.location,
      holds: 'call',
      ...(revision !== undefined && { version: `schema ${revision}` }),
      revision: () => database.revision(),
    };
  }

  /** Reads again what was written to meanwhile; the second time it stays as it is, and `hasChanged` says so. */
  snapshot<T>(work: (store: TrackingStore) => Promise<T>): Promise<T> {
    if (this.#call !== undefined) return work(this);
    return this.#twice((call) => work(new SqlStore(this.#database, this.#schema, call)));
  }

  hasChanged(): boolean {
    return this.#call?.hasChanged ?? false;
  }

  /** Makes sure that the database answers and is MLflow's. */
  async check(): Promise<void> {
    await this.#read(new AbortController().signal, async () => undefined);
  }

  searchExperiments(query: ExperimentQuery, signal: AbortSignal): Promise<Experiment[]> {
    return this.#read(signal, ({ connection, schema }) => readExperiments(connection, schema, query));
  }

  countRuns(population: Population, signal: AbortSignal): Promise<RunCount[]> {
    return this.#read(signal, ({ connection, schema }) => readRunCounts(connection, schema, population));
  }

  keyStats(population: Population, signal: AbortSignal): Promise<KeyStats[]> {
    const everything = { metrics: 'all', params: 'all', tags: 'all' } as const;
    return this.#read(signal, async ({ connection, schema }) =>
      summarizeKeys(await readRunColumns(connection, schema, population, everything)),
    );
  }

  topRuns(
    population: Population,
    order: readonly OrderKey[],
    limit: number,
    projection: Projection,
    signal: AbortSignal,
  ): Promise<{ readonly runs: Run[]; readonly matched: number }> {
    return this.#read(signal, async ({ connection, schema }) => {
      const { ids, matched } = await readFirst(connection, schema, population, order, limit);
      return { runs: await readRuns(connection, schema, ids, projection), matched };
    });
  }

  async *searchRuns(population: Population, projection: Projection, signal: AbortSignal): AsyncIterable<Run[]> {
    const call = this.#callOfList();
    try {
      const ids = await call.run(signal, async ({ connection, schema }) => [
        ...(await readPopulation(connection, schema, population)).ids,
      ]);
      for (let from = 0; from < ids.length; from += PAGE_SIZE) {
        const page = ids.slice(from, from + PAGE_SIZE);
        yield await inTurn(call, signal, ({ connection, schema }) => readRuns(connection, schema, page, projection));
      }
    } finally {
      if (call !== this.#call) await call.end();
    }
  }

  getRuns(ids: readonly string[], signal: AbortSignal): Promise<Run[]> {
    return this.#read(signal, ({ connection, schema }) => readRuns(connection, schema, ids, EVERYTHING));
  }

  columns(population: Population, projection: Projection, signal: AbortSignal): Promise<RunColumns> {
    return this.#read(signal, ({ connection, schema }) => readRunColumns(connection, schema, population, projection));
  }

  async *metricHistory(
    runIds: readonly string[],
    keys: readonly string[],
    signal: AbortSignal,
  ): AsyncIterable<MetricSeries> {
    const call = this.#callOfList();
    try {
      const runs = await call.run(signal, ({ connection, schema }) => readRuns(connection, schema, runIds, {}));
      for (const { id: runId } of runs)
        for (const key of keys) {
          const points = await inTurn(call, signal, ({ connection, schema }) =>
            readSeries(connection, schema, runId, key),
          );
          if (points.length > 0) yield { runId, key, points };
        }
    } finally {
      if (call !== this.#call) await call.end();
    }
  }

  lookup(query: LookupQuery, signal: AbortSignal): Promise<LookupResult> {
    return this.#read(signal, ({ connection, schema }) => readNames(connection, schema, query));
  }

  async family<T>(data: FamilyData<T>, signal: AbortSignal): Promise<T | undefined> {
    const columns = await this.#read(signal, ({ connection }) => connection.dialect.columnsOf(connection, data.tables));
    if (data.tables.some((table) => (columns.get(table)?.size ?? 0) === 0)) return undefined;
    return data.overDatabase((own, work) => this.#read(own, ({ connection }) => work(connection)));
  }

  /** Of a call what it met; else all that there is. */
  unreadable(signal: AbortSignal): Promise<readonly Unreadable[]> {
    const call = this.#call;
    if (call === undefined)
      return this.snapshot(async (store) => {
        await (store as SqlStore).#read(signal, ({ connection }) => readOddRows(connection));
        return store.unreadable!(signal);
      });
    if (call.oddRows.isEmpty) return Promise.resolve([]);
    return this.#read(signal, ({ connection }) => readUnreadable(connection, call.oddRows));
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  #read<T>(signal: AbortSignal, work: (reader: Reader) => Promise<T>): Promise<T> {
    return this.#call === undefined ? this.#twice((call) => call.run(signal, work)) : this.#call.run(signal, work);
  }

  async #twice<T>(work: (call: SqlCall) => Promise<T>): Promise<T> {
    for (const isLast of [false, true]) {
      const call = new SqlCall(this.#schema, isLast);
      try {
        const result = await work(call);
        if (isLast || !call.hasChanged) return result;
      } catch (error) {
        if (isLast || !call.hasChanged) throw error;
      } finally {
        await call.end();
      }
    }
    throw new Error('the last attempt neither returned nor failed');
  }

  /** What is handed out page by page cannot start again. */
  #callOfList(): SqlCall {
    return this.#call ?? new SqlCall(this.#schema, true);
  }
}

/** A synchronous driver: between pieces of work, others get their turn and the question may be cancelled. */
async function inTurn<T>(call: SqlCall, signal: AbortSignal, work: (reader: Reader) => Promise<T>): Promise<T> {
  await setImmediate();
  return call.run(signal, work);
}

/** A store over a database that answers. Throws StoreError; the database is closed then. */
export async function openSqlStore(database: SqlDatabase): Promise<TrackingStore> {
  const store = new SqlStore(database);
  try {
    await store.check();
    return store;
  } catch (error) {
    await database.close();
    throw error;
  }
}
