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
  hint: 'Check both in its address; special characters of a password are percent-encoded.',
};
/** MySQL says no more than that to a user who comes without a certificate, or without encryption. */
const DENIED: Fault = {
  ...PASSWORD,
  hint: `${PASSWORD.hint} It may also want encryption (ssl_mode=REQUIRED) or a certificate of the user (MLFLOW_MYSQL_SSL_CERT and MLFLOW_MYSQL_SSL_KEY).`,
};
const LOCKED: Fault = {
  code: 'unauthorized',
  message: 'has locked this user, or its password has expired',
  hint: 'Ask its administrator to unlock it or to set a new password.',
};
const OTHER_LOGIN: Fault = {
  code: 'unauthorized',
  message: 'asks this user for more than a password',
  hint: 'Name a user with a password: caching_sha2_password on MySQL, mysql_native_password on MariaDB.',
};
const WRONG_PLACE: Fault = {
  code: 'forbidden',
  message: 'takes no connections from this machine',
  hint: 'Ask its administrator to let this host in.',
};
const NO_DATABASE: Fault = {
  code: 'not_found',
  message: 'has no such database',
  hint: 'Check the name behind its host; a / at its end is taken for a part of it.',
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
  hint: 'Ask again; if it happens again, check the port, and look at the log of the database.',
  retryable: true,
};
/** The tables are looked at before they are read; between the two they can change. */
const CHANGED: Fault = {
  code: 'database_busy',
  message: 'has other tables than a moment ago: it is being upgraded',
  hint: 'Ask again; if it happens again, wait until the upgrade has ended.',
  retryable: true,
};
const OTHER_SERVICE: Fault = {
  code: 'bad_response',
  message: 'is no PostgreSQL',
  hint: 'Check the scheme and the port: PostgreSQL is usually at 5432, MySQL at 3306.',
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
  hint: 'Set up TLS there, or take the demand for it out of its address.',
};
const BAD_CERTIFICATE: Fault = {
  code: 'tls_error',
  message: 'shows a certificate that is not trusted',
  hint: 'Name its authority: sslrootcert=… for PostgreSQL, MLFLOW_MYSQL_SSL_CA for MySQL.',
};
const WRONG_HOST: Fault = {
  code: 'tls_error',
  message: 'shows a certificate of another host',
  hint: 'Use a name that is in it; to check its authority alone, sslmode=verify-ca for PostgreSQL, ssl_check_hostname=false for MySQL.',
};
const OUT_OF_DATE: Fault = {
  code: 'tls_error',
  message: 'shows a certificate that is not valid today',
  hint: 'Renew it there, or set the clock of this machine.',
};
const CLIENT_CERTIFICATE: Fault = {
  code: 'tls_error',
  message: 'does not accept the client certificate, or demands one',
  hint: 'Name one: sslcert=… and sslkey=… for PostgreSQL, MLFLOW_MYSQL_SSL_CERT and MLFLOW_MYSQL_SSL_KEY for MySQL.',
};
const TLS_FAILED: Fault = {
  code: 'tls_error',
  message: 'could not agree with us on an encrypted connection',
  hint: 'Look at its log; TLS 1.2 is the oldest version that is spoken here.',
};
const ENCRYPTED_ONLY: Fault = {
  code: 'tls_error',
  message: 'takes only encrypted connections from here',
  hint: 'Ask for one in its address: sslmode=require for PostgreSQL, ssl_mode=REQUIRED for MySQL.',
};

