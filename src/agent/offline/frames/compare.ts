/** Runs, experiments or settings side by side. */
import { isSameField } from '../../../query/filter.ts';
import type { FieldName, Measure, Query, QueryOrder } from '../../../query/query.ts';
import { isEquality } from '../conditions/conditions.ts';
import type { Reading, Slots } from '../slots.ts';
import { asking, type Frame, type Plan } from './frame.ts';
import {
  attribute,
  filterOf,
  isMetric,
  isNamedTwice,
  measured,
  metricsOf,
  nameOf,
  queryRuns,
  runsOf,
  statisticOf,
} from './query-parts.ts';
import { rankedBy, rankQuery } from './rank.ts';

const isComparing = ({ marks, slots }: Reading): boolean =>
  'compare' in marks || 'differ' in marks || slots.comparative !== undefined;

function measuresOf({ slots }: Reading): Measure[] {
  const metrics = measured(...metricsOf(slots));
  return metrics.length === 0 && slots.comparative?.of ? [attribute(slots.comparative.of)] : metrics;
}

/** "what params changed?" compares nothing else. */
function columnsOf({ nouns }: Reading): FieldName[] {
  const kinds = (['param', 'metric', 'tag'] as const).filter((noun) => nouns.includes(noun));
  return kinds.length === 1 ? [{ kinds }] : [];
}

/** "which took longer?" asks for an end, "which is better?" for the better one. */
function orderOf({ comparative, superlatives }: Slots): QueryOrder | undefined {
  const end =
    comparative?.order ??
    (superlatives.length === 1 && superlatives[0]?.of === undefined ? superlatives[0]?.order : undefined);
  return end === 'highest' || end === 'lowest' ? { end } : undefined;
}

/** "the last 3": newest by start. */
function lastCount({ superlatives, top }: Slots): number | undefined {
  return superlatives.length === 1 && superlatives[0]?.of === 'start_time' && superlatives[0].order === 'highest'
    ? (top ?? 2)
    : undefined;
}

function planRuns(reading: Reading): Plan {
  const { slots } = reading;
  const columns = columnsOf(reading);
  const output = columns.length > 0 ? { output: { columns } } : {};
  const order = orderOf(slots);
  const asked = { measure: measuresOf(reading), ...(order && { order }), ...output };
  if (slots.runs.length > 0) return asking(queryRuns('compare', slots, { from: runsOf(slots, slots.runs), ...asked }));
  const last = lastCount(slots);
  if (last !== undefined) {
    const newest = queryRuns('list', slots, { order: { end: 'highest', by: attribute('start_time') }, limit: last });
    return asking(queryRuns('compare', slots, { from: newest, where: undefined, ...asked }));
  }
  const [superlative] = slots.superlatives;
  if (superlative === undefined) return asking();
  const by = rankedBy(slots);
  const from = rankQuery({ ...slots, top: slots.top ?? 3 }, superlative, by);
  const measure = measuresOf({ ...reading, slots: { ...slots, keys: slots.keys.filter((key) => key !== by) } });
  const compared: Query = { verb: 'compare', from, measure, by: [], ...output };
  return asking(compared);
}

export const runsCompared: Frame = {
  name: 'compare-runs',
  answers: 'what differs between runs, and which is better',
  examples: [
    'compare the last 3 runs',
    'which is better on accuracy, run-015 or run-016?',
    'what changed between the last two runs?',
  ],
  marks: ['compare', 'differ', 'details', 'available'],
  nouns: ['run', 'metric', 'param', 'tag', 'value', 'config', 'item'],
  slots: ['runs', 'comparative', 'keys', 'experiments', 'superlatives', 'top', 'conditions', 'window', 'everywhere'],
  fits: (reading) => {
    const { runs, superlatives, keys } = reading.slots;
    if (!keys.every(isMetric) || isNamedTwice(reading.slots)) return false;
    // "which of A, B and C has the best f1?" compares too.
    if (runs.length > 1) return isComparing(reading) || superlatives.length === 1;
    return isComparing(reading) && runs.length === 0 && superlatives.length === 1;
  },
  plan: planRuns,
};

export const compareExperiments: Frame = {
  name: 'compare-experiments',
  answers: 'a metric of several experiments side by side',
  examples: ['compare the mean recall of fraud-detection-v1 and fraud-detection-v2'],
  marks: ['compare', 'differ'],
  nouns: ['experiment', 'run', 'metric', 'value'],
  slots: ['experiments', 'keys', 'statistic', 'comparative', 'conditions', 'window'],
  takesExperiments: 'several',
  fits: ({ slots }) => slots.experiments.length > 1 && slots.keys.length > 0 && slots.keys.every(isMetric),
  plan: ({ slots }) =>
    asking(queryRuns('summarize', slots, { measure: measured(...metricsOf(slots)), aggregate: statisticOf(slots) })),
};

/** "compare xgboost and random_forest on accuracy": two values of one key, grouped by it. */
export const compareValues: Frame = {
  name: 'compare-values',
  answers: 'a metric for several values of one param or tag',
  examples: ['compare random_forest and logistic_regression on accuracy'],
  marks: ['compare', 'differ'],
  nouns: ['run', 'value', 'param', 'config'],
  slots: ['conditions', 'keys', 'experiments', 'statistic', 'comparative', 'window'],
  takesExperiments: 'several',
  fits: (reading) =>
    sharedFields(reading.slots).length > 0 && reading.slots.keys.length > 0 && reading.slots.keys.every(isMetric),
  plan: ({ slots }) => {
    const conditions = slots.conditions.map((condition) => ({ ...condition, joint: 'or' as const }));
    return asking(
      queryRuns('summarize', slots, {
        where: filterOf({ ...slots, conditions }),
        measure: measured(...metricsOf(slots)),
        aggregate: statisticOf(slots),
        by: sharedFields(slots),
      }),
    );
  },
};

/** "find the baseline runs and compare their accuracy": all runs that meet a condition, by a metric. */
export const compareSelected: Frame = {
  name: 'compare-selected',
  answers: 'a metric of all runs that meet a condition, summed up and one by one',
  examples: ['compare the accuracy of the runs tagged stage=baseline'],
  marks: ['compare'],
  nouns: ['run', 'value', 'config'],
  slots: ['conditions', 'keys', 'experiments', 'window'],
  takesExperiments: 'several',
  fits: ({ slots }) =>
    slots.conditions.length > 0 && slots.keys.length > 0 && slots.keys.every((key) => key.kinds[0] === 'metric'),
  plan: ({ slots }) => {
    const metrics = measured(...metricsOf(slots));
    const [first] = slots.keys;
    const order: QueryOrder | undefined = first?.exact === true ? { end: 'highest', by: nameOf(first) } : undefined;
    return asking(
      queryRuns('summarize', slots, { measure: metrics }),
      queryRuns('list', slots, { output: { columns: metrics }, ...(order && { order }), limit: 10 }),
    );
  },
};

/** The one param or tag that all conditions give a value of. */
function sharedFields({ conditions }: Slots): FieldName[] {
  const [first, ...others] = conditions;
  if (first === undefined || others.length === 0) return [];
  const { field } = first;
  const isShared =
    (field.kind === 'param' || field.kind === 'tag') &&
    conditions.every((condition) => isSameField(condition.field, field) && isEquality(condition));
  return isShared ? [{ kinds: [field.kind], key: field.key }] : [];
}
