/** Experiments, what was logged in them, and taking it away. */
import { compare } from '../../src/query/filter.ts';
import { attribute, conditions, measureOf, named, scopes } from '../parts.ts';
import { answer, directed, experiments, type Family, runs } from './draft.ts';

export const experimentLists: Family = (schema, random) => {
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

export const bestPerExperiment: Family = (schema, random) => {
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

export const keys: Family = (schema, random) => {
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

export const exported: Family = (schema, random) => {
  const where = conditions(schema, random, 1);
  const file = random.pick(['csv', 'json', 'excel-readable file']);
  return answer(
    { verb: 'export', where: where.value, output: { file } },
    `get: runs as ${file}`,
    `only: ${where.card}`,
  );
};