/** By SQLSTATE, MySQL's error name or number, or Node's. */
const FAULTS: Readonly<Record<string, Fault>> = {
  '28P01': PASSWORD,
  '28000': PASSWORD,
  ER_ACCESS_DENIED_ERROR: DENIED,
  ER_ACCESS_DENIED_NO_PASSWORD_ERROR: DENIED,
  ER_ACCOUNT_HAS_BEEN_LOCKED: LOCKED,
  ER_USER_ACCESS_DENIED_FOR_USER_ACCOUNT_BLOCKED_BY_PASSWORD_LOCK: LOCKED,
  ER_MUST_CHANGE_PASSWORD: LOCKED,
  ER_MUST_CHANGE_PASSWORD_LOGIN: LOCKED,
  ER_PLUGIN_IS_NOT_LOADED: OTHER_LOGIN,
  MYSQL_CLEAR_PASSWORD_NOT_ENABLED: OTHER_LOGIN,
  ER_HOST_NOT_PRIVILEGED: WRONG_PLACE,
  ER_HOST_IS_BLOCKED: WRONG_PLACE,
  '3D000': NO_DATABASE,
  ER_BAD_DB_ERROR: NO_DATABASE,
  ER_NO_DB_ERROR: NO_DATABASE,
  '42501': FORBIDDEN,
  ER_DBACCESS_DENIED_ERROR: FORBIDDEN,
  ER_TABLEACCESS_DENIED_ERROR: FORBIDDEN,
  ER_COLUMNACCESS_DENIED_ERROR: FORBIDDEN,
  '42P01': CHANGED,
  '42703': CHANGED,
  ER_NO_SUCH_TABLE: CHANGED,
  ER_BAD_FIELD_ERROR: CHANGED,
  '57014': TOO_SLOW,
  ER_QUERY_TIMEOUT: TOO_SLOW,
  // MariaDB's own numbers, which have no name in the driver, or that of another fault of MySQL.
  1969: TOO_SLOW,
  4151: LOCKED,
  ER_QUERY_INTERRUPTED: TOO_SLOW,
  '53300': FULL,
  ER_CON_COUNT_ERROR: FULL,
  ER_USER_LIMIT_REACHED: FULL,
  ER_TOO_MANY_USER_CONNECTIONS: FULL,
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
  ER_CLIENT_INTERACTION_TIMEOUT: LOST,
  ECONNREFUSED: UNREACHABLE,
  ENOTFOUND: UNREACHABLE,
  EAI_AGAIN: UNREACHABLE,
  ETIMEDOUT: UNREACHABLE,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  ENOENT: UNREACHABLE,
  HANDSHAKE_NO_SSL_SUPPORT: NO_TLS,
  HANDSHAKE_SSL_ERROR: TLS_FAILED,
  ER_SECURE_TRANSPORT_REQUIRED: ENCRYPTED_ONLY,
};

/** The drivers give these no code, or one for all of them. */
const TEXTS: readonly (readonly [RegExp, Fault])[] = [
  [/does not support SSL/i, NO_TLS],
  [/no encryption/i, ENCRYPTED_ONLY],
  [/alert .*(?:certificate|unknown ca)|requires a valid client certificate/i, CLIENT_CERTIFICATE],
  [/altnames/i, WRONG_HOST],
  [/certificate (?:has expired|is not yet valid)/i, OUT_OF_DATE],
  [/certificate|self.signed/i, BAD_CERTIFICATE],
  [/unknown plugin/i, OTHER_LOGIN],
  [/password must be a string|no password supplied/i, PASSWORD],
  [/timeout exceeded|connect ETIMEDOUT|timeout expired/i, UNREACHABLE],
  // What PostgreSQL's driver makes of the words of another.
  [/unexpected \w+ message from backend|received invalid response|unknown authentication/i, OTHER_SERVICE],
  [/connection terminated|closed state|not queryable/i, LOST],
];

/** A fault of the database or of the way to it; our own mistakes in SQL stay what they are. */
export function toDatabaseError(location: string, cause: unknown): unknown {
  if (cause instanceof StoreError || !(cause instanceof Error)) return cause;
  // A name with several addresses fails with one fault for each.
  const first: Error = cause instanceof AggregateError ? ((cause.errors[0] as Error) ?? cause) : cause;
  const { code, errno } = first as { code?: unknown; errno?: unknown };
  // What MySQL's server says has a name of its own.
  const byText = /^ER_/.test(String(code)) ? undefined : TEXTS.find(([pattern]) => pattern.test(first.message))?.[1];
  const fault = byText ?? FAULTS[String(code)] ?? FAULTS[String(errno)];
  if (fault === undefined) return cause;
  const { message, hint, retryable } = fault;
  return new StoreError(fault.code, `${location} ${message}`, { hint, retryable, cause: first });
}
