/** A store as one tenant sees it: the experiments that bear its tag, and nothing of any other. */
import type { Filter, OrderKey } from '../query/filter.ts';
import type { RunField } from '../query/kinds/run.ts';
import type {
  Capabilities,
  ExperimentQuery,
  LookupQuery,
  LookupResult,
  MetricSeries,
  Population,
  Projection,
  TrackingStore,
} from './runs/tracking-store.ts';
import type { Experiment, Run } from './runs/types.ts';

/** Tag of an experiment; one without it belongs to nobody. */
export const TENANT_TAG = 'tenant_id';

const RUN_ID: RunField = { kind: 'attribute', key: 'run_id' };

class TenantStore implements TrackingStore {
  readonly #store: TrackingStore;
  readonly #tenant: string;

  constructor(store: TrackingStore, tenant: string) {
    this.#store = store;
    this.#tenant = tenant;
  }

  /** A revision would tell when others write. */
  get capabilities(): Capabilities {
    return { ...this.#store.capabilities, revision: () => undefined };
  }

  snapshot<T>(work: (store: TrackingStore) => Promise<T>, progress?: (message: string) => void): Promise<T> {
    return this.#store.snapshot((state) => work(new TenantStore(state, this.#tenant)), progress);
  }

  hasChanged(): boolean {
    return this.#store.hasChanged?.() ?? false;
  }

  async readVersion(signal: AbortSignal): Promise<void> {
    await this.#store.readVersion?.(signal);
  }

  async searchExperiments(query: ExperimentQuery, signal: AbortSignal): Promise<Experiment[]> {
    const experiments = await this.#store.searchExperiments(query, signal);
    return experiments.filter(({ tags }) => tags.get(TENANT_TAG) === this.#tenant);
  }

  async countRuns(population: Population, signal: AbortSignal) {
    return this.#store.countRuns(await this.#bounded(population, signal), signal);
  }

  async keyStats(population: Population, signal: AbortSignal) {
    return this.#store.keyStats(await this.#bounded(population, signal), signal);
  }

  async topRuns(
    population: Population,
    order: readonly OrderKey[],
    limit: number,
    projection: Projection,
    signal: AbortSignal,
  ) {
    return this.#store.topRuns(await this.#bounded(population, signal), order, limit, projection, signal);
  }

  async *searchRuns(population: Population, projection: Projection, signal: AbortSignal): AsyncIterable<Run[]> {
    yield* this.#store.searchRuns(await this.#bounded(population, signal), projection, signal);
  }

  async columns(population: Population, projection: Projection, signal: AbortSignal) {
    return this.#store.columns(await this.#bounded(population, signal), projection, signal);
  }

  async getRuns(ids: readonly string[], signal: AbortSignal): Promise<Run[]> {
    return this.#store.getRuns(await this.#ownRuns(ids, signal), signal);
  }

  async *metricHistory(
    runIds: readonly string[],
    keys: readonly string[],
    signal: AbortSignal,
  ): AsyncIterable<MetricSeries> {
    yield* this.#store.metricHistory(await this.#ownRuns(runIds, signal), keys, signal);
  }

  async lookup(query: LookupQuery, signal: AbortSignal): Promise<LookupResult> {
    const own = await this.#ownIds('all', signal);
    const { experimentIds } = query;
    return this.#store.lookup(
      { ...query, experimentIds: experimentIds?.filter((id) => own.has(id)) ?? [...own] },
      signal,
    );
  }

  /** Other families do not say yet whose experiment they are of: until they do, a tenant sees none. */
  async family(): Promise<undefined> {}

  async unreadable(signal: AbortSignal) {
    const own = await this.#ownIds('all', signal);
    const all = (await this.#store.unreadable?.(signal)) ?? [];
    return all.filter(({ experimentId }) => own.has(experimentId));
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  async #ownIds(lifecycle: 'active' | 'all', signal: AbortSignal): Promise<ReadonlySet<string>> {
    return new Set((await this.searchExperiments({ lifecycle }, signal)).map(({ id }) => id));
  }

  async #bounded(population: Population, signal: AbortSignal): Promise<Population> {
    const { experimentIds } = population;
    const own = await this.#ownIds(experimentIds === undefined ? 'active' : 'all', signal);
    return { ...population, experimentIds: experimentIds?.filter((id) => own.has(id)) ?? [...own] };
  }

  /** In the order asked for. */
  async #ownRuns(ids: readonly string[], signal: AbortSignal): Promise<string[]> {
    const isAsked: Filter = { op: 'in', field: RUN_ID, values: ids };
    const experimentIds = [...(await this.#ownIds('all', signal))];
    const columns = await this.#store.columns({ experimentIds, lifecycle: 'all', filter: isAsked }, {}, signal);
    const own = new Set(columns.ids);
    return ids.filter((id) => own.has(id));
  }
}

export function boundToTenant(store: TrackingStore, tenant: string): TrackingStore {
  return new TenantStore(store, tenant);
}
