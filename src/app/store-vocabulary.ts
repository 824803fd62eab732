/** What a store's names are, for the offline reader: each list is read at most once. */
import { anySignal, deadlineOf } from '../deadline.ts';
import { StoreError } from '../mlflow/errors.ts';
import type { TrackingStore } from '../mlflow/runs/tracking-store.ts';
import { readKeyStats } from '../tools/resolve/key-stats.ts';
import type { KnownExperiment, KnownKey, Vocabulary } from '../tools/resolve/vocabulary.ts';
import { untilAborted } from '../until-aborted.ts';

interface Lists {
  experiments?: readonly KnownExperiment[];
  keys?: readonly KnownKey[];
}

export function createVocabulary(store: TrackingStore, lists: Lists = {}): Vocabulary {
  return {
    snapshot: (work) => store.snapshot((state) => work(createVocabulary(state, lists))),
    async experiments(signal) {
      lists.experiments ??= await inTime(store, signal, (own) => readExperiments(store, own));
      return lists.experiments;
    },
    async keys(signal) {
      lists.keys ??= (await inTime(store, signal, (own) => store.lookup({ keys: true }, own))).keys;
      return lists.keys;
    },
    async values(key, signal) {
      const read = (own: AbortSignal) => readKeyStats({ store, signal: own }, {}, { params: [key], tags: [key] });
      const stats = await inTime(store, signal, read);
      return stats.flatMap((one) => (one.kind === 'metric' ? [] : one.values.map(({ value }) => value)));
    },
    async range(metric, signal) {
      const read = (own: AbortSignal) => readKeyStats({ store, signal: own }, {}, { metrics: [metric] });
      const [found] = await inTime(store, signal, read);
      if (found?.kind !== 'metric' || found.min === undefined || found.max === undefined) return undefined;
      return { min: found.min, max: found.max };
    },
    async find(spans, signal) {
      const { values, runs } = await inTime(store, signal, (own) => store.lookup(spans, own));
      return { values, runs: runs.map((run) => ({ ...run, deleted: run.lifecycle === 'deleted' })) };
    },
  };
}

async function readExperiments(store: TrackingStore, signal: AbortSignal): Promise<KnownExperiment[]> {
  const experiments = await store.searchExperiments({ lifecycle: 'all' }, signal);
  return experiments.map(({ id, name, lifecycle }) => ({ id, name, deleted: lifecycle === 'deleted' }));
}

/** What is left of a question's time when its store is given up. */
const LEFT_MS = 500;

/** A store that takes all the time of a question is at fault, not what would have read the names. */
async function inTime<T>(
  store: TrackingStore,
  signal: AbortSignal,
  read: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const left = deadlineOf(signal) - LEFT_MS - performance.now();
  if (left === Number.POSITIVE_INFINITY) return read(signal);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), left);
  const own = anySignal([signal, late.signal], left);
  try {
    return await untilAborted(read(own), own);
  } catch (error) {
    signal.throwIfAborted();
    if (!late.signal.aborted) throw error;
    throw new StoreError('source_timeout', `the names in ${store.capabilities.location} took too long to read`, {
      hint: 'Read its database directly, or give the server more power.',
      retryable: true,
    });
  } finally {
    clearTimeout(timer);
  }
}
