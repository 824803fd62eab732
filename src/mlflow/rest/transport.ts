/** Sends the few read requests to one MLflow server; knows HTTP, credentials and limits, not what answers mean. */
import { setImmediate } from 'node:timers/promises';
import { type Dispatcher, Pool } from 'undici';
import { createMask } from '../../mask.ts';
import { untilAborted } from '../../until-aborted.ts';
import { StoreError } from '../errors.ts';
import { type Credentials, listSecrets, readAuthorization } from './authorization.ts';
import { type CertificateOptions, readCertificates } from './certificates.ts';
import { cleanText, type Mask, toHttpError, toNetworkError, toTimeoutError } from './http-errors.ts';
import type { ProxyRoute } from './proxy-route.ts';
import { type JsonObject, JsonReader } from './read-json.ts';
import { Retrier, RetryLater, type RetryOptions, readRetryAfter } from './retry.ts';

/** Everything that is sent to read: these methods and paths. */
export const ENDPOINTS = {
  searchExperiments: { method: 'POST', path: '/api/2.0/mlflow/experiments/search' },
  searchRuns: { method: 'POST', path: '/api/2.0/mlflow/runs/search' },
  getExperimentByName: { method: 'GET', path: '/api/2.0/mlflow/experiments/get-by-name' },
  getRun: { method: 'GET', path: '/api/2.0/mlflow/runs/get' },
  getHistory: { method: 'GET', path: '/api/2.0/mlflow/metrics/get-history' },
  /** Of many runs; only there for MLflow's own pages. */
  getHistories: { method: 'GET', path: '/ajax-api/2.0/mlflow/metrics/get-history-bulk' },
  serverInfo: { method: 'GET', path: '/api/3.0/mlflow/server-info' },
  version: { method: 'GET', path: '/version' },
} as const;
export type Endpoint = keyof typeof ENDPOINTS;

/** What changes something: sent by `experiment-writer.ts` alone, where writes are allowed and somebody said yes. */
export const WRITES = {
  createExperiment: { method: 'POST', path: '/api/2.0/mlflow/experiments/create' },
} as const;

interface Target {
  readonly method: 'GET' | 'POST';
  readonly path: string;
}

const CONNECT_MS = 5_000;
const FIRST_BYTE_MS = 15_000;
const TOTAL_MS = 30_000;
const MAX_BYTES = 64 * 2 ** 20;
/** Of what is no JSON of MLflow's: a release, an error. */
const MAX_TEXT_BYTES = 64 * 2 ** 10;
/** A pause in a long answer, for whatever else is to be done. */
const PAUSE_BYTES = 2 ** 20;
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
  throw new StoreError('invalid_request', `no workspace is called "${cleanText(name)}"`, {
    hint: 'Their names are of small letters, digits and hyphens: mend MLFLOW_WORKSPACE, or the tenant.',
  });
}

