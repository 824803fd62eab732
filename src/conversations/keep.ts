/** Conversations over rows that several processes may share: turns by lease, changes by version. */
import { setTimeout } from 'node:timers/promises';
import { branchConversation } from '../agent/conversation/branch.ts';
import { ConversationError, decodeConversation, encodeConversation } from '../agent/conversation/codec.ts';
import { type Conversation, createConversation } from '../agent/conversation/conversation.ts';
import { isQuestion } from '../agent/conversation/exchanges.ts';
import { createTurns, type Turns } from '../agent/conversation/turns.ts';
import { untilAborted } from '../until-aborted.ts';
import type { ConversationEntry, ConversationStore, Conversations, ConversationTurn } from './conversations.ts';
import { joinConversations } from './joined.ts';
import { keepLinks } from './keep-links.ts';
import type { LinkRows } from './links.ts';
import type { ConversationHead, ConversationRow, ConversationRows, RowChanges } from './rows.ts';
import { hashOfSecret, makeShareSecret, type SharedState, type ShareRows } from './shares.ts';

/** A process that has not said for so long that it still works is taken for gone. */
const LEASE_MS = 6_000;
const POLL_MS = 100;
const LONGEST_TITLE = 200;

const NOT_HELD = { holder: null, question: null, heldUntil: null } as const satisfies RowChanges;

export function keepConversations(
  rows: ConversationRows,
  shares: ShareRows,
  links: LinkRows,
  leaseMs = LEASE_MS,
): ConversationStore {
  const turns = createTurns();
  const order = createTurns();
  const of = (owner: string) => new KeptConversations(rows, shares, owner, turns, leaseMs);
  const has = async (owner: string, id: string) => (await rows.get(owner, id)) !== undefined;
  return {
    of: (owner) => joinConversations(owner, links, { of, has, order }),
    links: keepLinks(links),
    findShared: (tenant, secret) => findShared(rows, shares, tenant, secret),
    close: () => rows.close(),
  };
}

class KeptConversations implements Conversations {
  readonly #rows: ConversationRows;
  readonly #shares: ShareRows;
  readonly #owner: string;
  /** Within this process, questions come in the order in which they were asked. */
  readonly #turns: Turns;
  readonly #leaseMs: number;

  constructor(rows: ConversationRows, shares: ShareRows, owner: string, turns: Turns, leaseMs: number) {
    this.#rows = rows;
    this.#shares = shares;
    this.#owner = owner;
    this.#turns = turns;
    this.#leaseMs = leaseMs;
  }

  async list(limit: number, offset = 0) {
    const { heads, total } = await this.#rows.list(this.#owner, limit, offset);
    const now = await this.#rows.now();
    return { entries: heads.map((head) => toEntry(head, now)), total };
  }

