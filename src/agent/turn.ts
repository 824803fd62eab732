/** One reply of the model: asked for, passed on as it comes, and kept. */

import { estimateTokens, fitMessages } from './conversation/room.ts';
import { abortable } from './emit.ts';
import type { AgentEvent } from './events.ts';
import { INTERRUPTED, type Message, ModelError, type ModelTurn, type ToolSpec } from './models/model.ts';
import { addSpending, type Question } from './question.ts';

/** One reply of the model, added to the conversation unless it declined; asked for again in less room where it did not fit. */
export async function* takeTurn(
  question: Question,
  tools: readonly ToolSpec[],
  signal: AbortSignal,
): AsyncGenerator<AgentEvent, ModelTurn, undefined> {
  const { conversation, deps } = question;
  let room = Math.min(deps.limits.contextTokens, conversation.room ?? Number.POSITIVE_INFINITY);
  let messages = fitMessages(conversation.messages, room);
  for (;;) {
    const turn = yield* hear(question, messages, tools, signal);
    if (turn.stop !== 'context_full') {
      if (turn.stop !== 'refusal') conversation.messages.push({ role: 'assistant', turn });
      return turn;
    }
    if (turn.text !== '') yield INTERRUPTED;
    const sent = estimateTokens(messages);
    room = Math.floor(sent / 2);
    messages = fitMessages(conversation.messages, room);
    if (estimateTokens(messages) >= sent) throw noRoom(question);
    conversation.room = room;
  }
}

function noRoom({ before, deps }: Question): ModelError {
  const hint = before > 0 ? 'Start a new conversation.' : 'Ask for less at once, or ask with `--model offline`.';
  return new ModelError('model_refused_request', `The conversation no longer fits ${deps.model.name}.`, { hint });
}

async function* hear(
  question: Question,
  messages: readonly Message[],
  tools: readonly ToolSpec[],
  signal: AbortSignal,
): AsyncGenerator<AgentEvent, ModelTurn, undefined> {
  const { deps } = question;
  const request = {
    messages,
    tools,
    get system() {
      return deps.systemPrompt();
    },
  };
  for await (const event of abortable(deps.model.respond(request, signal), signal)) {
    if (event.type === 'spent') addSpending(question, event);
    else if (event.type === 'turn') {
      addSpending(question, event.turn);
      return event.turn;
    } else yield event;
  }
  throw new ModelError('bad_reply', `${deps.model.name} ended without an answer.`);
}
