/** What goes wrong with the Messages API, by who can mend it, and how long to wait before another try. */
import type * as Sdk from '@anthropic-ai/sdk';
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

/** The SDK's error as ours. @throws the error itself where it is not the SDK's: a bug of ours. */
export function toModelError(error: unknown, sdk: typeof Sdk, timedOut: boolean): ModelError {
  if (error instanceof ModelError) return error;
  if (!(error instanceof sdk.AnthropicError)) throw error;
  const fault = timedOut ? TIMEOUT : classify(error, sdk);
  const detail = error instanceof sdk.APIError ? describe(error) : error.message;
  const message = timedOut || detail === '' ? `${fault.said}.` : `${fault.said}: ${detail}.`;
  return new ModelError(fault.code, message, { hint: fault.hint, retryable: fault.retryable ?? false, cause: error });
}

function classify(error: Error, sdk: typeof Sdk): Fault {
  if (error instanceof sdk.APIConnectionTimeoutError) return TIMEOUT;
  if (error instanceof sdk.APIConnectionError) return UNREACHABLE;
  if (error instanceof sdk.APIError) {
    const { status, type } = error;
    if (status === undefined) return BY_TYPE.get(type ?? '') ?? BROKEN;
    return BY_STATUS.get(status) ?? (status >= 500 ? BUSY : INVALID);
  }
  // A socket that was cut, or a stream that ended too early; one without any event never was a stream.
  const isCut = /terminated|socket|ended without(?! sending any chunks)/i.test(error.message);
  return isCut ? { ...BROKEN, retryable: true } : BROKEN;
}

function describe({ status, apiMessage, message, requestID }: InstanceType<typeof Sdk.APIError>): string {
  const said = (apiMessage ?? message).replace(/\s+/g, ' ').replace(/\.$/, '').slice(0, 300);
  const where = [status && `HTTP ${status}`, requestID && `request ${requestID}`].filter(Boolean).join(', ');
  return where === '' ? said : `${said} (${where})`;
}

const BASE_MS = 250;
const CAP_MS = 8_000;
const LONGEST_WAIT_MS = 30_000;

/** Milliseconds to wait before try number `attempt` + 1; undefined where another try would not help. */
export function retryDelay(error: ModelError, attempt: number, random: () => number): number | undefined {
  if (!error.retryable) return undefined;
  const headers = headersOf(error.cause);
  if (headers?.get('x-should-retry') === 'false') return undefined;
  const asked = retryAfter(headers);
  // A spent budget is refused without saying when it will be full again.
  if (asked === undefined && error.code === 'model_rate_limited') return undefined;
  if (asked !== undefined) return asked <= LONGEST_WAIT_MS ? asked : undefined;
  return random() * Math.min(CAP_MS, BASE_MS * 2 ** attempt);
}

function headersOf(cause: unknown): Headers | undefined {
  const headers = (cause as { headers?: unknown } | undefined)?.headers;
  return headers instanceof Headers ? headers : undefined;
}

function retryAfter(headers: Headers | undefined): number | undefined {
  const ms = headers?.get('retry-after-ms');
  const seconds = headers?.get('retry-after');
  const asked = ms ? Number(ms) : seconds ? Number(seconds) * 1000 : Number.NaN;
  if (Number.isFinite(asked)) return Math.max(0, asked);
  const date = seconds ? Date.parse(seconds) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
