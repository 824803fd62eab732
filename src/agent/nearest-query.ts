/** What could be asked instead of a query that no capability answers: one part less, or another verb. */
import type { Kind } from '../query/kinds/kind.ts';
import { isQuery, populationOf, type Query, type QueryScope, type Things } from '../query/query.ts';
import type { Tool } from '../tools/define/tool.ts';
import { compileAll } from './offline/compile.ts';

export function isAnswered(query: Query, tools: readonly Tool[]): boolean {
  return compileAll([query], tools).unanswered.length === 0;
}

const PARTS = ['where', 'aggregate', 'diagnosis', 'order', 'limit', 'place', 'output'] as const;
const LISTS = ['measure', 'by'] as const;
const SCOPES = ['experiments', 'lifecycle', 'named'] as const;

/** Phrases such as `without "place"` and `with verb "count"`, the smallest change first. */
export function nearestAnswered(query: Query, kinds: readonly Kind[], tools: readonly Tool[]): string[] {
  const asked = (other: Query) => isAnswered(other, tools);
  const without = [
    ...PARTS.filter((part) => query[part] !== undefined && asked({ ...query, [part]: undefined })),
    ...LISTS.filter((part) => query[part].length > 0 && asked({ ...query, [part]: [] })),
    ...SCOPES.filter((part) => populationOf(query).scope[part] !== undefined && asked(unscoped(query, part))),
    ...(isQuery(query.from) && asked({ ...query, from: populationOf(query) }) ? ['a query in "from"'] : []),
  ].map((part) => `without ${part.startsWith('a ') ? part : `"${part}"`}`);
  const { kind } = populationOf(query);
  const verbs = kinds.find(({ name }) => name === kind)?.verbs ?? [];
  const others = verbs.filter((verb) => verb !== query.verb && asked({ ...query, verb }));
  return [...without, ...others.map((verb) => `with verb "${verb}"`)];
}

function unscoped(query: Query, part: keyof QueryScope): Query {
  return { ...query, from: withoutPart(query.from, part) };
}

function withoutPart(from: Query | Things, part: keyof QueryScope): Query | Things {
  return isQuery(from) ? unscoped(from, part) : { ...from, scope: { ...from.scope, [part]: undefined } };
}
