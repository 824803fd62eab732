/** Sends the few read requests to one MLflow server; knows HTTP, credentials and limits, not what answers mean. */
import { type Dispatcher, Pool } from 'undici';
import { createMask } from '../../mask.ts';
import { untilAborted } from '../../until-aborted.ts';
import { StoreError } from '../errors.ts';
import { type Credentials, listSecrets, readAuthorization } from './authorization.ts';
import { type CertificateOptions, readCertificates } from './certificates.ts';
import { cleanText, type Mask, toHttpError, toNetworkError, toTimeoutError } from './http-errors.ts';
import type { ProxyRoute } from './proxy-route.ts';
import { type JsonObject, readJson, readJsonWithList } from './read-json.ts';
import { Retrier, RetryLater, type RetryOptions, readRetryAfter } from './retry.ts';

/** Everything that is ever sent: these methods and paths. The POSTs only read. */
export const ENDPOINTS = {
  searchExperiments: { method: 'POST', path: '/api/2.0/mlflow/experiments/search' },
  searchRuns: { method: 'POST', path: '/api/2.0/mlflow/runs/search' },
  getRun: { method: 'GET', path: '/api/2.0/mlflow/runs/get' },
  getHistory: { method: 'GET', path: '/api/2.0/mlflow/metrics/get-history' },
  serverInfo: { method: 'GET', path: '/api/3.0/mlflow/server-info' },
  version: { method: 'GET', path: '/version' },
} as const;
export type Endpoint = keyof typeof ENDPOINTS;

const CONNECT_MS = 5_000;
const FIRST_BYTE_MS = 15_000;
const TOTAL_MS = 30_000;
const MAX_BYTES = 64 * 2 ** 20;
/** MLflow serves on a small pool of workers; more at once gains nothing. */
export const CONNECTIONS = 4;

/** Smaller pages may still come through. */
export class AnswerTooLarge extends StoreError {}

export interface TransportOptions extends CertificateOptions, Credentials {
  /** Milliseconds that one request may take. */
  readonly timeoutMs?: number | undefined;
  readonly workspace?: string | undefined;
  readonly retry?: RetryOptions | undefined;
  /** What to do where the credentials are refused; default: MLflow's own variables. */
  readonly unauthorizedHint?: string | undefined;
  /** Undefined: the server is reached directly. */
  readonly route?: ProxyRoute | undefined;
}

/** Throws before anything is sent what would be a fault of the program later. */
function checkWorkspace(name: string | undefined): string | undefined {
  if (name === undefined || /^[\x21-\x7e]+$/.test(name)) return name;
  throw new StoreError('invalid_request', `MLFLOW_WORKSPACE is "${cleanText(name)}", which no workspace is called`, {
    hint: 'Their names are of small letters, digits and hyphens.',
  });
}

interface Answer {
  readonly text: string;
  readonly contentType: string;
}

export class Transport {
  /** The address without credentials, query or trailing slash. */
  readonly location: string;
  readonly workspace: string | undefined;
  readonly #origin: string;
  readonly #prefix: string;
  readonly #dispatcher: Dispatcher;
  readonly #route: ProxyRoute | undefined;
  /** Private to the language, so that nothing prints it. */
  readonly #authorization: string | undefined;
  readonly mask: Mask;
  readonly #totalMs: number;
  readonly #retrier: Retrier;
  readonly unauthorizedHint: string | undefined;

