/** Lists of experiments, and what one of them holds. */
import { compare, type Field, type Filter } from '../../../query/filter.ts';
import { idReference } from '../../../query/reference.ts';
import { asking, type Frame } from './frame.ts';
import { attribute } from './query-parts.ts';

const hasText = (text: string): Filter<Field> => compare({ kind: 'attribute', key: 'text' }, 'like', text);

export const experimentsListed: Frame = {
  name: 'list-experiments',
  answers: 'which experiments there are, with run counts and last activity',
  examples: ['show me all experiments', 'experiments for churn prediction', 'which experiment has the most runs?'],
  marks: ['count', 'each', 'recent', 'available', 'correlate', 'details'],
  nouns: ['experiment', 'run', 'item'],
  slots: ['experiments', 'everywhere', 'lifecycle', 'superlatives', 'top'],
  overcomes: ['which-experiment'],
  fits: ({ nouns, slots, marks }) =>
    nouns.includes('experiment') &&
    slots.superlatives.every(
      ({ of, order }) => order === 'highest' && (of === 'start_time' || (of === undefined && nouns.includes('run'))),
    ) &&
    !(nouns.includes('run') && slots.superlatives.length === 0 && !('each' in marks)),
  plan: ({ slots, nouns, obstacle }) => {
    const text = slots.experiments[0]?.name ?? (obstacle?.kind === 'which-experiment' ? obstacle.text : undefined);
    const isByRuns = nouns.includes('run') && slots.superlatives.some(({ of }) => of === undefined);
    return asking({
      verb: 'list',
      from: { kind: 'experiment', scope: slots.lifecycle === undefined ? {} : { lifecycle: slots.lifecycle } },
      where: text === undefined ? undefined : hasText(text),
      measure: [],
      by: [],
      ...(isByRuns && { order: { end: 'highest', by: attribute('runs') } }),
      ...(slots.top !== undefined && { limit: slots.top }),
    });
  },
};

export const experimentDescribed: Frame = {
  name: 'describe-experiment',
  answers: 'which metrics, params and tags an experiment has, with ranges and counts',
  examples: ['what metrics are logged in churn-prediction?', 'describe digits-mlp'],
  marks: ['details', 'available', 'count'],
  nouns: ['experiment', 'metric', 'param', 'tag', 'value', 'dataset'],
  slots: ['experiments', 'statistic', 'everywhere'],
  fits: ({ nouns, slots, marks }) =>
    (slots.statistic === undefined || slots.statistic === 'all') &&
    (nouns.includes('metric') ||
      nouns.includes('param') ||
      nouns.includes('tag') ||
      'details' in marks ||
      slots.experiments.length === 1),
  plan: ({ slots: { experiments } }) => {
    const named = experiments.map(({ id }) => idReference(id));
    const scope = named.length > 0 ? { named } : {};
    return asking({ verb: 'describe', from: { kind: 'experiment', scope }, measure: [], by: [] });
  },
};
