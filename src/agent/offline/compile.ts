/** Queries as tool calls: which capability answers one is told by the capability itself. */
import type { Finding } from '../../finding/finding.ts';
import { idsOfKind } from '../../finding/refs.ts';
import { allOf } from '../../query/filter.ts';
import { isQuery, populationOf, type Query } from '../../query/query.ts';
import type { Tool } from '../../tools/define/tool.ts';
import { oneOf } from './follow-up/run-set.ts';

export interface PlannedCall {
  readonly tool: string;
  readonly input: unknown;
}

/** The calls to begin with, and the query that is asked of what they find. */
export interface Compiled {
  readonly calls: readonly PlannedCall[];
  readonly next?: Query | undefined;
}

/** A query that picks its population by another is answered whole where a tool can, else one after the other. */
export function compileAll(queries: readonly Query[], tools: readonly Tool[]): Compiled {
  const whole = queries.map((query) => compileQuery(query, tools));
  if (whole.every((call) => call !== undefined)) return { calls: whole };
  const [first] = queries;
  const picking = queries.map(({ from }) => (isQuery(from) ? compileQuery(from, tools) : undefined));
  const calls = picking.filter((call) => call !== undefined);
  return { calls, next: calls.length > 0 ? first : undefined };
}

function compileQuery(query: Query, tools: readonly Tool[]): PlannedCall | undefined {
  const { kind } = populationOf(query);
  for (const tool of tools) {
    if (tool.kind !== kind || !tool.verbs.includes(query.verb)) continue;
    const input = tool.answers(query);
    if (input !== undefined) return { tool: tool.name, input };
  }
  return undefined;
}

/** Things that tie for first are looked at together, up to so many. */
const MOST_TIED = 3;

/** Asks a query of the things that its own `from` has found; no call where they are too few. */
export function askOfFound(query: Query, { subject }: Finding, tools: readonly Tool[]): PlannedCall[] {
  const { from } = query;
  const { refs, named = refs } = subject;
  const { kind, scope } = populationOf(query);
  const limit = isQuery(from) ? (from.limit ?? 1) : 1;
  const ids = limit > 1 ? idsOfKind(refs, kind).slice(0, limit) : idsOfKind(named, kind).slice(0, MOST_TIED);
  const alone = (some: readonly string[]): Query => ({ ...query, from: { kind, scope: { named: some } } });
  const asked: Query[] =
    query.verb === 'detail'
      ? ids.map((id) => alone([id]))
      : query.verb === 'history' || query.verb === 'compare'
        ? [alone(ids)]
        : [{ ...query, from: { kind, scope }, where: allOf(oneOf(ids), query.where) }];
  const isEnough = ids.length >= (query.verb === 'compare' ? 2 : 1);
  return isEnough ? asked.flatMap((one) => compileQuery(one, tools) ?? []) : [];
}
