/** Metric histories from a server, of many runs with one request where the server has that. */

import type { MetricPoint } from '../../query/point.ts';
import { compareByStep } from '../compare-by-step.ts';
import { StoreError, type StoreErrorCode } from '../errors.ts';
import type { MetricSeries } from '../runs/tracking-store.ts';
import { sortInTurns } from '../table/order-rows.ts';
import { takeTurns } from '../take-turns.ts';
import { decodePoint, idAt, isKeyOf, Misshapen, objectOf, rowsAt } from './decode.ts';
import { mapInOrder } from './map-in-order.ts';
import { PageSize } from './page-size.ts';
import type { BadRow, JsonObject } from './read-json.ts';
import { checkPage, type PageQuery, readPages } from './read-pages.ts';
import type { Server } from './server.ts';
import { CONNECTIONS } from './transport.ts';

/** Points of one request for many runs: the server sorts them by run, and cuts off what is more. */
const MAX_BULK = 25_000;
/** Characters of ids in one request: some servers refuse a first line of more than 4,094. */
const MAX_IDS_LENGTH = 3_000;
const ID_PARAMETER = '&run_id='.length;
/** Of all runs and metrics that are asked for together; each takes some 80 bytes. */
const MAX_POINTS = 500_000;

/** Faults of a request for many runs that need not be faults of one for each: it may be missing, or not let through. */
const ONE_BY_ONE: ReadonlySet<StoreErrorCode> = new Set([
  'not_mlflow',
  'unsupported_source',
  'request_refused',
  'forbidden',
  'not_found',
  'bad_response',
]);

type Points = MetricPoint[];

/** One metric of some runs. */
interface Wanted {
  readonly key: string;
  readonly budget: Budget;
  readonly signal: AbortSignal;
}

/** How many points may still come. */
class Budget {
  #left = MAX_POINTS;
  readonly #location: string;

  constructor(location: string) {
    this.#location = location;
  }

  spend(): void {
    if (--this.#left >= 0) return;
    const most = MAX_POINTS.toLocaleString('en-US');
    throw new StoreError('bad_response', `${this.#location} sends more than ${most} points of metrics`, {
      hint: 'Ask about fewer runs or metrics at once, or read its database directly.',
    });
  }
}

export class Histories {
  readonly #server: Server;
  /** What MLflow's own client asks for; 2.x servers ignore it and send the whole history. */
  readonly #page = new PageSize({ first: MAX_BULK, least: 1_000 });
  #hasBulk: boolean;

  /** @param hasBulk whether the server may have an endpoint for many runs. */
  constructor(server: Server, hasBulk: boolean) {
    this.#server = server;
    this.#hasBulk = hasBulk;
  }

