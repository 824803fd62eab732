/** Where a chat's conversations are kept: opened when first needed. What cannot be kept is warned of once, and goes on in memory. */
import { ConversationError } from '../../../agent/conversation/codec.ts';
import { type Conversation, pinExperiment } from '../../../agent/conversation/conversation.ts';
import type { Conversations, ConversationTurn } from '../../../conversations/conversations.ts';

export interface Keeping {
  /** Whether questions become part of what is kept. Down a pipe only those do that go on with a conversation. */
  isOn: boolean;
  /** Whether a question holds what is never kept. */
  isSecret(question: string): boolean;
  /** @throws ConversationError */
  open(): Promise<Conversations>;
  /** To be told to the person, once. */
  warning?: string | undefined;
}

/** Of a chat, what is kept and how. */
interface KeptChat {
  conversation: Conversation;
  readonly keeping: Keeping;
}

/** The question's turn in the chat's conversation, as it is where it is kept. @throws ConversationError, the signal's reason. */
export async function beginKept(
  chat: KeptChat,
  id: string,
  question: string,
  signal: AbortSignal,
): Promise<ConversationTurn> {
  const before = chat.conversation;
  let turn: ConversationTurn;
  try {
    turn = await (await chat.keeping.open()).begin(id, question, signal);
  } catch (error) {
    goOnInMemory(chat.keeping, error);
    return { conversation: before, end: async () => {} };
  }
  // What was pinned since the last question is not kept yet.
  pinExperiment(turn.conversation, before.memory.pinned);
  if (before.messages.length > 0 && turn.conversation.messages.length === 0)
    chat.keeping.warning = 'this conversation was deleted from another place: a new one has begun';
  chat.conversation = turn.conversation;
  return {
    conversation: turn.conversation,
    end: () => turn.end().catch((error: unknown) => goOnInMemory(chat.keeping, error)),
  };
}

/** What follows a secret may speak of it. */
export function leaveOutSecret(keeping: Keeping, question: string): void {
  if (!keeping.isOn || !keeping.isSecret(question)) return;
  keeping.isOn = false;
  keeping.warning = 'that looks like it holds a secret: from here on this chat ends with its window';
}

/** @throws what is no trouble of the place. */
function goOnInMemory(keeping: Keeping, error: unknown): void {
  if (!(error instanceof ConversationError) || error.code !== 'conversations_unreachable') throw error;
  keeping.isOn = false;
  keeping.warning = `from here on this chat ends with its window: ${error.message}`;
}

/** What there is to be told, which is then told. */
export function takeWarning(keeping: Keeping): string | undefined {
  const { warning } = keeping;
  keeping.warning = undefined;
  return warning;
}
