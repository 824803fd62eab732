/** While a person types the first question: reads names, opens where conversations are kept, and runs the code that answers through once. */
import { setImmediate } from 'node:timers/promises';
import { decodeConversation, encodeConversation } from '../../../agent/conversation/codec.ts';
import { createConversation } from '../../../agent/conversation/conversation.ts';
import type { Names } from '../../shared/names.ts';
import type { Chat } from './chat.ts';
import type { Overview } from './first-screen.ts';
import { answerLines } from './replies.ts';

/** Compiled code gets fast when it has run a few times. */
const ROUNDS = 3;
/** In all: keys wait for the question that is being rehearsed, and a large store has better to do. */
const MOST_MS = 600;

/** Never fails: what cannot be read now says so when it is asked for. */
export async function warmUp(chat: Chat, names: Names, overview: Overview, signal: AbortSignal): Promise<void> {
  await names.read();
  // What fails is told at the question.
  if (chat.keeping.isOn && !signal.aborted) await chat.keeping.open().catch(() => {});
  const store = await chat.app.openStore().catch(() => undefined);
  // A server would have to work for it.
  if (store === undefined || store.newestRuns !== undefined) return;
  const [example = ''] = overview.examples;
  const { curve = 'longest run' } = overview;
  const questions = [example, 'how many runs failed?', curve, 'compare the last 2 runs'];
  const started = performance.now();
  try {
    for (const question of Array.from({ length: ROUNDS }, () => questions).flat()) {
      await rehearse(question, chat, signal);
      if (performance.now() - started > MOST_MS) return;
      // Keys first.
      await setImmediate();
    }
  } catch {
    // A question has come, or the end.
  }
}

async function rehearse(question: string, chat: Chat, signal: AbortSignal): Promise<void> {
  const conversation = createConversation();
  for await (const event of chat.app.ask(question, signal, conversation, { model: 'offline' })) {
    if (event.type === 'answer') answerLines(event.answer, chat);
  }
  // As it will be kept.
  if (chat.keeping.isOn) decodeConversation(encodeConversation(conversation));
}
