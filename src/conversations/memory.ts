/** Conversations for as long as the process lives; those that rested longest make room. */
import { type ConversationStore, type Conversations, LOCAL_OWNER } from './conversations.ts';
import { keepConversations } from './keep.ts';
import { createMemoryLinks } from './memory-links.ts';
import type { ConversationRow, ConversationRows } from './rows.ts';
import { MemoryShares } from './shares.ts';

const MOST_KEPT = 1000;

class MemoryRows implements ConversationRows {
  /** In the order of their last change. */
  readonly #kept = new Map<string, ConversationRow>();
  readonly #mostKept: number;

  constructor(mostKept: number) {
    this.#mostKept = mostKept;
  }

  async list(owner: string, limit: number, offset: number) {
    const own = [...this.#kept.values()].filter(
      (row) => row.owner === owner && (row.turns > 0 || row.question !== null),
    );
    const heads = own.reverse().sort((a, b) => b.updated - a.updated);
    return { heads: heads.slice(offset, offset + limit), total: heads.length };
  }

  async get(owner: string, id: string) {
    return this.#kept.get(keyOf(owner, id));
  }

  async insert(row: ConversationRow) {
    const key = keyOf(row.owner, row.id);
    if (this.#kept.has(key)) return false;
    this.#kept.set(key, row);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.#mostKept && oldest !== undefined) this.#kept.delete(oldest);
    return true;
  }

  async update({ owner, id, version }: ConversationRow, changes: Partial<ConversationRow>) {
    const key = keyOf(owner, id);
    const row = this.#kept.get(key);
    if (row?.version !== version) return false;
    this.#kept.delete(key);
    this.#kept.set(key, { ...row, ...changes, version: version + 1 });
    return true;
  }

  async remove(owner: string, id: string) {
    return this.#kept.delete(keyOf(owner, id));
  }

  async now() {
    return Date.now();
  }

  async close() {}
}

const keyOf = (owner: string, id: string): string => JSON.stringify([owner, id]);

export function createMemoryConversationStore(mostKept = MOST_KEPT, leaseMs?: number): ConversationStore {
  return keepConversations(new MemoryRows(mostKept), new MemoryShares(mostKept), createMemoryLinks(), leaseMs);
}

/** Those of one who does not have to say who they are. */
export function createMemoryConversations(mostKept?: number): Conversations {
  return createMemoryConversationStore(mostKept).of(LOCAL_OWNER);
}
