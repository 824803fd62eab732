/** The way to a server through a proxy: undici's own agent, and what to say where the proxy is at fault. */
import { isIP } from 'node:net';
import { type buildConnector, type Dispatcher, errors, Pool, ProxyAgent } from 'undici';
import { StoreError } from '../errors.ts';
import type { Connections } from './connections.ts';
import type { toNetworkError } from './http-errors.ts';
import { type ChosenProxy, chooseProxy, type ProxySettings } from './proxy-choice.ts';

/** What failed before the server had its say. */
class ProxyFault extends Error {
  override readonly name = 'ProxyFault';
  /** Of an answer that lets nobody through; undefined where there was none. */
  readonly status: number | undefined;

  constructor({ cause, status }: { readonly cause?: unknown; readonly status?: number }) {
    super('the proxy failed', { cause });
    this.status = status;
  }
}

type ProxyOptions = Pool.Options & { readonly connect: buildConnector.connector };

/** The connections that become tunnels, each to a server with TLS. */
function openTunnels(proxy: URL, options: ProxyOptions): Dispatcher {
  const pool = new Pool(proxy, options);
  const connect = pool.connect.bind(pool);
  return Object.assign(pool, {
    async connect(request: Dispatcher.ConnectOptions) {
      const answer = await connect(request).catch((cause: unknown) => {
        throw new ProxyFault({ cause });
      });
      if (answer.statusCode === 200) return answer;
      answer.socket.on('error', () => {}).destroy();
      throw new ProxyFault({ status: answer.statusCode });
    },
  });
}

/** The connections to the proxy, which is all that fails of a request that it forwards. */
function openForward(proxy: string | URL, options: ProxyOptions): Dispatcher {
  return new Pool(proxy, {
    ...options,
    connect: (to, done) =>
      options.connect(to, (...[cause, socket]) =>
        cause === null ? done(null, socket) : done(new ProxyFault({ cause }), null),
      ),
  });
}

/** undici's way to the proxy, but for its name: an address is none, and Node warns of it in the midst of an answer. */
function connectorOf({ connect }: Pool.Options): buildConnector.connector {
  if (typeof connect !== 'function') throw new TypeError('undici gives a function');
  return ({ servername = '', ...to }, done) =>
    connect(isIP(servername) === 0 && servername !== '' ? { ...to, servername } : to, done);
}

/** As where a server answers so. */
const PASSING: ReadonlySet<number> = new Set([502, 503, 504]);

export class ProxyRoute {
  readonly #server: URL;
  readonly #proxy: ChosenProxy;

  constructor(server: URL, proxy: ChosenProxy) {
    this.#server = server;
    this.#proxy = proxy;
  }

  /** For people. */
  get name(): string {
    return `the proxy ${this.#proxy.origin} (${this.#proxy.variable})`;
  }

  /** What no output may show. A name without a password is one itself. */
  get secrets(): readonly string[] {
    const { username, password } = this.#proxy;
    return username === '' ? [password] : [password || username, this.#credentials];
  }

  /** Behind an answer that may be the proxy's own; undefined where it cannot see what is sent. */
  get answerHint(): string | undefined {
    const { variable, goPast } = this.#proxy;
    return this.#isForwarded ? `It may be the proxy of ${variable} that says so: ${goPast}.` : undefined;
  }

  /** Servers with TLS by CONNECT; others in absolute form, as most proxies let CONNECT through to port 443 only. */
  open({ limits, connectTimeout, tls }: Connections): Dispatcher {
    const { origin, username, password } = this.#proxy;
    const { cert: _, key: __, ...trust } = tls;
    return new ProxyAgent({
      ...limits,
      uri: origin,
      ...((username !== '' || password !== '') && { token: `Basic ${this.#credentials}` }),
      connectTimeout,
      requestTls: tls,
      proxyTls: { ...trust, allowH2: false },
      clientFactory: (proxy, options) => openTunnels(proxy, { ...limits, connect: connectorOf(options) }),
      ...(this.#isForwarded && {
        factory: (proxy, options) => openForward(proxy, { ...limits, connect: connectorOf(options) }),
      }),
    });
  }

  /** The error of a fault of the proxy; undefined for any other. `describe` tells what failed, as of any server. */
  toError(fault: unknown, describe: typeof toNetworkError): StoreError | undefined {
    if (fault instanceof ProxyFault)
      return fault.status === undefined ? this.#toConnectError(fault.cause, describe) : this.#toRefusal(fault.status);
    // All that undici says of an answer to a forwarded request.
    const isRefused = fault instanceof errors.InvalidArgumentError && fault.message.includes('(407)');
    return isRefused ? this.#toRefusal(407) : undefined;
  }

  get #isForwarded(): boolean {
    return this.#server.protocol === 'http:';
  }

  get #credentials(): string {
    return Buffer.from(`${this.#proxy.username}:${this.#proxy.password}`).toString('base64');
  }

  #toConnectError(fault: unknown, describe: typeof toNetworkError): StoreError | undefined {
    const { variable, goPast } = this.#proxy;
    const error = describe(fault instanceof errors.SecureProxyConnectionError ? fault.cause : fault, this.name);
    if (error === undefined) return undefined;
    const { code, message, retryable, cause } = error;
    const hint = code === 'tls_error' ? error.hint : `Mend ${variable}, or ${goPast}.`;
    return new StoreError(code, message, { hint, retryable, cause });
  }

  #toRefusal(status: number): StoreError {
    // Some say 401 to a wrong password.
    if (status === 401 || status === 407) return this.#toLoginError();
    const { variable, goPast } = this.#proxy;
    const code = status === 403 ? 'forbidden' : 'source_unreachable';
    const mend =
      status === 403
        ? 'Have that server and its port allowed there'
        : status >= 500
          ? 'Check the address of that server, which the proxy does not reach'
          : `Check that ${variable} names a proxy`;
    return new StoreError(code, `${this.name} answered ${status} when asked for ${this.#server.host}`, {
      hint: `${mend}, or ${goPast}.`,
      retryable: PASSING.has(status),
    });
  }

  #toLoginError(): StoreError {
    const { variable, username } = this.#proxy;
    return username === ''
      ? new StoreError('unauthorized', `${this.name} asks for a user and password`, {
          hint: `Write ${variable} as http://user:password@host:port.`,
        })
      : new StoreError('unauthorized', `${this.name} refuses the user and password in it`, {
          hint: `Mend them in ${variable}, with %40 for an @ and %3A for a colon; no other way to log in than Basic is known.`,
        });
  }
}

/** A proxy where the settings name one for this server. Throws StoreError for one that cannot be used. */
export function findRoute(uri: string, settings: ProxySettings): ProxyRoute | undefined {
  const server = new URL(uri);
  const proxy = chooseProxy(server, settings);
  return proxy === undefined ? undefined : new ProxyRoute(server, proxy);
}
