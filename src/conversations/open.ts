/** Opens the place where conversations are kept; each kind is loaded when it is meant. */
import type { ConversationStore } from './conversations.ts';
import type { Inbox } from './inbox.ts';
import { createMemoryConversationStore } from './memory.ts';

export interface ConversationPlace {
  /** Of a PostgreSQL database, where several machines share them. */
  readonly address?: string | undefined;
  /** Else in this SQLite file; without one they end with the process. */
  readonly file?: string | undefined;
}

/** @throws ConversationError */
export async function openConversations({ address, file }: ConversationPlace): Promise<ConversationStore> {
  if (address !== undefined) return (await import('./postgresql.ts')).openPostgresqlConversations(address);
  if (file === undefined) return createMemoryConversationStore();
  return (await import('./sqlite.ts')).openSqliteConversations(file);
}

/** @throws ConversationError */
export async function openInbox({ address, file }: ConversationPlace): Promise<Inbox> {
  if (address !== undefined) return (await import('./postgresql.ts')).openPostgresqlInbox(address);
  if (file === undefined) return (await import('./memory-inbox.ts')).createMemoryInbox();
  return (await import('./sqlite.ts')).openSqliteInbox(file);
}
