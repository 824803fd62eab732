/** What holds of runs that are picked first: of the last five, of the ten best; and shares of all runs. */
import { joinConditions } from '../conditions.ts';
import type { Condition, Reading, Slots } from '../slots.ts';
import { statisticInput } from './compare.ts';
import { calls, type Frame, type Plan, type PlannedCall } from './frame.ts';
import { compact, experimentList, filterOf, isMetric, keyInput, metricsOf, oneExperiment } from './inputs.ts';
import { rankCall, rankedBy } from './rank.ts';

/** Runs whose ids a finding always holds. */
const MOST_RANKED = 10;
/** Runs that a tool lists where it is asked for so many. */
const MOST_LISTED = 100;

/** How many of the newest are meant. */
function newestOf({ newest, superlatives: [superlative], top }: Slots): number | undefined {
  return newest ?? (superlative?.of === 'start_time' && superlative.order === 'highest' ? (top ?? 1) : undefined);
}

/** The newest runs, or the best by a metric. */
function pickCall(slots: Slots): PlannedCall {
  const newest = newestOf(slots);
  if (newest === undefined) {
    const [superlative = { order: 'best' } as const] = slots.superlatives;
    return rankCall({ ...slots, top: slots.top ?? 1 }, superlative, rankedBy(slots));
  }
  const input = { experiment: experimentList(slots), filter: filterOf(slots), limit: newest };
  return { tool: 'find_runs', input: compact(input) };
}

/** What is asked of the runs that were picked. */
function askedCall({ slots, marks }: Reading): PlannedCall {
  const experiment = oneExperiment(slots);
  const [superlative] = slots.superlatives;
  if (slots.statistic !== undefined) {
    const input = { metrics: metricsOf(slots).map(keyInput), statistic: statisticInput(slots), experiment };
    return { tool: 'summarize_metrics', input: compact(input) };
  }
  if (slots.asked.length === 0 && superlative)
    return rankCall({ ...slots, conditions: [], window: undefined }, superlative, rankedBy(slots));
  const count_only = 'count' in marks || undefined;
  return { tool: 'find_runs', input: compact({ experiment, filter: joinConditions(slots.asked), count_only }) };
}

function planPicked(reading: Reading): Plan {
  const { slots } = reading;
  const newest = newestOf(slots);
  const runs = newest ?? slots.top ?? 1;
  const where = slots.experiments.length === 0 ? ', over all experiments' : '';
  const picked =
    newest === undefined
      ? `the first ${runs} by ${rankedBy(slots)?.name ?? 'that order'}`
      : `the ${runs} newest by start time, of any status${where}`;
  return {
    kind: 'calls',
    note: `Picked before: ${picked}.`,
    calls: [pickCall(slots)],
    chain: { ...askedCall(reading), fill: 'among', runs },
  };
}

export const pickedRuns: Frame = {
  name: 'picked-runs',
  answers: 'what holds of the last or the best few runs, their mean, and which of the last few is best',
  examples: [
    'how many of the last 10 runs failed?',
    'which of the last 5 runs had the best f1?',
    'which of the top 10 runs by f1 used random_forest?',
    'average f1 of the last 5 runs in churn-prediction',
  ],
  marks: ['count'],
  nouns: ['run', 'item', 'value', 'config', 'status'],
  slots: [
    'newest',
    'asked',
    'superlatives',
    'statistic',
    'top',
    'keys',
    'experiments',
    'everywhere',
    'conditions',
    'window',
    'direction',
  ],
  fits: ({ slots }) => {
    const { newest, asked, superlatives, statistic, top = 1, keys } = slots;
    if (statistic !== undefined) return asked.length === 0 && isOneFigure(slots);
    if (newest !== undefined)
      return asked.length > 0 ? superlatives.length === 0 && keys.length === 0 : isOneRanking(slots);
    return asked.length > 0 && isOneRanking(slots) && superlatives.length === 1 && top <= MOST_RANKED;
  },
  plan: planPicked,
};

/** One superlative by one metric and nothing else. */
function isOneRanking({ superlatives, keys, top }: Slots): boolean {
  const [only, ...others] = superlatives;
  const isMetric = keys.length === 1 && keys[0]?.kinds.includes('metric') === true;
  return only !== undefined && others.length === 0 && (isMetric || only.of === 'duration') && (top ?? 1) <= MOST_RANKED;
}

/** One metric of the last few, or of the best few by it: ties for the last place change nothing then. */
function isOneFigure({ superlatives, keys, newest, top }: Slots): boolean {
  const [only, ...others] = superlatives;
  const [key, ...more] = keys;
  const isNewest = newest !== undefined ? only === undefined : only?.of === 'start_time' && only.order === 'highest';
  const isBest = only?.of === undefined && top !== undefined && key?.kinds.includes('metric') === true;
  return (
    key !== undefined &&
    isMetric(key) &&
    more.length + others.length === 0 &&
    (isNewest || (only !== undefined && isBest)) &&
    (newest ?? top ?? 1) <= MOST_LISTED
  );
}

const RATES: Readonly<Record<string, string>> = {
  'failure rate': 'FAILED',
  'fail rate': 'FAILED',
  'rate of failure': 'FAILED',
  'success rate': 'FINISHED',
};

/** The condition whose share is asked for, and those that say of what: "of the adam runs", "that failed". */
function sharesOf({
  slots,
  marks,
}: Reading): { readonly part: Condition; readonly base: readonly Condition[] } | undefined {
  const rate = RATES[marks.share ?? ''];
  if (rate !== undefined) {
    const part: Condition = { text: `status = '${rate}'`, field: 'status', place: 'predicate', joint: 'and' };
    return slots.conditions.some(({ field }) => field === 'status') ? undefined : { part, base: slots.conditions };
  }
  for (const place of ['predicate', 'clause', 'adjective'] as const) {
    const parts = slots.conditions.filter((condition) => condition.place === place);
    const [part, ...more] = parts;
    if (part === undefined) continue;
    const base = slots.conditions.filter((condition) => condition !== part);
    const isPlain = more.length === 0 && slots.conditions.every(({ joint }) => joint === 'and');
    return isPlain && (place !== 'adjective' || base.length === 0) ? { part, base } : undefined;
  }
  return undefined;
}

export const shareOfRuns: Frame = {
  name: 'share-of-runs',
  answers: 'which share of the runs meets a condition, and whether all of them do',
  examples: [
    'what percentage of runs failed?',
    'failure rate in digits-mlp',
    'did all runs in fraud-detection-v1 finish?',
  ],
  marks: ['share', 'count'],
  nouns: ['run', 'status'],
  slots: ['conditions', 'experiments', 'everywhere', 'window'],
  takesExperiments: 'several',
  fits: (reading) => {
    const shares = 'share' in reading.marks ? sharesOf(reading) : undefined;
    // "what percentage finished yesterday" speaks of two times.
    return shares !== undefined && (reading.slots.window === undefined || !shares.part.text.includes("'FINISHED'"));
  },
  plan: (reading) => {
    const { slots } = reading;
    const shares = sharesOf(reading);
    if (!shares) throw new Error('a share without its condition');
    const { part, base } = shares;
    return calls({
      tool: 'find_runs',
      input: compact({
        experiment: experimentList(slots),
        filter: filterOf({ ...slots, conditions: [...base, part] }),
        share_of: filterOf({ ...slots, conditions: [...base] }) ?? '',
        count_only: true,
      }),
    });
  },
};
