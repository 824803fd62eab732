/** Runs found, counted and looked at one by one. */

import type { Query } from '../../../query/query.ts';
import type { Mark } from '../meanings.ts';
import type { KeyRef, Reading } from '../slots.ts';
import { asking, type Frame } from './frame.ts';
import { askedOf, attribute, filterOf, groupOf, isMetric, measured, nameOf, queryRuns, runsOf } from './query-parts.ts';

function hasPopulation({ slots, nouns }: Reading): boolean {
  return (
    nouns.includes('run') || slots.conditions.length > 0 || slots.window !== undefined || slots.lifecycle !== undefined
  );
}

/** "per user", "which user has the most runs?", "which algorithms were used?": the key whose values are counted. */
function countedBy({ slots, marks, nouns }: Reading): KeyRef | undefined {
  const [only] = slots.keys;
  if ('count' in marks || (nouns.includes('run') && only?.role === 'by')) return groupOf(slots);
  const isOne = slots.keys.length === 1 && only !== undefined && !isMetric(only) && only.role !== 'with';
  if (slots.superlatives.length > 0) return isOne && nouns.includes('run') && only.role === 'which' ? only : undefined;
  return isOne && (only.name === 'user' || only.kinds.every((kind) => kind === 'param' || kind === 'tag'))
    ? only
    : undefined;
}

/** "least used algorithm", "which user has the most runs?" */
function countOrder({ slots, marks }: Reading): 'highest' | 'lowest' | undefined {
  if ('rare' in marks || slots.superlatives.some(({ order }) => order === 'lowest')) return 'lowest';
  const isMost = /^most /u.test(marks.available ?? '') || slots.superlatives.length > 0;
  return isMost ? 'highest' : undefined;
}

export const runsCounted: Frame = {
  name: 'count-runs',
  answers: 'how many runs there are, with any filter; how many per value of a param, tag, status, day, week or month',
  examples: [
    'how many runs failed this month?',
    'number of runs with accuracy above 0.9',
    'how many runs per algorithm?',
    'which algorithms were used?',
    'least used algorithm',
  ],
  marks: ['count', 'available', 'rare', 'each'],
  nouns: ['run', 'status', 'value', 'param', 'tag'],
  slots: ['experiments', 'everywhere', 'lifecycle', 'conditions', 'window', 'keys', 'superlatives'],
  takesExperiments: 'several',
  fits: (reading) => {
    const { slots, marks } = reading;
    const group = countedBy(reading);
    if (slots.superlatives.some(({ of, order }) => of !== undefined || !['highest', 'lowest'].includes(order)))
      return false;
    if (group) return slots.keys.every((key) => key === group || key.role === 'with');
    return (
      'count' in marks &&
      slots.superlatives.length === 0 &&
      hasPopulation(reading) &&
      slots.keys.every((key) => key.role === 'with')
    );
  },
  plan: (reading) => {
    const { slots } = reading;
    const group = countedBy(reading);
    const keys = slots.keys.filter((key) => key !== group);
    const end = group && countOrder(reading);
    return asking(
      queryRuns('count', slots, {
        where: filterOf(slots, keys),
        by: measured(group),
        ...(end !== undefined && { order: { end } }),
      }),
    );
  },
};

/** "is my run okay?": what is asked of the runs is not there, and a list of all of them answers nothing. */
function isUnaskable({ question, slots }: Reading): boolean {
  const isYesNo = /^\s*(?:is|are|was|were|did|do|does|has|have|will|can)\b/iu.test(question);
  const isFiltered = slots.conditions.length > 0 || slots.window !== undefined || slots.keys.length > 0;
  return isYesNo && !isFiltered && slots.lifecycle === undefined && !/\b(?:there|any)\b/iu.test(question);
}

export const runsFound: Frame = {
  name: 'find-runs',
  answers: 'which runs meet conditions on metrics, params, tags, status, time; which are nested in another',
  examples: [
    'which runs failed?',
    'runs with accuracy > 0.78',
    'runs from this week with algorithm random_forest',
    'children of "sweep random forest"',
  ],
  marks: ['recent'],
  nouns: ['run', 'status', 'value', 'item', 'config'],
  slots: ['experiments', 'everywhere', 'lifecycle', 'conditions', 'window', 'keys', 'top', 'superlatives'],
  takesExperiments: 'several',
  fits: (reading) =>
    hasPopulation(reading) &&
    !isUnaskable(reading) &&
    // "error rate in us" asks for a figure, not for a list.
    (reading.nouns.includes('run') || !reading.slots.keys.some((key) => key.role === 'plain' && isMetric(key))) &&
    reading.slots.superlatives.every(({ of }) => of === 'start_time') &&
    reading.slots.keys.every((key) => key.role !== 'by' && key.role !== 'which'),
  plan: ({ slots }) => {
    const [superlative] = slots.superlatives;
    const columns = slots.keys.filter((key) => key.role === 'plain').map(nameOf);
    const limit = slots.top ?? (superlative ? 1 : undefined);
    const oldest = { end: 'lowest', by: attribute('start_time') } as const;
    return asking(
      queryRuns('list', slots, {
        where: filterOf(slots, slots.keys),
        ...(superlative?.order === 'lowest' && { order: oldest }),
        ...(limit !== undefined && { limit }),
        ...(columns.length > 0 && { output: { columns } }),
      }),
    );
  },
};

export const runShown: Frame = {
  name: 'get-run',
  answers: 'what one run logged: a metric, a param, its duration, status, everything',
  examples: ['what is the accuracy of run-017?', 'how long did run-042 take?', 'details of run 17'],
  marks: ['quality', 'details', 'count', 'available', 'each', 'compare', 'differ'],
  nouns: ['run', 'metric', 'param', 'tag', 'value', 'status', 'dataset', 'config'],
  slots: ['runs', 'keys', 'experiments', 'conditions'],
  fits: ({ slots, marks }) =>
    slots.runs.length > 0 &&
    slots.runs.length <= 5 &&
    slots.conditions.every(({ field }) => field.kind === 'attribute' && field.key === 'status') &&
    (slots.keys.length > 0 || !['count', 'compare', 'differ'].some((mark) => (mark as Mark) in marks)),
  plan: (reading) => {
    const { slots } = reading;
    const keys = askedOf(reading);
    // "when did it finish?" reads as a time and a status.
    const isEnd = keys.some(({ key }) => key === 'start_time') && slots.conditions.length > 0;
    const asked = isEnd ? keys.map((one) => (one.key === 'start_time' ? attribute('end_time') : one)) : keys;
    const measure = slots.conditions.length > 0 && !isEnd ? [...asked, attribute('status')] : asked;
    const detail = (run: string): Query =>
      queryRuns('detail', slots, { from: runsOf(slots, [run]), where: undefined, measure });
    return asking(...slots.runs.map(detail));
  },
};
