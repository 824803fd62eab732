/** Queries as tool calls: which capability answers one is told by the capability itself. */
import type { Finding } from '../../finding/finding.ts';
import { idsOfKind } from '../../finding/refs.ts';
import { allOf } from '../../query/filter.ts';
import { isQuery, populationOf, type Query } from '../../query/query.ts';
import { idReference } from '../../query/reference.ts';
import type { Verb } from '../../query/verb.ts';
import type { Tool } from '../../tools/define/tool.ts';
import { oneOf } from './follow-up/run-set.ts';

export interface PlannedCall {
  readonly tool: string;
  readonly input: unknown;
}

interface Step extends PlannedCall {
  /** Asked of what the call finds. */
  readonly next?: Query | undefined;
}

interface Compiled {
  readonly steps: readonly Step[];
  /** What no tool answers. */
  readonly unanswered: readonly Query[];
}

/** A query that picks its population by another is answered whole where a tool can, else one after the other. */
export function compileAll(queries: readonly Query[], tools: readonly Tool[]): Compiled {
  const steps: Step[] = [];
  const unanswered: Query[] = [];
  for (const query of queries) {
    const whole = compileQuery(query, tools);
    const picking = whole === undefined && isQuery(query.from) ? compileQuery(query.from, tools) : undefined;
    const call = whole ?? picking;
    if (call === undefined) unanswered.push(query);
    else steps.push({ ...call, next: picking && query });
  }
  return { steps, unanswered };
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

/** How these are asked of things that were found; of any others, what was found only bounds what is asked. */
const OF_FOUND: Partial<Record<Verb, 'each' | 'together'>> = {
  detail: 'each',
  history: 'together',
  compare: 'together',
};

export const isPicking = ({ verb }: Query): boolean => OF_FOUND[verb] === undefined;

/** Things that tie for first are looked at together, up to so many. */
const MOST_TIED = 3;

/** Asks a query of the things that its own `from` has found; no call where they are too few. */
export function askOfFound(query: Query, { subject, coverage }: Finding, tools: readonly Tool[]): PlannedCall[] {
  const { from } = query;
  const { refs, named = refs } = subject;
  const { kind, scope: asked } = populationOf(query);
  const found = coverage.scope;
  const scope = found === 'all' ? asked : { ...asked, experiments: found.map(({ id }) => idReference(id)) };
  const limit = isQuery(from) ? (from.limit ?? 1) : 1;
  // Of what ties for the last place all is counted; a mean is the same whichever it takes, and a ranking tells its ties.
  const isCounted = isPicking(query) && query.verb !== 'summarize';
  const most = limit === 1 ? MOST_TIED : isCounted ? undefined : limit;
  const ids = idsOfKind(named, kind).slice(0, most);
  const alone = (some: readonly string[]): Query => ({
    ...query,
    from: { kind, scope: { named: some.map(idReference) } },
  });
  const isEnough = ids.length >= (query.verb === 'compare' ? 2 : 1);
  return isEnough ? askedOf().flatMap((one) => compileQuery(one, tools) ?? []) : [];

  function askedOf(): Query[] {
    if (isPicking(query)) return [{ ...query, from: { kind, scope }, where: allOf(oneOf(ids), query.where) }];
    return OF_FOUND[query.verb] === 'each' ? ids.map((id) => alone([id])) : [alone(ids)];
  }
}
