/** What a process asks of the one that reads a database for it, and what comes back. */
import type { StoreErrorCode } from '../errors.ts';
import type { OddRow } from './odd-rows.ts';
import type { Sql, SqlRow } from './statements.ts';

/** What it ends itself with where a statement takes more than `MOST_MEMORY`. */
export const OUT_OF_MEMORY = 'SIGTERM';
/** Bytes of the whole process: over a file of 1 GiB with 300,000 runs it took half of that. */
export const MOST_MEMORY = 320 * 2 ** 20;

export type Request =
  | {
      readonly does: 'read';
      readonly id: number;
      readonly session: number;
      readonly sql: Sql;
      readonly inPieces: boolean;
    }
  | { readonly does: 'end'; readonly session: number };

/** What a session knows after a statement. */
export interface SessionState {
  readonly spentMs: number;
  readonly hasChanged: boolean;
  readonly oddRows: readonly OddRow[];
}

/** A `StoreError`, or (without a code) a fault of our own. */
export interface SentError {
  readonly code?: StoreErrorCode;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly retryable?: boolean;
}

/** Rows come in pieces before the last word on a request. */
export type ProcessReply =
  | { readonly id: number; readonly rows: readonly SqlRow[] }
  | { readonly id: number; readonly state: SessionState; readonly error?: SentError | undefined };
