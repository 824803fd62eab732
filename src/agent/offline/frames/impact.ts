/** What goes along with a metric: which parameters matter, and whether two quantities move together. */
import type { Measure } from '../../../query/query.ts';
import type { KeyRef, Slots } from '../slots.ts';
import { asking, type Frame } from './frame.ts';
import { isMetric, measured, nameOf, queryRuns } from './query-parts.ts';

/** The metric that the others are held against: what is only a metric before what is also a param. */
function targetOf({ keys }: Slots): KeyRef | undefined {
  const metrics = keys.filter(isMetric);
  return metrics.findLast((key) => !key.kinds.includes('param')) ?? metrics.at(-1);
}

/** Where none is named: the experiment's own. */
const ANY_METRIC: Measure = { kinds: ['metric'] };

export const parameterImpact: Frame = {
  name: 'parameter-impact',
  answers: 'which parameters matter for a metric, beyond what chance produces',
  examples: ['which parameters matter most for f1?', 'does learning_rate influence accuracy?'],
  marks: ['impact', 'differ', 'count', 'plot'],
  nouns: ['param', 'run', 'value', 'metric', 'config'],
  slots: ['keys', 'experiments', 'everywhere', 'conditions', 'window', 'superlatives', 'top'],
  // "explain accuracy" asks what the word means.
  fits: ({ marks, slots, nouns }) =>
    ('impact' in marks && (marks.impact !== 'explain' || nouns.includes('param') || !slots.keys.every(isMetric))) ||
    ('differ' in marks && slots.keys.some((key) => !isMetric(key)) && slots.keys.some(isMetric)),
  plan: ({ slots }) => {
    const target = targetOf(slots);
    const params = slots.keys.filter((key) => key !== target);
    return asking(
      queryRuns('impact', slots, { measure: [target ? nameOf(target) : ANY_METRIC, ...measured(...params)] }),
    );
  },
};

export const correlation: Frame = {
  name: 'correlation',
  answers: 'whether two metrics or params move together (Pearson and Spearman)',
  examples: ['does learning rate correlate with accuracy?', 'correlation between accuracy and auc_roc'],
  marks: ['correlate', 'plot', 'compare'],
  nouns: ['param', 'run', 'value', 'metric'],
  slots: ['keys', 'experiments', 'everywhere', 'conditions', 'window', 'superlatives'],
  fits: ({ marks, slots }) => {
    const isScatter = 'plot' in marks && slots.keys.length === 2 && !slots.keys.every(isMetric);
    return (
      ('correlate' in marks && slots.keys.length > 0 && slots.keys.length <= 2) || (isScatter && 'compare' in marks)
    );
  },
  plan: ({ slots }) => {
    const target = targetOf(slots) ?? slots.keys[0];
    const other = slots.keys.find((key) => key !== target);
    return asking(queryRuns('correlate', slots, { measure: measured(target, other) }));
  },
};
