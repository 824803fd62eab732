/** Runs, experiments or settings side by side. */
import { isEquality } from '../conditions.ts';
import type { Reading, Slots } from '../slots.ts';
import { calls, type Frame, type Plan } from './frame.ts';
import { compact, experimentList, filterOf, isMetric, keyField, keyInput, metricsOf, oneExperiment } from './inputs.ts';
import { rankCall, rankedBy } from './rank.ts';

const isComparing = ({ marks, slots }: Reading): boolean =>
  'compare' in marks || 'differ' in marks || slots.comparative !== undefined;

function metricInputs({ slots }: Reading): string[] | undefined {
  const metrics = metricsOf(slots).map(keyInput);
  if (metrics.length === 0 && slots.comparative?.of) return [`attributes.${slots.comparative.of}`];
  return metrics.length > 0 ? metrics : undefined;
}

function onlyInput({ nouns }: Reading): string | undefined {
  const kinds = (['param', 'metric', 'tag'] as const).filter((noun) => nouns.includes(noun));
  return kinds.length === 1 ? `${kinds[0]}s` : undefined;
}

/** "which took longer?" asks for an end, "which is better?" for the better one. */
function endOf({ comparative, superlatives }: Slots): 'higher' | 'lower' | undefined {
  const order =
    comparative?.order ??
    (superlatives.length === 1 && superlatives[0]?.of === undefined ? superlatives[0]?.order : undefined);
  if (order === 'highest') return 'higher';
  return order === 'lowest' ? 'lower' : undefined;
}

/** "the last 3": newest by start. */
function lastCount({ superlatives, top }: Slots): number | undefined {
  return superlatives.length === 1 && superlatives[0]?.of === 'start_time' && superlatives[0].order === 'highest'
    ? (top ?? 2)
    : undefined;
}

function planRuns(reading: Reading): Plan {
  const { slots } = reading;
  const common = {
    metrics: metricInputs(reading),
    end: endOf(slots),
    only: onlyInput(reading),
    experiment: oneExperiment(slots),
  };
  if (slots.runs.length > 0) return calls({ tool: 'compare_runs', input: compact({ runs: slots.runs, ...common }) });
  const last = lastCount(slots);
  if (last !== undefined)
    return calls({ tool: 'compare_runs', input: compact({ last, filter: filterOf(slots), ...common }) });
  const [superlative] = slots.superlatives;
  const ranked = superlative ? [rankCall({ ...slots, top: slots.top ?? 3 }, superlative, rankedBy(slots))] : [];
  return {
    kind: 'calls',
    calls: ranked,
    chain: {
      tool: 'compare_runs',
      input: compact({ only: common.only }),
      fill: 'runs',
      runs: slots.top ?? 3,
      least: 2,
    },
  };
}

export const compareRuns: Frame = {
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
    if (!keys.every(isMetric)) return false;
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
    calls({
      tool: 'summarize_metrics',
      input: compact({
        metrics: metricsOf(slots).map(keyInput),
        statistic: statisticInput(slots),
        experiment: experimentList(slots),
        filter: filterOf(slots),
      }),
    }),
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
    sharedField(reading.slots) !== undefined && reading.slots.keys.length > 0 && reading.slots.keys.every(isMetric),
  plan: ({ slots }) => {
    const conditions = slots.conditions.map((condition) => ({ ...condition, joint: 'or' as const }));
    const filter = filterOf({ ...slots, conditions });
    return calls({
      tool: 'summarize_metrics',
      input: compact({
        metrics: metricsOf(slots).map(keyInput),
        statistic: statisticInput(slots),
        group_by: sharedField(slots)?.replaceAll('`', ''),
        experiment: experimentList(slots),
        filter,
      }),
    });
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
    const metrics = metricsOf(slots).map(keyInput);
    const common = { experiment: experimentList(slots), filter: filterOf(slots) };
    const [first] = slots.keys;
    const order = first?.exact === true ? `${keyField(first)} DESC` : undefined;
    return calls(
      { tool: 'summarize_metrics', input: compact({ metrics, ...common }) },
      { tool: 'find_runs', input: compact({ ...common, columns: metrics, order_by: order, limit: 10 }) },
    );
  },
};

/** The one param or tag that all conditions give a value of. */
function sharedField({ conditions }: Slots): string | undefined {
  const fields = new Set(conditions.map(({ field }) => field));
  const [field] = fields;
  return conditions.length > 1 &&
    fields.size === 1 &&
    /^(?:params|tags)\./u.test(field ?? '') &&
    conditions.every(isEquality)
    ? field
    : undefined;
}

export function statisticInput({ statistic }: Slots): string | undefined {
  return statistic === 'all' ? undefined : statistic;
}
