/** Conversations in a file that only its owner may read, shared by the processes of one machine. */
import { closeSync, constants, fchmodSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { ConversationError } from '../agent/conversation/codec.ts';
import type { ConversationStore } from './conversations.ts';
import type { Inbox } from './inbox.ts';
import { keepConversations } from './keep.ts';
import { SHARES_SCHEMA, SqlShares } from './shares.ts';
import { INBOX_SCHEMA, SqlInbox } from './sql-inbox.ts';
import { createSqlLinks, LINK_SCHEMA } from './sql-links.ts';
import { type ConversationDatabase, CREATE_TABLE, type SqlRecord, SqlRows, storableValue } from './sql-rows.ts';

/** While another process writes, this one goes on with other work. */
const BUSY_MS = 5_000;
const RETRY_MS = 20;
const SQLITE_BUSY = 5;

/** @throws ConversationError */
export async function openSqliteConversations(file: string, leaseMs?: number): Promise<ConversationStore> {
  const database = await openDatabase(file, [CREATE_TABLE, ...SHARES_SCHEMA, ...LINK_SCHEMA]);
  return keepConversations(new SqlRows(database), new SqlShares(database), createSqlLinks(database), leaseMs);
}

/** @throws ConversationError */
export async function openSqliteInbox(file: string, leaseMs?: number): Promise<Inbox> {
  return new SqlInbox(await openDatabase(file, INBOX_SCHEMA), leaseMs);
}

async function openDatabase(file: string, schema: readonly string[]): Promise<ConversationDatabase> {
  const database = inWords(file, () => open(file));
  const run = (text: string, values: readonly (string | number | null)[]) =>
    inTurn(file, () => database.prepare(text).all(...values.map(storableValue)) as SqlRecord[]);
  await inTurn(file, () => database.exec('PRAGMA journal_mode = WAL'));
  for (const statement of schema) await run(statement, []);
  return { run, now: async () => Date.now(), close: async () => database.close() };
}

function open(file: string): DatabaseSync {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  // What SQLite makes beside it has its mode; a link to elsewhere is not followed.
  const handle = openSync(file, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  fchmodSync(handle, 0o600);
  closeSync(handle);
  return new DatabaseSync(file, { timeout: 0 });
}

async function inTurn<T>(file: string, work: () => T): Promise<T> {
  const deadline = performance.now() + BUSY_MS;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw unreachable(file, error);
      await setTimeout(RETRY_MS);
    }
  }
}

function isBusy(error: unknown): boolean {
  // The lower byte of an extended code is the code itself.
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY;
}

function inWords<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw unreachable(file, error);
  }
}

function unreachable(file: string, error: unknown): ConversationError {
  return new ConversationError(
    'conversations_unreachable',
    `conversations cannot be kept in ${file}: ${(error as Error).message}`,
  );
}
