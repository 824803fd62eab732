/** Conversations for as long as the process lives; those that rested longest make room. */
import type { Conversation } from '../agent/conversation/conversation.ts';
import type { Conversations } from './conversations.ts';

const MOST_KEPT = 1000;

export function createMemoryConversations(mostKept = MOST_KEPT): Conversations {
  const kept = new Map<string, Conversation>();
  return {
    load: async (id) => kept.get(id),
    async save(conversation) {
      kept.delete(conversation.id);
      kept.set(conversation.id, conversation);
      const [oldest] = kept.keys();
      if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
    },
  };
}
