/** A process that reads one database file for another, which ends it where a statement does not come to an end. */
import { Worker } from 'node:worker_threads';
import { StoreError } from '../errors.ts';
import { SqliteDatabase, type SqliteSession } from './sqlite-database.ts';
import { MOST_MEMORY, OUT_OF_MEMORY, type ProcessReply, type Request, type SentError } from './sqlite-messages.ts';
import type { SqlRow } from './statements.ts';

/** Rows of one message: they are held twice while it is sent. */
const PIECE = 5_000;

/**
 * A statement hears nothing: that whoever asked is gone is seen by a thread, and that it takes too much memory, for which
 * SQLite as Node has it knows no limit.
 */
const WATCH = `const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  if (process.memoryUsage.rss() > ${MOST_MEMORY}) process.kill(process.pid, '${OUT_OF_MEMORY}');
}, 100);`;

const [path = '', ...tables] = process.argv.slice(2);
const sessions = new Map<number, SqliteSession>();
let opened: SqliteDatabase | undefined;

const send = (reply: ProcessReply): void => {
  process.send?.(reply);
};

function sessionOf(number: number): SqliteSession {
  opened ??= new SqliteDatabase(path, tables);
  const session = sessions.get(number) ?? opened.newSession();
  sessions.set(number, session);
  return session;
}

function toSent(error: unknown): SentError {
  if (!(error instanceof StoreError)) return { message: String((error as Error)?.stack ?? error) };
  const { code, message, hint, retryable } = error;
  return { code, message, hint, retryable };
}

async function read({ id, session: number, sql, inPieces }: Request & { readonly does: 'read' }): Promise<void> {
  let session: SqliteSession | undefined;
  let error: SentError | undefined;
  try {
    session = sessionOf(number);
    let rows: SqlRow[] = [];
    const take = (row: SqlRow): void => {
      if (rows.push(row) < PIECE) return;
      send({ id, rows });
      rows = [];
    };
    if (inPieces) await session.each(sql, take);
    else rows = await session.all(sql);
    send({ id, rows });
  } catch (thrown) {
    error = toSent(thrown);
  }
  const { spentMs = 0, hasChanged = false } = session ?? {};
  send({ id, state: { spentMs, hasChanged, oddRows: session?.takeOddRows() ?? [] }, error });
}

process.on('message', (request: Request) => {
  if (request.does === 'read') read(request).catch(() => process.exit(1));
  else {
    sessions.get(request.session)?.leave();
    sessions.delete(request.session);
  }
});
process.on('disconnect', () => process.exit());
// Meant for the one that asks: it ends this one.
process.on('SIGINT', () => {});
new Worker(WATCH, { eval: true }).unref();
