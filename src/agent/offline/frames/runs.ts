/** Runs found, counted and looked at one by one. */
import type { Mark } from '../meanings.ts';
import type { Reading } from '../reading.ts';
import { calls, type Frame } from './frame.ts';
import { askedKeys, compact, experimentList, filterOf, groupOf, keyInput, oneExperiment } from './inputs.ts';

function hasPopulation({ slots, nouns }: Reading): boolean {
  return nouns.has('run') || slots.conditions.length > 0 || slots.window !== undefined || slots.lifecycle !== undefined;
}

export const countRuns: Frame = {
  name: 'count-runs',
  answers: 'how many runs there are, with any filter',
  examples: [
    'how many runs failed this month?',
    'number of runs with accuracy above 0.9',
    'how many runs per algorithm?',
  ],
  marks: ['count', 'available'],
  nouns: ['run', 'status', 'value'],
  slots: ['experiments', 'everywhere', 'lifecycle', 'conditions', 'window', 'keys'],
  fits: (reading) =>
    reading.marks.has('count') &&
    hasPopulation(reading) &&
    reading.slots.keys.every((key) => key.role !== 'plain' && key.role !== 'which'),
  plan: ({ slots }) => {
    const group = groupOf(slots);
    return calls({
      tool: 'find_runs',
      input: compact({
        experiment: experimentList(slots),
        filter: filterOf(slots, slots.keys),
        lifecycle: slots.lifecycle,
        count_only: true,
        count_by: group && keyInput(group),
      }),
    });
  },
};

export const findRuns: Frame = {
  name: 'find-runs',
  answers: 'which runs meet conditions on metrics, params, tags, status, time',
  examples: ['which runs failed?', 'runs with rmse < 5.34', 'runs from this week with optimizer adam'],
  marks: ['recent'],
  nouns: ['run', 'status', 'value', 'item', 'config'],
  slots: ['experiments', 'everywhere', 'lifecycle', 'conditions', 'window', 'keys', 'top', 'superlatives'],
  fits: (reading) =>
    hasPopulation(reading) &&
    reading.slots.superlatives.every(({ of }) => of === 'start_time') &&
    reading.slots.keys.every((key) => key.role !== 'by' && key.role !== 'which'),
  plan: ({ slots }) => {
    const [superlative] = slots.superlatives;
    const columns = slots.keys.filter((key) => key.role === 'plain').map(keyInput);
    return calls({
      tool: 'find_runs',
      input: compact({
        experiment: experimentList(slots),
        filter: filterOf(slots, slots.keys),
        lifecycle: slots.lifecycle,
        order_by: superlative?.order === 'lowest' ? 'attributes.start_time ASC' : undefined,
        limit: slots.top ?? (superlative ? 1 : undefined),
        columns: columns.length > 0 ? columns : undefined,
      }),
    });
  },
};

export const getRun: Frame = {
  name: 'get-run',
  answers: 'what one run logged: a metric, a param, its duration, status, everything',
  examples: ['what is the accuracy of run-017?', 'how long did run-042 take?', 'details of run 17'],
  marks: ['details', 'count', 'available', 'each', 'compare', 'differ'],
  nouns: ['run', 'metric', 'param', 'tag', 'value', 'status', 'dataset', 'config'],
  slots: ['runs', 'keys', 'experiments', 'conditions'],
  fits: ({ slots, marks }) =>
    slots.runs.length > 0 &&
    slots.runs.length <= 5 &&
    slots.conditions.every(({ field }) => field === 'status') &&
    (slots.keys.length > 0 || !['count', 'compare', 'differ'].some((mark) => marks.has(mark as Mark))),
  plan: (reading) => {
    const { slots } = reading;
    const keys = askedKeys(reading);
    // "when did it finish?" reads as a time and a status.
    const isEnd = keys.includes('start_time') && slots.conditions.length > 0;
    const asked = isEnd ? keys.map((key) => (key === 'start_time' ? 'end_time' : key)) : keys;
    const all = slots.conditions.length > 0 && !isEnd ? [...asked, 'status'] : asked;
    return calls(
      ...slots.runs.map((run) => ({
        tool: 'get_run',
        input: compact({ run, keys: all.length > 0 ? all : undefined, experiment: oneExperiment(slots) }),
      })),
    );
  },
};
