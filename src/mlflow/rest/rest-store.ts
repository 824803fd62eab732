/** An MLflow tracking server over its REST API. It has no projection and no counts, so whole populations are paged through. */
import type { OrderKey } from '../../query/filter.ts';
import { StoreError } from '../errors.ts';
import type {
  Capabilities,
  ExperimentQuery,
  MetricSeries,
  Population,
  TrackingStore,
  Unreadable,
} from '../runs/tracking-store.ts';
import type { Experiment, Run } from '../runs/types.ts';
import { WholeRunStore } from '../runs/whole-runs.ts';
import type { RunRows } from '../table/run-table.ts';
import { decodeRun, objectAt, refuse } from './decode.ts';
import { Histories } from './histories.ts';
import { mapInOrder } from './map-in-order.ts';
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
  readonly #histories: Histories;

  constructor(transport: Transport, { kind = 'rest', workspace, route }: RestOptions) {
    super();
    this.#server = new Server(transport);
    this.#source = new RunSource(this.#server);
    this.#histories = new Histories(this.#server, kind === 'rest');
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

  async hasWorkspaces(): Promise<boolean> {
    return this.#about.kind === 'rest' && (await this.#server.hasWorkspaces());
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

  metricHistory(runIds: readonly string[], keys: readonly string[], signal: AbortSignal): AsyncIterable<MetricSeries> {
    return this.#histories.read(runIds, keys, signal);
  }

  unreadable(signal: AbortSignal): Promise<readonly Unreadable[]> {
    return this.#source.unreadable(signal);
  }

  protected override readPopulation(population: Population, signal: AbortSignal): Promise<RunRows> {
    return this.#source.runs(population, signal);
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  async #getRun(id: string, signal: AbortSignal): Promise<Run | undefined> {
    try {
      const answer = await this.#server.request('getRun', { run_id: id }, signal);
      const run = decodeRun(objectAt(answer, 'run'));
      return run.id === id ? run : refuse('run_id');
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
