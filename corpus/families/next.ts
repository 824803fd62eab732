/** What is asked after an answer: an edit of the question before, or something of what it found. */
import type { IntentMeasure, IntentQuery } from '../intent.ts';
import { keyCondition, measureOf, named, orders, valueCondition } from '../parts.ts';
import type { Random } from '../random.ts';
import type { Schema } from '../schema.ts';
import { answer, curves, type Draft, directed, groupKeys, runs } from './draft.ts';

/** What may be asked next, given what was asked before. */
export type Next = (schema: Schema, random: Random, before: IntentQuery) => Draft | undefined;

/** Of experiments hardly anything is asked on. */
const isOfRuns = ({ from }: IntentQuery): boolean => !('kind' in from) || from.kind === 'run';

const isMetric = ({ kinds }: IntentMeasure) => kinds[0] === 'metric';

const otherMetric: Next = (schema, random, before) => {
  const [measure] = before.measure;
  const others = directed(schema).filter(({ key }) => key !== measure?.key);
  const other = random.pick(others);
  if (measure === undefined || other === undefined || !isMetric(measure) || measure.point !== undefined)
    return undefined;
  return answer({ ...before, measure: [measureOf(other.key)] }, `the same, but metric ${other.key}`);
};

const otherScope: Next = (schema, random, before) => {
  if (!('kind' in before.from) || before.from.kind !== 'run' || before.from.scope.named) return undefined;
  const experiment = random.pick(
    schema.experiments.filter(
      (name) => before.from && 'scope' in before.from && name !== before.from.scope.experiments?.[0],
    ),
  );
  if (experiment === undefined) return undefined;
  return answer(
    { ...before, from: runs({ experiments: [experiment] }) },
    `the same, but in experiment "${experiment}"`,
  );
};

const narrowed: Next = (schema, random, before) => {
  if (!['rank', 'list', 'count', 'summarize'].includes(before.verb) || !isOfRuns(before)) return undefined;
  const more = keyCondition(schema, random);
  const where = before.where === undefined ? more.value : { op: 'and' as const, of: [before.where, more.value] };
  return answer({ ...before, where }, `the same, but only those with: ${more.card}`);
};

const without: Next = (schema, random, before) => {
  if (!['rank', 'list', 'count', 'summarize'].includes(before.verb) || !isOfRuns(before)) return undefined;
  const less = valueCondition(schema, random);
  const not = { op: 'not' as const, of: less.value };
  const where = before.where === undefined ? not : { op: 'and' as const, of: [before.where, not] };
  return answer({ ...before, where }, `the same, leaving out those with: ${less.card}`);
};

const counted: Next = (_schema, _random, before) =>
  before.verb === 'list' ? answer({ ...before, verb: 'count' }, 'how many these are') : undefined;

const firstOfThem: Next = (schema, random, before) => {
  const metric = random.pick(directed(schema));
  if (before.verb !== 'list' || metric === undefined || !isOfRuns(before)) return undefined;
  const { order, card } = orders(metric, random);
  return answer(
    { verb: 'rank', from: before, measure: [measureOf(metric.key)], order },
    `of these the one run ${card}`,
  );
};

const nextPlace: Next = (_schema, _random, before) =>
  before.verb === 'rank' && before.limit === undefined && before.by.length === 0 && before.place === undefined
    ? answer({ ...before, place: 2 }, 'the one at place 2')
    : undefined;

const otherEnd: Next = (_schema, _random, before) => {
  const turned = { best: 'worst', worst: 'best', highest: 'lowest', lowest: 'highest' } as const;
  if (before.verb !== 'rank' || before.order === undefined) return undefined;
  return answer(
    { ...before, order: { ...before.order, end: turned[before.order.end] } },
    'the other end of the same order',
  );
};

const more: Next = (_schema, _random, before) =>
  before.verb === 'rank' && before.limit !== undefined
    ? answer({ ...before, output: { ...before.output, rows: 'next' } }, 'the next ones of the same list')
    : undefined;

const columns: Next = (schema, random, before) => {
  if (!['rank', 'list'].includes(before.verb) || !isOfRuns(before)) return undefined;
  const shown = random.some(schema.params, random.pick([1, 2]));
  return answer(
    { ...before, output: { columns: shown.map(({ key }) => named('param', key)) } },
    `the same list, beside it param ${shown.map(({ key }) => key).join(', ')}`,
  );
};

const sideBySide: Next = (_schema, _random, before) =>
  before.verb === 'rank' && before.limit !== undefined && before.limit <= 5
    ? answer({ verb: 'compare', from: before }, 'these side by side, differences')
    : undefined;

const ofIt: Next = (schema, random, before) => {
  if (before.verb !== 'rank' || before.limit !== undefined || before.by.length > 0) return undefined;
  const param = random.pick(schema.params);
  const curve = random.pick(curves(schema));
  if (curve !== undefined && random.chance(0.4))
    return answer(
      { verb: 'history', from: before, measure: [measureOf(curve.key)] },
      `of that run: curve, drawn, metric ${curve.key}`,
    );
  return answer(
    { verb: 'detail', from: before, measure: [{ kinds: ['param'], key: param.key }] },
    `of that run: param ${param.key}`,
  );
};

const grouped: Next = (schema, random, before) => {
  const [group] = random.some(groupKeys(schema), 1);
  if (group === undefined || !['count', 'summarize'].includes(before.verb) || before.by.length > 0) return undefined;
  return answer({ ...before, by: [named(group.kind, group.key)] }, `the same, per value of ${group.kind} ${group.key}`);
};

const saved: Next = (_schema, random, before) =>
  ['rank', 'list', 'compare'].includes(before.verb)
    ? answer(
        { verb: 'export', from: before, output: { file: random.pick(['csv', 'results.csv']) } },
        'this as csv file',
      )
    : undefined;

export const NEXT: readonly Next[] = [
  otherMetric,
  otherMetric,
  otherScope,
  narrowed,
  narrowed,
  without,
  counted,
  firstOfThem,
  nextPlace,
  otherEnd,
  more,
  columns,
  sideBySide,
  ofIt,
  ofIt,
  grouped,
  saved,
];
