/** `query`: one typed query, answered by the capability that says it can. SQL is refused (docs/decisions). */
import { isAnswered, nearestAnswered } from '../../agent/nearest-query.ts';
import { populationOf } from '../../query/query.ts';
import type { Desk } from './desk.ts';
import { InputError } from './inputs.ts';
import { publishedQuery } from './published-query.ts';
import { createQuerySchema, readQuery } from './query-schema.ts';
import { failureResult, findingsResult } from './results.ts';
import { type McpTool, progressTo } from './tools.ts';

export function queryTool(desk: Desk): McpTool {
  const { kinds, tools } = desk.app;
  let schema: ReturnType<typeof createQuerySchema> | undefined;
  return {
    name: 'query',
    title: 'Query',
    description:
      'One typed query over runs or experiments, no SQL. What no capability answers whole is ' +
      'refused with what comes nearest.',
    isIdempotent: true,
    inputSchema: () => publishedQuery(kinds),
    outputSchema: () => desk.schemas.findings(),
    async run(input, context) {
      schema ??= createQuerySchema(kinds);
      const query = readQuery(schema, input, kinds);
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
    },
  };
}
