/** While a person types the first question: reads the store's names, and runs the code that answers through once. */
import { createConversation } from '../../../agent/conversation.ts';
import type { Chat } from './chat.ts';
import type { createNames } from './names.ts';

/** Never fails: what cannot be read now says so when it is asked for. */
export async function warmUp(chat: Chat, names: ReturnType<typeof createNames>, signal: AbortSignal): Promise<void> {
  await names.read();
  const store = await chat.app.openStore().catch(() => undefined);
  // A server would have to work for it.
  if (store === undefined || store.capabilities.kind === 'rest' || signal.aborted) return;
  try {
    const scratch = createConversation();
    for await (const event of chat.app.ask('show the last 5 runs', signal, scratch, { model: 'offline' })) {
      if (event.type === 'answer') chat.screen();
    }
  } catch {
    // A question has come, or the end.
  }
}
