/** The best, worst, longest, newest; and what those runs logged. */
import type { KeyRef, Reading, Slots, Superlative } from '../slots.ts';
import { calls, type Frame, type Plan, type PlannedCall } from './frame.ts';
import {
  askedKeys,
  compact,
  experimentList,
  filterOf,
  groupOf,
  isMetric,
  keyField,
  keyInput,
  metricsOf,
  oneExperiment,
} from './inputs.ts';

/** Metrics that a word like "slowest" can be about. */
const TIME_LIKE = /time|duration|latency|seconds|runtime|elapsed|(?:^|_)ms$/iu;

/**
 * What runs are ranked by: "by rmse" before any other metric. A run's own field is ranked by when it is the highest or
 * lowest that is asked for; of the best run it is asked what it is.
 */
export function rankedBy(slots: Slots): KeyRef | undefined {
  const isExtreme = slots.superlatives.some(({ order }) => order === 'highest' || order === 'lowest');
  const metrics = metricsOf(slots).filter((key) => isExtreme || key.kinds[0] !== 'attribute');
  return slots.keys.find((key) => key.role === 'by') ?? metrics.find((key) => key.role !== 'which') ?? metrics[0];
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
      place: slots.place,
      experiment: oneExperiment(slots),
      filter: filterOf(slots),
    }),
  };
}

function planRank(reading: Reading): Plan {
  const { slots } = reading;
  const isByStart = slots.superlatives.some(({ of }) => of === 'start_time');
  const metric = isByStart ? undefined : rankedBy(slots);
  const keys = askedKeys(reading, metric ? [metric] : []);
  // What is asked about the best run needs no list of the others.
  const ranking = keys.length === 0 ? slots : { ...slots, top: slots.top ?? 1 };
  const ranked = slots.superlatives.map((superlative) => rankCall(ranking, superlative, metric));
  if (keys.length === 0) return calls(...ranked);
  return {
    kind: 'calls',
    calls: ranked,
    chain: { tool: 'get_run', input: { keys }, fill: 'run', runs: slots.top ?? 'ties' },
  };
}

function canRank(reading: Reading): boolean {
  const { slots, marks, nouns } = reading;
  const { superlatives, keys, conditions } = slots;
  const [first] = superlatives;
  // "highest accuracy and lowest f1" are two questions.
  const isPair = superlatives.length === 2 && keys.length < 2 && superlatives.every(({ of }) => of !== 'start_time');
  // What the runner-up used would be asked of the best.
  if (slots.place !== undefined && (askedKeys(reading, keys).length > 0 || keys.length > 1)) return false;
  if (!first || (superlatives.length > 1 && !isPair) || groupOf(slots)) return false;
  if ('count' in marks && !('shared' in marks) && conditions.length > 0) return false;
  const metric = rankedBy(slots);
  // "quickest run by accuracy" is neither the quickest nor the most accurate.
  if (first.of === 'duration' && metric) return TIME_LIKE.test(metric.name);
  // "which algorithm is slowest" asks for a group, not for a run.
  return first.of !== 'duration' || keys.length === 0 || nouns.includes('run');
}

export const rankRuns: Frame = {
  name: 'rank-runs',
  answers: 'the best, worst, longest or newest runs, ties and all; and what the best one used',
  examples: [
    'which run had the highest f1?',
    'top 5 runs by auc where algorithm is gradient_boosting',
    'what learning rate did the best run by accuracy use?',
  ],
  marks: ['quality', 'count', 'shared', 'details'],
  nouns: ['run', 'value', 'item', 'config', 'param', 'metric', 'tag', 'status', 'dataset'],
  slots: ['superlatives', 'place', 'top', 'keys', 'experiments', 'everywhere', 'conditions', 'window', 'direction'],
  fits: canRank,
  plan: planRank,
};

/** "highest learning rate": a param has no better or worse, but its runs have an order. */
export const orderByParam: Frame = {
  name: 'order-by-param',
  answers: 'the runs with the largest or smallest value of a param',
  examples: ['highest learning_rate in digits-mlp', 'top 5 runs by n_estimators'],
  marks: [],
  nouns: ['run', 'value'],
  slots: ['superlatives', 'top', 'keys', 'experiments', 'everywhere', 'conditions', 'window'],
  takesExperiments: 'several',
  fits: ({ slots: { superlatives, keys } }) => {
    const [key, ...others] = keys;
    const [superlative, ...more] = superlatives;
    const isTop = superlative?.isTop === true && key?.role === 'by';
    const isExtreme = superlative?.order === 'highest' || superlative?.order === 'lowest' || isTop;
    return (
      isExtreme &&
      superlative?.of === undefined &&
      more.length === 0 &&
      others.length === 0 &&
      key?.exact === true &&
      key.kinds.includes('param') &&
      !isMetric(key)
    );
  },
  plan: ({ slots }) => {
    const [key] = slots.keys;
    if (!key) throw new Error('an order without its param');
    const field = keyField({ ...key, kinds: ['param'] });
    return calls({
      tool: 'find_runs',
      input: compact({
        experiment: experimentList(slots),
        filter: [filterOf(slots), `${field} IS NOT NULL`].filter((part) => part !== undefined).join(' AND '),
        order_by: `${field} ${slots.superlatives[0]?.order === 'lowest' ? 'ASC' : 'DESC'}`,
        limit: slots.top ?? 5,
        columns: [`params.${key.name}`],
      }),
    });
  },
};
