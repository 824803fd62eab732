/** HTTP answers and socket faults → StoreError. Text of the server is shown short, on one line, or not at all. */
import { StoreError, type StoreErrorCode } from '../errors.ts';

const MESSAGE_LENGTH = 200;

/** Foreign text on one line without control characters, at most 200 characters. */
export function cleanText(text: string): string {
  const line = text
    .slice(0, MESSAGE_LENGTH * 10)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > MESSAGE_LENGTH ? `${line.slice(0, MESSAGE_LENGTH)}…` : line;
}

/** An address, which readers could take for one of ours, or screens for a link. */
const ADDRESS = /(?:[a-z][a-z0-9+.-]{0,20}:)?\/\/\S+|(?:javascript|data|mailto):\S+/gi;

/** Words of a server as they can stand in quotes. */
function quotable(text: string): string {
  return cleanText(text).replace(ADDRESS, '(address)').replaceAll('"', "'");
}

/** What a server calls its answer, where that is a type: the rest is its own text. */
export function plainType(contentType: string): string {
  return /^[\w.+-]{1,40}\/[\w.+-]{1,60}(?=\s*(?:;|$))/.exec(contentType.trim())?.[0] ?? 'text of no type';
}

export type Mask = (text: string) => string;

interface MlflowError {
  readonly code: string;
  readonly message: string;
}

/** MLflow's own error body, if it is one. */
function readMlflowError(body: string): MlflowError | undefined {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null) return undefined;
    const { error_code: code, message } = value as { error_code?: unknown; message?: unknown };
    // Codes are of MLflow's list: another text is not shown.
    return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code)
      ? { code, message: typeof message === 'string' ? message : '' }
      : undefined;
  } catch {
    return undefined;
  }
}

const CODES: ReadonlyMap<number, StoreErrorCode> = new Map([
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [408, 'source_timeout'],
  [429, 'rate_limited'],
]);
const HINTS: ReadonlyMap<number, string> = new Map([
  [401, 'Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN.'],
  [403, 'Ask for the READ permission.'],
  [429, 'Try again in a moment.'],
]);
const MISSING: ReadonlySet<string> = new Set(['RESOURCE_DOES_NOT_EXIST', 'NOT_FOUND']);
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);

function chooseCode(status: number, error: MlflowError | undefined): StoreErrorCode {
  const known = CODES.get(status);
  if (known !== undefined) return known;
  if (error !== undefined && MISSING.has(error.code)) return 'not_found';
  // Another fault is not to be taken for a thing that is not there.
  if (status === 404 || status === 405)
    return error === undefined || error.code === 'ENDPOINT_NOT_FOUND' ? 'not_mlflow' : 'bad_response';
  if (status >= 500) return 'server_error';
  return status >= 400 && error !== undefined ? 'request_refused' : 'bad_response';
}

function chooseHint(
  status: number,
  code: StoreErrorCode,
  body: string,
  error: MlflowError | undefined,
  { workspace, unauthorizedHint }: Asked,
): string | undefined {
  // Databricks forbids what has a wrong token.
  const isRefused = status === 401 || /access token/i.test(error?.message ?? '');
  if (isRefused && unauthorizedHint !== undefined) return unauthorizedHint;
  if (status === 403 && body.startsWith('Invalid Host header'))
    return 'The server refuses this host name: start it with --allowed-hosts, or use an address it allows.';
  if (workspace !== undefined && error?.code === 'FEATURE_DISABLED')
    return 'Unset MLFLOW_WORKSPACE, or start the server with --enable-workspaces.';
  if (workspace !== undefined && code === 'not_found')
    return `The workspace asked for is ${cleanText(workspace)} (MLFLOW_WORKSPACE, or the tenant).`;
  if (code === 'not_mlflow') return 'Check the address: its path must be the one MLflow is served under.';
  if (code === 'server_error')
    return RETRYABLE.has(status) ? 'Try again in a moment.' : 'The log of the server says why.';
  if (code === 'bad_response') return 'Check that the address is MLflow itself, not a proxy.';
  return HINTS.get(status);
}

/** Whether a server answered that it has no such endpoint. */
export function isEndpointMissing(error: unknown): error is StoreError {
  return error instanceof StoreError && error.code === 'not_mlflow';
}

/** Where a request went, as far as errors speak of it. */
export interface Asked {
  readonly location: string;
  readonly workspace: string | undefined;
  readonly unauthorizedHint: string | undefined;
  /** Where something else may have answered in its place. */
  readonly answerHint: string | undefined;
  /** Takes out what the server may quote of what it was sent. */
  readonly mask: Mask;
}

