/** The store's own names, for completion and for the first screen's example. */
import type { TrackingStore } from '../../mlflow/runs/tracking-store.ts';
import type { Run } from '../../mlflow/runs/types.ts';

export interface StoreNames {
  readonly experiments: readonly string[];
  readonly metrics: readonly string[];
  readonly params: readonly string[];
  /** Newest first; of the newest runs only. */
  readonly runs: readonly string[];
}

export const NO_NAMES: StoreNames = { experiments: [], metrics: [], params: [], runs: [] };

const NEWEST_RUNS = 500;
/** A server has no list of keys: they are read off its newest runs. */
const NEWEST_RUNS_OF_SERVER = 100;
/** How long names are good for while runs come and go. */
const FRESH_MS = 30_000;

export interface Names {
  read(): Promise<StoreNames>;
}

/** Reads them when first asked for and again after a while; what cannot be read is not completed. */
export function createNames(open: () => Promise<TrackingStore>, signal: AbortSignal): Names {
  let names: Promise<StoreNames> | undefined;
  let readAt = 0;
  return {
    read() {
      if (names === undefined || performance.now() - readAt > FRESH_MS) {
        readAt = performance.now();
        names = open()
          .then(
            (store) => readNames(store, signal),
            () => NO_NAMES,
          )
          .catch(() => NO_NAMES);
      }
      return names;
    },
  };
}

async function readNames(store: TrackingStore, signal: AbortSignal): Promise<StoreNames> {
  const [experiments, rest] = await Promise.all([
    store.searchExperiments({}, signal),
    store.newestRuns === undefined
      ? lookUp(store, signal)
      : readNewest(store.newestRuns(NEWEST_RUNS_OF_SERVER, signal)),
  ]);
  return { experiments: experiments.map(({ name }) => name), ...rest };
}

async function lookUp(store: TrackingStore, signal: AbortSignal): Promise<Omit<StoreNames, 'experiments'>> {
  const [{ keys }, { runs }] = await Promise.all([
    store.lookup({ keys: true }, signal),
    store.topRuns({}, [], NEWEST_RUNS, {}, signal),
  ]);
  const keysOf = (kind: 'metric' | 'param') => keys.flatMap((one) => (one.kind === kind ? one.key : []));
  return { metrics: keysOf('metric'), params: keysOf('param'), runs: distinct(runs.map(({ name }) => name)) };
}

async function readNewest(newest: Promise<readonly Run[]>): Promise<Omit<StoreNames, 'experiments'>> {
  const runs = await newest;
  return {
    metrics: distinct(runs.flatMap((run) => [...run.metrics.keys()])),
    params: distinct(runs.flatMap((run) => [...run.params.keys()])),
    runs: distinct(runs.map(({ name }) => name)),
  };
}

const distinct = (names: readonly string[]): string[] => [...new Set(names)].filter((name) => name !== '');
