/** Tool calls and queries that somebody makes without words: they run as a model's would, with nothing to remember. */
import type { Query } from '../query/query.ts';
import { createConversation } from './conversation/conversation.ts';
import type { AgentEvent } from './events.ts';
import type { ToolResult } from './models/model.ts';
import { askOfFound, compileAll, isPicking, type PlannedCall } from './offline/compile.ts';
import { type AgentDeps, type Question, recordStep, startQuestion } from './question.ts';
import { runCalls } from './run-calls.ts';

type Running<T> = AsyncGenerator<AgentEvent, T, undefined>;

/** One result for each call, in their order. @throws the signal's reason when it aborts, and our own bugs. */
export function callDirectly(
  calls: readonly PlannedCall[],
  deps: AgentDeps,
  signal: AbortSignal,
): Running<ToolResult[]> {
  return asQuestion(deps, signal, (question) => run(calls, question));
}

/** What the query's own tool found, or what came of asking it of what its population's tool found. @throws as above. */
export function answerQuery(query: Query, deps: AgentDeps, signal: AbortSignal): Running<ToolResult[]> {
  return asQuestion(deps, signal, async function* (question) {
    const { steps } = compileAll([query], deps.tools);
    const found = yield* run(steps, question);
    const [next] = steps.flatMap((step) => step.next ?? []);
    const [first] = found;
    if (next === undefined || !first?.outcome.ok) return found;
    const asked = yield* run(askOfFound(next, first.outcome.finding, deps.tools), question);
    // Runs that were only picked are no part of the answer.
    return isPicking(next) && asked.length > 0 ? asked : [...asked, ...found];
  });
}

async function* asQuestion<T>(
  deps: AgentDeps,
  signal: AbortSignal,
  work: (question: Question) => Running<T>,
): Running<T> {
  signal.throwIfAborted();
  const question = startQuestion('', createConversation(), deps, signal);
  try {
    return yield* work(question);
  } finally {
    question.deadlines.clear();
  }
}

async function* run(calls: readonly PlannedCall[], question: Question): Running<ToolResult[]> {
  const { deps, context, user } = question;
  const named = calls.map(({ tool, input }, at) => ({ id: `call-${at + 1}`, name: tool, input }));
  const { tools, limits } = deps;
  const outcomes = yield* runCalls(named, { tools, context, limits, callsLeft: limits.calls });
  user.throwIfAborted();
  return recordStep(question, outcomes);
}
