/** Runs in an order: the best, the next, what they used, how far apart. */
import type { IntentMeasure, IntentQuery } from '../intent.ts';
import { END_CARDS, measureOf, named, orders, scopes } from '../parts.ts';
import { answer, directed, type Family, groupKeys, populations, runs, some } from './draft.ts';

export const best: Family = (schema, random) => {
  const metric = random.pick(directed(schema));
  if (metric === undefined) return undefined;
  const { order, card } = orders(metric, random);
  const population = populations(schema, random);
  const where = some(schema, random, 0.35);
  const base = { verb: 'rank', from: population.from, where: where?.value, measure: [measureOf(metric.key)] } as const;
  const place = random.chance(0.1) ? random.pick([2, 3, 4]) : undefined;
  const wanted = place === undefined ? 'get: the one run' : `get: the run at place ${place}`;
  return answer(
    { ...base, order, ...(place !== undefined && { place }) },
    wanted,
    card,
    population.card,
    where ? `only runs: ${where.card}` : '',
  );
};

export const top: Family = (schema, random) => {
  const metric = random.pick(directed(schema));
  if (metric === undefined) return undefined;
  const { order, card } = orders(metric, random);
  const population = populations(schema, random);
  const where = some(schema, random, 0.3);
  const limit = random.pick([2, 3, 5, 10, 20]);
  const shown = random.chance(0.35) ? random.some(schema.params, random.pick([1, 2])) : [];
  const columns = shown.map(({ key }) => named('param', key));
  return answer(
    {
      verb: 'rank',
      from: population.from,
      where: where?.value,
      measure: [measureOf(metric.key)],
      order,
      limit,
      ...(columns.length > 0 && { output: { columns } }),
    },
    `get: ${limit} runs`,
    card,
    population.card,
    where ? `only runs: ${where.card}` : '',
    columns.length > 0 ? `show beside it: param ${shown.map(({ key }) => key).join(', ')}` : '',
  );
};

export const ofBest: Family = (schema, random) => {
  const metric = random.pick(directed(schema));
  const param = random.pick(schema.params);
  if (metric === undefined) return undefined;
  const { order, card } = orders(metric, random);
  const scope = scopes(schema, random);
  const other = random.pick(schema.metrics);
  const [measure, words] = random.pick([
    [{ kinds: ['param'], key: param.key }, `param ${param.key}`],
    [{ kinds: ['metric'], key: other.key }, `metric ${other.key}`],
    [{ kinds: ['attribute'], key: 'duration' }, 'duration'],
    [{ kinds: ['param'] }, 'all params'],
    [{ kinds: ['attribute'], key: 'user_id' }, 'user'],
  ] as [IntentMeasure, string][]);
  const picked: IntentQuery = {
    verb: 'rank',
    from: runs(scope.value),
    measure: [measureOf(metric.key)],
    by: [],
    order,
  };
  return answer(
    { verb: 'detail', from: picked, measure: [measure] },
    `get: ${words} of one run, which is the first ${card}`,
    scope.card,
  );
};

export const bestPerGroup: Family = (schema, random) => {
  const [group] = random.some(groupKeys(schema), 1);
  const metric = random.pick(directed(schema));
  if (group === undefined || metric === undefined) return undefined;
  const { order, card } = orders(metric, random);
  const scope = scopes(schema, random);
  return answer(
    {
      verb: 'rank',
      from: runs(scope.value),
      measure: [measureOf(metric.key)],
      order,
      by: [named(group.kind, group.key)],
    },
    `get: for each value of ${group.kind} ${group.key} the one run`,
    card,
    scope.card,
  );
};

export const place: Family = (schema, random) => {
  const metric = random.pick(directed(schema));
  if (metric === undefined) return undefined;
  const scope = scopes(schema, random);
  const name = random.pick(schema.runNames);
  return answer(
    {
      verb: 'place',
      from: runs({ ...scope.value, named: [name] }),
      measure: [measureOf(metric.key)],
      order: { end: 'best' },
    },
    `get: at which place run ${name} stands among all by metric ${metric.key}, BEST first`,
    scope.card,
  );
};

export const margin: Family = (schema, random) => {
  const metric = random.pick(directed(schema));
  if (metric === undefined) return undefined;
  const scope = scopes(schema, random);
  return answer(
    { verb: 'margin', from: runs(scope.value), measure: [measureOf(metric.key)], order: { end: 'best' } },
    `get: distance between first and second run by metric ${metric.key}, BEST first`,
    scope.card,
  );
};

export const near: Family = (schema, random) => {
  const metric = random.pick(directed(schema));
  if (metric === undefined) return undefined;
  const scope = scopes(schema, random);
  const within = random.pick([0.01, 0.02, 0.05]);
  return answer(
    { verb: 'near', from: runs(scope.value), measure: [measureOf(metric.key)], order: { end: 'best' }, within },
    `get: runs whose metric ${metric.key} is at most ${within} away from the BEST`,
    scope.card,
  );
};

export const twoMetrics: Family = (schema, random) => {
  const [a, b] = random.some(schema.metrics, 2);
  if (a === undefined || b === undefined) return undefined;
  const as = random.pick(['ratio', 'difference'] as const);
  const end = random.pick(['highest', 'lowest'] as const);
  const scope = scopes(schema, random);
  return answer(
    {
      verb: 'rank',
      from: runs(scope.value),
      measure: [{ ...measureOf(a.key), against: { key: b.key, as } }],
      order: { end },
    },
    `get: the one run with the ${END_CARDS[end]} of ${a.key} ${as === 'ratio' ? '÷' : '−'} ${b.key}`,
    scope.card,
  );
};

export const outliers: Family = (schema, random) => {
  const metric = random.pick(schema.metrics);
  const scope = scopes(schema, random);
  return answer(
    { verb: 'outliers', from: runs(scope.value), measure: [measureOf(metric.key)] },
    `get: runs whose metric ${metric.key} lies far off all others`,
    scope.card,
  );
};
