/** What goes wrong with the Messages API, by who can mend it, and how long to wait before another try. */
import type * as Sdk from '@anthropic-ai/sdk';
import { formatDuration } from '../../finding/format.ts';
import { createMask } from '../../mask.ts';
import { ModelError, type ModelErrorCode } from './model.ts';

interface Fault {
  readonly code: ModelErrorCode;
  readonly said: string;
  readonly hint: string;
  readonly retryable?: boolean;
}

const OFFLINE = 'or ask with `--model offline`';
const KEY: Fault = {
  code: 'bad_key',
  said: 'The API key was refused',
  hint: `Set ANTHROPIC_API_KEY to a valid key, ${OFFLINE}.`,
};
const BUSY: Fault = {
  code: 'overloaded',
  said: 'The model is overloaded or failing',
  hint: `Try again in a minute, ${OFFLINE}.`,
  retryable: true,
};
const INVALID: Fault = {
  code: 'model_refused_request',
  said: 'The model refused the request',
  hint: `Start a new conversation, ${OFFLINE}.`,
};
const RATE: Fault = {
  code: 'model_rate_limited',
  said: 'The rate limit of the API key is reached',
  hint: `Wait a while, ${OFFLINE}.`,
  retryable: true,
};
const TIMEOUT: Fault = {
  code: 'model_timeout',
  said: 'The model did not answer in time',
  hint: `Try again, ${OFFLINE}.`,
  retryable: true,
};
const UNREACHABLE: Fault = {
  code: 'model_unreachable',
  said: 'The model cannot be reached',
  hint: `Check the network and ANTHROPIC_BASE_URL, ${OFFLINE}.`,
  retryable: true,
};
const TLS: Fault = {
  code: 'model_unreachable',
  said: 'The connection to the model is not secure',
  hint: `Check ANTHROPIC_BASE_URL, or name the certificate's authority in NODE_EXTRA_CA_CERTS, ${OFFLINE}.`,
};
const REDIRECT: Fault = {
  code: 'model_unreachable',
  said: 'The address of the model sends on to another one, which is not followed',
  hint: `Set ANTHROPIC_BASE_URL to where the model is, ${OFFLINE}.`,
};
const BROKEN: Fault = {
  code: 'bad_reply',
  said: 'The model sent a reply that cannot be read',
  hint: `Check that ANTHROPIC_BASE_URL speaks the Messages API, ${OFFLINE}.`,
};
const NOT_FOUND: Fault = {
  code: 'model_refused_request',
  said: 'The model or the address is not known',
  hint: `Check RUNSIGHT_CLAUDE_MODEL and ANTHROPIC_BASE_URL, ${OFFLINE}.`,
};
const BILLING: Fault = {
  code: 'model_rate_limited',
  said: 'The account has no credit left',
  hint: `Add credit to the account of the key, ${OFFLINE}.`,
};

const BY_STATUS = new Map<number, Fault>([
  [401, KEY],
  [402, BILLING],
  [403, KEY],
  [404, NOT_FOUND],
  [408, TIMEOUT],
  [409, BUSY],
  [429, RATE],
]);

/** Errors inside a stream have a type and no status. */
const BY_TYPE = new Map<string, Fault>([
  ['authentication_error', KEY],
  ['permission_error', KEY],
  ['billing_error', BILLING],
  ['rate_limit_error', RATE],
  ['overloaded_error', BUSY],
  ['api_error', BUSY],
  ['timeout_error', TIMEOUT],
  ['invalid_request_error', INVALID],
]);

/** The SDK's error as ours, without the key. @throws the error itself where it is not the SDK's: a bug of ours. */
export function toModelError(error: unknown, sdk: typeof Sdk, key: string | undefined): ModelError {
  if (error instanceof ModelError) return error;
  if (!(error instanceof sdk.AnthropicError)) throw error;
  const fault = classify(error, sdk);
  const message = `${fault.said}${describe(error, sdk, createMask([key]))}.`;
  const asked = retryAfter(headersOf(error)) ?? 0;
  const isLong = asked > LONGEST_WAIT_MS && Number.isFinite(asked);
  const hint = isLong ? `It asks to wait ${formatDuration(asked)}. ${fault.hint}` : fault.hint;
  const requestId = error instanceof sdk.APIError ? requestIdOf(error) : undefined;
  return new ModelError(fault.code, message, { hint, retryable: fault.retryable ?? false, requestId, cause: error });
}

/** Nothing came for so long, in milliseconds, that the reply was given up. */
export function silence(ms: number): ModelError {
  const message = `${TIMEOUT.said}: nothing came for ${formatDuration(ms)}.`;
  return new ModelError(TIMEOUT.code, message, { hint: TIMEOUT.hint, retryable: true });
}

/** A reply that ended before its end. */
export function brokenOff(name: string, cause?: unknown): ModelError {
  const message = `${name} broke off in the middle of its reply.`;
  return new ModelError(BROKEN.code, message, { hint: `Try again, ${OFFLINE}.`, retryable: true, cause });
}

/** Something answered, but not with the events of a reply. */
export function notAReply(): ModelError {
  return new ModelError(BROKEN.code, `${BROKEN.said}.`, { hint: BROKEN.hint });
}

/** A status that HTTP does not know. */
export function badStatus(status: number): ModelError {
  return new ModelError(BROKEN.code, `${BROKEN.said} (HTTP ${status}).`, { hint: BROKEN.hint });
}

/** A reply that is not as the API has it; `what` holds no words of the server's, or has them quoted. */
export function malformed(name: string, what: string): ModelError {
  return new ModelError(BROKEN.code, `${name} sent a reply that cannot be read (${what}).`, { hint: BROKEN.hint });
}

