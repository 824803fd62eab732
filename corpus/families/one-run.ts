/** Single runs: side by side, in detail, and their curves. */
import type { IntentMeasure, IntentQuery } from '../intent.ts';
import { measureOf, orders, scopes } from '../parts.ts';
import { answer, curves, directed, type Family, newestOf, runs } from './draft.ts';

export const compareNamed: Family = (schema, random) => {
  const picked = random.some(schema.runNames, random.pick([2, 2, 2, 3]));
  const [aspect] = random.chance(0.3) ? random.some(schema.metrics, 1) : [];
  const measure = aspect === undefined ? [] : [measureOf(aspect.key)];
  return answer(
    { verb: 'compare', from: runs({ named: picked }), measure },
    `get: runs side by side, differences: ${picked.join(', ')}`,
    aspect ? `on metric ${aspect.key}` : '',
  );
};

export const comparePicked: Family = (schema, random) => {
  const limit = random.pick([2, 3, 4, 5]);
  const scope = scopes(schema, random);
  if (random.chance(0.5))
    return answer(
      { verb: 'compare', from: newestOf(limit, scope.value) },
      `get: runs side by side, differences: the ${limit} runs started last`,
      scope.card,
    );
  const metric = random.pick(directed(schema));
  if (metric === undefined) return undefined;
  const { order, card } = orders(metric, random);
  const from: IntentQuery = {
    verb: 'rank',
    from: runs(scope.value),
    measure: [measureOf(metric.key)],
    by: [],
    order,
    limit,
  };
  return answer(
    { verb: 'compare', from },
    `get: runs side by side, differences: the first ${limit} ${card}`,
    scope.card,
  );
};

const FIELDS = [
  ['duration', 'how much time from start to end'],
  ['user_id', 'user'],
  ['start_time', 'start time'],
  ['status', 'status'],
  ['end_time', 'end time'],
] as const;

export const detail: Family = (schema, random) => {
  const name = random.pick(schema.runNames);
  const param = random.pick(schema.params);
  const metric = random.pick(schema.metrics);
  const [field, words] = random.pick(FIELDS);
  const [measure, card] = random.pick([
    [[], 'everything'],
    [[{ kinds: ['param'], key: param.key }], `param ${param.key}`],
    [[{ kinds: ['metric'], key: metric.key }], `metric ${metric.key}`],
    [[{ kinds: ['attribute'], key: field }], words],
    [[{ kinds: ['param'] }], 'all params'],
  ] as [IntentMeasure[], string][]);
  return answer({ verb: 'detail', from: runs({ named: [name] }), measure }, `get: ${card}`, `of run ${name}`);
};

export const history: Family = (schema, random) => {
  const curve = random.pick(curves(schema));
  if (curve === undefined) return undefined;
  const picked = random.some(schema.runNames, random.pick([1, 1, 2]));
  return answer(
    { verb: 'history', from: runs({ named: picked }), measure: [measureOf(curve.key)] },
    `get: curve over steps, drawn: metric ${curve.key}`,
    `of run ${picked.join(', ')}`,
  );
};

export const curvePoint: Family = (schema, random) => {
  const curve = random.pick(curves(schema));
  if (curve === undefined) return undefined;
  const name = random.pick(schema.runNames);
  const step = random.pick([1, 3, 5, 10, 20, 100, 500]);
  const [point, card] = random.pick([
    ['best', 'best value ever reached on the curve'],
    ['first', 'first logged value'],
    ['step', `value at step/epoch ${step}`],
    ['step of best', 'step/epoch at which it was best'],
    ['points', 'how many points were logged'],
    ['last against best', 'last value against the best ever on the curve'],
  ] as const);
  const measure: IntentMeasure = { kinds: ['metric'], key: curve.key, point, ...(point === 'step' && { step }) };
  return answer(
    { verb: 'detail', from: runs({ named: [name] }), measure: [measure] },
    `get: ${card}, metric ${curve.key}`,
    `of run ${name}`,
  );
};

export const bestEver: Family = (schema, random) => {
  const curve = random.pick(curves(schema).filter(({ better }) => better !== 'unknown'));
  if (curve === undefined) return undefined;
  const scope = scopes(schema, random);
  return answer(
    {
      verb: 'rank',
      from: runs(scope.value),
      measure: [{ kinds: ['metric'], key: curve.key, point: 'best' }],
      order: { end: 'best' },
    },
    `get: the one run whose curve of metric ${curve.key} reached the BEST value at any step (not the last one)`,
    scope.card,
  );
};

export const diagnosis: Family = (schema, random) => {
  const [kind, words] = random.pick([
    ['diverged', 'training went off to infinity or NaN or blew up'],
    ['overfitting', 'validation gets worse while training gets better'],
    ['plateau', 'no more progress at the end of the curve'],
    ['still_improving', 'would still get better if trained on'],
  ] as const);
  const scope = scopes(schema, random);
  if (random.chance(0.5))
    return answer(
      { verb: 'diagnose', from: runs(scope.value), diagnosis: kind },
      `get: runs for which: ${words}`,
      scope.card,
    );
  const name = random.pick(schema.runNames);
  return answer(
    { verb: 'diagnose', from: runs({ named: [name] }), diagnosis: kind },
    `get: yes or no: ${words}`,
    `of run ${name}`,
  );
};
