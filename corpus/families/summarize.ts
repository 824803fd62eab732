/** Values over many runs: means, groups, durations, over time, drawings, what goes together. */
import type { IntentMeasure } from '../intent.ts';
import { END_CARDS, measureOf, named, scopes } from '../parts.ts';
import { answer, type Family, groupKeys, populations, runs, some } from './draft.ts';

const STATISTICS = [
  ['mean', 'mean'],
  ['mean', 'mean'],
  ['median', 'median'],
  ['sd', 'standard deviation'],
  ['min', 'min'],
  ['max', 'max'],
  ['p90', '90th percentile'],
  ['p25', '25th percentile'],
] as const;

export const summary: Family = (schema, random) => {
  const metric = random.pick(schema.metrics);
  const [aggregate, words] = random.pick(STATISTICS);
  const population = populations(schema, random);
  const where = some(schema, random, 0.35);
  return answer(
    { verb: 'summarize', from: population.from, where: where?.value, measure: [measureOf(metric.key)], aggregate },
    `get: ${words} over runs, metric ${metric.key}`,
    where ? `only runs: ${where.card}` : '',
    population.card,
  );
};

export const summaryBy: Family = (schema, random) => {
  const keys = groupKeys(schema);
  const metric = random.pick(schema.metrics);
  if (keys.length === 0) return undefined;
  const groups = random.some(keys, random.chance(0.15) ? 2 : 1);
  const [aggregate, words] = random.pick(STATISTICS);
  const scope = scopes(schema, random);
  const where = some(schema, random, 0.2);
  const isFirst = random.chance(0.25) && metric.better !== 'unknown';
  const end = random.pick(['best', 'highest', 'lowest'] as const);
  return answer(
    {
      verb: 'summarize',
      from: runs(scope.value),
      where: where?.value,
      measure: [measureOf(metric.key)],
      aggregate,
      by: groups.map(({ kind, key }) => named(kind, key)),
      ...(isFirst && { order: { end }, limit: 1 }),
    },
    `get: ${isFirst ? `the value with the ${END_CARDS[end]} ${words}` : words} of metric ${metric.key} per value of ${groups.map(({ kind, key }) => `${kind} ${key}`).join(' × ')}`,
    where ? `only runs: ${where.card}` : '',
    scope.card,
  );
};

export const correlation: Family = (schema, random) => {
  const [a, b] = random.some(schema.metrics, 2);
  const numeric = schema.params.filter(({ values }) => values.every((value) => Number.isFinite(Number(value))));
  const param = random.pick(numeric);
  const scope = scopes(schema, random);
  const pair: [IntentMeasure, string] | undefined =
    param !== undefined && random.chance(0.65)
      ? [{ kinds: ['param'], key: param.key }, `param ${param.key}`]
      : b && [measureOf(b.key), `metric ${b.key}`];
  if (a === undefined || pair === undefined) return undefined;
  return answer(
    { verb: 'correlate', from: runs(scope.value), measure: [pair[0], measureOf(a.key)] },
    `get: how ${pair[1]} goes together with metric ${a.key}`,
    scope.card,
  );
};

export const impact: Family = (schema, random) => {
  const metric = random.pick(schema.metrics);
  const scope = scopes(schema, random);
  return answer(
    { verb: 'impact', from: runs(scope.value), measure: [measureOf(metric.key)] },
    `get: order of all params by influence on metric ${metric.key}`,
    scope.card,
  );
};

export const durations: Family = (schema, random) => {
  const scope = scopes(schema, random);
  const [group] = random.chance(0.4) ? random.some(groupKeys(schema), 1) : [];
  const [aggregate, words] = random.pick([
    ['mean', 'mean'],
    ['median', 'median'],
    ['sum', 'sum'],
    ['max', 'max'],
  ] as const);
  return answer(
    {
      verb: 'summarize',
      from: runs(scope.value),
      measure: [{ kinds: ['attribute'], key: 'duration' }],
      aggregate,
      by: group ? [named(group.kind, group.key)] : [],
    },
    `get: ${words} of run durations`,
    group ? `per value of ${group.kind} ${group.key}` : '',
    scope.card,
  );
};

export const overTime: Family = (schema, random) => {
  const scope = scopes(schema, random);
  const bucket = random.pick(['day', 'week', 'month'] as const);
  if (random.chance(0.5))
    return answer({ verb: 'trend', from: runs(scope.value), bucket }, `get: number of runs per ${bucket}`, scope.card);
  const metric = random.pick(schema.metrics);
  return answer(
    { verb: 'trend', from: runs(scope.value), measure: [measureOf(metric.key)], aggregate: 'mean', bucket },
    `get: mean of metric ${metric.key} per ${bucket} of start`,
    scope.card,
  );
};

const CHARTS = ['scatter', 'bar', 'histogram', 'box'] as const;

export const charts: Family = (schema, random) => {
  const chart = random.pick(CHARTS);
  const scope = scopes(schema, random);
  const metric = random.pick(schema.metrics);
  const param = random.pick(schema.params);
  const [group] = random.some(groupKeys(schema), 1);
  if (chart === 'scatter')
    return answer(
      {
        verb: 'correlate',
        from: runs(scope.value),
        measure: [{ kinds: ['param'], key: param.key }, measureOf(metric.key)],
        output: { chart },
      },
      `get: drawing, one point a run, x: param ${param.key}, y: metric ${metric.key}`,
      scope.card,
    );
  if (chart === 'histogram')
    return answer(
      { verb: 'summarize', from: runs(scope.value), measure: [measureOf(metric.key)], output: { chart } },
      `get: drawing of how the values of metric ${metric.key} are spread`,
      scope.card,
    );
  if (group === undefined) return undefined;
  return answer(
    {
      verb: 'summarize',
      from: runs(scope.value),
      measure: [measureOf(metric.key)],
      by: [named(group.kind, group.key)],
      output: { chart },
    },
    `get: drawing (${chart}) of metric ${metric.key} per value of ${group.kind} ${group.key}`,
    scope.card,
  );
};