  /** Every point, run by run, keys likewise; each series by step, then time. */
  async *read(runIds: readonly string[], keys: readonly string[], signal: AbortSignal): AsyncGenerator<MetricSeries> {
    const budget = new Budget(this.#server.location);
    for (const ids of inRequests(runIds)) {
      const readKey = (key: string) => this.#readRuns(ids, { key, budget, signal });
      const byKey = await Array.fromAsync(mapInOrder(keys, CONNECTIONS, readKey));
      for (const runId of ids)
        for (const [index, key] of keys.entries()) {
          const points = byKey[index]!.get(runId);
          if (points !== undefined && points.length > 0) yield { runId, key, points: await byStep(points, signal) };
        }
    }
  }

  async #readRuns(ids: readonly string[], wanted: Wanted): Promise<ReadonlyMap<string, Points>> {
    const series = new Map<string, Points>();
    let left = ids;
    while (left.length > 1 && this.#hasBulk) {
      const bulk = await this.#tryBulk(left, wanted);
      if (bulk === undefined) break;
      for (const [runId, points] of bulk.series) series.set(runId, points);
      if (bulk.cut === undefined) return series;
      // Whatever stands behind the run that was cut has not come at all.
      if (bulk.series.size === 0) series.set(bulk.cut, await this.#readRun(bulk.cut, wanted));
      left = left.filter((id) => !series.has(id));
    }
    const one = async (runId: string) => series.set(runId, await this.#readRun(runId, wanted));
    for await (const _ of mapInOrder(left, CONNECTIONS, one));
    return series;
  }

  /** Undefined where runs are to be asked for one by one, now and from now on. */
  async #tryBulk(ids: readonly string[], wanted: Wanted): Promise<Bulk | undefined> {
    try {
      return await this.#readBulk(ids, wanted);
    } catch (error) {
      if (!(error instanceof StoreError) || !ONE_BY_ONE.has(error.code)) throw error;
      this.#hasBulk = false;
      return undefined;
    }
  }

  async #readBulk(ids: readonly string[], { key, budget, signal }: Wanted): Promise<Bulk> {
    const fields = { run_id: ids, metric_key: key, max_results: MAX_BULK };
    const answer = await this.#server.request('getHistories', fields, signal, 'metrics');
    const rows = rowsAt(checkPage(answer, 'metrics'), 'metrics');
    const asked = new Set(ids);
    const series = new Map<string, Points>();
    let last: string | undefined;
    const add = (row: JsonObject | BadRow): void => {
      const json = objectOf(row);
      const runId = idAt(json, 'run_id');
      if (!asked.has(runId) || (runId !== last && series.has(runId))) throw new Misshapen('runs in no proper order');
      budget.spend();
      last = runId;
      if (!series.has(runId)) series.set(runId, []);
      if (isKeyOf(json, key)) series.get(runId)!.push(decodePoint(json));
    };
    await takeTurns<JsonObject | BadRow>(rows, add, signal);
    if (rows.length < MAX_BULK || last === undefined) return { series, cut: undefined };
    series.delete(last);
    return { series, cut: last };
  }

  async #readRun(runId: string, { key, budget, signal }: Wanted): Promise<Points> {
    const points: Points = [];
    const query = {
      endpoint: 'getHistory',
      fields: { run_id: runId, metric_key: key },
      size: this.#page,
      list: 'metrics',
      decode: (json) => (isKeyOf(json, key) ? decodePoint(json) : undefined),
      identify: ({ step, timestamp, value }) => `${step} ${timestamp} ${value}`,
      unique: false,
      most: MAX_POINTS,
      noun: 'points of metrics',
    } satisfies PageQuery<MetricPoint>;
    const add = (point: MetricPoint): void => {
      budget.spend();
      points.push(point);
    };
    try {
      for await (const page of readPages(this.#server, query, signal)) await takeTurns(page, add, signal);
    } catch (error) {
      if (error instanceof StoreError && error.code === 'not_found') return [];
      throw error;
    }
    return points;
  }
}

interface Bulk {
  /** The runs that have points, each with all of them. */
  readonly series: ReadonlyMap<string, Points>;
  /** A run that may have more than came, and whatever is behind it; undefined where all came. */
  readonly cut: string | undefined;
}

/** As many runs at once as a request has room for. */
function* inRequests(runIds: readonly string[]): Generator<readonly string[]> {
  let ids: string[] = [];
  let length = 0;
  for (const id of runIds) {
    const own = ID_PARAMETER + encodeURIComponent(id).length;
    if (ids.length > 0 && length + own > MAX_IDS_LENGTH) {
      yield ids;
      [ids, length] = [[], 0];
    }
    ids.push(id);
    length += own;
  }
  if (ids.length > 0) yield ids;
}

/** The server orders by time first; equal steps keep that order. */
async function byStep(points: Points, signal: AbortSignal): Promise<Points> {
  const isSorted = points.every((point, index) => index === 0 || compareByStep(points[index - 1]!, point) <= 0);
  return isSorted ? points : sortInTurns(points, compareByStep, points.length, signal);
}
