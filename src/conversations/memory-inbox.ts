/** An inbox for as long as the process lives. */
import type { Inbox, InboxItem, InboxWork } from './inbox.ts';

interface HeldItem extends InboxItem {
  progress: string | null;
  isHeld: boolean;
  isSettled: boolean;
}

class MemoryInbox implements Inbox {
  /** In the order in which they came. */
  readonly #items = new Map<string, HeldItem>();

  async add(item: Pick<InboxItem, 'id' | 'kind' | 'thread' | 'author' | 'body'>) {
    if (this.#items.has(item.id)) return false;
    this.#items.set(item.id, { ...item, created: Date.now(), progress: null, isHeld: false, isSettled: false });
    return true;
  }

  async take(): Promise<InboxWork | undefined> {
    const busy = new Set([...this.#items.values()].flatMap(({ isHeld, thread }) => (isHeld ? thread : [])));
    const item = this.#items.values().find(({ isSettled, thread }) => !isSettled && !busy.has(thread));
    if (item === undefined) return undefined;
    item.isHeld = true;
    return {
      item: { ...item },
      async note(progress) {
        item.progress = progress;
      },
      async settle(progress) {
        Object.assign(item, { progress, isHeld: false, isSettled: true });
      },
      async leave() {
        item.isHeld = false;
      },
    };
  }

  async find(id: string) {
    return this.#items.get(id);
  }

  async hasThread(thread: string) {
    return this.#items.values().some((item) => item.thread === thread);
  }

  async countUpTo({ id, author, kind }: InboxItem, since: number) {
    const items = [...this.#items.values()];
    const place = items.findIndex((item) => item.id === id);
    return items
      .slice(0, place + 1)
      .filter((item) => item.author === author && item.kind === kind && item.created >= since).length;
  }

  async forget(kind: string, before: number) {
    for (const item of this.#items.values())
      if (item.kind === kind && item.isSettled && item.created < before) this.#items.delete(item.id);
  }

  async close() {}
}

export const createMemoryInbox = (): Inbox => new MemoryInbox();
