/** Faults of a store, named by what failed; each says how to mend it. Our own bugs are not among them. */
import { RunsightError } from '../runsight-error.ts';

export type StoreErrorCode =
  | 'source_unreachable'
  | 'source_timeout'
  | 'tls_error'
  | 'unauthorized'
  | 'forbidden'
  | 'rate_limited'
  | 'server_error'
  | 'bad_response'
  | 'not_found'
  | 'invalid_request'
  | 'request_refused'
  | 'already_exists'
  | 'key_reused'
  | 'may_be_written'
  | 'database_busy'
  | 'database_unreadable'
  | 'not_mlflow'
  | 'empty_database'
  | 'unsupported_source';

export interface StoreErrorDetails {
  readonly hint?: string | undefined;
  readonly retryable?: boolean | undefined;
  readonly cause?: unknown;
}

/** The store fails: unreachable, not let in, unreadable. */
export class StoreError extends RunsightError {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;
  /** The mend, in one sentence. */
  readonly hint: string | undefined;
  readonly retryable: boolean;

  constructor(code: StoreErrorCode, message: string, details: StoreErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.retryable = details.retryable ?? false;
  }
}
