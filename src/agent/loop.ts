/** The life of one question: ask the model, run the tools it asks for, send back what they found, until it answers. */
import { composeAnswer } from './answer.ts';
import { noSuchChoice, resolveChoice } from './conversation/choices.ts';
import type { Conversation } from './conversation/conversation.ts';
import { commitDraft, type Draft } from './conversation/draft.ts';
import { type Ending, faultOf } from './ending.ts';
import type { AgentEvent, Answer } from './events.ts';
import { countCalls, findLimitHit, timeLimit } from './limits.ts';
import { ModelError, type ModelTurn } from './models/model.ts';
import { type AgentDeps, type Question, recordStep, spentBy, startQuestion } from './question.ts';
import { notRun, runCalls } from './run-calls.ts';
import { takeTurn } from './turn.ts';
import { verify } from './verify.ts';

export type { AgentDeps } from './question.ts';

/** What a question came to. Until `commit` the conversation is as it was before, but for what it has cost. */
export interface Outcome {
  readonly answer: Answer;
  commit(): void;
}

/**
 * Yields what happens and returns an answer, whatever store, model or limits do.
 * @throws the signal's reason when it aborts, and our own bugs.
 */
export async function* ask(
  text: string,
  conversation: Conversation,
  deps: AgentDeps,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent, Outcome, undefined> {
  signal.throwIfAborted();
  const { choices } = conversation;
  const chosen = resolveChoice(text, choices);
  const question = startQuestion(chosen ?? text, conversation, deps, signal);
  const { draft, deadlines } = question;
  try {
    const ending =
      chosen === undefined ? { turn: noSuchChoice(text, choices, deps.model.name) } : yield* findEnding(question);
    signal.throwIfAborted();
    // A reply that declines is a turn of the talk, though no model reads it again.
    if (ending.turn?.stop === 'refusal') draft.messages.push({ role: 'assistant', turn: ending.turn });
    const answer = composeAnswer(question, ending);
    // After a fault, or a number that none of them has, the same choice can be made again.
    const isTurn = answer.status !== 'error' && chosen !== undefined;
    return { answer, commit: () => isTurn && commitDraft(draft, answer.choices) };
  } finally {
    deadlines.clear();
  }
}

async function* findEnding(question: Question): AsyncGenerator<AgentEvent, Ending, undefined> {
  const { deadlines, user, deps } = question;
  try {
    return yield* pursue(question);
  } catch (error) {
    user.throwIfAborted();
    if (!deadlines.working.aborted) return { fault: faultOf(error) };
    const limit = timeLimit(deps.limits);
    return question.findings.length > 0 ? yield* close(question, limit) : { limit };
  }
}

async function* pursue(question: Question): AsyncGenerator<AgentEvent, Ending, undefined> {
  const { deadlines, deps } = question;
  for (;;) {
    const turn = yield* takeTurn(question, question.specs, deadlines.working);
    if (turn.calls.length === 0 || turn.stop === 'refusal') return yield* verify(question, { turn });
    const fault = yield* takeStep(question, turn);
    if (fault !== undefined) return { fault };
    const limit = deadlines.working.aborted ? timeLimit(deps.limits) : findLimitHit(spentBy(question), deps.limits);
    if (limit !== undefined) return yield* close(question, limit);
  }
}

/** Runs a turn's calls and answers each of them. Returns the fault when the store failed every one. */
async function* takeStep(question: Question, turn: ModelTurn): AsyncGenerator<AgentEvent, Ending['fault'], undefined> {
  const { deps, context, draft, steps, user } = question;
  const callsLeft = deps.limits.calls - countCalls(steps);
  // A reply that was cut off may have lost part of its last call: none of it is run.
  const outcomes =
    turn.stop === 'tools'
      ? yield* runCalls(turn.calls, { tools: deps.tools, context, limits: deps.limits, callsLeft })
      : await Promise.all(turn.calls.map((call) => notRun(call, 'the reply was cut off; ask for less at once')));
  user.throwIfAborted();
  const results = recordStep(question, outcomes);
  draft.messages.push({ role: 'tools', results });
  for (const { callId, outcome } of results) {
    yield { type: 'tool-end', callId, ...(outcome.ok ? { finding: outcome.finding } : { failure: outcome.failure }) };
  }
  const faults = outcomes.flatMap(({ result }) => (result.ok || !result.storeFault ? [] : [result.storeFault]));
  return faults.length === outcomes.length && question.findings.length === 0 ? faults[0] : undefined;
}

/** Asks once more with tools off, for the best answer from what was found. */
async function* close(question: Question, limit: string): AsyncGenerator<AgentEvent, Ending, undefined> {
  const { draft, user, deadlines } = question;
  addNote(draft, `Stopped at ${limit}. Answer now from what was found; no more tools can be called.`);
  try {
    const turn = yield* takeTurn(question, [], deadlines.closing);
    if (turn.stop === 'refusal') return { limit };
    if (turn.calls.length > 0) {
      const outcomes = await Promise.all(turn.calls.map((call) => notRun(call, `stopped at ${limit}`)));
      draft.messages.push({ role: 'tools', results: recordStep(question, outcomes) });
    }
    return yield* verify(question, { turn, limit });
  } catch (error) {
    user.throwIfAborted();
    if (!(error instanceof ModelError) && !deadlines.closing.aborted) throw error;
    return { limit };
  }
}

/** Rides on the last tool result: a message of its own would read as the user's next question. */
function addNote({ messages }: Draft, note: string): void {
  const last = messages.at(-1);
  if (last?.role !== 'tools') return;
  const results = last.results.map((result, index) =>
    index === last.results.length - 1 ? { ...result, text: `${result.text}\n\n${note}` } : result,
  );
  messages[messages.length - 1] = { role: 'tools', results };
}
