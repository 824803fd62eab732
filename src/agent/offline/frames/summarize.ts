/** Means, medians and their like, of everything or group by group. */

import type { End, Statistic } from '../../../query/query.ts';
import type { KeyRef, Reading, Slots } from '../slots.ts';
import { asking, type Frame } from './frame.ts';
import { groupOf, isMetric, measured, metricsOf, queryRuns, statisticOf } from './query-parts.ts';
import { rankQuery } from './rank.ts';

/** "which algorithm has the best mean accuracy?" groups by what is asked for. */
function groupedBy(slots: Slots): KeyRef | undefined {
  return groupOf(slots) ?? slots.keys.find((key) => key.role === 'which' && !isMetric(key) && key.name !== 'user');
}

const EXTREMES: Readonly<Record<End, Statistic | undefined>> = {
  highest: 'max',
  lowest: 'min',
  best: undefined,
  worst: undefined,
};

/** "which algorithm has the best accuracy?": the group that leads. Of "highest accuracy by algorithm" each one's highest is asked. */
function leadOf(slots: Slots): End | undefined {
  return groupOf(slots) ? undefined : slots.superlatives[0]?.order;
}

function summarizedBy(slots: Slots): Statistic | undefined {
  const [superlative] = leadOf(slots) ? [] : slots.superlatives;
  return statisticOf(slots) ?? (superlative && EXTREMES[superlative.order]);
}

/** What the best run used is asked of the run, what its group is called of the groups. */
function isGroupAsked(slots: Slots, nouns: Reading['nouns']): boolean {
  if (groupOf(slots)) return summarizedBy(slots) !== undefined;
  const isOne = slots.superlatives.length === 1 && slots.superlatives[0]?.of === undefined && slots.top === undefined;
  return groupedBy(slots) !== undefined && isOne && !nouns.includes('run') && !nouns.includes('config');
}

export const metricsSummarized: Frame = {
  name: 'summarize-metrics',
  answers:
    'mean, median, sum, spread of a metric; by experiment, param, tag, status, day, week or month; which group leads',
  examples: [
    "what's the average accuracy by algorithm?",
    'median training_loss in churn-prediction',
    'mean rag search latency per day since November 10',
    'sum of total_requests by region',
    'which algorithm has the best accuracy?',
  ],
  marks: ['quality', 'each', 'plot', 'compare', 'count'],
  nouns: ['run', 'value', 'metric', 'item', 'config'],
  slots: ['statistic', 'keys', 'experiments', 'everywhere', 'conditions', 'window', 'superlatives'],
  takesExperiments: 'several',
  fits: ({ slots, marks, nouns }: Reading) => {
    const group = groupedBy(slots);
    const isAsked = slots.statistic !== undefined || group !== undefined;
    return (
      metricsOf(slots).length > 0 &&
      isAsked &&
      slots.keys.every((key) => key === group || isMetric(key)) &&
      (slots.superlatives.length === 0 || isGroupAsked(slots, nouns)) &&
      (!('plot' in marks) || group !== undefined) &&
      (!('count' in marks) || slots.statistic === 'sum')
    );
  },
  plan: ({ slots }) => {
    const group = groupedBy(slots);
    const end = leadOf(slots);
    const summary = queryRuns('summarize', slots, {
      measure: measured(...metricsOf(slots)),
      aggregate: summarizedBy(slots),
      by: measured(group),
      ...(end !== undefined && { order: { end } }),
    });
    const [superlative] = slots.superlatives;
    // Where no run has the key, it was but a word for runs: "best model by accuracy".
    const isWord = end !== undefined && group?.name === 'model' && superlative !== undefined;
    const instead = isWord ? [rankQuery({ ...slots, top: 1 }, superlative, metricsOf(slots)[0])] : undefined;
    return { kind: 'queries', queries: [summary], instead };
  },
};

/** A metric and nothing asked of it: what it is like. */
export const bareMetric: Frame = {
  name: 'metric-overview',
  answers: 'what values a metric has',
  examples: ['accuracy in churn-prediction'],
  marks: ['quality'],
  nouns: ['run', 'value', 'metric'],
  slots: ['keys', 'experiments', 'everywhere', 'conditions', 'window'],
  takesExperiments: 'several',
  fits: ({ slots }) =>
    slots.keys.length > 0 && slots.keys.every((key) => key.kinds.includes('metric') && key.role !== 'by'),
  plan: ({ slots }) => asking(queryRuns('summarize', slots, { measure: measured(...metricsOf(slots)) })),
};
