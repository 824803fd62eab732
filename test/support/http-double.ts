/** A local HTTP server that answers exactly what a test scripted; anything else fails the test. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is, anything else as JSON. */
  readonly body?: unknown;
}
/** A function takes over the response: to be slow, silent or broken. */
export type ScriptedReply = Reply | ((response: ServerResponse, request: SeenRequest) => void);

export interface HttpDouble {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** Replies to come, in order; the last one stays when `forever`. */
  script(replies: readonly ScriptedReply[], forever?: boolean): void;
  /** Throws if a reply was left over or a request had none. */
  stop(): Promise<void>;
}

function send(response: ServerResponse, { status = 200, headers = {}, body = {} }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** Key and certificate in PEM make it speak https. */
export async function startHttpDouble(tls?: ServerOptions): Promise<HttpDouble> {
  const requests: SeenRequest[] = [];
  const problems: string[] = [];
  let script: ScriptedReply[] = [];
  let forever = false;
  const listener: RequestListener = async (incoming, response) => {
    const chunks = await Array.fromAsync(incoming as AsyncIterable<Buffer>);
    const { method = '', url: path = '', headers } = incoming;
    const request = { method, path, headers, body: Buffer.concat(chunks).toString() };
    requests.push(request);
    const reply = forever && script.length === 1 ? script[0] : script.shift();
    if (reply === undefined) problems.push(`${method} ${path} was not scripted`);
    if (typeof reply === 'function') reply(response, request);
    else send(response, reply ?? { status: 418, body: 'not scripted' });
  };
  const server = (tls === undefined ? createServer(listener) : createSecureServer(tls, listener)).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${address.port}`,
    requests,
    script(replies, stay = false) {
      script = [...replies];
      forever = stay;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      if (!forever && script.length > 0) problems.push(`${script.length} scripted replies were not asked for`);
      if (problems.length > 0) throw new Error(problems.join('; '));
    },
  };
}
