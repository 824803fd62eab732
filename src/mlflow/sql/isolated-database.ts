/**
 * A SQLite file that is read in a process of its own: this one stands still for no statement, and where one does not
 * come to an end, the process is ended with it and the next call gets a new one.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { StoreError, type StoreErrorCode } from '../errors.ts';
import type { SqlDatabase, SqlSession } from './connection.ts';
import type { OddRow } from './odd-rows.ts';
import { SCHEMA_VERSION } from './sqlite-database.ts';
import { SQLITE } from './sqlite-dialect.ts';
import { SqliteFile } from './sqlite-file.ts';
import {
  MOST_MEMORY,
  OUT_OF_MEMORY,
  type ProcessReply,
  type Request,
  type SentError,
  type SessionState,
} from './sqlite-messages.ts';
import type { Sql, SqlRow } from './statements.ts';

const PROGRAM = new URL(
  import.meta.url.endsWith('.ts') ? './sqlite-process.ts' : '../sqlite-process.js',
  import.meta.url,
);
/** Of one statement; the longest that is known takes a second for 300,000 runs. */
const STATEMENT_MS = 20_000;
/** How long a statement that nobody waits for any more may go on: most end sooner than a new process starts. */
const GRACE_MS = 250;
/** What the process needs of the environment: where temporary files go. */
const NEEDED = ['TMPDIR', 'TMP', 'TEMP', 'SQLITE_TMPDIR', 'SystemRoot'];

