/** An MLflow tracking server over its REST API. It has no projection and no counts, so whole populations are paged through. */
import type { OrderKey } from '../../query/filter.ts';
import type { MetricPoint } from '../../query/point.ts';
import { compareByStep } from '../compare-by-step.ts';
import { StoreError } from '../errors.ts';
import type { Capabilities, ExperimentQuery, MetricSeries, Population, TrackingStore } from '../runs/tracking-store.ts';
import type { Experiment, Run } from '../runs/types.ts';
import { WholeRunStore } from '../runs/whole-runs.ts';
import type { RunRows } from '../table/run-table.ts';
import { decodePoint, decodeRun, objectAt } from './decode.ts';
import { mapInOrder } from './map-in-order.ts';
import { PageSize } from './page-size.ts';
import { readPages } from './read-pages.ts';
import { RunSource } from './run-source.ts';
import { Server } from './server.ts';
import { CONNECTIONS, Transport, type TransportOptions } from './transport.ts';

const NEWEST_FIRST: OrderKey = { field: { kind: 'attribute', key: 'start_time' }, ascending: false };

export interface RestOptions extends TransportOptions {
  /** Default: rest. */
  readonly kind?: 'rest' | 'databricks' | undefined;
}

class RestStore extends WholeRunStore implements TrackingStore {
  readonly #server: Server;
  readonly #source: RunSource;
  readonly #about: Omit<Capabilities, 'version'>;
  /** What MLflow's own client asks for; 2.x servers ignore it and send the whole history. */
  readonly #historyPage = new PageSize({ first: 25_000, least: 1_000 });

  constructor(transport: Transport, { kind = 'rest', workspace, route }: RestOptions) {
    super();
    this.#server = new Server(transport);
    this.#source = new RunSource(this.#server);
    this.#about = {
      kind,
      location: transport.location,
      uiUrl: kind === 'databricks' ? `${transport.location}/ml` : `${transport.location}/#`,
      ...(workspace !== undefined && { workspace }),
      ...(route !== undefined && { route: route.name }),
      holds: 'question',
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

  snapshot<T>(work: (store: TrackingStore) => Promise<T>, progress?: (message: string) => void): Promise<T> {
    return this.#source.snapshot(() => work(this), progress);
  }

  newestRuns(limit: number, signal: AbortSignal): Promise<Run[]> {
    return this.#source.firstRuns(NEWEST_FIRST, limit, signal);
  }

  searchExperiments(query: ExperimentQuery, signal: AbortSignal): Promise<Experiment[]> {
    return this.#source.experiments(query, signal);
  }

  async getRuns(ids: readonly string[], signal: AbortSignal): Promise<Run[]> {
    const runs = await Array.fromAsync(mapInOrder(ids, CONNECTIONS, (id) => this.#getRun(id, signal)));
    return runs.filter((run) => run !== undefined);
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

  protected override readPopulation(population: Population, signal: AbortSignal): Promise<RunRows> {
    return this.#source.runs(population, signal);
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
        (page) => [...page],
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

/** A store over the server at `uri`; nothing is sent yet. Throws StoreError for certificates that cannot be read. */
export function openRestStore(uri: string, options: RestOptions): TrackingStore {
  return new RestStore(new Transport(uri, options), options);
}
