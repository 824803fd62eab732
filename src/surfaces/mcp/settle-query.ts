/** What `query` does when it is called. */
import type { CallToolResult, ServerContext } from '@modelcontextprotocol/server';
import { isAnswered, nearestAnswered } from '../../agent/nearest-query.ts';
import { populationOf } from '../../query/query.ts';
import type { Desk } from './desk.ts';
import { InputError } from './inputs.ts';
import { createQuerySchema, readQuery } from './query-schema.ts';
import { failureResult, findingsResult } from './results.ts';
import { progressTo } from './tools.ts';

/** @throws InputError on what is no query, or one that is not answered whole. */
export async function settleQuery(input: unknown, desk: Desk, context: ServerContext): Promise<CallToolResult> {
  const { kinds, tools } = desk.app;
  const query = readQuery(createQuerySchema(kinds), input, kinds);
  if (!isAnswered(query, tools)) {
    const near = nearestAnswered(query, kinds, tools);
    const hint =
      near.length === 0 ? 'Describe what you want to know to the tool ask' : `It is answered ${near.join(', or ')}`;
    throw new InputError(
      `no capability answers this "${query.verb}" of ${populationOf(query).kind}s whole, and none of its parts is left out. ${hint}`,
    );
  }
  const results = await desk.app.query(query, context.mcpReq.signal, progressTo(context));
  const findings = results.flatMap(({ outcome }) => (outcome.ok ? outcome.finding : []));
  const [failure] = results.flatMap(({ outcome }) => (outcome.ok ? [] : outcome.failure));
  if (findings.length === 0 && failure !== undefined) return failureResult('query', failure);
  return findingsResult(findings, desk.timeZone, desk.shelf);
}