type Response = Dispatcher.ResponseData;
type Body = AsyncIterable<Uint8Array>;

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
    const read = ({ headers, body }: Response) =>
      this.#readJson(body, new JsonReader(list, this.mask(String(headers['content-type'] ?? '')), this.location));
    return this.#retrier.run(() => this.#attempt(ENDPOINTS[endpoint], fields, read, signal), signal);
  }

  /** Once: what it did is not known where no answer comes. Throws as `request` does. */
  async write(
    target: (typeof WRITES)[keyof typeof WRITES],
    fields: JsonObject,
    signal: AbortSignal,
  ): Promise<JsonObject> {
    const read = ({ body, headers }: Response) =>
      this.#readJson(body, new JsonReader(undefined, this.mask(String(headers['content-type'] ?? '')), this.location));
    try {
      return await this.#attempt(target, fields, read, signal);
    } catch (error) {
      throw error instanceof RetryLater ? error.error : error;
    }
  }

  /** What an endpoint that does not speak JSON says. */
  requestText(endpoint: Endpoint, signal: AbortSignal): Promise<string> {
    const read = ({ body }: Response) => readStart(body, MAX_TEXT_BYTES);
    return this.#retrier.run(() => this.#attempt(ENDPOINTS[endpoint], {}, read, signal), signal);
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

  async #attempt<T>(
    target: Target,
    fields: JsonObject,
    read: (response: Response) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    signal.throwIfAborted();
    const timeout = AbortSignal.timeout(this.#totalMs);
    const either = AbortSignal.any([signal, timeout]);
    try {
      // A request that waits for its connection does not listen.
      return await untilAborted(this.#send(target, fields, read, either), either);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof StoreError || error instanceof RetryLater) throw error;
      if (timeout.aborted) throw toTimeoutError(this.location, error);
      const fault = this.#route?.toError(error, toNetworkError) ?? toNetworkError(error, this.location);
      if (fault === undefined) throw error;
      throw fault.retryable && fault.code === 'source_unreachable' ? new RetryLater(fault) : fault;
    }
  }

  async #send<T>(
    { method, path }: Target,
    fields: JsonObject,
    read: (response: Response) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
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
    if (status === 200) {
      this.#checkEncoding(headers['content-encoding']);
      return read(response);
    }
    const text = await readStart(response.body, MAX_TEXT_BYTES);
    if (status >= 300 && status < 400) throw this.#toRedirectError(headers.location);
    const error = toHttpError(status, text, this);
    if (!error.retryable) throw error;
    throw new RetryLater(error, readRetryAfter(headers['retry-after']?.toString(), Date.now()));
  }

  /** None is asked for: what is packed could be of any size. */
  #checkEncoding(encoding: string | string[] | undefined): void {
    if (encoding === undefined || encoding === '' || encoding === 'identity') return;
    const name = /^(?:gzip|x-gzip|br|deflate|zstd)$/.test(String(encoding)) ? `packed with ${encoding}` : 'encoded';
    throw new StoreError('bad_response', `${this.location} sent an answer ${name}, which was not asked for`, {
      hint: 'This is a fault of the server or of a proxy before it.',
    });
  }

  #headers(method: string): Record<string, string> {
    return {
      accept: 'application/json',
      ...(method === 'POST' && { 'content-type': 'application/json' }),
      ...(this.#authorization !== undefined && { authorization: this.#authorization }),
      ...(this.workspace !== undefined && { 'x-mlflow-workspace': this.workspace }),
    };
  }

  async #readJson(body: Body, reader: JsonReader): Promise<JsonObject> {
    let pause = PAUSE_BYTES;
    for await (const chunk of body) {
      reader.push(chunk);
      if (reader.bytes > MAX_BYTES)
        throw new AnswerTooLarge('bad_response', `${this.location} sent more than ${MAX_BYTES / 2 ** 20} MiB at once`, {
          hint: 'Ask about fewer runs, or read the database file directly.',
        });
      if (reader.bytes < pause) continue;
      pause += PAUSE_BYTES;
      // A server that is fast enough never lets the queue run empty.
      await setImmediate();
    }
    return reader.end();
  }

  /** Redirects are never followed: credentials stay where they were configured. */
  #toRedirectError(target: string | string[] | undefined): StoreError {
    const { origin } = new URL(this.location);
    const to = typeof target === 'string' ? URL.parse(target, this.location)?.origin : undefined;
    // A target such as data: has the origin null.
    const place =
      to === origin ? 'another path of its own' : to?.startsWith('http') ? cleanText(this.mask(to)) : 'elsewhere';
    return new StoreError('bad_response', `${this.location} redirects to ${place}`, {
      hint:
        to === origin
          ? 'Check the path of the address, and whether a login page stands before it.'
          : 'If that is the right server, use its address.',
    });
  }
}

/** No more than the first `most` bytes of a body, as text. */
async function readStart(body: Body, most: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= most) break;
  }
  return Buffer.concat(chunks).toString('utf8', 0, most);
}

/** A list is its name once for each of its values. */
function toQuery(fields: JsonObject): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields))
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) query.append(name, String(one));
  return query.size === 0 ? '' : `?${query}`;
}
