/** What a store's names are, for the offline reader: each list is read at most once. */
import type { TrackingStore } from '../mlflow/runs/tracking-store.ts';
import { readKeyStats } from '../tools/resolve/key-stats.ts';
import type { KnownExperiment, KnownKey, Vocabulary } from '../tools/resolve/vocabulary.ts';

interface Lists {
  experiments?: readonly KnownExperiment[];
  keys?: readonly KnownKey[];
}

export function createVocabulary(store: TrackingStore, lists: Lists = {}): Vocabulary {
  return {
    snapshot: (work) => store.snapshot((state) => work(createVocabulary(state, lists))),
    async experiments(signal) {
      lists.experiments ??= await readExperiments(store, signal);
      return lists.experiments;
    },
    async keys(signal) {
      lists.keys ??= (await store.lookup({ keys: true }, signal)).keys;
      return lists.keys;
    },
    async values(key, signal) {
      const stats = await readKeyStats({ store, signal }, {}, { params: [key], tags: [key] });
      return stats.flatMap((one) => (one.kind === 'metric' ? [] : one.values.map(({ value }) => value)));
    },
    async range(metric, signal) {
      const [found] = await readKeyStats({ store, signal }, {}, { metrics: [metric] });
      if (found?.kind !== 'metric' || found.min === undefined || found.max === undefined) return undefined;
      return { min: found.min, max: found.max };
    },
    async find(spans, signal) {
      const { values, runs } = await store.lookup(spans, signal);
      return { values, runs: runs.map((run) => ({ ...run, deleted: run.lifecycle === 'deleted' })) };
    },
  };
}

async function readExperiments(store: TrackingStore, signal: AbortSignal): Promise<KnownExperiment[]> {
  const experiments = await store.searchExperiments({ lifecycle: 'all' }, signal);
  return experiments.map(({ id, name, lifecycle }) => ({ id, name, deleted: lifecycle === 'deleted' }));
}
