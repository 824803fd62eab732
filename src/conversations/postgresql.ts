/** Conversations in a PostgreSQL database, shared by processes on several machines. */
import pg from 'pg';
import { ConversationError } from '../agent/conversation/codec.ts';
import { maskUri } from '../mask.ts';
import type { ConversationStore } from './conversations.ts';
import { keepConversations } from './keep.ts';
import { type ConversationDatabase, CREATE_TABLE, SqlRows } from './sql-rows.ts';

const CONNECT_MS = 5_000;
const STATEMENT_MS = 10_000;
const CONNECTIONS = 4;
/** Two processes that create the table at once: it is there. */
const ALREADY_THERE: ReadonlySet<unknown> = new Set(['23505', '42P07', '42710']);

/** @throws ConversationError */
export async function openPostgresqlConversations(uri: string, leaseMs?: number): Promise<ConversationStore> {
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
      if (text === CREATE_TABLE && ALREADY_THERE.has((error as { code?: unknown }).code)) return [];
      const message = `conversations cannot be kept in ${maskUri(uri)}: ${(error as Error).message}`;
      throw new ConversationError('conversations_unreachable', message);
    }
  };
  try {
    await query(CREATE_TABLE, []);
  } catch (error) {
    await pool.end();
    throw error;
  }
  const database: ConversationDatabase = {
    run: (text, values) => query(numberMarks(text), values),
    async now() {
      const [row] = await query('SELECT extract(epoch FROM clock_timestamp()) * 1000 AS now', []);
      return Math.floor(Number(row.now));
    },
    close: () => pool.end(),
  };
  return keepConversations(new SqlRows(database), leaseMs);
}

function numberMarks(text: string): string {
  let count = 0;
  return text.replaceAll('?', () => `$${++count}`);
}
