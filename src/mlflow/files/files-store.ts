/** MLflow's file store, an `mlruns` folder, read directly: no server, no Python, nothing written in it. */
import fs from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { MetricPoint } from '../../query/point.ts';
import { untilAborted } from '../../until-aborted.ts';
import { compareByStep } from '../compare-by-step.ts';
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
import { selectPopulation, WholeRunStore } from '../runs/whole-runs.ts';
import { EVERYTHING, toRuns } from '../table/run-row.ts';
import type { RunRows } from '../table/run-table.ts';
import { takeTurns } from '../take-turns.ts';
import { Folder, UnreadableError } from './folder.ts';
import { FolderIndex, type FolderState } from './folder-index.ts';
import { IndexFile } from './index-file.ts';
import { scanMetric } from './metric-file.ts';

class FilesStore extends WholeRunStore implements TrackingStore {
  readonly #folder: Folder;
  readonly #index: FolderIndex;
  /** Readers that share one state of the folder: read by the first, forgotten after the last. */
  #readers = 0;
  /** Who wants to know how far a long reading has come. */
  readonly #listeners = new Set<(message: string) => void>();
  #reading: Promise<FolderState> | undefined;
  #stop = new AbortController();

  constructor(folder: Folder, index: FolderIndex) {
    super();
    this.#folder = folder;
    this.#index = index;
  }

  get capabilities(): Capabilities {
    return {
      kind: 'files',
      location: this.#folder.root,
      holds: 'quick question',
      revision: () => this.#index.state?.revision,
    };
  }

  async snapshot<T>(work: (store: TrackingStore) => Promise<T>, progress?: (message: string) => void): Promise<T> {
    this.#readers++;
    if (progress !== undefined) this.#listeners.add(progress);
    try {
      return await work(this);
    } finally {
      if (progress !== undefined) this.#listeners.delete(progress);
      this.#leave();
    }
  }

  searchExperiments({ lifecycle = 'active' }: ExperimentQuery, signal: AbortSignal): Promise<Experiment[]> {
    return this.#read(signal, ({ experiments }) =>
      experiments.filter((experiment) => lifecycle === 'all' || experiment.lifecycle === lifecycle),
    );
  }

  getRuns(ids: readonly string[], signal: AbortSignal): Promise<Run[]> {
    return this.#read(signal, ({ runs }) => toRuns(runs.table, pickRows(runs, ids), EVERYTHING));
  }

  async *metricHistory(
    runIds: readonly string[],
    keys: readonly string[],
    signal: AbortSignal,
  ): AsyncIterable<MetricSeries> {
    this.#readers++;
    try {
      const state = await this.#current(signal);
      const { table } = state.runs;
      for (const row of pickRows(state.runs, runIds))
        for (const key of keys.filter((one) => table.metrics.find(row, table.texts.find(one)) !== undefined)) {
          await setImmediate();
          signal.throwIfAborted();
          const points = await this.#readPoints(`${state.bases.get(row)}/metrics/${key}`, signal);
          if (points.length > 0) yield { runId: table.ids.at(row)!, key, points };
        }
    } finally {
      this.#leave();
    }
  }

  unreadable(signal: AbortSignal): Promise<readonly Unreadable[]> {
    return this.#read(signal, ({ unreadable }) => unreadable);
  }

  async close(): Promise<void> {}

  protected override readPopulation(population: Population, signal: AbortSignal): Promise<RunRows> {
    return this.#read(signal, ({ experiments, runs }) => {
      const active = experiments.filter(({ lifecycle }) => lifecycle === 'active').map(({ id }) => id);
      return selectPopulation(runs, population, population.experimentIds ?? active, signal);
    });
  }

  /** By step, then time, then log order. Since the runs were read the file may have grown, or gone with its run. */
  async #readPoints(path: string, signal: AbortSignal): Promise<MetricPoint[]> {
    const { linksMet } = this.#folder;
    try {
      return await this.#scanPoints(path, signal);
    } catch (error) {
      if (this.#folder.linksMet === linksMet) throw error;
      await this.#folder.settleLinks(signal);
      return await this.#scanPoints(path, signal);
    }
  }

  async #scanPoints(path: string, signal: AbortSignal): Promise<MetricPoint[]> {
    const points: MetricPoint[] = [];
    try {
      this.#folder.requireInside(path.slice(0, path.lastIndexOf('/')));
      await takeTurns(
        scanMetric(this.#folder, path, (point) => points.push(point)),
        () => {},
        signal,
        1,
      );
    } catch (error) {
      if (!(error instanceof UnreadableError && error.mayPass)) throw toStoreError(error, path);
    }
    return points.sort(compareByStep);
  }

  async #read<T>(signal: AbortSignal, work: (state: FolderState) => T | Promise<T>): Promise<T> {
    this.#readers++;
    try {
      return await work(await this.#current(signal));
    } finally {
      this.#leave();
    }
  }

  /** Read by the first who asks. Reading may take long: a question that is cancelled does not wait for it. */
  #current(signal: AbortSignal): Promise<FolderState> {
    if (this.#reading === undefined) {
      this.#stop = new AbortController();
      const tell = (runs: number) => {
        for (const listener of this.#listeners) listener(`read ${runs.toLocaleString('en-US')} runs`);
      };
      const reading = this.#index.refresh(this.#stop.signal, tell).catch((error: unknown) => {
        if (this.#reading === reading) this.#reading = undefined;
        throw toStoreError(error, this.#folder.root);
      });
      this.#reading = reading;
    }
    return untilAborted(this.#reading, signal);
  }

  /** What nobody waits for is not read on. */
  #leave(): void {
    if (--this.#readers > 0) return;
    this.#reading = undefined;
    this.#stop.abort();
  }
}