/** The error of an answer that is not 200. */
export function toHttpError(status: number, body: string, asked: Asked): StoreError {
  const { location, mask } = asked;
  const error = readMlflowError(body);
  const code = chooseCode(status, error);
  // Database errors carry SQL and its values.
  const said = error?.code === 'INVALID_PARAMETER_VALUE' || error?.code === 'RESOURCE_DOES_NOT_EXIST';
  const detail = said
    ? `: "${quotable(mask(error?.message ?? ''))}"`
    : error === undefined
      ? ''
      : ` (${mask(error.code)})`;
  const hints = [chooseHint(status, code, body, error, asked)];
  if (error === undefined) hints.push(asked.answerHint);
  const hint = hints.filter((part) => part !== undefined).join(' ') || undefined;
  return new StoreError(code, `${location} answered ${status}${detail}`, { hint, retryable: RETRYABLE.has(status) });
}

const TIMEOUTS: ReadonlySet<string> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);
const CLOSED = 'it closed the connection';
const UNREACHABLE: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing listens there'],
  ['ENOTFOUND', 'its name is unknown'],
  ['EAI_AGAIN', 'its name cannot be looked up now'],
  ['ENETUNREACH', 'there is no way to its network'],
  ['EHOSTUNREACH', 'there is no way to it'],
  ['ETIMEDOUT', 'it takes no connection'],
  ['UND_ERR_CONNECT_TIMEOUT', 'it takes no connection'],
  ['ECONNRESET', CLOSED],
  ['EPIPE', CLOSED],
  ['UND_ERR_SOCKET', CLOSED],
]);
/** What breaks the rules of HTTP. Errors of undici's parser have no code. */
const NOT_HTTP: ReadonlySet<unknown> = new Set([
  'HTTPParserError',
  'UND_ERR_HEADERS_OVERFLOW',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
]);
const TLS = /^(?:ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|INVALID_CA|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|EPROTO|HOSTNAME_MISMATCH)/;
const TLS_HINTS: readonly (readonly [code: RegExp, hint: string])[] = [
  [/WRONG_VERSION|PACKET_LENGTH|EPROTO/, 'It may speak plain HTTP: try http:// in its address.'],
  [
    /CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|BAD_CERTIFICATE/,
    'Show it a certificate with MLFLOW_TRACKING_CLIENT_CERT_PATH.',
  ],
  [/EXPIRED/, 'Its certificate has expired and must be renewed.'],
  [/ALTNAME|HOSTNAME/, 'Its certificate is for another name: use that one in the address.'],
  [/./, 'Name the authority with MLFLOW_TRACKING_SERVER_CERT_PATH (for Databricks: NODE_EXTRA_CA_CERTS).'],
];
/** Faults that a second attempt may find gone. */
const PASSING: ReadonlySet<string> = new Set(['ECONNREFUSED', 'EAI_AGAIN', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** The error of a request that got no whole answer; undefined for what is not a fault of the network. */
export function toNetworkError(cause: unknown, location: string): StoreError | undefined {
  const { code, name, syscall } = cause as { code?: unknown; name?: unknown; syscall?: unknown };
  // The parser's errors hold what was sent, which may quote what the server was sent: they are no cause to keep.
  if (NOT_HTTP.has(name) || NOT_HTTP.has(code))
    return new StoreError('bad_response', `what ${location} sent is not HTTP`, {
      hint: 'Check the port of the address, and that it is MLflow itself.',
    });
  if (typeof code !== 'string') return undefined;
  if (TIMEOUTS.has(code)) return toTimeoutError(location, cause);
  if (TLS.test(code))
    return new StoreError('tls_error', `no secure connection to ${location}: ${code}`, {
      hint: TLS_HINTS.find(([pattern]) => pattern.test(code))?.[1],
      cause,
    });
  const reason = UNREACHABLE.get(code) ?? (typeof syscall === 'string' ? code : undefined);
  if (reason === undefined) return undefined;
  return new StoreError('source_unreachable', `cannot reach ${location}: ${reason}`, {
    hint:
      reason === CLOSED && location.startsWith('http:')
        ? 'Check that the server runs, its port, and whether it wants https:// in its address.'
        : 'Check its address, and that the server runs.',
    retryable: PASSING.has(code),
    cause,
  });
}

export function toTimeoutError(location: string, cause: unknown): StoreError {
  return new StoreError('source_timeout', `${location} did not answer in time`, {
    hint: 'Try again, or allow more with MLFLOW_HTTP_REQUEST_TIMEOUT (seconds).',
    retryable: true,
    cause,
  });
}
