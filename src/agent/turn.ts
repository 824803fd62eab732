/** One reply of the model: asked for, passed on as it comes, and kept. */

import { estimateTokens, fitMessages } from './conversation/room.ts';
import { abortable } from './emit.ts';
import type { AgentEvent } from './events.ts';
import {
  INTERRUPTED,
  type Message,
  ModelError,
  type ModelEvent,
  type ModelTurn,
  type ToolSpec,
} from './models/model.ts';
import { addSpending, type Question } from './question.ts';

/** One reply of the model, added to the draft unless it declined; asked for again in less room where it did not fit. */
export async function* takeTurn(
  question: Question,
  tools: readonly ToolSpec[],
  signal: AbortSignal,
): AsyncGenerator<AgentEvent, ModelTurn, undefined> {
  const { draft, deps } = question;
  let room = Math.min(deps.limits.contextTokens, draft.room ?? Number.POSITIVE_INFINITY);
  let messages = fitMessages(draft.messages, room);
  for (;;) {
    const turn = yield* hear(question, messages, tools, signal);
    if (turn.stop !== 'context_full') {
      if (turn.stop !== 'refusal') draft.messages.push({ role: 'assistant', turn });
      question.queries.push(...(turn.queries ?? []));
      return turn;
    }
    if (turn.text !== '') yield INTERRUPTED;
    const sent = estimateTokens(messages);
    room = Math.floor(sent / 2);
    messages = fitMessages(draft.messages, room);
    if (estimateTokens(messages) >= sent) throw noRoom(question);
    draft.room = room;
  }
}

function noRoom({ draft, deps }: Question): ModelError {
  const hint =
    draft.conversation.messages.length > 0
      ? 'Start a new conversation.'
      : 'Ask for less at once, or ask with `--model offline`.';
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
  let underWay: (ModelEvent & { type: 'spending' }) | undefined;
  try {
    for await (const event of abortable(deps.model.respond(request, signal), signal)) {
      if (event.type === 'spending') {
        underWay = event;
        continue;
      }
      if (event.type === 'spent' || event.type === 'turn') {
        underWay = undefined;
        addSpending(question, event.type === 'turn' ? event.turn : event);
        if (event.type === 'turn') return event.turn;
      } else yield event;
    }
  } finally {
    // A reply that was cancelled is paid for, as far as it had come.
    if (underWay !== undefined) addSpending(question, underWay);
  }
  throw new ModelError('bad_reply', `${deps.model.name} ended without an answer.`);
}
