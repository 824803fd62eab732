/** `query`: one typed query, answered by the capability that says it can. SQL is refused (docs/decisions). */
import type { Desk } from './desk.ts';
import { publishedQuery } from './published-query.ts';
import type { McpTool } from './tools.ts';

export function queryTool(desk: Desk): McpTool {
  return {
    name: 'query',
    title: 'Query',
    description:
      'One typed query over runs or experiments, no SQL. What no capability answers whole is ' +
      'refused with what comes nearest.',
    isIdempotent: true,
    inputSchema: () => publishedQuery(desk.app.kinds),
    outputSchema: () => desk.schemas.findings(),
    run: async (input, context) => (await import('./settle-query.ts')).settleQuery(input, desk, context),
  };
}
