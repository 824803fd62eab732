/** The server over Streamable HTTP, for this machine alone unless a token is asked for. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { hostHeaderValidation, originValidation, toNodeHandler } from '@modelcontextprotocol/node';
import { ConfigError } from '../../config/error.ts';
import type { Secret } from '../../config/secret.ts';
import type { McpMount } from './mount.ts';

export interface HttpPlace {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly token: Secret | undefined;
}

const PATH = '/mcp';
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
const MOST_CONNECTIONS = 100;
const DRAIN_MS = 10_000;

export interface Listening {
  readonly url: string;
  /** Lets what is under way end, for a while. */
  close(): Promise<void>;
}

/** @throws ConfigError where it may not, or cannot, listen there. */
export async function listen(mount: McpMount, { host, port, token }: HttpPlace): Promise<Listening> {
  const isLocal = LOOPBACK.includes(inUrl(host));
  if (!isLocal && token === undefined)
    throw new ConfigError(
      `--host ${host} can be reached by others: set RUNSIGHT_MCP_TOKEN, which clients then send as bearer token, or use 127.0.0.1`,
    );
  const names = isLocal ? LOOPBACK : [...LOOPBACK, ...ownNames(host)];
  const guards = [hasOneHost, hostHeaderValidation(names), originValidation(names), ...(token ? [bearer(token)] : [])];
  const handle = toNodeHandler(mount);
  const server = createServer((request, response) => {
    if (!guards.every((guard) => guard(request, response))) return;
    if (new URL(request.url ?? '/', 'http://localhost').pathname === PATH)
      // Its type wants what node leaves out said so.
      return void handle(request as Parameters<typeof handle>[0], response);
    refuse(response, 404, `there is nothing here; the server is at ${PATH}`);
  });
  server.maxConnections = MOST_CONNECTIONS;
  await startListening(server, host, port);
  const { port: taken } = server.address() as AddressInfo;
  return { url: `http://${inUrl(host)}:${taken}${PATH}`, close: () => drain(server) };
}

const PLAIN_HOST = /^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d+)?$/i;

/** A name twice, or one with more in it, is one that two readers may understand in two ways. */
function hasOneHost({ headers, rawHeaders }: IncomingMessage, response: ServerResponse): boolean {
  const count = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length;
  if (count === 1 && PLAIN_HOST.test(headers.host ?? '')) return true;
  refuse(response, 403, 'the request must name one Host');
  return false;
}

/** Compared in a time that tells nothing of how much of it is right. */
function bearer(token: Secret): (request: IncomingMessage, response: ServerResponse) => boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const expected = digest(`Bearer ${token.reveal()}`);
  return ({ headers }, response) => {
    if (timingSafeEqual(digest(headers.authorization ?? ''), expected)) return true;
    response.setHeader('WWW-Authenticate', 'Bearer realm="runsight"');
    refuse(response, 401, 'send the token as "Authorization: Bearer …"');
    return false;
  };
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32_600, message } }));
}

/** What this machine may be called by who reaches it. */
function ownNames(host: string): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((some) => some ?? []);
  return [host, hostname(), ...addresses.map(({ address }) => address)].map((name) => inUrl(name.toLowerCase()));
}

const inUrl = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host);

async function startListening(server: Server, host: string, port: number): Promise<void> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    const { code = 'unknown fault' } = error as NodeJS.ErrnoException;
    const mend = code === 'EADDRINUSE' ? 'something listens there already: name another --port' : code;
    throw new ConfigError(`cannot listen on ${inUrl(host)}:${port}: ${mend}`);
  }
}

async function drain(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearTimeout(timer);
}
