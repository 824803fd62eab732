/** Things of any kind that a family of data describes: how many there are, and which. */
import type { Query } from '../../../query/query.ts';
import { idReference } from '../../../query/reference.ts';
import { isOfAnyKind } from '../meanings.ts';
import type { Reading } from '../slots.ts';
import { asking, type Frame } from './frame.ts';

/** The one kind that is asked about. */
function kindOf({ nouns }: Reading): string | undefined {
  const [kind, ...others] = nouns.filter(isOfAnyKind);
  return others.length === 0 ? kind : undefined;
}

function queryThings(verb: 'list' | 'count', kind: string, { slots }: Reading): Query {
  const experiments = slots.experiments.map(({ id }) => idReference(id));
  const scope = experiments.length > 0 ? { experiments } : {};
  return { verb, from: { kind, scope }, measure: [], by: [], ...(slots.top !== undefined && { limit: slots.top }) };
}

export const thingsCounted: Frame = {
  name: 'count-things',
  answers: 'how many things of another kind there are',
  examples: [],
  marks: ['count', 'available'],
  nouns: ['item'],
  anyKind: true,
  slots: ['experiments', 'everywhere'],
  takesExperiments: 'several',
  fits: (reading) => kindOf(reading) !== undefined && 'count' in reading.marks,
  plan: (reading) => asking(queryThings('count', kindOf(reading) ?? '', reading)),
};

export const thingsListed: Frame = {
  name: 'list-things',
  answers: 'which things of another kind there are',
  examples: [],
  marks: ['available', 'details', 'recent'],
  nouns: ['item'],
  anyKind: true,
  slots: ['experiments', 'everywhere', 'top'],
  takesExperiments: 'several',
  fits: (reading) => kindOf(reading) !== undefined,
  plan: (reading) => asking(queryThings('list', kindOf(reading) ?? '', reading)),
};
