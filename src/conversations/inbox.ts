/** What came in to be worked on, each once: kept before its sender is told that it arrived, and until it is settled. */

export interface InboxItem {
  /** What comes twice bears the same. */
  readonly id: string;
  readonly kind: string;
  /** Items of one thread are worked on one after the other. */
  readonly thread: string;
  /** Who sent it. */
  readonly author: string;
  readonly body: string;
  /** Epoch milliseconds. */
  readonly created: number;
  /** How far the work on it has come, as it was last noted. */
  readonly progress: string | null;
}

/** One worker's hold of an item: until its end, or its death, nobody else begins it. */
export interface InboxWork {
  readonly item: InboxItem;
  /** @throws ConversationError conversation_changed where somebody else took over. */
  note(progress: string): Promise<void>;
  /** As above, and it is done. */
  settle(progress: string | null): Promise<void>;
  /** Leaves it to whoever takes it next. */
  leave(): Promise<void>;
}

/** All that fails is a ConversationError. */
export interface Inbox {
  /** Whether it is new. */
  add(item: Pick<InboxItem, 'id' | 'kind' | 'thread' | 'author' | 'body'>): Promise<boolean>;
  /** The oldest that nobody works on, of a thread in which nobody works. */
  take(): Promise<InboxWork | undefined>;
  find(id: string): Promise<InboxItem | undefined>;
  hasThread(thread: string): Promise<boolean>;
  /** Of what came since then, up to and with the item. */
  countUpTo(item: InboxItem, since: number): Promise<number>;
  /** Settled ones that came before then. */
  forget(kind: string, before: number): Promise<void>;
  close(): Promise<void>;
}

/** A worker that has not said for so long that it still works is taken for gone. */
export const INBOX_LEASE_MS = 6_000;
