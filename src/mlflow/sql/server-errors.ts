/** Faults that drivers of database servers report → StoreError. Their own texts may hold SQL or secrets and are not shown. */
import { StoreError, type StoreErrorCode } from '../errors.ts';

interface Fault {
  readonly code: StoreErrorCode;
  /** Follows the location. */
  readonly message: string;
  readonly hint: string;
  readonly retryable?: true;
}

const PASSWORD: Fault = {
  code: 'unauthorized',
  message: 'refuses the user or the password',
  hint: 'Check both in MLFLOW_TRACKING_URI; special characters of a password are percent-encoded.',
};
const NO_DATABASE: Fault = {
  code: 'not_found',
  message: 'has no such database',
  hint: 'Check the name behind the last / of MLFLOW_TRACKING_URI.',
};
const FORBIDDEN: Fault = {
  code: 'forbidden',
  message: 'lets this user not read a table of MLflow',
  hint: 'Grant SELECT on the tables of MLflow to it; nothing more is needed.',
};
const TOO_SLOW: Fault = {
  code: 'source_timeout',
  message: 'took longer than a statement may',
  hint: 'Narrow the question, or give it more time with MLFLOW_HTTP_REQUEST_TIMEOUT (seconds).',
  retryable: true,
};
const FULL: Fault = {
  code: 'database_busy',
  message: 'takes no more connections',
  hint: 'Try again in a moment.',
  retryable: true,
};
const LOST: Fault = {
  code: 'source_unreachable',
  message: 'ended the connection',
  hint: 'Ask again; if it happens again, look at the log of the database.',
  retryable: true,
};
const UNREACHABLE: Fault = {
  code: 'source_unreachable',
  message: 'cannot be reached',
  hint: 'Check that the database runs, and its host and port.',
  retryable: true,
};
const NO_TLS: Fault = {
  code: 'tls_error',
  message: 'offers no encrypted connection',
  hint: 'Set up TLS there, or take the demand for it out of MLFLOW_TRACKING_URI.',
};
const BAD_CERTIFICATE: Fault = {
  code: 'tls_error',
  message: 'shows a certificate that is not trusted',
  hint: 'Name its authority: sslrootcert=… for PostgreSQL, MLFLOW_MYSQL_SSL_CA for MySQL.',
};
const ENCRYPTED_ONLY: Fault = {
  code: 'tls_error',
  message: 'takes only encrypted connections from here',
  hint: 'Add ?sslmode=require to MLFLOW_TRACKING_URI, or set MLFLOW_MYSQL_SSL_CA.',
};

/** By SQLSTATE, MySQL's error name or number, or Node's. */
const FAULTS: Readonly<Record<string, Fault>> = {
  '28P01': PASSWORD,
  '28000': PASSWORD,
  ER_ACCESS_DENIED_ERROR: PASSWORD,
  ER_ACCESS_DENIED_NO_PASSWORD_ERROR: PASSWORD,
  '3D000': NO_DATABASE,
  ER_BAD_DB_ERROR: NO_DATABASE,
  ER_NO_DB_ERROR: NO_DATABASE,
  '42501': FORBIDDEN,
  ER_DBACCESS_DENIED_ERROR: FORBIDDEN,
  ER_TABLEACCESS_DENIED_ERROR: FORBIDDEN,
  ER_COLUMNACCESS_DENIED_ERROR: FORBIDDEN,
  '57014': TOO_SLOW,
  ER_QUERY_TIMEOUT: TOO_SLOW,
  // MariaDB's own number, which the driver has no name for.
  1969: TOO_SLOW,
  ER_QUERY_INTERRUPTED: TOO_SLOW,
  '53300': FULL,
  ER_CON_COUNT_ERROR: FULL,
  ER_USER_LIMIT_REACHED: FULL,
  '57P01': LOST,
  '57P02': LOST,
  '57P03': LOST,
  '08006': LOST,
  '08003': LOST,
  ECONNRESET: LOST,
  EPIPE: LOST,
  PROTOCOL_CONNECTION_LOST: LOST,
  ER_SERVER_SHUTDOWN: LOST,
  ER_CONNECTION_KILLED: LOST,
  ECONNREFUSED: UNREACHABLE,
  ENOTFOUND: UNREACHABLE,
  EAI_AGAIN: UNREACHABLE,
  ETIMEDOUT: UNREACHABLE,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  ENOENT: UNREACHABLE,
  HANDSHAKE_NO_SSL_SUPPORT: NO_TLS,
  HANDSHAKE_SSL_ERROR: BAD_CERTIFICATE,
  ER_SECURE_TRANSPORT_REQUIRED: ENCRYPTED_ONLY,
};

/** PostgreSQL's driver gives these no code. */
const TEXTS: readonly (readonly [RegExp, Fault])[] = [
  [/does not support SSL/i, NO_TLS],
  [/no encryption/i, ENCRYPTED_ONLY],
  [/certificate|altnames|self.signed/i, BAD_CERTIFICATE],
  [/password must be a string|no password supplied/i, PASSWORD],
  [/timeout exceeded|connect ETIMEDOUT|timeout expired/i, UNREACHABLE],
  [/connection terminated|closed state|not queryable/i, LOST],
];

/** A fault of the database or of the way to it; our own mistakes in SQL stay what they are. */
export function toDatabaseError(location: string, cause: unknown): unknown {
  if (cause instanceof StoreError || !(cause instanceof Error)) return cause;
  // A name with several addresses fails with one fault for each.
  const first: Error = cause instanceof AggregateError ? ((cause.errors[0] as Error) ?? cause) : cause;
  const { code, errno } = first as { code?: unknown; errno?: unknown };
  const byText = TEXTS.find(([pattern]) => pattern.test(first.message))?.[1];
  const fault = byText ?? FAULTS[String(code ?? errno)];
  if (fault === undefined) return cause;
  const { message, hint, retryable } = fault;
  return new StoreError(fault.code, `${location} ${message}`, { hint, retryable, cause: first });
}
