/** One reply of the model: asked for, passed on as it comes, and kept. */
import { shortenHistory } from './conversation.ts';
import { abortable } from './emit.ts';
import type { AgentEvent } from './events.ts';
import { ModelError, type ModelTurn, type ToolSpec } from './models/model.ts';
import { addTurnCost, type Question } from './question.ts';

/** One reply of the model, added to the conversation. */
export async function* takeTurn(
  question: Question,
  tools: readonly ToolSpec[],
  signal: AbortSignal,
): AsyncGenerator<AgentEvent, ModelTurn, undefined> {
  const { conversation, deps } = question;
  const turn = yield* hear(question, tools, signal);
  if (turn.stop === 'context_full') {
    if (shortenHistory(conversation)) return yield* takeTurn(question, tools, signal);
    const hint = 'Start a new conversation.';
    throw new ModelError('model_refused_request', `The conversation no longer fits ${deps.model.name}.`, { hint });
  }
  conversation.messages.push({ role: 'assistant', turn });
  return turn;
}

async function* hear(
  question: Question,
  tools: readonly ToolSpec[],
  signal: AbortSignal,
): AsyncGenerator<AgentEvent, ModelTurn, undefined> {
  const { conversation, deps } = question;
  const request = {
    messages: conversation.messages,
    tools,
    get system() {
      return deps.systemPrompt();
    },
  };
  const events = deps.model.respond(request, signal);
  for await (const event of abortable(events, signal)) {
    if (event.type !== 'turn') yield event;
    else {
      addTurnCost(question, event.turn);
      return event.turn;
    }
  }
  throw new ModelError('bad_reply', `${deps.model.name} ended without an answer.`);
}