  constructor(uri: string, options: TransportOptions) {
    const url = new URL(uri);
    this.#origin = url.origin;
    this.#prefix = url.pathname.replace(/\/+$/, '');
    this.location = this.#origin + this.#prefix;
    this.#route = options.route;
    const authorization = readAuthorization(url, options);
    this.#authorization = authorization?.header;
    this.workspace = checkWorkspace(options.workspace);
    this.mask = createMask([
      ...listSecrets(url, options),
      this.#authorization?.replace(/^\w+ /, ''),
      ...(this.#route?.secrets ?? []),
    ]);
    this.#totalMs = options.timeoutMs ?? TOTAL_MS;
    this.#retrier = new Retrier(options.retry);
    this.unauthorizedHint = options.unauthorizedHint ?? authorization?.mend;
    this.#dispatcher = this.#connect(options);
  }

  /** Behind an answer that may not be the server's own. */
  get answerHint(): string | undefined {
    return this.#route?.answerHint;
  }

  /**
   * `fields` are the query of a GET, the body of a POST; `list` names what may come as a `JsonList`.
   * Throws StoreError, or the signal's reason.
   */
  request(endpoint: Endpoint, fields: JsonObject, signal: AbortSignal, list?: string): Promise<JsonObject> {
    return this.#retrier.run(async () => {
      const { text, contentType } = await this.#attempt(endpoint, fields, signal);
      return list === undefined
        ? readJson(text, contentType, this.location)
        : readJsonWithList(list, text, contentType, this.location);
    }, signal);
  }

  /** What an endpoint that does not speak JSON says. */
  requestText(endpoint: Endpoint, signal: AbortSignal): Promise<string> {
    return this.#retrier.run(async () => (await this.#attempt(endpoint, {}, signal)).text, signal);
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }

  #connect(options: TransportOptions): Dispatcher {
    const tls = { rejectUnauthorized: options.insecureTls !== true, ...readCertificates(options) };
    const limits = {
      connections: CONNECTIONS,
      headersTimeout: options.timeoutMs ?? FIRST_BYTE_MS,
      bodyTimeout: this.#totalMs,
    };
    return (
      this.#route?.open({ limits, connectTimeout: CONNECT_MS, tls }) ??
      new Pool(this.#origin, { ...limits, connect: { timeout: CONNECT_MS, ...tls } })
    );
  }

  async #attempt(endpoint: Endpoint, fields: JsonObject, signal: AbortSignal): Promise<Answer> {
    signal.throwIfAborted();
    const timeout = AbortSignal.timeout(this.#totalMs);
    const either = AbortSignal.any([signal, timeout]);
    try {
      // A request that waits for its connection does not listen.
      return await untilAborted(this.#send(endpoint, fields, either), either);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof StoreError || error instanceof RetryLater) throw error;
      if (timeout.aborted) throw toTimeoutError(this.location, error);
      const fault = this.#route?.toError(error, toNetworkError) ?? toNetworkError(error, this.location);
      if (fault === undefined) throw error;
      throw fault.retryable && fault.code === 'source_unreachable' ? new RetryLater(fault) : fault;
    }
  }

  async #send(endpoint: Endpoint, fields: JsonObject, signal: AbortSignal): Promise<Answer> {
    const { method, path } = ENDPOINTS[endpoint];
    const query = method === 'GET' ? toQuery(fields) : '';
    const response = await this.#dispatcher.request({
      origin: this.#origin,
      method,
      path: `${this.#prefix}${path}${query}`,
      headers: this.#headers(method),
      body: method === 'POST' ? JSON.stringify(fields) : null,
      signal,
    });
    const { statusCode: status, headers } = response;
    const text = await this.#readText(response.body);
    if (status >= 300 && status < 400) throw this.#toRedirectError(headers.location);
    if (status === 200) return { text, contentType: this.mask(String(headers['content-type'] ?? '')) };
    const error = toHttpError(status, text, this);
    if (!error.retryable) throw error;
    throw new RetryLater(error, readRetryAfter(headers['retry-after']?.toString(), Date.now()));
  }

  #headers(method: string): Record<string, string> {
    return {
      accept: 'application/json',
      ...(method === 'POST' && { 'content-type': 'application/json' }),
      ...(this.#authorization !== undefined && { authorization: this.#authorization }),
      ...(this.workspace !== undefined && { 'x-mlflow-workspace': this.workspace }),
    };
  }

  async #readText(body: AsyncIterable<Uint8Array>): Promise<string> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of body) {
      size += chunk.length;
      if (size > MAX_BYTES)
        throw new AnswerTooLarge('bad_response', `${this.location} sent more than ${MAX_BYTES / 2 ** 20} MiB at once`, {
          hint: 'Ask about fewer runs, or read the database file directly.',
        });
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  /** Redirects are never followed: credentials stay where they were configured. */
  #toRedirectError(target: string | string[] | undefined): StoreError {
    const { origin } = new URL(this.location);
    const to = typeof target === 'string' ? URL.parse(target, this.location)?.origin : undefined;
    // A target such as data: has the origin null.
    const place = to === origin ? 'another path of its own' : to?.startsWith('http') ? this.mask(to) : 'elsewhere';
    return new StoreError('bad_response', `${this.location} redirects to ${place}`, {
      hint:
        to === origin
          ? 'Check the path of the address, and whether a login page stands before it.'
          : 'If that is the right server, use its address.',
    });
  }
}

function toQuery(fields: JsonObject): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) query.append(name, String(value));
  return query.size === 0 ? '' : `?${query}`;
}
