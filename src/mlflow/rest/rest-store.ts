/** An MLflow tracking server over its REST API. It has no projection and no counts, so whole populations are paged through. */
import { StoreError } from '../errors.ts';
import type { OrderKey } from '../filter/ast.ts';
import { compareRuns } from '../filter/order.ts';
import { summarizeKeys } from '../key-stats.ts';
import { projectRun } from '../project-run.ts';
import { toColumns } from '../run-columns.ts';
import { countRuns } from '../run-counts.ts';
import { findNames } from '../run-names.ts';
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
import type { Experiment, MetricPoint, Run } from '../types.ts';
import { decodePoint, decodeRun, objectAt } from './decode.ts';
import { mapInOrder } from './map-in-order.ts';
import { PageSize } from './page-size.ts';
import { readPages } from './read-pages.ts';
import { RunSource } from './run-source.ts';
import { Server } from './server.ts';
import { CONNECTIONS, Transport, type TransportOptions } from './transport.ts';

const PAGE_SIZE = 1_000;
const NEWEST_FIRST: OrderKey = { field: { kind: 'attribute', key: 'start_time' }, ascending: false };

export interface RestOptions extends TransportOptions {
  /** Default: rest. */
  readonly kind?: 'rest' | 'databricks' | undefined;
}

class RestStore implements TrackingStore {
  readonly #server: Server;
  readonly #source: RunSource;
  readonly #about: Omit<Capabilities, 'version'>;
  /** What MLflow's own client asks for; 2.x servers ignore it and send the whole history. */
  readonly #historyPage = new PageSize({ first: 25_000, least: 1_000 });

  constructor(transport: Transport, { kind = 'rest', workspace }: RestOptions) {
    this.#server = new Server(transport);
    this.#source = new RunSource(this.#server);
    this.#about = {
      kind,
      location: transport.location,
      uiUrl: kind === 'databricks' ? `${transport.location}/ml` : `${transport.location}/#`,
      ...(workspace !== undefined && { workspace }),
      revision: () => undefined,
    };
  }

  get capabilities(): Capabilities {
    const { version } = this.#server;
    return version === undefined ? this.#about : { ...this.#about, version: `MLflow ${version}` };
  }

  async readVersion(signal: AbortSignal): Promise<void> {
    // Databricks tells nobody.
    if (this.#about.kind === 'rest') await this.#server.readVersion(signal);
  }

  snapshot<T>(work: () => Promise<T>, progress?: (message: string) => void): Promise<T> {
    return this.#source.snapshot(work, progress);
  }

  newestRuns(limit: number, signal: AbortSignal): Promise<Run[]> {
    return this.#source.firstRuns(NEWEST_FIRST, limit, signal);
  }

  searchExperiments(query: ExperimentQuery, signal: AbortSignal): Promise<Experiment[]> {
    return this.#source.experiments(query, signal);
  }

  async countRuns(population: Population, signal: AbortSignal): Promise<RunCount[]> {
    return countRuns(await this.#source.runs(population, signal));
  }

  async keyStats(population: Population, signal: AbortSignal): Promise<KeyStats[]> {
    const everything = { metrics: 'all', params: 'all', tags: 'all' } as const;
    return summarizeKeys(toColumns(await this.#source.runs(population, signal), everything));
  }

  /** `matched` needs every page, so the order is found here too, over all of them. */
  async topRuns(
    population: Population,
    order: readonly OrderKey[],
    limit: number,
    projection: Projection,
    signal: AbortSignal,
  ): Promise<{ readonly runs: Run[]; readonly matched: number }> {
    const runs = await this.#source.runs(population, signal);
    const top = order.length === 0 ? runs : runs.sort(compareRuns(order));
    return { runs: top.slice(0, limit).map((run) => projectRun(run, projection)), matched: runs.length };
  }

  async *searchRuns(population: Population, projection: Projection, signal: AbortSignal): AsyncIterable<Run[]> {
    const runs = await this.#source.runs(population, signal);
    for (let from = 0; from < runs.length; from += PAGE_SIZE)
      yield runs.slice(from, from + PAGE_SIZE).map((run) => projectRun(run, projection));
  }

  async getRuns(ids: readonly string[], signal: AbortSignal): Promise<Run[]> {
    const runs = await Array.fromAsync(mapInOrder(ids, CONNECTIONS, (id) => this.#getRun(id, signal)));
    return runs.filter((run) => run !== undefined);
  }

  async columns(population: Population, projection: Projection, signal: AbortSignal): Promise<RunColumns> {
    return toColumns(await this.#source.runs(population, signal), projection);
  }

  async *metricHistory(
    runIds: readonly string[],
    keys: readonly string[],
    signal: AbortSignal,
  ): AsyncIterable<MetricSeries> {
    const wanted = runIds.flatMap((runId) => keys.map((key) => ({ runId, key })));
    for await (const series of mapInOrder(wanted, CONNECTIONS, ({ runId, key }) => this.#series(runId, key, signal)))
      if (series.points.length > 0) yield series;
  }

  async lookup(query: LookupQuery, signal: AbortSignal): Promise<LookupResult> {
    const experiments = await this.#source.experiments({ lifecycle: 'all' }, signal);
    const experimentIds = experiments.map(({ id }) => id);
    const runs = await this.#source.runs({ experimentIds, lifecycle: 'all' }, signal);
    const active = new Set(experiments.filter(({ lifecycle }) => lifecycle === 'active').map(({ id }) => id));
    return findNames(query, runs, (run) => run.lifecycle === 'active' && active.has(run.experimentId));
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  #getRun(id: string, signal: AbortSignal): Promise<Run | undefined> {
    return this.#unlessMissing(async () => {
      const answer = await this.#server.request('getRun', { run_id: id }, signal);
      return decodeRun(objectAt(answer, 'run'));
    });
  }

  /** The server orders by time first; equal steps keep that order. */
  async #series(runId: string, key: string, signal: AbortSignal): Promise<MetricSeries> {
    const pages = await this.#unlessMissing(() =>
      Array.fromAsync(
        readPages(
          this.#server,
          {
            endpoint: 'getHistory',
            fields: { run_id: runId, metric_key: key },
            size: this.#historyPage,
            list: 'metrics',
            decode: decodePoint,
          },
          signal,
        ),
      ),
    );
    const points: MetricPoint[] = (pages ?? []).flat();
    return { runId, key, points: points.sort(compareByStep) };
  }

  async #unlessMissing<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof StoreError && error.code === 'not_found') return undefined;
      throw error;
    }
  }
}

function compareByStep(a: MetricPoint, b: MetricPoint): number {
  return a.step < b.step ? -1 : a.step > b.step ? 1 : a.timestamp - b.timestamp;
}

/** A store over the server at `uri`; nothing is sent yet. Throws StoreError for certificates that cannot be read. */
export function openRestStore(uri: string, options: RestOptions): TrackingStore {
  return new RestStore(new Transport(uri, options), options);
}
