/** A local double of Slack: the Web API, file uploads and Socket Mode, as far as the bot uses them. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

export interface SlackCall {
  readonly method: string;
  readonly body: Record<string, unknown>;
}

export interface SlackMessage {
  readonly channel: string;
  readonly ts: string;
  readonly thread_ts?: string | undefined;
  text: string;
  blocks: readonly Record<string, unknown>[];
  /** How often it was written. */
  writes: number;
}

export interface SlackDouble extends AsyncDisposable {
  readonly url: string;
  readonly calls: SlackCall[];
  /** Envelopes that were acknowledged, in that order. */
  readonly acks: { readonly envelope_id: string; readonly payload?: unknown }[];
  /** What people see, by its ts. */
  readonly messages: Map<string, SlackMessage>;
  push(envelope: string, type: string, payload: unknown, extra?: Record<string, unknown>): void;
  /** When a bot listens. */
  connected(): Promise<void>;
}

/** Answers in a method's place, or ends the wire: `undefined` leaves it to the double. */
export type Replies = Readonly<
  Record<string, (body: Record<string, unknown>, nth: number) => Reply | undefined | Promise<Reply | undefined>>
>;
interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly json?: unknown;
  /** Slack has taken it, and nobody hears of it. */
  readonly cut?: 'before' | 'after';
}

export const TEAM = 'T1';
export const BOT = 'UBOT';

export async function startSlackDouble(replies: Replies = {}): Promise<SlackDouble> {
  const [calls, acks, messages]: [SlackCall[], SlackDouble['acks'], Map<string, SlackMessage>] = [[], [], new Map()];
  const sockets: WebSocket[] = [];
  let last = 1_700_000_000;
  let files = 0;
  const server = createServer(async (request, response) => {
    const method = request.url?.split('?')[0]?.replace(/^\/(?:api\/)?/, '') ?? '';
    const body = await readBody(request);
    calls.push({ method, body });
    const nth = calls.filter((call) => call.method === method).length;
    const reply = await replies[method]?.(body, nth);
    if (reply?.cut === 'before') return void request.socket.destroy();
    const own = reply?.json === undefined && (reply?.status ?? 200) === 200 ? take(method, body) : {};
    if (reply?.cut === 'after') return void request.socket.destroy();
    response.writeHead(reply?.status ?? 200, { 'content-type': 'application/json', ...reply?.headers });
    response.end(JSON.stringify(reply?.json ?? { ok: true, ...own }));
  });

  function take(method: string, body: Record<string, unknown>): Record<string, unknown> {
    const here = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    switch (method) {
      case 'auth.test':
        return { user_id: BOT, bot_id: 'BBOT', team_id: TEAM };
      case 'apps.connections.open':
        return { url: `ws://${here}/link` };
      case 'conversations.info':
        return { channel: { id: body.channel, is_ext_shared: false } };
      case 'conversations.open':
        return { channel: { id: String(body.users).replace(/^U/, 'D') } };
      case 'files.getUploadURLExternal':
        files += 1;
        return { upload_url: `http://${here}/upload`, file_id: `F${files}` };
      case 'files.completeUploadExternal':
        return { files: body.files };
      case 'chat.postMessage': {
        const channel = String(body.channel).replace(/^U/, 'D');
        const ts = `${++last}.000100`;
        const thread = body.thread_ts as string | undefined;
        messages.set(ts, { channel, ts, thread_ts: thread, text: String(body.text), blocks: [], writes: 1 });
        return { channel, ts };
      }
      case 'chat.update': {
        const message = messages.get(String(body.ts));
        if (message === undefined) return { ok: false, error: 'message_not_found' };
        message.text = String(body.text);
        message.blocks = (body.blocks ?? []) as SlackMessage['blocks'];
        message.writes += 1;
        return { channel: body.channel, ts: body.ts };
      }
      default:
        return {};
    }
  }

  const wss = new WebSocketServer({ server, path: '/link' });
  let opened = Promise.withResolvers<void>();
  wss.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('message', (data) => acks.push(JSON.parse(String(data))));
    socket.on('close', () => {
      sockets.splice(sockets.indexOf(socket), 1);
      if (sockets.length === 0) opened = Promise.withResolvers();
    });
    socket.send(JSON.stringify({ type: 'hello', num_connections: 1 }));
    opened.resolve();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    calls,
    acks,
    messages,
    connected: () => opened.promise,
    push(envelope_id, type, payload, extra = {}) {
      sockets.at(-1)?.send(JSON.stringify({ envelope_id, type, payload, ...extra }));
    },
    async [Symbol.asyncDispose]() {
      wss.close();
      for (const socket of sockets) socket.terminate();
      server.closeAllConnections();
      server.close();
    },
  };
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks);
  const type = request.headers['content-type'] ?? '';
  if (type.includes('json')) return JSON.parse(raw.toString() || '{}');
  if (!type.includes('urlencoded')) return { bytes: raw.length, raw: raw.toString('latin1') };
  // Blocks and the like arrive as JSON.
  return Object.fromEntries(
    Array.from(new URLSearchParams(raw.toString()), ([key, value]) => [
      key,
      /^[[{]/.test(value) ? parse(value) : value,
    ]),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

let events = 0;

/** An event as Slack wraps it. */
export function eventBody(event: Record<string, unknown>, extra: Record<string, unknown> = {}) {
  events += 1;
  return {
    type: 'event_callback',
    team_id: TEAM,
    api_app_id: 'A1',
    event_id: `Ev${events}`,
    authorizations: [{ team_id: TEAM, user_id: BOT, is_bot: true }],
    event: { team: TEAM, user: 'U1', ...event },
    ...extra,
  };
}

export function press(message: SlackMessage, action_id: string, value: string, user = 'U1', team_id = TEAM) {
  return {
    type: 'block_actions',
    user: { id: user, team_id },
    team: { id: team_id },
    channel: { id: message.channel },
    message: { ts: message.ts, thread_ts: message.thread_ts },
    actions: [{ type: 'button', block_id: 'b', action_id, value, action_ts: `${Date.now()}.${++events}` }],
  };
}
