/** An inbox as rows of one table, in words that SQLite and PostgreSQL share. */
import { ConversationError } from '../agent/conversation/codec.ts';
import { INBOX_LEASE_MS, type Inbox, type InboxItem, type InboxWork } from './inbox.ts';
import type { ConversationDatabase, SqlRecord } from './sql-rows.ts';

export const INBOX_SCHEMA = [
  `CREATE TABLE IF NOT EXISTS runsight_inbox (
  id text NOT NULL PRIMARY KEY, kind text NOT NULL, thread text NOT NULL, author text NOT NULL, body text NOT NULL,
  created bigint NOT NULL, progress text, holder text, held_until bigint, settled bigint)`,
  'CREATE INDEX IF NOT EXISTS runsight_inbox_open ON runsight_inbox (created) WHERE settled IS NULL',
  'CREATE INDEX IF NOT EXISTS runsight_inbox_thread ON runsight_inbox (thread)',
  'CREATE INDEX IF NOT EXISTS runsight_inbox_author ON runsight_inbox (author, created)',
] as const;

const NAMES = 'id, kind, thread, author, body, created, progress';

export class SqlInbox implements Inbox {
  readonly #database: ConversationDatabase;
  readonly #leaseMs: number;

  constructor(database: ConversationDatabase, leaseMs = INBOX_LEASE_MS) {
    this.#database = database;
    this.#leaseMs = leaseMs;
  }

  async add({ id, kind, thread, author, body }: Pick<InboxItem, 'id' | 'kind' | 'thread' | 'author' | 'body'>) {
    const text =
      'INSERT INTO runsight_inbox (id, kind, thread, author, body, created) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id';
    const now = await this.#database.now();
    return (await this.#database.run(text, [id, kind, thread, author, body, now])).length > 0;
  }

  async take(): Promise<InboxWork | undefined> {
    for (;;) {
      const now = await this.#database.now();
      const isFree = 'settled IS NULL AND (held_until IS NULL OR held_until < ?)';
      const [row] = await this.#database.run(
        `SELECT ${NAMES} FROM runsight_inbox AS item WHERE ${isFree} AND NOT EXISTS (SELECT 1 FROM runsight_inbox AS other
         WHERE other.thread = item.thread AND other.settled IS NULL AND other.held_until >= ?) ORDER BY created, id LIMIT 1`,
        [now, now],
      );
      if (row === undefined) return undefined;
      const item = toItem(row);
      const holder = crypto.randomUUID();
      const taken = await this.#database.run(
        `UPDATE runsight_inbox SET holder = ?, held_until = ? WHERE id = ? AND ${isFree} RETURNING id`,
        [holder, now + this.#leaseMs, item.id, now],
      );
      if (taken.length > 0) return this.#workOn(item, holder);
    }
  }

  async find(id: string) {
    const [row] = await this.#database.run(`SELECT ${NAMES} FROM runsight_inbox WHERE id = ?`, [id]);
    return row && toItem(row);
  }

  async hasThread(thread: string) {
    return (
      (await this.#database.run('SELECT 1 AS found FROM runsight_inbox WHERE thread = ? LIMIT 1', [thread])).length > 0
    );
  }

  async countUpTo({ author, kind, created, id }: InboxItem, since: number) {
    const [row] = await this.#database.run(
      `SELECT count(*) AS total FROM runsight_inbox WHERE author = ? AND kind = ? AND created >= ?
       AND (created < ? OR created = ? AND id <= ?)`,
      [author, kind, since, created, created, id],
    );
    return Number(row?.total);
  }

  async forget(kind: string, before: number) {
    const text = 'DELETE FROM runsight_inbox WHERE kind = ? AND settled IS NOT NULL AND created < ?';
    await this.#database.run(text, [kind, before]);
  }

  close() {
    return this.#database.close();
  }

  #workOn(item: InboxItem, holder: string): InboxWork {
    const change = async (changes: string, values: readonly (string | number | null)[]) => {
      const text = `UPDATE runsight_inbox SET ${changes} WHERE id = ? AND holder = ? AND settled IS NULL RETURNING id`;
      const changed = await this.#database.run(text, [...values, item.id, holder]);
      if (changed.length === 0) throw takenOver(item.id);
    };
    const until = async () => (await this.#database.now()) + this.#leaseMs;
    const extend = async () => change('held_until = ?', [await until()]);
    // A hold that cannot be renewed is lost, which the next note finds out.
    const timer = setInterval(() => extend().catch(() => {}), this.#leaseMs / 3).unref();
    return {
      item,
      note: (progress) => change('progress = ?', [progress]),
      async settle(progress) {
        clearInterval(timer);
        await change('progress = ?, holder = NULL, held_until = NULL, settled = ?', [progress, await until()]);
      },
      async leave() {
        clearInterval(timer);
        await change('holder = NULL, held_until = NULL', []).catch(() => {});
      },
    };
  }
}

function toItem(row: SqlRecord): InboxItem {
  return {
    id: String(row.id),
    kind: String(row.kind),
    thread: String(row.thread),
    author: String(row.author),
    body: String(row.body),
    created: Number(row.created),
    progress: typeof row.progress === 'string' ? row.progress : null,
  };
}

function takenOver(id: string): ConversationError {
  return new ConversationError('conversation_changed', `${id} was taken over by another process meanwhile`);
}
