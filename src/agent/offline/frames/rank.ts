/** The best, worst, longest, newest; and what those runs logged. */

import { allOf, hasField } from '../../../query/filter.ts';
import type { Query } from '../../../query/query.ts';
import type { KeyRef, Reading, Slots, Superlative } from '../slots.ts';
import { asking, type Frame, type Plan } from './frame.ts';
import {
  askedOf,
  attribute,
  filterOf,
  groupOf,
  isMetric,
  keyField,
  measured,
  metricsOf,
  nameOf,
  queryRuns,
} from './query-parts.ts';

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

/** Runs in an order, by a metric or by their own time. */
export function rankQuery(slots: Slots, superlative: Superlative, metric: KeyRef | undefined): Query {
  const own = superlative.of && !metric ? [attribute(superlative.of)] : [];
  return queryRuns('rank', slots, {
    measure: metric ? measured(metric) : own,
    order: { end: superlative.order, ...(slots.direction !== undefined && { direction: slots.direction }) },
    ...(slots.top !== undefined && { limit: slots.top }),
    ...(slots.place !== undefined && { place: slots.place }),
  });
}

function planRank(reading: Reading): Plan {
  const { slots } = reading;
  const isByStart = slots.superlatives.some(({ of }) => of === 'start_time');
  const metric = isByStart ? undefined : rankedBy(slots);
  const asked = askedOf(reading, metric ? [metric] : []);
  // What is asked about the best run needs no list of the others.
  const ranking = asked.length === 0 ? slots : { ...slots, top: slots.top ?? 1 };
  const ranked = slots.superlatives.map((superlative) => rankQuery(ranking, superlative, metric));
  if (asked.length === 0) return asking(...ranked);
  return asking(...ranked.map((from): Query => ({ verb: 'detail', from, measure: asked, by: [] })));
}

function canRank(reading: Reading): boolean {
  const { slots, marks, nouns } = reading;
  const { superlatives, keys, conditions } = slots;
  const [first] = superlatives;
  // "highest accuracy and lowest f1" are two questions.
  const isPair = superlatives.length === 2 && keys.length < 2 && superlatives.every(({ of }) => of !== 'start_time');
  // What the runner-up used would be asked of the best.
  if (slots.place !== undefined && (askedOf(reading, keys).length > 0 || keys.length > 1)) return false;
  if (!first || (superlatives.length > 1 && !isPair) || groupOf(slots)) return false;
  if ('count' in marks && !('shared' in marks) && conditions.length > 0) return false;
  const metric = rankedBy(slots);
  // "quickest run by accuracy" is neither the quickest nor the most accurate.
  if (first.of === 'duration' && metric) return TIME_LIKE.test(metric.name);
  // "which algorithm is slowest" asks for a group, not for a run.
  return first.of !== 'duration' || keys.length === 0 || nouns.includes('run');
}

export const runsRanked: Frame = {
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
    const by = { ...key, kinds: ['param' as const] };
    return asking(
      queryRuns('list', slots, {
        where: allOf(filterOf(slots), hasField(keyField(by))),
        order: { end: slots.superlatives[0]?.order === 'lowest' ? 'lowest' : 'highest', by: nameOf(by) },
        limit: slots.top ?? 5,
        output: { columns: [nameOf(by)] },
      }),
    );
  },
};
