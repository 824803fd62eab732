/** What stores over the same runs are asked, and how their answers are held beside those of the demo's file. */
import { expect, test } from 'vitest';
import { parseFilter, parseOrder } from '../../src/mlflow/filter/parse.ts';
import type { Projection, TrackingStore } from '../../src/mlflow/tracking-store.ts';

const everything: Projection = { metrics: 'all', params: 'all', tags: 'all', datasets: true };

/** Every method with many populations: what each store is asked, by name. */
const QUESTIONS: Readonly<Record<string, (store: TrackingStore, signal: AbortSignal) => Promise<unknown>>> = {
  experiments: (store, signal) => store.searchExperiments({ lifecycle: 'all' }, signal),
  'deleted experiments': (store, signal) => store.searchExperiments({ lifecycle: 'deleted' }, signal),
  'runs of every stage': (store, signal) => Array.fromAsync(store.searchRuns({ lifecycle: 'all' }, everything, signal)),
  'deleted runs of a deleted experiment': (store, signal) =>
    store.topRuns({ experimentIds: ['1'], lifecycle: 'deleted' }, [], 10, everything, signal),
  'no such experiment': (store, signal) => store.countRuns({ experimentIds: ['999', 'x'] }, signal),
  counts: (store, signal) => store.countRuns({ lifecycle: 'all' }, signal),
  'key statistics': (store, signal) => store.keyStats({}, signal),
  columns: (store, signal) => store.columns({ experimentIds: ['3'] }, everything, signal),
  'order by tag, then param': (store, signal) =>
    store.topRuns({}, ['tags.region', 'params.learning_rate DESC'].map(parseOrder), 500, {}, signal),
  'order by time': (store, signal) => store.topRuns({}, [parseOrder('end_time DESC')], 500, {}, signal),
  'order by name': (store, signal) => store.topRuns({ lifecycle: 'all' }, [parseOrder('run_name')], 500, {}, signal),
  lookup: (store, signal) =>
    store.lookup({ keys: true, values: ['clean', 'eu', '32'], runs: ['run-016'], lastNumbers: [9] }, signal),
};

const FILTERS = [
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

interface Pair {
  readonly file: TrackingStore;
  readonly other: TrackingStore;
}

/** Tests that the other store of a pair, open once tests run, answers as the file does. */
export function testAgreement(open: () => Pair): void {
  const { signal } = new AbortController();

  test.each(Object.entries(QUESTIONS))('answers as the file does: %s', async (_name, ask) => {
    const { file, other } = open();
    expect(await ask(other, signal)).toEqual(await ask(file, signal));
  });

  test.each(FILTERS)('answers as the file does: %s', async (text) => {
    const { file, other } = open();
    const population = { lifecycle: 'all', filter: parseFilter(text) } as const;
    const expected = await file.topRuns(population, [], 1_000, everything, signal);
    expect(await other.topRuns(population, [], 1_000, everything, signal)).toEqual(expected);
  });

  test('answers as the file does: every history and every run by id', async () => {
    const { file, other } = open();
    const { ids } = await file.columns({ experimentIds: ['3'], lifecycle: 'all' }, {}, signal);
    const read = (store: TrackingStore) =>
      Array.fromAsync(store.metricHistory(ids, ['train_loss', 'val_loss'], signal));
    expect(await read(other)).toEqual(await read(file));
    expect(await other.getRuns(ids, signal)).toEqual(await file.getRuns(ids, signal));
  });
}
