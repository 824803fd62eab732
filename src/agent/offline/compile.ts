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
  /** What no tool answers. */
  readonly unanswered: readonly Query[];
}

/** A query that picks its population by another is answered whole where a tool can, else one after the other. */
export function compileAll(queries: readonly Query[], tools: readonly Tool[]): Compiled {
  const calls: PlannedCall[] = [];
  const unanswered: Query[] = [];
  let next: Query | undefined;
  for (const query of queries) {
    const whole = compileQuery(query, tools);
    const picking = whole === undefined && isQuery(query.from) ? compileQuery(query.from, tools) : undefined;
    const call = whole ?? picking;
    if (call === undefined) unanswered.push(query);
    else calls.push(call);
    if (picking !== undefined) next ??= query;
  }
  return { calls, next, unanswered };
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
