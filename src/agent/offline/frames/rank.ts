/** The best, worst, longest, newest; and what those runs logged. */
import type { KeyRef, Reading, Slots, Superlative } from '../slots.ts';
import { calls, type Frame, type Plan, type PlannedCall } from './frame.ts';
import { askedKeys, compact, filterOf, groupOf, keyInput, metricsOf, oneExperiment } from './inputs.ts';

/** Runs that tie for first are looked at together, up to so many. */
const MOST_TIED = 3;

/** What runs are ranked by: "by rmse" before any other metric. */
export function rankedBy(slots: Slots): KeyRef | undefined {
  return (
    slots.keys.find((key) => key.role === 'by') ??
    metricsOf(slots).find((key) => key.role !== 'which') ??
    metricsOf(slots)[0]
  );
}

export function rankCall(slots: Slots, superlative: Superlative, metric: KeyRef | undefined): PlannedCall {
  const attribute = superlative.of && !metric ? `attributes.${superlative.of}` : undefined;
  return {
    tool: 'rank_runs',
    input: compact({
      metric: attribute ?? (metric && keyInput(metric)),
      order: superlative.order,
      direction: slots.direction,
      top: slots.top,
      experiment: oneExperiment(slots),
      filter: filterOf(slots),
    }),
  };
}

function planRank(reading: Reading): Plan {
  const { slots } = reading;
  const isByTime = slots.superlatives.some(({ of }) => of === 'start_time');
  const metric = isByTime ? undefined : rankedBy(slots);
  const ranked = slots.superlatives.map((superlative) => rankCall(slots, superlative, metric));
  const keys = askedKeys(reading, metric ? [metric] : []);
  if (keys.length === 0) return calls(...ranked);
  return {
    kind: 'calls',
    calls: ranked.slice(0, 1),
    chain: { tool: 'get_run', input: { keys }, fill: 'run', most: slots.top ?? MOST_TIED },
  };
}

export const rankRuns: Frame = {
  name: 'rank-runs',
  answers: 'the best, worst, longest or newest runs, ties and all; and what the best one used',
  examples: [
    'which run had the highest f1?',
    'top 5 runs by auc where algorithm is gradient_boosting',
    'what learning rate did the best run by accuracy use?',
  ],
  marks: ['count', 'shared', 'details'],
  nouns: ['run', 'value', 'item', 'config', 'param', 'metric', 'tag'],
  slots: ['superlatives', 'top', 'keys', 'experiments', 'everywhere', 'conditions', 'window', 'direction'],
  fits: ({ slots }) => {
    const { superlatives, experiments } = slots;
    const isPair = superlatives.length === 2 && superlatives.every(({ of }) => of !== 'start_time');
    return (superlatives.length === 1 || isPair) && experiments.length < 2 && groupOf(slots) === undefined;
  },
  plan: planRank,
};