  async read(id: string) {
    const row = await this.#rows.get(this.#owner, id);
    if (row === undefined) return undefined;
    return { entry: toEntry(row, await this.#rows.now()), conversation: decodeConversation(row.body) };
  }

  async begin(id: string, question: string, signal: AbortSignal): Promise<ConversationTurn> {
    const leave = await this.#turns.take(JSON.stringify([this.#owner, id]), signal);
    try {
      for (;;) {
        const turn = await this.#tryToBegin(id, question, leave);
        if (turn !== undefined) return turn;
        await untilAborted(setTimeout(POLL_MS), signal);
      }
    } catch (error) {
      leave();
      throw error;
    }
  }

  async rename(id: string, title: string): Promise<ConversationEntry | undefined> {
    const row = await this.#change(id, () => ({ title: toTitle(title) }));
    return row && toEntry(row, await this.#rows.now());
  }

  async branch(id: string, turns?: number): Promise<ConversationEntry | undefined> {
    const row = await this.#rows.get(this.#owner, id);
    if (row === undefined) return undefined;
    const conversation = branchConversation(decodeConversation(row.body), turns);
    const now = await this.#rows.now();
    const branched: ConversationRow = {
      ...this.#newRow(conversation, row.title, now),
      turns: countTurns(conversation),
    };
    await this.#rows.insert(branched);
    return toEntry(branched, now);
  }

  async delete(id: string): Promise<boolean> {
    await this.unshare(id);
    return this.#rows.remove(this.#owner, id);
  }

  async share(id: string, tenant: string | undefined) {
    const row = await this.#rows.get(this.#owner, id);
    if (row === undefined) return undefined;
    const { title, turns, body } = row;
    const secret = makeShareSecret();
    const state = { title, turns, created: await this.#rows.now() };
    const about = { owner: this.#owner, conversation: id, hash: hashOfSecret(secret), tenant: tenant ?? null };
    await this.#shares.put({ ...about, ...state, body });
    return { ...state, secret };
  }

  async findShare(id: string): Promise<SharedState | undefined> {
    return this.#shares.findOf(this.#owner, id);
  }

  unshare(id: string): Promise<boolean> {
    return this.#shares.remove(this.#owner, id);
  }

  #newRow(conversation: Conversation, title: string, now: number): ConversationRow {
    return {
      owner: this.#owner,
      id: conversation.id,
      title,
      created: now,
      updated: now,
      turns: 0,
      version: 1,
      ...NOT_HELD,
      interrupted: null,
      body: encodeConversation(conversation),
    };
  }

  /** Undefined while somebody else has it. */
  async #tryToBegin(id: string, question: string, leave: () => void): Promise<ConversationTurn | undefined> {
    const [row, now] = [await this.#rows.get(this.#owner, id), await this.#rows.now()];
    const lease = { holder: crypto.randomUUID(), question, heldUntil: now + this.#leaseMs };
    if (row === undefined) {
      const conversation = createConversation(id);
      const created = { ...this.#newRow(conversation, toTitle(question), now), ...lease };
      return (await this.#rows.insert(created)) ? this.#turnOf(created, conversation, leave) : undefined;
    }
    if (row.holder !== null && !isGone(row, now)) return undefined;
    const held = { ...row, ...lease, interrupted: isGone(row, now) ? row.question : row.interrupted };
    const conversation = decodeConversation(row.body);
    if (!(await this.#rows.update(row, { ...lease, interrupted: held.interrupted }))) return undefined;
    return this.#turnOf({ ...held, version: row.version + 1 }, conversation, leave);
  }

  #turnOf(held: ConversationRow, conversation: Conversation, leave: () => void): ConversationTurn {
    const { id, holder, turns } = held;
    const extend = async () => {
      const heldUntil = (await this.#rows.now()) + this.#leaseMs;
      await this.#change(id, (row) => (row.holder === holder ? { heldUntil } : undefined));
    };
    // A lease that cannot be renewed is lost, which the end of the turn finds out.
    const timer = setInterval(() => extend().catch(() => {}), this.#leaseMs / 3).unref();
    const end = async () => {
      const now = await this.#rows.now();
      const own: RowChanges = { ...NOT_HELD, updated: now, turns: countTurns(conversation) };
      const answered = own.turns === turns ? {} : { interrupted: null };
      const changes = { ...own, ...answered, body: encodeConversation(conversation) };
      const kept = await this.#change(id, (row) => (row.holder === holder ? changes : undefined));
      if (kept === undefined) throw changed(id);
    };
    return {
      conversation,
      async end() {
        clearInterval(timer);
        try {
          await end();
        } finally {
          leave();
        }
      },
    };
  }

  /** Tries again where somebody changed it in between. Undefined where it is gone, or `change` wants nothing of it. */
  async #change(
    id: string,
    change: (row: ConversationRow) => RowChanges | undefined,
  ): Promise<ConversationRow | undefined> {
    for (;;) {
      const row = await this.#rows.get(this.#owner, id);
      const changes = row && change(row);
      if (row === undefined || changes === undefined) return undefined;
      if (await this.#rows.update(row, changes)) return { ...row, ...changes };
    }
  }
}

async function findShared(rows: ConversationRows, shares: ShareRows, tenant: string | undefined, secret: string) {
  const share = await shares.find(hashOfSecret(secret));
  if (share === undefined || share.tenant !== (tenant ?? null)) return undefined;
  const { owner, conversation: id, title, created, turns, body } = share;
  // It may have been deleted just as it was shared.
  if ((await rows.get(owner, id)) === undefined) return undefined;
  return { title, created, turns, conversation: decodeConversation(body) };
}

/** Whether who had the turn is there no more. */
function isGone({ holder, heldUntil }: ConversationHead, now: number): boolean {
  return holder !== null && (heldUntil ?? 0) < now;
}

function toEntry(head: ConversationHead, now: number): ConversationEntry {
  const { id, title, created, updated, turns } = head;
  const interrupted = (isGone(head, now) ? head.question : head.interrupted) ?? undefined;
  return { id, title, created, updated, turns, ...(interrupted !== undefined && { interrupted }) };
}

const countTurns = ({ messages }: Conversation): number => messages.filter(isQuestion).length;

/** One line that every database takes. */
function toTitle(text: string): string {
  const line = text
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  if (line.length <= LONGEST_TITLE) return line;
  const characters = Array.from(
    new Intl.Segmenter().segment(line.slice(0, 4 * LONGEST_TITLE)),
    ({ segment }) => segment,
  );
  return characters.length <= LONGEST_TITLE ? line : `${characters.slice(0, LONGEST_TITLE).join('')}…`;
}

function changed(id: string): ConversationError {
  return new ConversationError(
    'conversation_changed',
    `conversation ${id} was deleted or taken over by another process meanwhile: the answer is no part of it, ask again`,
  );
}
