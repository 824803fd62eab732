/** A local proxy: it forwards what comes in absolute form, tunnels what is asked for by CONNECT, and notes what it was told. */
import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
  request as sendRequest,
} from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import { connect, type Socket } from 'node:net';

export interface SeenByProxy {
  readonly method: string;
  /** What stands behind the method: a whole address, or host and port. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
}

/** Takes over one request, in either form. */
export type ProxyReply = (socket: Socket, request: SeenByProxy) => void;

export interface ProxyDouble {
  readonly url: string;
  readonly seen: readonly SeenByProxy[];
  /** What happens to the next requests instead of letting them through, one each; the last one stays when `forever`. */
  script(replies: readonly ProxyReply[], forever?: boolean): void;
  stop(): Promise<void>;
}

/** An answer of the proxy's own. */
export const answers =
  (status: number, body = ''): ProxyReply =>
  (socket) =>
    socket.end(`HTTP/1.1 ${status} Said so\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);

/** `reach`: where each host and port really is; names of nothing else are known to it. Key and certificate make it speak TLS. */
export async function startProxyDouble(reach: (target: string) => string, tls?: ServerOptions): Promise<ProxyDouble> {
  const seen: SeenByProxy[] = [];
  const sockets = new Set<Socket>();
  let script: ProxyReply[] = [];
  let forever = false;
  const note = ({ method = '', url: target = '', headers }: IncomingMessage): SeenByProxy => {
    const request = { method, target, headers };
    seen.push(request);
    return request;
  };
  const nextReply = () => (forever && script.length === 1 ? script[0] : script.shift());

  const forward = (incoming: IncomingMessage, response: ServerResponse) => {
    const request = note(incoming);
    const reply = nextReply();
    if (reply !== undefined) return reply(incoming.socket, request);
    const { host, pathname, search } = new URL(request.target);
    const { 'proxy-authorization': _, connection: __, ...headers } = request.headers;
    const onward = sendRequest(`${reach(host)}${pathname}${search}`, { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    return incoming.pipe(onward);
  };
  const tunnel = (incoming: IncomingMessage, socket: Socket) => {
    const request = note(incoming);
    const reply = nextReply();
    if (reply !== undefined) return reply(socket, request);
    const { hostname, port } = new URL(reach(request.target));
    const onward = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const)
      one.on('error', () => other.destroy());
    sockets.add(onward);
    return onward;
  };

  const server = tls === undefined ? createServer(forward) : createSecureServer(tls, forward);
  server
    .on('connect', tunnel)
    .on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => sockets.add(socket))
    .listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${address.port}`,
    seen,
    script(replies, stay = false) {
      script = [...replies];
      forever = stay;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
