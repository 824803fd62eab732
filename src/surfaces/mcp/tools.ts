/** The tools that a client is offered: the capabilities as they are, and what only this surface has. */
import type { CallToolResult, InputRequiredResult, McpServer, ServerContext } from '@modelcontextprotocol/server';
import { sanitizeLine } from '../../present/sanitize.ts';
import type { Tool } from '../../tools/define/tool.ts';
import { SHOWN_BY_VIEW } from './app-view.ts';
import type { Desk } from './desk.ts';
import { published } from './inputs.ts';

export interface McpTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Whether the same input gives the same again while the data stays as it is. */
  readonly isIdempotent: boolean;
  /** Whether it changes something; default: it only reads. */
  readonly isWriting?: boolean;
  inputSchema(): Record<string, unknown>;
  outputSchema(): Record<string, unknown>;
  run(input: unknown, context: ServerContext): Promise<CallToolResult | InputRequiredResult>;
}

/** Nothing is asked but the configured store and model. */
export function offer(server: McpServer, tool: McpTool): void {
  const { name, title, description, isIdempotent, isWriting = false } = tool;
  server.registerTool(
    name,
    {
      title,
      description,
      inputSchema: published(() => tool.inputSchema()),
      outputSchema: published(() => tool.outputSchema()),
      annotations: {
        title,
        readOnlyHint: !isWriting,
        destructiveHint: false,
        idempotentHint: isIdempotent,
        openWorldHint: false,
      },
      ...(!isWriting && { _meta: SHOWN_BY_VIEW }),
    },
    async (input, context) => {
      try {
        return await tool.run(input, context);
      } catch (error) {
        // Nobody reads the reply to a request that was cancelled.
        context.mcpReq.signal.throwIfAborted();
        return await faultResult(error);
      }
    },
  );
}

export function capabilityTool(tool: Tool, desk: Desk): McpTool {
  const { name, title, description } = tool;
  return {
    name,
    title,
    description,
    isIdempotent: true,
    inputSchema: () => tool.inputSchema(),
    outputSchema: () => desk.schemas.finding(),
    async run(input, context) {
      const { outcome } = await desk.app.call(name, input ?? {}, context.mcpReq.signal, progressTo(context));
      const { failureResult, findingResult } = await import('./results.ts');
      return outcome.ok
        ? findingResult(outcome.finding, desk.timeZone, desk.shelf)
        : failureResult(name, outcome.failure);
    },
  };
}

/** Tells the client what goes on, where it asked to be told. */
export function progressTo(context: ServerContext): (message: string) => void {
  const { _meta: meta, notify } = context.mcpReq;
  const progressToken = meta?.progressToken;
  if (progressToken === undefined) return () => {};
  let progress = 0;
  return (message) => {
    progress += 1;
    const params = { progressToken, progress, message: sanitizeLine(message) };
    // A client that has gone learns nothing more.
    notify({ method: 'notifications/progress', params }).catch(() => {});
  };
}

/** Errors that are worded for people have a hint; our own bugs say what they are, without a stack. */
async function faultResult(error: unknown): Promise<CallToolResult> {
  const { errorResult } = await import('./results.ts');
  if (!(error instanceof Error)) return errorResult(String(error));
  const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined;
  return errorResult(error.message, hint);
}
