/** Kinds of question: each makes an intent of a schema by chance, or nothing where the schema lacks what it is about. */
import { compare, type Field } from '../src/query/filter.ts';
import type { Query, QueryScope } from '../src/query/query.ts';
import type { Intent, IntentMeasure, IntentQuery } from './intent.ts';
import {
  absenceCondition,
  attribute,
  conditions,
  END_CARDS,
  keyCondition,
  measureOf,
  named,
  orders,
  scopes,
  timeCondition,
  valueCondition,
} from './parts.ts';
import type { Random } from './random.ts';
import type { MetricCard, Schema } from './schema.ts';

export type Draft = Omit<Intent, 'id' | 'schema' | 'family'>;
export type Family = (schema: Schema, random: Random) => Draft | undefined;

const runs = (scope: QueryScope = {}): Query['from'] => ({ kind: 'run', scope });
const experiments = (): Query['from'] => ({ kind: 'experiment', scope: {} });

function answer(query: Partial<IntentQuery> & Pick<IntentQuery, 'verb'>, ...cards: readonly string[]): Draft {
  const whole: IntentQuery = { from: runs(), measure: [], by: [], ...query };
  return { expects: 'answer', query: whole, card: cards.filter((card) => card !== '').join(' | ') };
}

const refuse = (because: string, card: string): Draft => ({ expects: 'refuse', because, card });

const curves = ({ metrics }: Schema): MetricCard[] => metrics.filter(({ curve }) => curve);
const directed = ({ metrics }: Schema): MetricCard[] => metrics.filter(({ better }) => better !== 'unknown');
const groupKeys = ({ params, tags }: Schema): { kind: string; key: string; values: readonly string[] }[] => [
  ...params.filter(({ values }) => values.length > 1).map((param) => ({ kind: 'param', ...param })),
  ...tags.filter(({ values }) => values.length > 1).map((tag) => ({ kind: 'tag', ...tag })),
];
const newestOf = (count: number, scope: QueryScope): IntentQuery => ({
  verb: 'list',
  from: runs(scope),
  measure: [],
  by: [],
  order: { end: 'highest', by: named('attribute', 'start_time') },
  limit: count,
});

/** A population that another query picks, now and then; else a plain scope. */
function populations(schema: Schema, random: Random): { from: IntentQuery['from']; card: string } {
  const scope = scopes(schema, random);
  if (!random.chance(0.12)) return { from: runs(scope.value), card: scope.card };
  const count = random.pick([3, 5, 10, 20, 50]);
  return { from: newestOf(count, scope.value), card: `only among the ${count} runs started last ${scope.card}`.trim() };
}

const some = (schema: Schema, random: Random, share: number) =>
  random.chance(share) ? conditions(schema, random) : undefined;

