/** The life of one question: ask the model, run the tools it asks for, send back what they found, until it answers. */
import { composeAnswer, type Ending, faultOf } from './answer.ts';
import { noSuchChoice, resolveChoice } from './conversation/choices.ts';
import type { Conversation } from './conversation/conversation.ts';
import type { AgentEvent } from './events.ts';
import { countCalls, findLimitHit, timeLimit } from './limits.ts';
import { ModelError, type ModelTurn } from './models/model.ts';
import { type AgentDeps, type Question, recordStep, spentBy, startQuestion } from './question.ts';
import { notRun, runCalls } from './run-calls.ts';
import { takeTurn } from './turn.ts';
import { verify } from './verify.ts';

export type { AgentDeps } from './question.ts';

/**
 * Yields what happens and ends with one `answer`, whatever store, model or limits do.
 * @throws the signal's reason when it aborts, and our own bugs; the conversation is then as it was before the question.
 */
export async function* ask(
  text: string,
  conversation: Conversation,
  deps: AgentDeps,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent, void, undefined> {
  signal.throwIfAborted();
  const { choices } = conversation;
  const chosen = resolveChoice(text, choices);
  const question = startQuestion(chosen ?? text, conversation, deps, signal);
  let answered = false;
  try {
    const ending =
      chosen === undefined ? { turn: noSuchChoice(text, choices, deps.model.name) } : yield* findEnding(question);
    const answer = composeAnswer(question, ending);
    answered = answer.status !== 'error' && ending.turn?.stop !== 'refusal' && chosen !== undefined;
    // After a fault the same choice can be made again.
    if (answer.status !== 'error') conversation.choices = answer.choices;
    yield { type: 'answer', answer };
  } finally {
    question.deadlines.clear();
    if (!answered) conversation.messages.length = question.before;
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
  const { deps, context, conversation, steps, user } = question;
  const callsLeft = deps.limits.calls - countCalls(steps);
  // A reply that was cut off may have lost part of its last call: none of it is run.
  const outcomes =
    turn.stop === 'tools'
      ? yield* runCalls(turn.calls, { tools: deps.tools, context, limits: deps.limits, callsLeft })
      : await Promise.all(turn.calls.map((call) => notRun(call, 'the reply was cut off; ask for less at once')));
  user.throwIfAborted();
  const results = recordStep(question, outcomes);
  conversation.messages.push({ role: 'tools', results });
  for (const { callId, outcome } of results) {
    yield { type: 'tool-end', callId, ...(outcome.ok ? { finding: outcome.finding } : { failure: outcome.failure }) };
  }
  const faults = outcomes.flatMap(({ result }) => (result.ok || !result.storeFault ? [] : [result.storeFault]));
  return faults.length === outcomes.length && question.findings.length === 0 ? faults[0] : undefined;
}

/** Asks once more with tools off, for the best answer from what was found. */
async function* close(question: Question, limit: string): AsyncGenerator<AgentEvent, Ending, undefined> {
  const { conversation, user, deadlines } = question;
  addNote(conversation, `Stopped at ${limit}. Answer now from what was found; no more tools can be called.`);
  try {
    const turn = yield* takeTurn(question, [], deadlines.closing);
    if (turn.stop === 'refusal') return { limit };
    if (turn.calls.length > 0) {
      const outcomes = await Promise.all(turn.calls.map((call) => notRun(call, `stopped at ${limit}`)));
      conversation.messages.push({ role: 'tools', results: recordStep(question, outcomes) });
    }
    return yield* verify(question, { turn, limit });
  } catch (error) {
    user.throwIfAborted();
    if (!(error instanceof ModelError) && !deadlines.closing.aborted) throw error;
    return { limit };
  }
}

/** Rides on the last tool result: a message of its own would read as the user's next question. */
function addNote(conversation: Conversation, note: string): void {
  const last = conversation.messages.at(-1);
  if (last?.role !== 'tools') return;
  const results = last.results.map((result, index) =>
    index === last.results.length - 1 ? { ...result, text: `${result.text}\n\n${note}` } : result,
  );
  conversation.messages[conversation.messages.length - 1] = { role: 'tools', results };
}
