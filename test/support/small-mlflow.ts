/** What a small MLflow answers rightly: two experiments with runs, of which those of one have curves, and an empty one. */
import type { ServerResponse } from 'node:http';

/** What a request is for. */
export type Place = 'experiments' | 'runs' | 'histories' | 'other';

export type Json = Record<string, unknown>;

/** A reply before it is sent; a fault may change any of it, or send it in its own way. */
export interface Draft {
  status: number;
  headers: Record<string, string>;
  json: Json;
  /** Instead of `json`. */
  body?: string | Buffer;
  /** Instead of sending. */
  send?(response: ServerResponse): void;
}

export interface Occasion {
  readonly place: Place;
  /** From 0 to below 1; the same for the same seed. */
  random(): number;
  /** Requests of this place before this one. */
  readonly before: number;
  readonly query: URLSearchParams;
}

export const CANARY = 'CANARY-7f3a9c';
/** Those of the second experiment, which have no metrics, are the last two. */
export const RUNS = 26;
const MEASURED = 24;
const START = 1_790_000_000_000;
const idOf = (index: number): string => (index + 1).toString(16).padStart(32, '0');

export function toRun(index: number, name = `r-${index + 1}`): Json {
  return {
    info: {
      run_id: idOf(index),
      run_uuid: idOf(index),
      run_name: name,
      experiment_id: index === MEASURED || index === MEASURED + 1 ? '2' : '1',
      user_id: 'u',
      status: 'FINISHED',
      start_time: START + index * 1_000,
      end_time: START + index * 1_000 + 500,
      lifecycle_stage: 'active',
      artifact_uri: 'x',
    },
    data: {
      metrics:
        index === MEASURED || index === MEASURED + 1
          ? []
          : [{ key: 'accuracy', value: 0.5 + index / 100, timestamp: START, step: 11 }],
      params: [{ key: 'lr', value: String((index % 3) / 10) }],
      tags: [{ key: 'mlflow.runName', value: name }],
    },
    inputs: {},
  };
}

function toPoints(runId: string): Json[] {
  const index = Number.parseInt(runId, 16) - 1;
  return Array.from({ length: 12 }, (_, step) => ({
    key: 'accuracy',
    value: 0.5 + index / 100 - (11 - step) / 1_000,
    timestamp: START + step,
    step,
    run_id: runId,
  }));
}

/** One page of `size`, by an offset as its token. */
function pageOf(list: string, items: readonly Json[], size: number, token: unknown): Json {
  const from = Number(token ?? 0);
  const to = from + size;
  return { [list]: items.slice(from, to), ...(to < items.length && { next_page_token: String(to) }) };
}

const experiment = (id: string, name: string) => ({ experiment_id: id, name, lifecycle_stage: 'active', tags: [] });

export function answerRight(path: string, { query }: Occasion, fields: Json, size: number): Json | undefined {
  if (path.endsWith('/experiments/search'))
    return { experiments: [experiment('1', 'alpha'), experiment('3', 'empty'), experiment('2', 'beta')] };
  const all = Array.from({ length: RUNS }, (_, index) => toRun(index));
  if (path.endsWith('/runs/search')) return pageOf('runs', all, size, fields.page_token);
  if (path.endsWith('/runs/get')) return { run: all.find(({ info }) => (info as Json).run_id === query.get('run_id')) };
  if (path.endsWith('/get-history-bulk')) return { metrics: query.getAll('run_id').sort().flatMap(toPoints) };
  if (path.endsWith('/get-history'))
    return pageOf('metrics', toPoints(query.get('run_id') ?? ''), size, query.get('page_token') ?? undefined);
  return undefined;
}

export const placeOf = (path: string): Place =>
  path.endsWith('/experiments/search')
    ? 'experiments'
    : path.endsWith('/runs/search')
      ? 'runs'
      : path.includes('/get-history')
        ? 'histories'
        : 'other';
