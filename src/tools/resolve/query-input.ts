/** Parts of a query as the inputs that tools share. */
import type { Field, Filter } from '../../query/filter.ts';
import type { Kind } from '../../query/kinds/kind.ts';
import { RUN, RUN_ATTRIBUTES } from '../../query/kinds/run.ts';
import { printFilter } from '../../query/print.ts';
import { type FieldName, isQuery, populationOf, type Query, type QueryOrder } from '../../query/query.ts';
import { type KeyKind, printKey, quoteKey } from './keys.ts';

/** An input without what is not given: tools refuse what they do not know. */
export function given<T extends object>(input: T): T {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as T;
}

const experimentsOf = (query: Query): readonly string[] => populationOf(query).scope.experiments ?? [];

const PARTS = {
  query: ({ from }: Query) => isQuery(from),
  experiment: (query: Query) => experimentsOf(query).length === 1,
  experiments: (query: Query) => experimentsOf(query).length > 1,
  lifecycle: (query: Query) => populationOf(query).scope.lifecycle !== undefined,
  named: (query: Query) => populationOf(query).scope.named !== undefined,
  where: ({ where }: Query) => where !== undefined,
  measure: ({ measure }: Query) => measure.length > 0,
  aggregate: ({ aggregate }: Query) => aggregate !== undefined,
  diagnosis: ({ diagnosis }: Query) => diagnosis !== undefined,
  by: ({ by }: Query) => by.length > 0,
  order: ({ order }: Query) => order !== undefined,
  limit: ({ limit }: Query) => limit !== undefined,
  place: ({ place }: Query) => place !== undefined,
  output: ({ output }: Query) => output !== undefined,
} as const;

/** Whether a query has no part but these: one that a capability would drop is one that it does not answer. */
export function asksOnly(query: Query, parts: readonly (keyof typeof PARTS)[]): boolean {
  return Object.entries(PARTS).every(([name, isAsked]) => parts.some((part) => part === name) || !isAsked(query));
}

/** As lists stand without an order of their own. */
export function isNewestFirst(order: QueryOrder | undefined): boolean {
  const { by, end } = order ?? {};
  return end === 'highest' && by?.key === 'start_time' && by.kinds[0] === 'attribute';
}

/** One id or none, for tools that look at one experiment. */
export function oneExperiment(query: Query): string | undefined {
  return experimentsOf(query)[0];
}

/** One id, several, or none. */
export function experimentList(query: Query): string | string[] | undefined {
  const ids = experimentsOf(query);
  return ids.length > 1 ? [...ids] : ids[0];
}

/** The things named one by one; none where all in scope are meant. */
export function namedThings(query: Query): string[] | undefined {
  const { named } = populationOf(query).scope;
  return named && [...named];
}

/** Tools take filters as text, as they do from any model: what is printed is read back as the same tree. */
export function filterText(filter: Filter<Field> | undefined, kind: Kind = RUN): string | undefined {
  return filter && printFilter(filter, kind);
}

const OWN_NUMBERS: ReadonlySet<string> = new Set(['duration', 'start_time', 'end_time']);

/** A field as tools take it: bare where they look it up themselves, with its prefix where it could be another. */
export function keyText({ kinds: [kind = 'metric', ...others], key = '' }: FieldName): string {
  if (kind === 'attribute') return OWN_NUMBERS.has(key) ? `attributes.${key}` : key;
  const isText = others.length === 0 && (kind === 'param' || kind === 'tag');
  return printKey(key) === key && !isText ? key : exactKeyText({ kinds: [kind, ...others], key });
}

/** A key that is nothing else, even where tools know a word that is spelt like it. */
function exactKeyText({ kinds: [kind = 'metric', ...others], key = '' }: FieldName): string {
  return isKeyKind(kind) && others.length === 0 ? printKey(key, kind) : quoteKey(key);
}

/** A field of one run, which tools also take words for: `params` are all of them. */
export function askedText(name: FieldName): string {
  if (name.kinds[0] === 'attribute') return `attributes.${name.key}`;
  const isWord = RESERVED.test(name.key ?? '');
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

/** What things are grouped by: a run's user is a tag of MLflow's own. */
export function groupText(name: FieldName | undefined): string | undefined {
  if (name === undefined) return undefined;
  if (name.kinds[0] === 'attribute') return name.key === 'user' ? 'tags.mlflow.user' : name.key;
  const text = keyText(name);
  return text === name.key && RESERVED.test(text) ? exactKeyText(name) : text;
}
