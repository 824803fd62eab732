/** Runs the tool calls of one turn together and gives each exactly one result, in the order asked. */

import { anySignal } from '../deadline.ts';
import type { FindingBody } from '../finding/finding.ts';
import type { ToolContext } from '../tools/define/context.ts';
import { ToolError } from '../tools/define/errors.ts';
import type { Tool } from '../tools/define/tool.ts';
import { untilAborted } from '../until-aborted.ts';
import { emitting } from './emit.ts';
import type { AgentEvent, AnswerError } from './events.ts';
import type { Limits } from './limits.ts';
import type { ToolCall, ToolFailure } from './models/model.ts';

/** What came of one call before it has a handle. */
export interface CallOutcome {
  readonly call: ToolCall;
  /** The store's data revision when the call began. */
  readonly revision: string | undefined;
  readonly result:
    | { readonly ok: true; readonly input: unknown; readonly body: FindingBody }
    | { readonly ok: false; readonly failure: ToolFailure; readonly storeFault?: AnswerError | undefined };
}

export interface CallDeps {
  readonly tools: readonly Tool[];
  readonly context: ToolContext;
  readonly limits: Limits;
  /** Calls that may still run in this question; the rest are answered without running. */
  readonly callsLeft: number;
}

/** Yields `tool-start` and `progress` events while the calls run. @throws what is nobody's to answer for: our own bugs. */
export async function* runCalls(
  calls: readonly ToolCall[],
  deps: CallDeps,
): AsyncGenerator<AgentEvent, CallOutcome[], undefined> {
  return yield* emitting<AgentEvent, CallOutcome[]>((emit, gone) => {
    const context = { ...deps.context, signal: anySignal([deps.context.signal, gone]) };
    const run = (call: ToolCall, index: number) =>
      index < deps.callsLeft
        ? runCall(call, { ...deps, context }, emit)
        : notRun(call, `the limit of tool calls is reached`);
    return mapBounded(calls, deps.limits.parallel, run);
  });
}

async function runCall(call: ToolCall, deps: CallDeps, emit: (event: AgentEvent) => void): Promise<CallOutcome> {
  const tool = deps.tools.find((known) => known.name === call.name);
  emit({ type: 'tool-start', callId: call.id, tool: call.name, title: tool?.title ?? call.name });
  const revision = deps.context.store.capabilities.revision();
  if (tool === undefined) return { call, revision, result: { ok: false, failure: unknownTool(call.name, deps.tools) } };
  const parsed = tool.parse(call.input);
  if (!parsed.ok)
    return { call, revision, result: { ok: false, failure: failureOf('invalid_input', shortened(parsed.reason)) } };
  const work = deps.context.signal;
  const tooLong = new AbortController();
  const timer = setTimeout(() => tooLong.abort(), deps.limits.toolMs);
  const signal = anySignal([work, tooLong.signal], deps.limits.toolMs);
  const progress = (message: string) => emit({ type: 'progress', message });
  try {
    const body = await untilAborted(tool.run(parsed.input, { ...deps.context, signal, progress }), signal);
    return { call, revision, result: { ok: true, input: parsed.input, body } };
  } catch (error) {
    if (work.aborted) return notRun(call, 'the time limit of the question was reached');
    if (tooLong.signal.aborted) return { call, revision, result: tookTooLong(tool, deps.limits) };
    return { call, revision, result: failedResult(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** @throws the error itself where neither the model nor the user can mend it. */
function failedResult(error: unknown): CallOutcome['result'] {
  if (error instanceof ToolError) {
    const { code, message, hint, choices } = error;
    return { ok: false, failure: { code, message, hint, choices } };
  }
  if (!isStoreFault(error)) throw error;
  const { code, message, hint, retryable } = error;
  const failure: ToolFailure = { code: 'store_error', storeCode: code, message, hint, choices: [] };
  return { ok: false, failure, storeFault: { code, message, hint, retryable, source: 'store' } };
}

function tookTooLong({ name }: Tool, { toolMs }: Limits): CallOutcome['result'] {
  const message = `${name} took longer than ${toolMs / 1000} s.`;
  const hint = 'Name an experiment or filter further, so that less has to be read.';
  const failure: ToolFailure = { code: 'store_error', storeCode: 'source_timeout', message, hint, choices: [] };
  return {
    ok: false,
    failure,
    storeFault: { code: 'source_timeout', message, hint, retryable: true, source: 'store' },
  };
}

/** Known by its shape: the agent imports nothing of `mlflow`. */
export function isStoreFault(error: unknown): error is Error & Omit<AnswerError, 'source' | 'requestId'> {
  return error instanceof Error && error.name === 'StoreError';
}

export async function notRun(call: ToolCall, why: string): Promise<CallOutcome> {
  return { call, revision: undefined, result: { ok: false, failure: failureOf('not_run', `Not run: ${why}.`) } };
}

function unknownTool(name: string, tools: readonly Tool[]): ToolFailure {
  const hint = `The tools are ${tools.map((tool) => tool.name).join(', ')}.`;
  return { code: 'unknown_tool', message: `There is no tool "${name}".`, hint, choices: [] };
}

/** A reason may repeat all that it complains of. */
const MOST_REASON = 2_000;
const shortened = (reason: string): string =>
  reason.length > MOST_REASON ? `${reason.slice(0, MOST_REASON).toWellFormed()}… (shortened)` : reason;

const failureOf = (code: ToolFailure['code'], message: string): ToolFailure => ({
  code,
  message,
  hint: undefined,
  choices: [],
});

async function mapBounded<A, B>(
  items: readonly A[],
  width: number,
  map: (item: A, index: number) => Promise<B>,
): Promise<B[]> {
  const results: B[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await map(item, index);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}
