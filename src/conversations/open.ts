/** Opens the place where conversations are kept; each kind is loaded when it is meant. */
import path from 'node:path';
import type { ConversationStore } from './conversations.ts';
import type { Inbox } from './inbox.ts';
import { createMemoryConversationStore } from './memory.ts';

export interface ConversationPlace {
  /** Of a PostgreSQL database, where several machines share them. */
  readonly address?: string | undefined;
  /** Else a file in this folder; without one they end with the process. */
  readonly stateFolder?: string | undefined;
}

const FILE = 'conversations.db';

/** @throws ConversationError */
export async function openConversations({ address, stateFolder }: ConversationPlace): Promise<ConversationStore> {
  if (address !== undefined) return (await import('./postgresql.ts')).openPostgresqlConversations(address);
  if (stateFolder === undefined) return createMemoryConversationStore();
  return (await import('./sqlite.ts')).openSqliteConversations(path.join(stateFolder, FILE));
}

/** @throws ConversationError */
export async function openInbox({ address, stateFolder }: ConversationPlace): Promise<Inbox> {
  if (address !== undefined) return (await import('./postgresql.ts')).openPostgresqlInbox(address);
  if (stateFolder === undefined) return (await import('./memory-inbox.ts')).createMemoryInbox();
  return (await import('./sqlite.ts')).openSqliteInbox(path.join(stateFolder, FILE));
}
