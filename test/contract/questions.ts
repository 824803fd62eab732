/** What stores on the same data are asked, by name, so that their answers can be held against each other. */

import type { Projection, TrackingStore } from '../../src/mlflow/runs/tracking-store.ts';
import { parseFilter, parseOrder } from '../../src/query/parse.ts';
import { plainColumns } from '../support/plain-columns.ts';

type Ask = (store: TrackingStore, signal: AbortSignal) => Promise<unknown>;

export const everything: Projection = { metrics: 'all', params: 'all', tags: 'all', datasets: true };

/** Every method with many populations. */
export const QUESTIONS: Readonly<Record<string, Ask>> = {
  experiments: (store, signal) => store.searchExperiments({ lifecycle: 'all' }, signal),
  'deleted experiments': (store, signal) => store.searchExperiments({ lifecycle: 'deleted' }, signal),
  'runs of every stage': (store, signal) => Array.fromAsync(store.searchRuns({ lifecycle: 'all' }, everything, signal)),
  'deleted runs of a deleted experiment': (store, signal) =>
    store.topRuns({ experimentIds: ['1'], lifecycle: 'deleted' }, [], 10, everything, signal),
  'no such experiment': (store, signal) => store.countRuns({ experimentIds: ['999', 'x'] }, signal),
  counts: (store, signal) => store.countRuns({ lifecycle: 'all' }, signal),
  'key statistics': (store, signal) => store.keyStats({}, signal),
  columns: async (store, signal) => plainColumns(await store.columns({ experimentIds: ['3'] }, everything, signal)),
  'order by tag, then param': (store, signal) =>
    store.topRuns(
      {},
      ['tags.region', 'params.learning_rate DESC'].map((one) => parseOrder(one)),
      500,
      {},
      signal,
    ),
  'order by time': (store, signal) => store.topRuns({}, [parseOrder('end_time DESC')], 500, {}, signal),
  'order by name': (store, signal) => store.topRuns({ lifecycle: 'all' }, [parseOrder('run_name')], 500, {}, signal),
  lookup: (store, signal) =>
    store.lookup({ keys: true, values: ['clean', 'eu', '32'], runs: ['run-016'], lastNumbers: [9] }, signal),
  'every history': async (store, signal) =>
    Array.fromAsync(store.metricHistory(await readIds(store, signal), ['train_loss', 'val_loss'], signal)),
  'every run by id': async (store, signal) => store.getRuns(await readIds(store, signal), signal),
};

async function readIds(store: TrackingStore, signal: AbortSignal): Promise<string[]> {
  return [...(await store.columns({ experimentIds: ['3'], lifecycle: 'all' }, {}, signal)).ids];
}

/** Filters over the runs of every stage. */
export const FILTERS: readonly string[] = [
  "metrics.f1_score > 0.6 AND params.algorithm = 'gradient_boosting'",
  'metrics.train_loss > 0.1 AND metrics.train_loss <= 1',
  'metrics.train_loss != 0',
  "tags.`hostile \"note\"` IS NOT NULL OR run_name LIKE '%''%'",
  "tags.team != 'growth'",
  "run_name ILIKE '%É%' OR run_name LIKE '%/%'",
  "artifact_uri LIKE '%artifacts' AND start_time > 1790000000000",
  "status IN ('FAILED', 'KILLED') AND NOT duration > 100000",
  'params.learning_rate <= 1e-3 OR params.hidden >= 64',
];

/** Questions and filters in one list. */
export const ASKED: readonly (readonly [name: string, ask: Ask])[] = [
  ...Object.entries(QUESTIONS),
  ...FILTERS.map((text): [string, Ask] => [
    text,
    (store, signal) => store.topRuns({ lifecycle: 'all', filter: parseFilter(text) }, [], 1_000, everything, signal),
  ]),
];