/** A reply that was given up because it had more than it may hold, such as `4 MB`. */
export function tooMuch(name: string, limit: string): ModelError {
  const message = `${name} sent more than ${limit} in one reply, which was given up.`;
  return new ModelError(BROKEN.code, message, { hint: `Ask for less at once, ${OFFLINE}.` });
}

/** How Anthropic and the servers that speak its API word that a request does not fit the model. */
const TOO_LONG =
  /prompt is too long|too many tokens|context[ _-]?(?:window|length|size|limit)|exceed\w* .*\bcontext|input is too long/i;

/** Whether a shorter conversation would be taken. */
export function isTooLong(error: unknown, sdk: typeof Sdk): boolean {
  if (!(error instanceof sdk.APIError)) return false;
  return error.status === 413 || ((error.status ?? 400) === 400 && TOO_LONG.test(wordsOf(error).slice(0, MOST_TRIED)));
}

function classify(error: Error, sdk: typeof Sdk): Fault {
  if (error instanceof sdk.APIConnectionTimeoutError) return TIMEOUT;
  if (error instanceof sdk.APIConnectionError) return TLS_CODE.test(rootOf(error).code) ? TLS : UNREACHABLE;
  if (!(error instanceof sdk.APIError)) return BROKEN;
  const { status, type } = error;
  if (status === undefined) return BY_TYPE.get(type ?? '') ?? BROKEN;
  if (status >= 300 && status < 400) return REDIRECT;
  return BY_STATUS.get(status) ?? (status >= 500 ? BUSY : INVALID);
}

const TLS_CODE = /^(?:ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO|HOSTNAME_MISMATCH)/;

/** What lies at the bottom of a failed connection; of several addresses that were tried, the first. */
function rootOf(error: Error): { readonly code: string; readonly message: string } {
  const { cause, errors } = error as { cause?: unknown; errors?: readonly unknown[] };
  const below = errors?.[0] ?? cause;
  if (below instanceof Error) return rootOf(below);
  return { code: String((error as { code?: unknown }).code ?? ''), message: error.message };
}

/** What follows the fault: the server's own words where it has any, its status and the request's id. */
function describe(error: Error, sdk: typeof Sdk, mask: (text: string) => string): string {
  if (!(error instanceof sdk.APIError)) return saidText(mask(error.message));
  if (error instanceof sdk.APIConnectionError) return saidText(mask(rootOf(error).message));
  const where = [error.status && `HTTP ${error.status}`, requestIdOf(error) && `request ${requestIdOf(error)}`];
  const said = saidText(mask(wordsOf(error)));
  const known = where.filter(Boolean).join(', ');
  return known === '' ? said : `${said} (${known})`;
}

/** More than anybody reads: as much as is looked for secrets, and of that as much as is tried on a pattern. */
const MOST_WORDS = 64_000;
const MOST_TRIED = 4_000;

/** What a server says of a fault: it may be anything. */
function wordsOf({ apiMessage, message }: Sdk.APIError): string {
  const words: unknown = apiMessage ?? message.replace(/^\d{3} (?:status code \(no body\))?/, '');
  return typeof words === 'string' ? words.slice(0, MOST_WORDS) : '';
}

/** A header may hold anything; an id is short and plain. */
function requestIdOf({ requestID }: Sdk.APIError): string | undefined {
  return typeof requestID === 'string' && /^[\w-]{1,100}$/.test(requestID) ? requestID : undefined;
}

const MOST_SHOWN = 300;

/** Foreign words are quoted, on one line and without what cannot be seen; pages of markup say nothing to a person. */
function saidText(text: string): string {
  const line = text
    .slice(0, MOST_TRIED)
    .replace(/[\p{C}\s]+/gu, ' ')
    .replace(/["`]/g, "'")
    .trim();
  if (line === '' || /<\w/.test(line)) return '';
  return `: "${line.length > MOST_SHOWN ? `${line.slice(0, MOST_SHOWN).toWellFormed()}…` : line}"`;
}

const BASE_MS = 250;
const CAP_MS = 8_000;
/** For all tries of a reply together. */
const LONGEST_WAIT_MS = 30_000;

export interface Tries {
  /** How many there were. */
  readonly count: number;
  /** Milliseconds waited between them. */
  readonly waited: number;
}

/** Milliseconds to wait before the next try; undefined where it would not help, or would come too late. */
export function retryDelay(error: ModelError, tries: Tries, random: () => number): number | undefined {
  if (!error.retryable) return undefined;
  const headers = headersOf(error.cause);
  if (headers?.get('x-should-retry') === 'false') return undefined;
  const asked = retryAfter(headers);
  // A spent budget is refused without saying when it will be full again.
  if (asked === undefined && error.code === 'model_rate_limited') return undefined;
  const wait = Math.max(asked ?? 0, random() * Math.min(CAP_MS, BASE_MS * 2 ** tries.count));
  return tries.waited + wait <= LONGEST_WAIT_MS ? wait : undefined;
}

function headersOf(cause: unknown): Headers | undefined {
  const headers = (cause as { headers?: unknown } | undefined)?.headers;
  return headers instanceof Headers ? headers : undefined;
}

/** Milliseconds that the server asks to wait; 0 where what it says is past or cannot be read, undefined where it is silent. */
function retryAfter(headers: Headers | undefined): number | undefined {
  const ms = headers?.get('retry-after-ms');
  const seconds = headers?.get('retry-after');
  const said = ms || seconds;
  if (!said) return undefined;
  const asked = ms ? Number(ms) : Number(said) * 1000;
  const date = Date.parse(said) - Date.now();
  return Math.max(0, Number.isNaN(asked) ? date || 0 : asked);
}