const best: Family = (schema, random) => {
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

const top: Family = (schema, random) => {
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

const ofBest: Family = (schema, random) => {
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

const list: Family = (schema, random) => {
  const population = populations(schema, random);
  const where = conditions(schema, random);
  return answer(
    { verb: 'list', from: population.from, where: where.value },
    'get: runs',
    `only: ${where.card}`,
    population.card,
  );
};

const count: Family = (schema, random) => {
  const population = populations(schema, random);
  const where = random.chance(0.85) ? conditions(schema, random) : undefined;
  return answer(
    { verb: 'count', from: population.from, where: where?.value },
    'get: number of runs',
    where ? `only: ${where.card}` : '',
    population.card,
  );
};

const share: Family = (schema, random) => {
  const scope = scopes(schema, random);
  const where = conditions(schema, random, 1);
  return answer(
    { verb: 'share', from: runs(scope.value), where: where.value },
    'get: percent of runs',
    `that have: ${where.card}`,
    scope.card,
  );
};

const countBy: Family = (schema, random) => {
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

const distinct: Family = (schema, random) => {
  const [group] = random.some(groupKeys(schema), 1);
  if (group === undefined) return undefined;
  const scope = scopes(schema, random);
  return answer(
    { verb: 'count', from: runs(scope.value), by: [named(group.kind, group.key)] },
    `get: which values occur of ${group.kind} ${group.key}`,
    scope.card,
  );
};

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

const summary: Family = (schema, random) => {
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

const summaryBy: Family = (schema, random) => {
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

const bestPerGroup: Family = (schema, random) => {
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

const compareNamed: Family = (schema, random) => {
  const picked = random.some(schema.runNames, random.pick([2, 2, 2, 3]));
  const [aspect] = random.chance(0.3) ? random.some(schema.metrics, 1) : [];
  const measure = aspect === undefined ? [] : [measureOf(aspect.key)];
  return answer(
    { verb: 'compare', from: runs({ named: picked }), measure },
    `get: runs side by side, differences: ${picked.join(', ')}`,
    aspect ? `on metric ${aspect.key}` : '',
  );
};

const comparePicked: Family = (schema, random) => {
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

const detail: Family = (schema, random) => {
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

const history: Family = (schema, random) => {
  const curve = random.pick(curves(schema));
  if (curve === undefined) return undefined;
  const picked = random.some(schema.runNames, random.pick([1, 1, 2]));
  return answer(
    { verb: 'history', from: runs({ named: picked }), measure: [measureOf(curve.key)] },
    `get: curve over steps, drawn: metric ${curve.key}`,
    `of run ${picked.join(', ')}`,
  );
};

const curvePoint: Family = (schema, random) => {
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

const bestEver: Family = (schema, random) => {
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

const diagnosis: Family = (schema, random) => {
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

const correlation: Family = (schema, random) => {
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

const impact: Family = (schema, random) => {
  const metric = random.pick(schema.metrics);
  const scope = scopes(schema, random);
  return answer(
    { verb: 'impact', from: runs(scope.value), measure: [measureOf(metric.key)] },
    `get: order of all params by influence on metric ${metric.key}`,
    scope.card,
  );
};

const times: Family = (schema, random) => {
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

const durations: Family = (schema, random) => {
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

const overTime: Family = (schema, random) => {
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

const window: Family = (schema, random) => {
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

const absence: Family = (schema, random) => {
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

const bare: Family = (schema, random) => {
  const scope = scopes(schema, random);
  const field: Field = { kind: 'metric', key: '' };
  return answer(
    { verb: 'list', from: runs(scope.value), where: { op: 'null', field } },
    'get: runs with no metric at all',
    scope.card,
  );
};

const parents: Family = (schema, random) => {
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

const place: Family = (schema, random) => {
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

const margin: Family = (schema, random) => {
  const metric = random.pick(directed(schema));
  if (metric === undefined) return undefined;
  const scope = scopes(schema, random);
  return answer(
    { verb: 'margin', from: runs(scope.value), measure: [measureOf(metric.key)], order: { end: 'best' } },
    `get: distance between first and second run by metric ${metric.key}, BEST first`,
    scope.card,
  );
};

const near: Family = (schema, random) => {
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

const twoMetrics: Family = (schema, random) => {
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

const outliers: Family = (schema, random) => {
  const metric = random.pick(schema.metrics);
  const scope = scopes(schema, random);
  return answer(
    { verb: 'outliers', from: runs(scope.value), measure: [measureOf(metric.key)] },
    `get: runs whose metric ${metric.key} lies far off all others`,
    scope.card,
  );
};

const CHARTS = ['scatter', 'bar', 'histogram', 'box'] as const;

const charts: Family = (schema, random) => {
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

const experimentLists: Family = (schema, random) => {
  const name = random.pick(schema.experiments);
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 3);
  const part = random.pick(words.length > 0 ? words : [name]);
  const text = attribute('name');
  switch (random.below(6)) {
    case 0:
      return answer({ verb: 'list', from: experiments() }, 'get: experiments');
    case 1:
      return answer(
        { verb: 'list', from: experiments(), where: compare(text, 'like', `%${part}%`) },
        `get: experiments with "${part}" in the name`,
      );
    case 2:
      return answer(
        { verb: 'list', from: experiments(), order: { end: 'highest', by: named('attribute', 'runs') }, limit: 1 },
        'get: the experiment with the greatest number of runs',
      );
    case 3:
      return answer({ verb: 'count', from: experiments() }, 'get: number of experiments');
    case 4:
      return answer(
        { verb: 'describe', from: { kind: 'experiment', scope: { experiments: [name] } } },
        `get: what is in experiment "${name}" (summary)`,
      );
    default:
      return answer(
        {
          verb: 'list',
          from: experiments(),
          order: { end: 'highest', by: named('attribute', 'creation_time') },
          limit: 1,
        },
        'get: the experiment that was made last',
      );
  }
};

const bestPerExperiment: Family = (schema, random) => {
  const metric = random.pick(directed(schema));
  if (metric === undefined || schema.experiments.length < 2) return undefined;
  return answer(
    {
      verb: 'rank',
      from: runs(),
      measure: [measureOf(metric.key)],
      order: { end: 'best' },
      by: [named('attribute', 'experiment_id')],
    },
    `get: for each experiment the run that is BEST by metric ${metric.key}`,
  );
};

const keys: Family = (schema, random) => {
  const [kind, words] = random.pick([
    ['metric', 'metrics'],
    ['param', 'params'],
    ['tag', 'tags'],
  ] as const);
  const scope = scopes(schema, random);
  return answer(
    { verb: 'describe', from: runs(scope.value), measure: [{ kinds: [kind] }] },
    `get: which ${words} were logged at all`,
    scope.card,
  );
};

const exported: Family = (schema, random) => {
  const where = conditions(schema, random, 1);
  const file = random.pick(['csv', 'json', 'excel-readable file']);
  return answer(
    { verb: 'export', where: where.value, output: { file } },
    `get: runs as ${file}`,
    `only: ${where.card}`,
  );
};

const ABSENT = ['bleu', 'mAP', 'wer', 'perplexity', 'auc', 'rouge_l', 'iou', 'psnr', 'sharpe', 'ndcg'];

const unknownMetric: Family = (schema, random) => {
  const has = (name: string) => schema.metrics.some(({ key }) => key.toLowerCase().includes(name.toLowerCase()));
  const name = random.pick(ABSENT.filter((one) => !has(one)));
  if (name === undefined) return undefined;
  return refuse(
    'no such metric',
    `get: the one run, by metric ${name}, BEST first (the store has no such metric; ask as if it had)`,
  );
};

const unknownRun: Family = (schema, random) => {
  const name = `${random.pick(schema.runNames)}-${random.pick(['x9', 'final2', 'bis', '907'])}`;
  return refuse('no such run', `get: everything of run ${name} (there is none; ask as if there were)`);
};

const action: Family = (schema, random) => {
  const name = random.pick(schema.runNames);
  const card = random.pick([
    `do: delete run ${name}`,
    'do: delete all runs that failed',
    `do: set tag "reviewed" on run ${name}`,
    `do: start run ${name} again with another seed`,
    `do: register the model of run ${name}`,
    `do: stop run ${name}`,
  ]);
  return refuse('an action', card);
};

const outside: Family = (_schema, random) =>
  refuse(
    'outside of the store',
    random.pick([
      'get: the weather tomorrow',
      'get: code of a training loop in PyTorch',
      'get: what a learning rate is',
      'get: how much the cloud machines of these runs cost',
      'get: which GPU one should buy',
      'get: a joke',
      'get: the e-mail address of a user of the store',
      'get: which run will be best next week',
    ]),
  );

const why: Family = (schema, random) => {
  const metric = random.pick(schema.metrics);
  const name = random.pick(schema.runNames);
  return refuse(
    'causes are not recorded',
    random.pick([
      `get: the reason why run ${name} failed`,
      `get: the reason why metric ${metric.key} of run ${name} is so ${random.pick(['low', 'high'])}`,
      `get: the thought behind the choice of params of run ${name}`,
    ]),
  );
};

const vague: Family = (schema, random) => ({
  expects: 'ask',
  because: 'by which metric',
  card: random.pick([
    'get: the BEST run (no metric said)',
    `get: the BEST run in experiment "${random.pick(schema.experiments)}" (no metric said)`,
    'get: which of the runs are good (no metric said)',
  ]),
});

/** With how many of each schema's intents; fractions by chance. */
export const FAMILIES: readonly (readonly [name: string, family: Family, weight: number])[] = [
  ['best', best, 3.2],
  ['top', top, 2.2],
  ['of best', ofBest, 1.6],
  ['list', list, 2.6],
  ['count', count, 2],
  ['share', share, 0.7],
  ['count by', countBy, 1.2],
  ['values', distinct, 0.5],
  ['summary', summary, 1.6],
  ['summary by', summaryBy, 1.8],
  ['best per group', bestPerGroup, 0.8],
  ['compare named', compareNamed, 0.8],
  ['compare picked', comparePicked, 1],
  ['detail', detail, 1.5],
  ['history', history, 0.9],
  ['point of a curve', curvePoint, 1.5],
  ['best ever', bestEver, 0.5],
  ['diagnosis', diagnosis, 0.7],
  ['correlation', correlation, 1],
  ['impact', impact, 0.7],
  ['times', times, 1],
  ['durations', durations, 0.7],
  ['over time', overTime, 0.7],
  ['window', window, 0.8],
  ['absence', absence, 0.6],
  ['without metrics', bare, 0.15],
  ['parents', parents, 0.3],
  ['place', place, 0.4],
  ['margin', margin, 0.4],
  ['near', near, 0.4],
  ['two metrics', twoMetrics, 0.4],
  ['outliers', outliers, 0.25],
  ['charts', charts, 0.6],
  ['experiments', experimentLists, 1.2],
  ['best per experiment', bestPerExperiment, 0.4],
  ['keys', keys, 0.4],
  ['export', exported, 0.25],
  ['unknown metric', unknownMetric, 0.5],
  ['unknown run', unknownRun, 0.3],
  ['action', action, 0.5],
  ['outside', outside, 0.4],
  ['why', why, 0.4],
  ['vague', vague, 0.5],
];

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
