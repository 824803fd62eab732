/** Parts of a query as the inputs that tools share. */
import type { Field, Filter } from '../../query/filter.ts';
import { RUN_ATTRIBUTES } from '../../query/kinds/run.ts';
import { printFilter } from '../../query/print.ts';
import { type FieldName, populationOf, type Query } from '../../query/query.ts';
import { type KeyKind, printKey, quoteKey } from './keys.ts';

/** An input without what is not given: tools refuse what they do not know. */
export function given<T extends object>(input: T): T {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as T;
}

/** One id or none, for tools that look at one experiment. */
export function oneExperiment(query: Query): string | undefined {
  return populationOf(query).scope.experiments?.[0];
}

/** One id, several, or none. */
export function experimentList(query: Query): string | string[] | undefined {
  const ids = populationOf(query).scope.experiments ?? [];
  return ids.length > 1 ? [...ids] : ids[0];
}

/** The things named one by one; none where all in scope are meant. */
export function namedThings(query: Query): string[] | undefined {
  const { named } = populationOf(query).scope;
  return named && [...named];
}

/** Tools take filters as text, as they do from any model: what is printed is read back as the same tree. */
export function filterText(filter: Filter<Field> | undefined): string | undefined {
  return filter && printFilter(filter);
}

const OWN_NUMBERS: ReadonlySet<string> = new Set(['duration', 'start_time', 'end_time']);

/** A field as tools take it: bare where they look it up themselves, with its prefix where it would be misread. */
export function keyText({ kinds: [kind = 'metric', ...others], key = '' }: FieldName): string {
  if (kind === 'attribute') return OWN_NUMBERS.has(key) ? `attributes.${key}` : key;
  return printKey(key) === key ? key : exactKeyText({ kinds: [kind, ...others], key });
}

/** A key that is nothing else, even where tools know a word that is spelt like it. */
function exactKeyText({ kinds: [kind = 'metric', ...others], key = '' }: FieldName): string {
  return isKeyKind(kind) && others.length === 0 ? printKey(key, kind) : quoteKey(key);
}

/** A field of one run, which tools also take words for: `params` are all of them. */
export function askedText(name: FieldName): string {
  const isWord = name.kinds[0] !== 'attribute' && RESERVED.test(name.key ?? '');
  return isWord ? exactKeyText(name) : keyText(name);
}

/** Words that tools know as something else than a key. */
const RESERVED = new RegExp(
  `^(?:${[...RUN_ATTRIBUTES, 'experiment', 'user', 'dataset', 'day', 'week', 'month', '(?:metric|param|parameter|tag)s?'].join('|')})$`,
  'i',
);

const isKeyKind = (kind: string): kind is KeyKind => kind === 'metric' || kind === 'param' || kind === 'tag';

/** At least one, or undefined. */
export function keyTexts(names: readonly FieldName[]): string[] | undefined {
  const keys = names.filter(({ key }) => key !== undefined);
  return keys.length > 0 ? keys.map(keyText) : undefined;
}

/** A field with its prefix, where it can only be a param or a tag: a metric may have the same name. */
export function fieldText(name: FieldName): string {
  const [kind, ...others] = name.kinds;
  const isText = others.length === 0 && (kind === 'param' || kind === 'tag');
  return isText && name.key !== undefined ? printKey(name.key, kind) : keyText(name);
}

/** What things are grouped by: a run's user is a tag of MLflow's own. */
export function groupText(name: FieldName | undefined): string | undefined {
  if (name === undefined) return undefined;
  if (name.kinds[0] === 'attribute') return name.key === 'user' ? 'tags.mlflow.user' : name.key;
  const text = fieldText(name);
  return text === name.key && RESERVED.test(text) ? exactKeyText(name) : text;
}
