/** Conversations in a PostgreSQL database, shared by processes on several machines. */
import pg from 'pg';
import { ConversationError } from '../agent/conversation/codec.ts';
import { maskUri } from '../mask.ts';
import type { ConversationStore } from './conversations.ts';
import type { Inbox } from './inbox.ts';
import { keepConversations } from './keep.ts';
import { SHARES_SCHEMA, SqlShares } from './shares.ts';
import { INBOX_SCHEMA, SqlInbox } from './sql-inbox.ts';
import { createSqlLinks, LINK_SCHEMA } from './sql-links.ts';
import { type ConversationDatabase, CREATE_TABLE, SqlRows, storableValue } from './sql-rows.ts';

const CONNECT_MS = 5_000;
const STATEMENT_MS = 10_000;
const CONNECTIONS = 4;
/** Two processes that create the table at once: it is there. */
const ALREADY_THERE: ReadonlySet<unknown> = new Set(['23505', '42P07', '42710']);

/** @throws ConversationError */
export async function openPostgresqlConversations(uri: string, leaseMs?: number): Promise<ConversationStore> {
  const database = await openDatabase(uri, [CREATE_TABLE, ...SHARES_SCHEMA, ...LINK_SCHEMA]);
  return keepConversations(new SqlRows(database), new SqlShares(database), createSqlLinks(database), leaseMs);
}

/** @throws ConversationError */
export async function openPostgresqlInbox(uri: string, leaseMs?: number): Promise<Inbox> {
  return new SqlInbox(await openDatabase(uri, INBOX_SCHEMA), leaseMs);
}

async function openDatabase(uri: string, schema: readonly string[]): Promise<ConversationDatabase> {
  const pool = new pg.Pool({
    connectionString: uri,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    allowExitOnIdle: true,
  });
  // A connection that is lost while nobody uses it is replaced by the next that is needed.
  pool.on('error', () => {});
  const query = async (text: string, values: readonly unknown[]) => {
    try {
      return (await pool.query(text, [...values])).rows;
    } catch (error) {
      if (schema.includes(text) && ALREADY_THERE.has((error as { code?: unknown }).code)) return [];
      const message = `conversations cannot be kept in ${maskUri(uri)}: ${(error as Error).message}`;
      throw new ConversationError('conversations_unreachable', message);
    }
  };
  try {
    for (const statement of schema) await query(statement, []);
  } catch (error) {
    await pool.end();
    throw error;
  }
  return {
    run: (text, values) => query(numberMarks(text), values.map(storableValue)),
    async now() {
      const [row] = await query('SELECT extract(epoch FROM clock_timestamp()) * 1000 AS now', []);
      return Math.floor(Number(row.now));
    },
    close: () => pool.end(),
  };
}

function numberMarks(text: string): string {
  let count = 0;
  return text.replaceAll('?', () => `$${++count}`);
}
