/** Listens, keeps slow and endless clients within limits, and ends without breaking off what is under way. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import { type Config, ConfigError } from '../../config/config.ts';
import { maskUri } from '../../mask.ts';
import type { Access } from './access.ts';
import type { ServeLimits } from './gates.ts';
import { createHandler, type Mounted } from './handler.ts';
import { HttpError } from './http-error.ts';
import { createServeMetrics } from './metrics.ts';
import { originRules } from './origin.ts';
import { replyResponse } from './responses.ts';
import { type Report, routesOf, type Workplace } from './workplace.ts';

export interface ServerParts {
  readonly config: Config;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly access: Access;
  startWorkplace(report: Report): Promise<Workplace>;
  readonly mounts: Readonly<Record<string, Mounted>>;
  readonly limits: ServeLimits;
  log(record: Readonly<Record<string, unknown>>): void;
}

export interface RunningServer {
  readonly url: string;
  /** Takes no more requests and waits for those under way; false where time was up. */
  drain(): Promise<boolean>;
}

const SLOW_CLIENTS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16 * 1024,
} as const;
const MOST_CONNECTIONS = 1_000;
const POLL_MS = 20;

/** @throws ConfigError where it cannot listen */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const { config, host, limits, log } = parts;
  const metrics = createServeMetrics();
  const workplace = await parts.startWorkplace({ log, countAnswer: metrics.countAnswer });
  const cut = new AbortController();
  let port = parts.port;
  let isDraining = false;
  const handler = createHandler({
    ...parts,
    version: config.version,
    store: config.store.source === 'demo' ? 'bundled demo' : maskUri(config.store.uri),
    routes: routesOf(config, limits),
    workplace,
    metrics,
    origins: () => originRules(host, port, config.serve.allowedHosts),
    cut: cut.signal,
    isDraining: () => isDraining,
  });
  const listener = getRequestListener(handler.fetch, {
    overrideGlobalObjects: false,
    // What is no request by HTTP's own rules.
    errorHandler: refuseRequest,
  });
  let active = 0;
  const server = createServer(SLOW_CLIENTS, (incoming, outgoing) => {
    active += 1;
    outgoing.once('close', () => (active -= 1));
    if (isDraining) outgoing.setHeader('Connection', 'close');
    void listener(incoming, outgoing);
  });
  server.maxConnections = MOST_CONNECTIONS;
  try {
    server.listen(parts.port, host);
    await once(server, 'listening');
  } catch (error) {
    await workplace.close();
    throw new ConfigError(`${host}:${parts.port} cannot be listened at: ${(error as Error).message}`);
  }
  ({ port } = server.address() as AddressInfo);
  const drain = async () => {
    isDraining = true;
    server.close();
    server.closeIdleConnections();
    const deadline = performance.now() + limits.drainMs;
    while (active > 0 && performance.now() < deadline) await setTimeout(POLL_MS);
    const isDone = active === 0;
    cut.abort(new HttpError(503, 'draining', 'the server ended before it was done'));
    // What was cut still says so.
    if (!isDone) await setTimeout(10 * POLL_MS);
    server.closeAllConnections();
    await workplace.close();
    return isDone;
  };
  let drained: Promise<boolean> | undefined;
  return {
    url: `http://${host.includes(':') ? `[${host.replace(/^\[|\]$/g, '')}]` : host}:${port}`,
    drain() {
      drained ??= drain();
      return drained;
    },
  };
}

function refuseRequest(): Response {
  const error = { code: 'invalid_request', message: 'it is no HTTP request', request_id: crypto.randomUUID() };
  return replyResponse({ status: 400, body: { error } });
}
