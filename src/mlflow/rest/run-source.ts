/** Fetches runs from a server, each population once while a snapshot is open. */

import { extendDeadline } from '../../deadline.ts';
import type { OrderKey } from '../../query/filter.ts';
import { printOrder, splitForServer } from '../../query/print.ts';
import { untilAborted } from '../../until-aborted.ts';
import { StoreError } from '../errors.ts';
import type { ExperimentQuery, Population, Unreadable } from '../runs/tracking-store.ts';
import type { Experiment, Lifecycle, Run } from '../runs/types.ts';
import { selectPopulation } from '../runs/whole-runs.ts';
import { sortByStart } from '../table/order-rows.ts';
import { type RunRows, RunTable } from '../table/run-table.ts';
import { takeTurns } from '../take-turns.ts';
import { addRun, decodeExperiment, decodeRun, experimentIdOf, idOf, Misshapen } from './decode.ts';
import { LostRows } from './lost-rows.ts';
import { PageSize } from './page-size.ts';
import type { JsonObject } from './read-json.ts';
import { type PageQuery, readPages } from './read-pages.ts';
import type { Server } from './server.ts';

const VIEW_TYPES = { active: 'ACTIVE_ONLY', deleted: 'DELETED_ONLY', all: 'ALL' } as const;

interface Request {
  readonly experimentIds: readonly string[];
  readonly lifecycle: Lifecycle | 'all';
  readonly filter: string | undefined;
}

/** Experiments of one server, each of some hundred bytes. */
const MAX_EXPERIMENTS = 200_000;
const MAX_RUNS = 2_000_000;
/** Bytes of runs that are held at once. */
const MAX_HELD = 192 * 2 ** 20;

/** What came of a read, and the rows of it that could not be read. */
interface Outcome<T> {
  readonly found: T;
  readonly lost: readonly Unreadable[];
}

interface Fetched {
  readonly request: Request;
  readonly experimentIds: ReadonlySet<string>;
  readonly runs: Promise<Outcome<RunRows>>;
}

/** A run as it came. */
interface IdentifiedRow {
  readonly id: string;
  readonly json: JsonObject;
}

type Progress = (message: string) => void;

function covers({ request, experimentIds }: Fetched, wanted: Request): boolean {
  return (
    (request.filter === undefined || request.filter === wanted.filter) &&
    (request.lifecycle === 'all' || request.lifecycle === wanted.lifecycle) &&
    wanted.experimentIds.every((id) => experimentIds.has(id))
  );
}

export class RunSource {
  readonly #server: Server;
  readonly #experimentsPage = new PageSize({ first: 1_000 });
  /** A cold server needs ten seconds for a thousand. */
  readonly #runsPage = new PageSize({ first: 500, most: 1_000, least: 100 });
  /** Snapshots that are open, with who wants to know how they get on. */
  readonly #snapshots = new Set<{ readonly progress: Progress | undefined }>();
  /** What the open snapshots have fetched, and what stops them: a tool that ran out of time leaves its read to the next. */
  #fetched: Fetched[] = [];
  readonly #experiments = new Map<Lifecycle | 'all', Promise<Outcome<Experiment[]>>>();
  #closing = new AbortController();

  constructor(server: Server) {
    this.#server = server;
  }

  /** Overlapping snapshots are one. */
  async snapshot<T>(work: () => Promise<T>, progress?: Progress): Promise<T> {
    const snapshot = { progress };
    this.#snapshots.add(snapshot);
    try {
      return await work();
    } finally {
      this.#snapshots.delete(snapshot);
      if (this.#snapshots.size === 0) this.#forget();
    }
  }

  #forget(): void {
    this.#fetched = [];
    this.#experiments.clear();
    this.#closing.abort();
    this.#closing = new AbortController();
  }

