/** Where conversations live between questions. */
import type { Conversation } from '../agent/conversation/conversation.ts';

export interface Conversations {
  /** Undefined where there is none of that id. */
  load(id: string): Promise<Conversation | undefined>;
  save(conversation: Conversation): Promise<void>;
}