function pickRows({ table, rows }: RunRows, ids: readonly string[]): number[] {
  const wanted = new Set(ids);
  const byId = new Map<string, number>();
  for (const row of rows) {
    const id = table.ids.at(row)!;
    if (wanted.has(id)) byId.set(id, row);
  }
  return ids.flatMap((id) => byId.get(id) ?? []);
}

function toStoreError(error: unknown, what: string): unknown {
  if (!(error instanceof UnreadableError)) return error;
  return new StoreError('database_unreadable', `${what} ${error.message}`, {
    hint: 'Check that the folder is there and that you may read it.',
    cause: error,
  });
}

/**
 * Opens an mlruns folder.
 * @param cacheFolder where its index is kept; without one every program reads all of it.
 * @throws StoreError not_found, not_mlflow or database_unreadable.
 */
export function openFilesStore(path: string, cacheFolder: string | undefined): TrackingStore {
  const root = fs.realpathSync.native(path);
  const file = cacheFolder === undefined ? undefined : new IndexFile(cacheFolder, root);
  const folder = new Folder(root);
  const store = new FilesStore(folder, new FolderIndex(folder, file));
  requireMlflow(folder, path);
  return store;
}

/** As MLflow tells its folder: a folder of digits with a meta.yaml; one in the trash counts too. */
function requireMlflow(folder: Folder, path: string): void {
  try {
    const hasExperiment = (where: string) =>
      folder
        .list(where)
        .some(({ name }) => /^\d+$/.test(name) && folder.stat(`${where}/${name}/meta.yaml`.replace(/^\//, '')));
    if (hasExperiment('') || (folder.stat('.trash') !== undefined && hasExperiment('.trash'))) return;
  } catch (error) {
    throw toStoreError(error, path);
  }
  const database = folder.stat('mlflow.db') !== undefined ? `${path}/mlflow.db` : undefined;
  const inside = folder.stat('mlruns') !== undefined ? `${path}/mlruns` : undefined;
  // The folder of one experiment, or of one run.
  const above = folder.stat('meta.yaml') !== undefined ? dirname(path) : undefined;
  const meant = above ?? inside ?? database;
  throw new StoreError('not_mlflow', `${path} holds no MLflow experiment`, {
    hint:
      meant === undefined
        ? 'An mlruns folder holds a folder for each experiment, with a meta.yaml in it. Runs may be in a database: look for mlflow.db beside it.'
        : `Did you mean ${meant}?`,
  });
}
