/** Runs by conditions, times and what they lack; how many there are. */
import type { Field } from '../../src/query/filter.ts';
import { absenceCondition, attribute, conditions, named, scopes, timeCondition } from '../parts.ts';
import { answer, type Family, groupKeys, populations, runs, some } from './draft.ts';

export const list: Family = (schema, random) => {
  const population = populations(schema, random);
  const where = conditions(schema, random);
  return answer(
    { verb: 'list', from: population.from, where: where.value },
    'get: runs',
    `only: ${where.card}`,
    population.card,
  );
};

export const count: Family = (schema, random) => {
  const population = populations(schema, random);
  const where = random.chance(0.85) ? conditions(schema, random) : undefined;
  return answer(
    { verb: 'count', from: population.from, where: where?.value },
    'get: number of runs',
    where ? `only: ${where.card}` : '',
    population.card,
  );
};

export const share: Family = (schema, random) => {
  const scope = scopes(schema, random);
  const where = conditions(schema, random, 1);
  return answer(
    { verb: 'share', from: runs(scope.value), where: where.value },
    'get: percent of runs',
    `that have: ${where.card}`,
    scope.card,
  );
};

export const countBy: Family = (schema, random) => {
  const keys = groupKeys(schema);
  if (keys.length === 0) return undefined;
  const groups = random.some(keys, random.chance(0.15) ? 2 : 1);
  const scope = scopes(schema, random);
  const where = some(schema, random, 0.25);
  const isMost = random.chance(0.3);
  const by = groups.map(({ kind, key }) => named(kind, key));
  return answer(
    {
      verb: 'count',
      from: runs(scope.value),
      where: where?.value,
      by,
      ...(isMost && { order: { end: 'highest' }, limit: 1 }),
    },
    isMost ? 'get: the value with the greatest number of runs' : 'get: number of runs per value',
    `of ${groups.map(({ kind, key }) => `${kind} ${key}`).join(' × ')}`,
    where ? `only runs: ${where.card}` : '',
    scope.card,
  );
};

export const distinct: Family = (schema, random) => {
  const [group] = random.some(groupKeys(schema), 1);
  if (group === undefined) return undefined;
  const scope = scopes(schema, random);
  return answer(
    { verb: 'count', from: runs(scope.value), by: [named(group.kind, group.key)] },
    `get: which values occur of ${group.kind} ${group.key}`,
    scope.card,
  );
};

export const times: Family = (schema, random) => {
  const scope = scopes(schema, random);
  const [by, end, words] = random.pick([
    ['start_time', 'highest', 'started last'],
    ['start_time', 'lowest', 'started first of all'],
    ['duration', 'highest', 'took most time'],
    ['duration', 'lowest', 'took least time'],
  ] as const);
  const limit = random.pick([1, 1, 3, 5]);
  const where = some(schema, random, 0.25);
  return answer(
    { verb: 'list', from: runs(scope.value), where: where?.value, order: { end, by: named('attribute', by) }, limit },
    `get: ${limit === 1 ? 'the one run' : `${limit} runs`} that ${words}`,
    where ? `only runs: ${where.card}` : '',
    scope.card,
  );
};

export const window: Family = (schema, random) => {
  const time = timeCondition(schema, random);
  const isCount = random.chance(0.5);
  const scope = scopes(schema, random);
  return answer(
    { verb: isCount ? 'count' : 'list', from: runs(scope.value), where: time.value },
    isCount ? 'get: number of runs' : 'get: runs',
    `only: ${time.card}`,
    scope.card,
  );
};

export const absence: Family = (schema, random) => {
  const where = absenceCondition(schema, random);
  const scope = scopes(schema, random);
  const isCount = random.chance(0.4);
  return answer(
    { verb: isCount ? 'count' : 'list', from: runs(scope.value), where: where.value },
    isCount ? 'get: number of runs' : 'get: runs',
    `only: ${where.card}`,
    scope.card,
  );
};

export const bare: Family = (schema, random) => {
  const scope = scopes(schema, random);
  const field: Field = { kind: 'metric', key: '' };
  return answer(
    { verb: 'list', from: runs(scope.value), where: { op: 'null', field } },
    'get: runs with no metric at all',
    scope.card,
  );
};

export const parents: Family = (schema, random) => {
  const scope = scopes(schema, random);
  if (random.chance(0.5))
    return answer(
      {
        verb: 'list',
        from: runs(scope.value),
        where: { op: 'not', of: { op: 'null', field: attribute('parent_run_id') } },
      },
      'get: runs that lie under another run (nested)',
      scope.card,
    );
  const name = random.pick(schema.runNames);
  return answer({ verb: 'children', from: runs({ named: [name] }) }, `get: the runs nested under run ${name}`);
};
