/** A small store's names for reading questions without a store; asked for anything else it throws. */
import { createLexicon } from '../../../src/agent/offline/lexicon.ts';
import { KINDS } from '../../../src/query/kinds/index.ts';
import type { KnownRun, Vocabulary } from '../../../src/tools/resolve/vocabulary.ts';

const RUNS: readonly KnownRun[] = ['lyrical-crow-354', 'run-017', 'baseline run', 'big-wren-518'].map((name, at) => ({
  id: `${at + 1}a2b3c4d5e6f70819203142536475869`.slice(0, 32),
  name,
  experimentId: '1',
  status: 'FINISHED',
  deleted: false,
}));

const VALUES = [
  { kind: 'param', key: 'optimizer', value: 'adam' },
  { kind: 'param', key: 'optimizer', value: 'sgd' },
  { kind: 'param', key: 'initial pattern', value: 'maximal' },
  { kind: 'tag', key: 'team', value: 'growth' },
  { kind: 'param', key: 'pretrained', value: 'True' },
  { kind: 'param', key: 'pretrained', value: 'False' },
  { kind: 'param', key: 'algorithm', value: 'random_forest' },
] as const;

export const vocabulary: Vocabulary = {
  snapshot(work) {
    return work(this);
  },
  experiments: async () => [
    { id: '1', name: 'Tweaking Small', deleted: false },
    { id: '2', name: 'Tweaking Small after debugging', deleted: false },
    { id: '3', name: 'churn-prediction', deleted: false },
    { id: '4', name: 'old-churn', deleted: true },
  ],
  keys: async () => [
    { kind: 'metric', key: 'rmse' },
    { kind: 'metric', key: 'time' },
    { kind: 'metric', key: 'average f_hat' },
    { kind: 'metric', key: 'optimal count' },
    { kind: 'metric', key: 'f1_score' },
    { kind: 'metric', key: 'val_loss' },
    { kind: 'param', key: 'learning_rate' },
    { kind: 'param', key: 'optimizer' },
    { kind: 'param', key: 'initial pattern' },
    { kind: 'param', key: 'dimension' },
    { kind: 'param', key: 'algorithm' },
    { kind: 'param', key: 'pretrained' },
    { kind: 'tag', key: 'team' },
  ],
  values: async (key) => VALUES.filter((one) => one.key === key).map((one) => one.value),
  range: async (metric) => (metric === 'f1_score' ? { min: 0.1, max: 0.9 } : { min: 0, max: 95 }),
  find: async ({ values, runs }) => ({
    values: VALUES.filter((one) => values.some((value) => value.toLowerCase() === one.value.toLowerCase())),
    runs: RUNS.filter((one) => runs.includes(one.name)),
  }),
};

/** Friday, 2026-11-20, 18:00 UTC. */
export const clock = { now: Date.UTC(2026, 10, 20, 18), timeZone: 'UTC' };

export const lexicon = createLexicon(KINDS);
