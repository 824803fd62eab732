/** Fetches runs from a server, each population once per snapshot. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { matches } from '../filter/matches.ts';
import { compareRuns } from '../filter/order.ts';
import { splitForServer } from '../filter/print.ts';
import type { ExperimentQuery, Population } from '../tracking-store.ts';
import type { Experiment, Lifecycle, Run } from '../types.ts';
import { decodeExperiment, decodeRun } from './decode.ts';
import { readPages } from './read-pages.ts';
import type { Transport } from './transport.ts';

const EXPERIMENTS_PAGE = 1_000;
/** A server takes more than proportionally longer for larger pages, and a cold one misses its time limit. */
const RUNS_PAGE = 500;

const VIEW_TYPES = { active: 'ACTIVE_ONLY', deleted: 'DELETED_ONLY', all: 'ALL' } as const;

interface Fetched {
  readonly experimentIds: ReadonlySet<string>;
  readonly lifecycle: Lifecycle | 'all';
  readonly filter: string | undefined;
  readonly runs: Promise<readonly Run[]>;
}

interface Request {
  readonly experimentIds: readonly string[];
  readonly lifecycle: Lifecycle | 'all';
  readonly filter: string | undefined;
}

function covers(fetched: Fetched, wanted: Request): boolean {
  return (
    (fetched.filter === undefined || fetched.filter === wanted.filter) &&
    (fetched.lifecycle === 'all' || fetched.lifecycle === wanted.lifecycle) &&
    wanted.experimentIds.every((id) => fetched.experimentIds.has(id))
  );
}

export class RunSource {
  readonly #transport: Transport;
  /** What the current snapshot has fetched. */
  readonly #snapshot = new AsyncLocalStorage<Fetched[]>();

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  snapshot<T>(work: () => Promise<T>): Promise<T> {
    return this.#snapshot.getStore() === undefined ? this.#snapshot.run([], work) : work();
  }

  async experiments(query: ExperimentQuery, signal: AbortSignal): Promise<Experiment[]> {
    const pages = readPages(
      this.#transport,
      {
        endpoint: 'searchExperiments',
        fields: { max_results: EXPERIMENTS_PAGE, view_type: VIEW_TYPES[query.lifecycle ?? 'active'] },
        list: 'experiments',
        decode: decodeExperiment,
        identify: (experiment) => experiment.id,
      },
      signal,
    );
    return (await Array.fromAsync(pages)).flat();
  }

  /** A population whole: start time descending, then id. The server narrows; what matches is decided here. */
  async runs(population: Population, signal: AbortSignal): Promise<Run[]> {
    const { filter } = population;
    const ids = population.experimentIds ?? (await this.experiments({}, signal)).map(({ id }) => id);
    const request: Request = {
      // A server refuses the whole search for an id that is no number.
      experimentIds: ids.filter((id) => /^\d+$/.test(id)),
      lifecycle: population.lifecycle ?? 'active',
      filter: filter === undefined ? undefined : splitForServer(filter).server,
    };
    const experimentIds = new Set(request.experimentIds);
    const runs = await this.#fetchOnce(request, signal);
    return runs.filter(
      (run) =>
        experimentIds.has(run.experimentId) &&
        (request.lifecycle === 'all' || run.lifecycle === request.lifecycle) &&
        (filter === undefined || matches(filter, run)),
    );
  }

  #fetchOnce(request: Request, signal: AbortSignal): Promise<readonly Run[]> {
    const snapshot = this.#snapshot.getStore();
    const known = snapshot?.find((fetched) => covers(fetched, request));
    if (known !== undefined) return known.runs;
    const runs = this.#fetch(request, signal);
    snapshot?.push({ ...request, experimentIds: new Set(request.experimentIds), runs });
    return runs;
  }

  async #fetch({ experimentIds, lifecycle, filter }: Request, signal: AbortSignal): Promise<readonly Run[]> {
    if (experimentIds.length === 0) return [];
    const pages = readPages(
      this.#transport,
      {
        endpoint: 'searchRuns',
        fields: {
          experiment_ids: experimentIds,
          run_view_type: VIEW_TYPES[lifecycle],
          max_results: RUNS_PAGE,
          ...(filter !== undefined && { filter }),
        },
        list: 'runs',
        decode: decodeRun,
        identify: (run) => run.id,
      },
      signal,
    );
    const runs = (await Array.fromAsync(pages)).flat();
    // Servers order by their database's own rules, and rows may have shifted between pages.
    return runs.sort(compareRuns([]));
  }
}
