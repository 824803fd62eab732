/** MLflow's database, read directly: no server, no Python, nothing written. */
import { setImmediate } from 'node:timers/promises';
import type { OrderKey } from '../../query/filter.ts';
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
} from '../runs/tracking-store.ts';
import type { Experiment, Run } from '../runs/types.ts';
import { compilePopulation, prefixSql } from './compile-filter.ts';
import type { Sql, SqlDatabase, SqlRow } from './connection.ts';
import { compileOrder } from './order.ts';
import { readRunColumns } from './read-columns.ts';
import { readExperiments, readRunCounts } from './read-experiments.ts';
import { readNames } from './read-names.ts';
import { readRuns } from './read-runs.ts';
import { readSeries } from './read-series.ts';
import { type Reader, SharedReads } from './shared-reads.ts';

const PAGE_SIZE = 1_000;
const EVERYTHING: Projection = { metrics: 'all', params: 'all', tags: 'all', datasets: true };

class SqlStore implements TrackingStore {
  readonly #database: SqlDatabase;
  readonly #reads: SharedReads;

  constructor(database: SqlDatabase) {
    this.#database = database;
    this.#reads = new SharedReads(database);
  }

  get capabilities(): Capabilities {
    const database = this.#database;
    const revision = this.#reads.schema?.revision;
    return {
      kind: database.kind,
      location: database.location,
      holdsSnapshots: false,
      ...(revision !== undefined && { version: `schema ${revision}` }),
      revision: () => database.revision(),
    };
  }

  snapshot<T>(work: () => Promise<T>): Promise<T> {
    return this.#reads.hold(work);
  }

  searchExperiments(query: ExperimentQuery, signal: AbortSignal): Promise<Experiment[]> {
    return this.#reads.run(signal, ({ connection, schema }) => readExperiments(connection, schema, query));
  }

  countRuns(population: Population, signal: AbortSignal): Promise<RunCount[]> {
    return this.#reads.run(signal, ({ connection, schema }) => readRunCounts(connection, schema, population));
  }

  keyStats(population: Population, signal: AbortSignal): Promise<KeyStats[]> {
    const everything = { metrics: 'all', params: 'all', tags: 'all' } as const;
    return this.#reads.run(signal, async ({ connection, schema }) =>
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
    return this.#reads.run(signal, async (reader) => {
      // One row at least, for its count.
      const rows = await selectCounted(reader, population, order, Math.max(limit, 1));
      const ids = rows.slice(0, limit).map(([id]) => String(id));
      const runs = await readRuns(reader.connection, reader.schema, ids, projection);
      return { runs, matched: Number(rows[0]?.[1] ?? 0) };
    });
  }

  async *searchRuns(population: Population, projection: Projection, signal: AbortSignal): AsyncIterable<Run[]> {
    const release = this.#hold();
    try {
      const ids = await this.#reads.run(signal, (reader) => selectIds(reader, population));
      for (let from = 0; from < ids.length; from += PAGE_SIZE) {
        const page = ids.slice(from, from + PAGE_SIZE);
        yield await this.#inTurn(signal, ({ connection, schema }) => readRuns(connection, schema, page, projection));
      }
    } finally {
      await release();
    }
  }

  getRuns(ids: readonly string[], signal: AbortSignal): Promise<Run[]> {
    return this.#reads.run(signal, ({ connection, schema }) => readRuns(connection, schema, ids, EVERYTHING));
  }

  columns(population: Population, projection: Projection, signal: AbortSignal): Promise<RunColumns> {
    return this.#reads.run(signal, ({ connection, schema }) =>
      readRunColumns(connection, schema, population, projection),
    );
  }

  async *metricHistory(
    runIds: readonly string[],
    keys: readonly string[],
    signal: AbortSignal,
  ): AsyncIterable<MetricSeries> {
    const release = this.#hold();
    try {
      const runs = await this.#reads.run(signal, ({ connection, schema }) => readRuns(connection, schema, runIds, {}));
      for (const { id: runId } of runs)
        for (const key of keys) {
          const points = await this.#inTurn(signal, ({ connection, schema }) =>
            readSeries(connection, schema, runId, key),
          );
          if (points.length > 0) yield { runId, key, points };
        }
    } finally {
      await release();
    }
  }

  lookup(query: LookupQuery, signal: AbortSignal): Promise<LookupResult> {
    return this.#reads.run(signal, ({ connection, schema }) => readNames(connection, schema, query));
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  /** One state of the data for a list that is read page by page, until released. */
  #hold(): () => Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const held = this.#reads.hold(() => promise).catch(() => undefined);
    return () => {
      resolve();
      return held;
    };
  }

  /** A synchronous driver: between pieces of work, others get their turn and the question may be cancelled. */
  async #inTurn<T>(signal: AbortSignal, work: (reader: Reader) => Promise<T>): Promise<T> {
    await setImmediate();
    return this.#reads.run(signal, work);
  }
}

/** Rows of an id and how many there are in all. */
function selectCounted(reader: Reader, population: Population, order: readonly OrderKey[], limit: number) {
  const where = compilePopulation(population, reader.schema);
  // A filter costs more than to hold what it leaves, so it is applied once; all runs are sooner counted than held.
  const count =
    population.filter === undefined
      ? prefixSql('(SELECT count(*) FROM runs r WHERE ', { text: `${where.text})`, values: where.values })
      : { text: 'count(*) OVER ()', values: [] };
  return select(reader, population, order, { count, limit });
}

async function selectIds(reader: Reader, population: Population): Promise<string[]> {
  const rows = await select(reader, population, [], {});
  return rows.map(([id]) => String(id));
}

function select(
  { connection, schema }: Reader,
  population: Population,
  order: readonly OrderKey[],
  { count, limit }: { readonly count?: Sql; readonly limit?: number },
): Promise<SqlRow[]> {
  const where = compilePopulation(population, schema);
  const { joins, values, orderBy } = compileOrder(order, schema);
  return connection.all({
    text: `SELECT r.run_uuid${count === undefined ? '' : `, ${count.text}`} FROM runs r ${joins}
      WHERE ${where.text} ORDER BY ${orderBy} ${limit === undefined ? '' : 'LIMIT ?'}`,
    values: [...(count?.values ?? []), ...values, ...where.values, ...(limit === undefined ? [] : [limit])],
  });
}

/** A store over a database that answers. Throws StoreError; the database is closed then. */
export async function openSqlStore(database: SqlDatabase): Promise<TrackingStore> {
  const store = new SqlStore(database);
  try {
    await store.snapshot(async () => {});
    return store;
  } catch (error) {
    await database.close();
    throw error;
  }
}
