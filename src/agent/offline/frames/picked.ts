/** What holds of runs that are picked first: of the last five, of the ten best; and shares of all runs. */
import { compare, isSameField } from '../../../query/filter.ts';
import { STATUS } from '../../../query/kinds/run.ts';
import type { Query } from '../../../query/query.ts';
import { joinConditions } from '../conditions/conditions.ts';
import type { PlacedCondition, Reading, Slots } from '../slots.ts';
import { asking, type Frame, type Plan } from './frame.ts';
import { attribute, filterOf, isMetric, isStatus, measured, metricsOf, queryRuns, statisticOf } from './query-parts.ts';
import { rankedBy, rankQuery } from './rank.ts';

/** Runs whose ids a finding always holds. */
const MOST_RANKED = 10;
/** Runs that a tool lists where it is asked for so many. */
const MOST_LISTED = 1000;

/** How many of the newest are meant. */
function newestOf({ newest, superlatives: [superlative], top }: Slots): number | undefined {
  return newest ?? (superlative?.of === 'start_time' && superlative.order === 'highest' ? (top ?? 1) : undefined);
}

/** The newest runs, or the best by a metric. */
function pickQuery(slots: Slots): Query {
  const newest = newestOf(slots);
  if (newest !== undefined)
    return queryRuns('list', slots, { order: { end: 'highest', by: attribute('start_time') }, limit: newest });
  const [superlative = { order: 'best' } as const] = slots.superlatives;
  return rankQuery({ ...slots, top: slots.top ?? 1 }, superlative, rankedBy(slots));
}

/** What is asked of the runs that were picked. */
function askedQuery({ slots, marks }: Reading): Query {
  const [superlative] = slots.superlatives;
  const picked = { ...slots, conditions: [], window: undefined };
  if (slots.statistic !== undefined)
    return queryRuns('summarize', picked, { measure: measured(...metricsOf(slots)), aggregate: statisticOf(slots) });
  if (slots.asked.length === 0 && superlative) return rankQuery(picked, superlative, rankedBy(slots));
  return queryRuns('count' in marks ? 'count' : 'list', picked, { where: joinConditions(slots.asked) });
}

function planPicked(reading: Reading): Plan {
  const { slots } = reading;
  const newest = newestOf(slots);
  const runs = newest ?? slots.top ?? 1;
  const runsText = runs === 1 ? 'run' : `${runs} runs`;
  const end = slots.superlatives[0]?.order ?? 'best';
  const ties = slots.statistic === undefined ? ', with ties' : '';
  const where = slots.experiments.length === 0 ? ', over all experiments' : '';
  const picked =
    newest === undefined
      ? `the ${end} ${runsText} by ${rankedBy(slots)?.name ?? 'duration'}${ties}`
      : `the newest ${runsText} by start time, of any status${where}`;
  return {
    kind: 'queries',
    note: `Picked before: ${picked}.`,
    queries: [{ ...askedQuery(reading), from: pickQuery(slots) }],
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
}: Reading): { readonly part: PlacedCondition; readonly base: readonly PlacedCondition[] } | undefined {
  const rate = RATES[marks.share ?? ''];
  if (rate !== undefined) {
    const part: PlacedCondition = {
      filter: compare(STATUS, '=', rate),
      field: STATUS,
      place: 'predicate',
      joint: 'and',
    };
    return slots.conditions.some(({ field }) => isSameField(field, STATUS))
      ? undefined
      : { part, base: slots.conditions };
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

/** "finished", or "not finished". */
function isAboutFinished({ filter }: PlacedCondition): boolean {
  const inner = filter.op === 'not' ? filter.of : filter;
  return isStatus(inner.op === 'compare' ? { ...inner, comparator: '=' } : inner, 'FINISHED');
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
    return shares !== undefined && (reading.slots.window === undefined || !isAboutFinished(shares.part));
  },
  plan: (reading) => {
    const { slots } = reading;
    const shares = sharesOf(reading);
    if (!shares) throw new Error('a share without its condition');
    const { part, base } = shares;
    const whole = queryRuns('list', slots, { where: filterOf({ ...slots, conditions: [...base] }) });
    return asking(queryRuns('share', slots, { from: whole, where: part.filter }));
  },
};