interface Pending {
  readonly session: IsolatedSession;
  readonly onRow: (row: SqlRow) => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class IsolatedDatabase implements SqlDatabase {
  readonly kind = 'sqlite';
  readonly location: string;
  readonly #tables: readonly string[];
  readonly #statementMs: number;
  /** Looked at from outside only. */
  readonly #file: SqliteFile;
  #reader: Reader | undefined;

  /** Throws StoreError: not_found, empty_database, not_mlflow or database_unreadable. */
  constructor(path: string, tables: readonly string[] = [], statementMs = STATEMENT_MS) {
    this.location = path;
    this.#tables = tables;
    this.#statementMs = statementMs;
    this.#file = new SqliteFile(path);
    // While it starts, others load what they need.
    this.#reader = this.#start();
  }

  revision(): string {
    return this.#file.look().revision;
  }

  async begin(): Promise<SqlSession> {
    if (this.#reader?.isGone !== false) this.#reader = this.#start();
    return new IsolatedSession(this.#reader);
  }

  async schemaVersion(session: SqlSession): Promise<unknown> {
    return (await session.all(SCHEMA_VERSION))[0]?.[0];
  }

  async close(): Promise<void> {
    this.#reader?.end();
    this.#file.close();
  }

  #start(): Reader {
    return new Reader(this.location, this.#tables, this.#statementMs);
  }
}

/** A process that reads. */
class Reader {
  readonly location: string;
  readonly #child: ChildProcess;
  readonly #statementMs: number;
  readonly #pending = new Map<number, Pending>();
  /** Of the statement that runs: the process takes them one by one. */
  #timer: NodeJS.Timeout | undefined;
  #requests = 0;
  #sessions = 0;
  #isGone = false;
  readonly #onExit = () => this.#child.kill('SIGKILL');

  constructor(location: string, tables: readonly string[], statementMs: number) {
    this.location = location;
    this.#statementMs = statementMs;
    const env = Object.fromEntries(NEEDED.map((name) => [name, process.env[name]]));
    this.#child = fork(PROGRAM, [location, ...tables], {
      env,
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#child.on('message', (reply) => this.#take(reply as ProcessReply));
    this.#child.on('error', () => this.end());
    this.#child.on('exit', (_, signal) => this.end(signal === OUT_OF_MEMORY ? this.#tooLarge() : undefined));
    process.on('exit', this.#onExit);
    this.#rest();
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  newSession(): number {
    return ++this.#sessions;
  }

  read(session: IsolatedSession, sql: Sql, onRow: ((row: SqlRow) => void) | SqlRow[]): Promise<void> {
    if (this.#isGone) return Promise.reject(this.#ended());
    const id = ++this.#requests;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const inPieces = typeof onRow === 'function';
    this.#pending.set(id, { session, onRow: inPieces ? onRow : (row) => onRow.push(row), resolve, reject });
    this.#send({ does: 'read', id, session: session.number, sql, inPieces });
    if (this.#pending.size === 1) this.#watch();
    return promise;
  }

  endSession({ number }: IsolatedSession): void {
    if (!this.#isGone) this.#send({ does: 'end', session: number });
  }

  /** Ends the process where a session that was given up still keeps it busy after a while. */
  giveUp(session: IsolatedSession): void {
    const isBusy = () => this.#pending.values().some((one) => one.session === session);
    if (isBusy()) setTimeout(() => isBusy() && this.end(), GRACE_MS).unref();
  }

  end(fault: StoreError = this.#ended()): void {
    if (this.#isGone) return;
    this.#isGone = true;
    clearTimeout(this.#timer);
    process.off('exit', this.#onExit);
    this.#child.kill('SIGKILL');
    for (const { reject } of this.#pending.values()) reject(fault);
    this.#pending.clear();
  }

  #send(request: Request): void {
    this.#child.channel?.ref();
    this.#child.ref();
    // Where it has gone, its end is told.
    this.#child.send(request, () => {});
  }

  #take(reply: ProcessReply): void {
    const pending = this.#pending.get(reply.id);
    if (pending === undefined) return;
    if ('rows' in reply) {
      for (const row of reply.rows) pending.onRow(row);
      return;
    }
    this.#pending.delete(reply.id);
    pending.session.state = reply.state;
    if (reply.error === undefined) pending.resolve();
    else pending.reject(toError(reply.error));
    this.#rest();
    this.#watch();
  }

  /** An idle process keeps nobody from going home. */
  #rest(): void {
    if (this.#pending.size > 0) return;
    this.#child.channel?.unref();
    this.#child.unref();
  }

  #watch(): void {
    clearTimeout(this.#timer);
    if (this.#pending.size === 0) return;
    this.#timer = setTimeout(() => this.end(this.#tooLong()), this.#statementMs);
  }

  #tooLong(): StoreError {
    return this.#stopped('source_timeout', `after ${this.#statementMs / 1_000} s`);
  }

  #tooLarge(): StoreError {
    return this.#stopped('database_unreadable', `at ${MOST_MEMORY / 2 ** 20} MiB of memory`);
  }

  #stopped(code: StoreErrorCode, where: string): StoreError {
    return new StoreError(
      code,
      `a read of ${this.location} was ended ${where}: it is too large, or not as MLflow makes it`,
      { hint: 'Ask about fewer runs, or check the file with sqlite3 and PRAGMA integrity_check.' },
    );
  }

  #ended(): StoreError {
    return new StoreError('database_unreadable', `the process that reads ${this.location} has ended`, {
      hint: 'Ask again; if it goes on, check the file with sqlite3 and PRAGMA integrity_check.',
      retryable: true,
    });
  }
}

function toError({ code, message, hint, retryable }: SentError): Error {
  return code === undefined ? new Error(message) : new StoreError(code, message, { hint, retryable });
}

class IsolatedSession implements SqlSession {
  readonly dialect = SQLITE;
  readonly number: number;
  readonly #reader: Reader;
  #oddRows: OddRow[] = [];
  #spentMs = 0;
  #hasChanged = false;

  constructor(reader: Reader) {
    this.#reader = reader;
    this.number = reader.newSession();
  }

  get location(): string {
    return this.#reader.location;
  }

  get isSpoilt(): boolean {
    return this.#reader.isGone;
  }

  get spentMs(): number {
    return this.#spentMs;
  }

  get hasChanged(): boolean {
    return this.#hasChanged;
  }

  set state({ spentMs, hasChanged, oddRows }: SessionState) {
    this.#spentMs = spentMs;
    this.#hasChanged ||= hasChanged;
    for (const row of oddRows) this.#oddRows.push(row);
  }

  async all(sql: Sql): Promise<SqlRow[]> {
    const rows: SqlRow[] = [];
    await this.#reader.read(this, sql, rows);
    return rows;
  }

  each(sql: Sql, onRow: (row: SqlRow) => void): Promise<void> {
    return this.#reader.read(this, sql, onRow);
  }

  takeOddRows(): readonly OddRow[] {
    const taken = this.#oddRows;
    this.#oddRows = [];
    return taken;
  }

  async end(): Promise<void> {
    this.#reader.endSession(this);
  }

  cancel(): void {
    this.#reader.giveUp(this);
  }
}