  /** What the open snapshots had to do without. */
  async unreadable(signal: AbortSignal): Promise<readonly Unreadable[]> {
    const reads = [...this.#experiments.values(), ...this.#fetched.map(({ runs }) => runs)];
    const settled = await untilAborted(Promise.allSettled<Outcome<unknown>>(reads), signal);
    const lost = settled.flatMap((one) => (one.status === 'fulfilled' ? one.value.lost : []));
    // Two reads may have met the same.
    return [...new Map(lost.map((one) => [`${one.what} ${one.id}`, one])).values()];
  }

  async experiments({ lifecycle = 'active' }: ExperimentQuery, signal: AbortSignal): Promise<Experiment[]> {
    if (this.#snapshots.size === 0) return (await this.#fetchExperiments(lifecycle, signal)).found;
    extendDeadline(this.#closing.signal, signal);
    const known = this.#experiments.get(lifecycle) ?? this.#beginExperiments(lifecycle);
    return (await untilAborted(known, signal)).found;
  }

  #beginExperiments(lifecycle: Lifecycle | 'all'): Promise<Outcome<Experiment[]>> {
    const experiments = this.#fetchExperiments(lifecycle, this.#closing.signal);
    this.#experiments.set(lifecycle, experiments);
    experiments.catch(() => {
      if (this.#experiments.get(lifecycle) === experiments) this.#experiments.delete(lifecycle);
    });
    return experiments;
  }

  async #fetchExperiments(lifecycle: Lifecycle | 'all', signal: AbortSignal): Promise<Outcome<Experiment[]>> {
    const lost = new LostRows('experiment', this.#server.location);
    const query: PageQuery<Experiment> = {
      endpoint: 'searchExperiments',
      fields: { view_type: VIEW_TYPES[lifecycle] },
      size: this.#experimentsPage,
      list: 'experiments',
      decode: decodeExperiment,
      identify: (experiment) => experiment.id,
      unique: true,
      lose: (row, fault) => lost.add(row, fault),
      most: MAX_EXPERIMENTS,
      noun: 'experiments',
    };
    const found: Experiment[] = [];
    for await (const page of readPages(this.#server, query, signal))
      await takeTurns(page, (experiment) => found.push(experiment), signal);
    lost.throwIfAll(found.length);
    return { found, lost: lost.all };
  }

  /** A population whole: start time descending, then id. The server narrows; what matches is decided here. */
  async runs(population: Population, signal: AbortSignal): Promise<RunRows> {
    const request = await this.#toRequest(population, signal);
    const runs = await this.#fetchOnce(request, signal);
    return selectPopulation(runs, population, request.experimentIds, signal);
  }

  /** The first runs in the server's own order, one page at most: enough for suggestions, and cheap. */
  async firstRuns(order: OrderKey, limit: number, signal: AbortSignal): Promise<Run[]> {
    const request = await this.#toRequest({}, signal);
    if (request.experimentIds.length === 0) return [];
    const lost = new LostRows('run', this.#server.location);
    const query = this.#pagesOf(request, lost, new PageSize({ first: limit }), { order_by: [printOrder(order)] });
    const runs: Run[] = [];
    for await (const page of readPages(this.#server, query, signal)) {
      for (const { json } of page) this.#unlessLost(json, lost, [], () => runs.push(decodeRun(json)));
      break;
    }
    return runs.slice(0, limit);
  }

  async #toRequest({ experimentIds, lifecycle, filter }: Population, signal: AbortSignal): Promise<Request> {
    const ids = experimentIds ?? (await this.experiments({}, signal)).map(({ id }) => id);
    return {
      // A server refuses the whole search for an id that is no number.
      experimentIds: ids.filter((id) => /^\d+$/.test(id)),
      lifecycle: lifecycle ?? 'active',
      filter: filter === undefined ? undefined : splitForServer(filter).server,
    };
  }

  async #fetchOnce(request: Request, signal: AbortSignal): Promise<RunRows> {
    if (this.#snapshots.size === 0) return (await this.#fetch(request, signal)).found;
    extendDeadline(this.#closing.signal, signal);
    const known = this.#fetched.find((fetched) => covers(fetched, request)) ?? this.#begin(request);
    return (await untilAborted(known.runs, signal)).found;
  }

  #begin(request: Request): Fetched {
    const runs = this.#fetch(request, this.#closing.signal);
    const fetched: Fetched = { request, experimentIds: new Set(request.experimentIds), runs };
    this.#fetched.push(fetched);
    // What failed is asked for again.
    runs.catch(() => {
      this.#fetched = this.#fetched.filter((one) => one !== fetched);
    });
    return fetched;
  }

  async #fetch(request: Request, signal: AbortSignal): Promise<Outcome<RunRows>> {
    if (request.experimentIds.length === 0) return { found: { table: new RunTable(), rows: [] }, lost: [] };
    try {
      return await this.#readAll(request, signal);
    } catch (error) {
      // What an older server does not understand is evaluated here.
      const isRefused = error instanceof StoreError && error.code === 'request_refused';
      if (!isRefused || request.filter === undefined) throw error;
      return this.#readAll({ ...request, filter: undefined }, signal);
    }
  }

  async #readAll(request: Request, signal: AbortSignal): Promise<Outcome<RunRows>> {
    const table = new RunTable();
    const rows: number[] = [];
    const lost = new LostRows('run', this.#server.location);
    const asked = new Set(request.experimentIds);
    const take = (json: JsonObject): void => {
      if (!asked.has(experimentIdOf(json))) throw new Misshapen('an experiment that was not asked about');
      rows.push(addRun(table, json));
    };
    const add = ({ json }: IdentifiedRow): void => {
      this.#unlessLost(json, lost, request.experimentIds, () => take(json));
      if (table.bytes > MAX_HELD) throw this.#toTooMuch(rows.length);
    };
    for await (const page of readPages(this.#server, this.#pagesOf(request, lost, this.#runsPage), signal)) {
      await takeTurns(page, add, signal);
      const message = `read ${rows.length.toLocaleString('en-US')} runs`;
      for (const { progress } of this.#snapshots) progress?.(message);
    }
    lost.throwIfAll(rows.length);
    // Servers order by their database's own rules, and rows may have shifted between pages.
    return { found: { table, rows: await sortByStart(table, rows, signal) }, lost: lost.all };
  }

  #unlessLost(json: JsonObject, lost: LostRows, asked: readonly string[], take: () => void): void {
    try {
      take();
    } catch (error) {
      if (!(error instanceof Misshapen)) throw error;
      lost.add(json, error, asked);
    }
  }

  #toTooMuch(runs: number): StoreError {
    const held = `${runs.toLocaleString('en-US')} runs`;
    return new StoreError('bad_response', `${this.#server.location} sends more than fits in memory: ${held} so far`, {
      hint: 'Name an experiment or filter further, or read its database directly.',
    });
  }

  #pagesOf(request: Request, lost: LostRows, size: PageSize, extra = {}): PageQuery<IdentifiedRow> {
    const { experimentIds, lifecycle, filter } = request;
    return {
      endpoint: 'searchRuns',
      fields: {
        experiment_ids: experimentIds,
        run_view_type: VIEW_TYPES[lifecycle],
        ...(filter !== undefined && { filter }),
        ...extra,
      },
      size,
      list: 'runs',
      decode: (json) => ({ id: idOf(json), json }),
      identify: ({ id }) => id,
      unique: true,
      lose: (row, fault) => lost.add(row, fault, experimentIds),
      most: MAX_RUNS,
      noun: 'runs',
    };
  }
}
