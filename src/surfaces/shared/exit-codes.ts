/** What the program's exit status means; `README.md` and `--help` say the same. */
import { ConversationError } from '../../agent/conversation/codec.ts';
import type { Answer } from '../../agent/events.ts';
import { type AnswerStatus, ModelError } from '../../agent/models/model.ts';
import { ConfigError } from '../../config/config.ts';
import { StoreError, type StoreErrorCode } from '../../mlflow/errors.ts';

export const EXIT_CODES = {
  /** Answered, or in part. */
  ok: 0,
  /** Our own fault: never documented as an outcome. */
  internal: 1,
  /** Command line or configuration. */
  usage: 2,
  /** The store is unreachable, locked, or does not let us in. */
  unreachable: 3,
  /** Not MLflow's, or unreadable. */
  unreadable: 4,
  /** The question cannot be answered: unknown name, no data, outside the subject. */
  cannot: 5,
  /** The question fits several things: choices are given. */
  clarify: 6,
  /** The model or its key. */
  model: 7,
  /** Words of a model without a finding behind them. */
  unsupported: 8,
  /** A limit was reached before there was an answer. */
  limit: 9,
  /** Ctrl-C. */
  interrupted: 130,
  /** Told to end, and ended before all was done. */
  terminated: 143,
} as const;
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

const STORE_EXITS: Readonly<Record<StoreErrorCode, ExitCode>> = {
  source_unreachable: EXIT_CODES.unreachable,
  source_timeout: EXIT_CODES.unreachable,
  tls_error: EXIT_CODES.unreachable,
  unauthorized: EXIT_CODES.unreachable,
  forbidden: EXIT_CODES.unreachable,
  rate_limited: EXIT_CODES.unreachable,
  server_error: EXIT_CODES.unreachable,
  database_busy: EXIT_CODES.unreachable,
  not_found: EXIT_CODES.unreachable,
  bad_response: EXIT_CODES.unreadable,
  request_refused: EXIT_CODES.unreadable,
  already_exists: EXIT_CODES.cannot,
  key_reused: EXIT_CODES.usage,
  may_be_written: EXIT_CODES.unreachable,
  database_unreadable: EXIT_CODES.unreadable,
  not_mlflow: EXIT_CODES.unreadable,
  empty_database: EXIT_CODES.unreadable,
  invalid_request: EXIT_CODES.usage,
  unsupported_source: EXIT_CODES.usage,
};

const STATUS_EXITS: Readonly<Record<Exclude<AnswerStatus, 'error'>, ExitCode>> = {
  answered: EXIT_CODES.ok,
  partial: EXIT_CODES.ok,
  cannot: EXIT_CODES.cannot,
  clarify: EXIT_CODES.clarify,
  unsupported: EXIT_CODES.unsupported,
};

export function exitCodeOfAnswer({ status, error }: Answer): ExitCode {
  if (status !== 'error') return STATUS_EXITS[status];
  if (error?.source === 'program') return error.code === 'limit_reached' ? EXIT_CODES.limit : EXIT_CODES.usage;
  return exitCodeOfStore(error?.code) ?? EXIT_CODES.model;
}

export function exitCodeOfError(error: unknown): ExitCode {
  if (error instanceof ConfigError) return EXIT_CODES.usage;
  if (error instanceof StoreError) return STORE_EXITS[error.code];
  if (error instanceof ConversationError) return EXIT_CODES.unreachable;
  return error instanceof ModelError ? EXIT_CODES.model : EXIT_CODES.internal;
}

function exitCodeOfStore(code: string | undefined): ExitCode | undefined {
  return Object.entries(STORE_EXITS).find(([known]) => known === code)?.[1];
}
