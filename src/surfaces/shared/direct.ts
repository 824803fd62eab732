/** Tools and queries without words: what they find, or the error that says why they cannot. */
import type { ToolFailure } from '../../agent/models/model.ts';
import type { App } from '../../app/create-app.ts';
import type { Finding } from '../../finding/finding.ts';
import { StoreError, type StoreErrorCode } from '../../mlflow/errors.ts';
import type { Query } from '../../query/query.ts';
import { ToolError } from '../../tools/define/errors.ts';

/** @throws ToolError, StoreError, the signal's reason. */
export async function callTool(app: App, tool: string, input: unknown, signal: AbortSignal): Promise<Finding> {
  const { outcome } = await app.call(tool, input, signal);
  if (outcome.ok) return outcome.finding;
  throw errorOf(outcome.failure);
}

/** @throws as above; a part that fails is no answer. */
export async function runQuery(app: App, query: Query, signal: AbortSignal): Promise<Finding[]> {
  const results = await app.query(query, signal);
  if (results.length === 0) throw new ToolError('unsupported', 'no tool answers this query');
  return results.map(({ outcome }) => {
    if (outcome.ok) return outcome.finding;
    throw errorOf(outcome.failure);
  });
}

function errorOf({ code, storeCode, message, hint, choices }: ToolFailure): Error {
  if (code === 'store_error') return new StoreError(storeCode as StoreErrorCode, message, { hint });
  return new ToolError(code === 'not_run' ? 'unsupported' : code, message, {
    ...(hint !== undefined && { hint }),
    choices,
  });
}
