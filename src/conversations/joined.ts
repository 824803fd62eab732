/** Conversations of one person who is known by several names: each stays with the name that began it. */
import type { Turns } from '../agent/conversation/turns.ts';
import type { Conversations, ConversationTurn } from './conversations.ts';
import type { LinkRows } from './links.ts';

export interface OfOneName {
  of(owner: string): Conversations;
  has(owner: string, id: string): Promise<boolean>;
  /** In which questions wait until it is known whose conversation they go on with. */
  readonly order: Turns;
}

export function joinConversations(
  owner: string,
  { namesOf }: Pick<LinkRows, 'namesOf'>,
  { of, has, order }: OfOneName,
): Conversations {
  /** Whose it is; the own name's where it is nobody's, or several have one of that id. */
  const holderOf = async (id: string): Promise<Conversations> => {
    const names = await namesOf(owner);
    if (names.length > 1) for (const name of names) if (await has(name, id)) return of(name);
    return of(owner);
  };
  return {
    async list(limit, offset = 0) {
      const names = await namesOf(owner);
      if (names.length === 1) return of(owner).list(limit, offset);
      const lists = await Promise.all(names.map((name) => of(name).list(offset + limit)));
      const entries = lists.flatMap((list) => list.entries).sort((a, b) => b.updated - a.updated);
      const total = lists.reduce((sum, list) => sum + list.total, 0);
      return { entries: entries.slice(offset, offset + limit), total };
    },
    read: async (id) => (await holderOf(id)).read(id),
    async begin(id, question, signal) {
      const leave = await order.take(JSON.stringify([owner, id]), signal);
      let turn: Promise<ConversationTurn>;
      try {
        turn = (await holderOf(id)).begin(id, question, signal);
      } finally {
        // It waits for its turn there from here on.
        leave();
      }
      return turn;
    },
    rename: async (id, title) => (await holderOf(id)).rename(id, title),
    branch: async (id, turns) => (await holderOf(id)).branch(id, turns),
    delete: async (id) => (await holderOf(id)).delete(id),
    share: async (id, tenant) => (await holderOf(id)).share(id, tenant),
    findShare: async (id) => (await holderOf(id)).findShare(id),
    unshare: async (id) => (await holderOf(id)).unshare(id),
  };
}
