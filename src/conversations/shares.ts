/** Conversations as they were when their owner shared them: found by a secret, of which only a hash is kept. */
import { createHash, randomBytes } from 'node:crypto';
import type { ConversationDatabase, SqlRecord } from './sql-rows.ts';

/** What a link shows. */
export interface SharedState {
  readonly title: string;
  /** Epoch milliseconds. */
  readonly created: number;
  readonly turns: number;
}

export interface ShareRow extends SharedState {
  readonly owner: string;
  readonly conversation: string;
  readonly hash: string;
  /** Whose callers alone may read it; null: all. */
  readonly tenant: string | null;
  /** As the codec writes it. */
  readonly body: string;
}

/** One of each conversation. */
export interface ShareRows {
  /** In place of the one there was. */
  put(row: ShareRow): Promise<void>;
  find(hash: string): Promise<ShareRow | undefined>;
  findOf(owner: string, conversation: string): Promise<ShareRow | undefined>;
  /** Whether there was one. */
  remove(owner: string, conversation: string): Promise<boolean>;
}

/** 192 bits that nobody guesses. */
export const makeShareSecret = (): string => randomBytes(24).toString('base64url');
export const hashOfSecret = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

export const SHARES_SCHEMA = [
  `CREATE TABLE IF NOT EXISTS runsight_shares (
  owner text NOT NULL, conversation text NOT NULL, hash text NOT NULL, tenant text, title text NOT NULL,
  created bigint NOT NULL, turns integer NOT NULL, body text NOT NULL, PRIMARY KEY (owner, conversation))`,
  'CREATE UNIQUE INDEX IF NOT EXISTS runsight_shares_hash ON runsight_shares (hash)',
] as const;

const NAMES = ['owner', 'conversation', 'hash', 'tenant', 'title', 'created', 'turns', 'body'] as const;

export class SqlShares implements ShareRows {
  readonly #database: ConversationDatabase;

  constructor(database: ConversationDatabase) {
    this.#database = database;
  }

  async put(row: ShareRow) {
    const changes = NAMES.slice(2).map((name) => `${name} = excluded.${name}`);
    await this.#database.run(
      `INSERT INTO runsight_shares (${NAMES.join(', ')}) VALUES (${NAMES.map(() => '?').join(', ')})
       ON CONFLICT (owner, conversation) DO UPDATE SET ${changes.join(', ')}`,
      NAMES.map((name) => row[name]),
    );
  }

  find(hash: string) {
    return this.#findBy('hash = ?', [hash]);
  }

  findOf(owner: string, conversation: string) {
    return this.#findBy('owner = ? AND conversation = ?', [owner, conversation]);
  }

  async remove(owner: string, conversation: string) {
    const text = 'DELETE FROM runsight_shares WHERE owner = ? AND conversation = ? RETURNING hash';
    return (await this.#database.run(text, [owner, conversation])).length > 0;
  }

  async #findBy(condition: string, values: readonly string[]): Promise<ShareRow | undefined> {
    const [row] = await this.#database.run(
      `SELECT ${NAMES.join(', ')} FROM runsight_shares WHERE ${condition}`,
      values,
    );
    return row && toShare(row);
  }
}

function toShare(row: SqlRecord): ShareRow {
  const text = (name: (typeof NAMES)[number]) => String(row[name]);
  return {
    owner: text('owner'),
    conversation: text('conversation'),
    hash: text('hash'),
    tenant: typeof row.tenant === 'string' ? row.tenant : null,
    title: text('title'),
    created: Number(row.created),
    turns: Number(row.turns),
    body: text('body'),
  };
}

/** For as long as the process lives; those made longest ago make room. */
export class MemoryShares implements ShareRows {
  readonly #kept = new Map<string, ShareRow>();
  readonly #mostKept: number;

  constructor(mostKept: number) {
    this.#mostKept = mostKept;
  }

  async put(row: ShareRow) {
    const key = JSON.stringify([row.owner, row.conversation]);
    this.#kept.delete(key);
    this.#kept.set(key, row);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.#mostKept && oldest !== undefined) this.#kept.delete(oldest);
  }

  async find(hash: string) {
    return this.#kept.values().find((row) => row.hash === hash);
  }

  async findOf(owner: string, conversation: string) {
    return this.#kept.get(JSON.stringify([owner, conversation]));
  }

  async remove(owner: string, conversation: string) {
    return this.#kept.delete(JSON.stringify([owner, conversation]));
  }
}
