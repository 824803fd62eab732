/** Conversations as rows of one table, in words that SQLite and PostgreSQL share. */
import type { ConversationHead, ConversationRow, ConversationRows, RowChanges } from './rows.ts';

export type SqlRecord = Readonly<Record<string, unknown>>;

export interface ConversationDatabase {
  /** Values stand as `?`. @throws ConversationError */
  run(text: string, values: readonly (string | number | null)[]): Promise<readonly SqlRecord[]>;
  now(): Promise<number>;
  close(): Promise<void>;
}

export const CREATE_TABLE = `CREATE TABLE IF NOT EXISTS runsight_conversations (
  owner text NOT NULL, id text NOT NULL, title text NOT NULL, created bigint NOT NULL, updated bigint NOT NULL,
  turns integer NOT NULL, version bigint NOT NULL, holder text, question text, held_until bigint, interrupted text,
  body text NOT NULL, PRIMARY KEY (owner, id))`;

const COLUMNS = {
  owner: 'owner',
  id: 'id',
  title: 'title',
  created: 'created',
  updated: 'updated',
  turns: 'turns',
  version: 'version',
  holder: 'holder',
  question: 'question',
  heldUntil: 'held_until',
  interrupted: 'interrupted',
} as const satisfies Record<keyof ConversationHead, string>;
const NAMES = Object.values(COLUMNS).join(', ');
const IS_SHOWN = 'owner = ? AND (turns > 0 OR question IS NOT NULL)';

export class SqlRows implements ConversationRows {
  readonly #database: ConversationDatabase;

  constructor(database: ConversationDatabase) {
    this.#database = database;
  }

  async list(owner: string, limit: number, offset: number) {
    const [count] = await this.#database.run(`SELECT count(*) AS total FROM runsight_conversations WHERE ${IS_SHOWN}`, [
      owner,
    ]);
    const rows = await this.#database.run(
      `SELECT ${NAMES} FROM runsight_conversations WHERE ${IS_SHOWN} ORDER BY updated DESC, id LIMIT ? OFFSET ?`,
      [owner, limit, offset],
    );
    return { heads: rows.map(toHead), total: Number(count?.total) };
  }

  async get(owner: string, id: string): Promise<ConversationRow | undefined> {
    const [row] = await this.#database.run(
      `SELECT ${NAMES}, body FROM runsight_conversations WHERE owner = ? AND id = ?`,
      [owner, id],
    );
    return row && { ...toHead(row), body: String(row.body) };
  }

  async insert({ body, ...head }: ConversationRow) {
    const values = Object.keys(COLUMNS).map((name) => head[name as keyof ConversationHead]);
    const marks = ', ?'.repeat(values.length);
    const text = `INSERT INTO runsight_conversations (body, ${NAMES}) VALUES (?${marks}) ON CONFLICT DO NOTHING RETURNING id`;
    return (await this.#database.run(text, [body, ...values])).length > 0;
  }

  async update({ owner, id, version }: Pick<ConversationRow, 'owner' | 'id' | 'version'>, changes: RowChanges) {
    const entries = Object.entries(changes);
    const columns = entries.map(
      ([name]) => `${name === 'body' ? name : COLUMNS[name as keyof ConversationHead]} = ?, `,
    );
    const text = `UPDATE runsight_conversations SET ${columns.join('')}version = version + 1
      WHERE owner = ? AND id = ? AND version = ? RETURNING id`;
    const values = entries.map(([, value]) => value);
    return (await this.#database.run(text, [...values, owner, id, version])).length > 0;
  }

  async remove(owner: string, id: string) {
    const text = 'DELETE FROM runsight_conversations WHERE owner = ? AND id = ? RETURNING id';
    return (await this.#database.run(text, [owner, id])).length > 0;
  }

  now(): Promise<number> {
    return this.#database.now();
  }

  close(): Promise<void> {
    return this.#database.close();
  }
}

/** What a database is given: no text may hold a NUL, PostgreSQL has none. */
export function storableValue(value: string | number | null): string | number | null {
  return typeof value === 'string' ? value.replaceAll('\0', '\uffff').toWellFormed() : value;
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function toHead(row: SqlRecord): ConversationHead {
  return {
    owner: String(row.owner),
    id: String(row.id),
    title: String(row.title),
    created: Number(row.created),
    updated: Number(row.updated),
    turns: Number(row.turns),
    version: Number(row.version),
    holder: textOrNull(row.holder),
    question: textOrNull(row.question),
    heldUntil: row.held_until === null ? null : Number(row.held_until),
    interrupted: textOrNull(row.interrupted),
  };
}
