/** A local server that speaks the Messages API from a script and refuses what the real one would refuse. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

type Json = Record<string, unknown>;
export interface Block extends Json {
  readonly type: string;
}

/** One scripted reply of the server. */
export type Reply =
  | {
      readonly content: readonly Block[];
      readonly stop?: string | null;
      readonly usage?: Json;
      /** Leaves out all that servers leave out which only resemble the API: ids, usage, pings. */
      readonly bare?: boolean;
      /** Characters of a delta; 5 by default. */
      readonly piece?: number;
      /** Holds the stream up after so many events, with a ping every 40 ms. */
      readonly pings?: { readonly after: number; readonly count: number };
      /** Ends the stream after so many events, or so many before the last: by an `error` event, a cut socket, silence, or just so. */
      readonly break?: { readonly after: number; readonly by: 'error' | 'cut' | 'stall' | 'end' };
    }
  | {
      readonly status: number;
      readonly type?: string;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly html: string }
  | { readonly stall: true }
  /** Events just as they are, whatever the API would say to them; a text is sent as it stands. */
  | { readonly events: readonly unknown[] }
  /** Whatever a server can do. */
  | { readonly raw: (response: ServerResponse) => unknown };

export interface MessagesApi {
  readonly url: string;
  /** In the order in which they came; whoever makes very many may empty it. */
  readonly requests: ReceivedRequest[];
  /** What the API would not have taken. */
  readonly complaints: readonly string[];
  /** Stops the server. @throws Error when part of the script was never asked for. */
  close(): Promise<void>;
}

export interface ReceivedRequest {
  readonly headers: IncomingMessage['headers'];
  readonly body: RequestBody;
  /** As it was sent. */
  readonly json: string;
  /** Settles when the client is gone before the reply is at its end. */
  readonly abandoned: Promise<void>;
}

export interface RequestBody extends Json {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: readonly Block[] }[];
  readonly tools?: readonly Json[];
}

export const text = (words: string): Block => ({ type: 'text', text: words, citations: null });
export const thinking = (words: string): Block => ({ type: 'thinking', thinking: words, signature: `signed:${words}` });
export const toolUse = (id: string, name: string, input: unknown): Block => ({ type: 'tool_use', id, name, input });

type Step = Reply | ((body: RequestBody) => Reply);

/**
 * `script`: a reply for each request, or what replies to any number of them. `portable` refuses every field that a server
 * which only resembles the API may not know.
 */
export async function startMessagesApi(
  script: readonly Step[] | ((body: RequestBody) => Reply),
  { portable = false }: { readonly portable?: boolean } = {},
): Promise<MessagesApi> {
  const requests: ReceivedRequest[] = [];
  const complaints: string[] = [];
  const sentThinking = new Set<string>();
  const stopped = new AbortController();
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (!stopped.signal.aborted && !response.destroyed) response.destroy(error as Error);
    });
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const json = Buffer.concat(await Array.fromAsync(request)).toString();
    const body = JSON.parse(json) as RequestBody;
    const step = typeof script === 'function' ? script : script[requests.length];
    const reply = typeof step === 'function' ? step(body) : step;
    const { promise: abandoned, resolve } = Promise.withResolvers<void>();
    response.on('close', () => response.writableFinished || resolve());
    requests.push({ headers: request.headers, body, json, abandoned });
    const complaint =
      findComplaint(request, body, typeof script === 'function' ? undefined : sentThinking) ??
      (portable ? complainOfFields(body, PORTABLE) : undefined);
    if (complaint !== undefined) complaints.push(complaint);
    if (complaint !== undefined) return sendError(response, 400, 'invalid_request_error', complaint);
    if (reply === undefined) return sendError(response, 400, 'invalid_request_error', 'the script is at its end');
    if ('status' in reply)
      return sendError(response, reply.status, reply.type ?? 'api_error', reply.message ?? 'scripted', reply.headers);
    if ('html' in reply) return void response.writeHead(200, { 'content-type': 'text/html' }).end(reply.html);
    if ('stall' in reply) return;
    if ('raw' in reply) return void (await reply.raw(response));
    if ('events' in reply) return void response.writeHead(200, STREAM).end(reply.events.map(frame).join(''));
    for (const block of reply.content) if (THOUGHT.test(block.type)) sentThinking.add(JSON.stringify(block));
    await stream(response, reply, body.model, stopped.signal);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    complaints,
    async close() {
      stopped.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      const left = typeof script === 'function' ? 0 : script.length - requests.length;
      if (left > 0) throw new Error(`${left} replies were left over`);
    },
  };
}

function sendError(response: ServerResponse, status: number, type: string, message: string, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_test', ...headers });
  response.end(JSON.stringify({ type: 'error', error: { type, message }, request_id: 'req_test' }));
}

async function stream(
  response: ServerResponse,
  reply: Extract<Reply, { content: unknown }>,
  model: string,
  stopped: AbortSignal,
): Promise<void> {
  response.writeHead(200, STREAM);
  const events = [...eventsOf(reply, model)];
  const { after = events.length, by } = reply.break ?? {};
  const stopAt = after < 0 ? events.length + after : after;
  for (const [index, event] of events.entries()) {
    if (index === stopAt) {
      if (by === 'stall') return void (await delay(60_000, undefined, { signal: stopped }));
      if (by === 'cut') return void response.destroy();
      if (by === 'error')
        write(response, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } });
      return void response.end();
    }
    for (let ping = 0; index === reply.pings?.after && ping < reply.pings.count; ping++) {
      write(response, { type: 'ping' });
      await delay(40);
    }
    write(response, event);
    // A pause, so that a cut socket does not take along what was sent before.
    await delay(1);
  }
  response.end();
}

const write = (response: ServerResponse, event: Json): boolean => response.write(frame(event));

export const STREAM = { 'content-type': 'text/event-stream', 'request-id': 'req_test' } as const;

/** An event as it is sent. */
export function frame(event: unknown): string {
  if (typeof event === 'string') return event;
  return `event: ${(event as Json | null)?.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** The events of a reply, none of them harmed. */
export const eventsFor = (content: readonly Block[], stop?: string | null): Json[] => [
  ...eventsOf({ content, ...(stop !== undefined && { stop }), piece: 400 }, 'claude-test'),
];

type Spoken = Extract<Reply, { content: unknown }>;

function* eventsOf({ content, stop, usage, bare = false, piece = 5 }: Spoken, model: string): Generator<Json> {
  const counted = bare ? {} : { usage: { input_tokens: 10, output_tokens: 5, ...usage } };
  const message = { type: 'message', role: 'assistant', model, content: [], stop_reason: null };
  const more = bare ? {} : { id: 'msg_test', stop_sequence: null, ...counted };
  yield { type: 'message_start', message: { ...message, ...more } };
  if (!bare) yield { type: 'ping' };
  for (const [index, block] of content.entries()) {
    yield { type: 'content_block_start', index, content_block: emptied(block) };
    for (const delta of deltasOf(block, piece)) yield { type: 'content_block_delta', index, delta };
    yield { type: 'content_block_stop', index };
  }
  const usual = content.some((block) => block.type === 'tool_use') ? 'tool_use' : 'end_turn';
  const reason = stop === undefined ? usual : stop;
  yield { type: 'message_delta', delta: { stop_reason: reason, stop_sequence: null }, ...counted };
  yield { type: 'message_stop' };
}

function emptied(block: Block): Json {
  if (block.type === 'text') return { ...block, text: '' };
  if (block.type === 'redacted_thinking') return block;
  return block.type === 'thinking' ? { ...block, thinking: '', signature: '' } : { ...block, input: {} };
}

function deltasOf(block: Block, size: number): Json[] {
  if (block.type === 'text')
    return pieces(String(block.text), size).map((piece) => ({ type: 'text_delta', text: piece }));
  if (block.type === 'thinking') {
    const thoughts = pieces(String(block.thinking), size).map((piece) => ({ type: 'thinking_delta', thinking: piece }));
    return [...thoughts, { type: 'signature_delta', signature: block.signature }];
  }
  if (block.type === 'redacted_thinking') return [];
  const json = typeof block.input === 'string' ? block.input : JSON.stringify(block.input);
  return ['', ...pieces(json, size)].map((piece) => ({ type: 'input_json_delta', partial_json: piece }));
}

const pieces = (words: string, size: number): string[] => words.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];

/** Why the API would answer 400. */
function findComplaint(
  request: IncomingMessage,
  body: RequestBody,
  /** Undefined where it is not known what was sent. */
  sentThinking: Set<string> | undefined,
): string | undefined {
  const checks: readonly (readonly [boolean, string])[] = [
    [!request.headers['anthropic-version'], 'anthropic-version is missing'],
    [typeof body.max_tokens !== 'number', 'max_tokens is missing'],
    ['temperature' in body || 'top_p' in body || 'top_k' in body, 'sampling parameters are gone'],
    [['any', 'tool'].includes(String((body.tool_choice as Json | undefined)?.type)), 'tool_choice may not force'],
    [JSON.stringify(body).split('"cache_control"').length - 1 > 4, 'more than 4 cache breakpoints'],
    [JSON.stringify(body).length > 32e6, 'the body is too large'],
  ];
  return (
    checks.find(([broken]) => broken)?.[1] ??
    complainOfTools(body) ??
    complainOfTurns(body) ??
    complainOfIds(body) ??
    (sentThinking && complainOfThinking(body, sentThinking))
  );
}

function complainOfTools({ tools = [], messages }: RequestBody): string | undefined {
  const names = tools.map((tool) => String(tool.name));
  if (new Set(names).size < names.length) return 'two tools share a name';
  if (names.some((name) => !/^[a-zA-Z0-9_-]{1,128}$/.test(name))) return 'a tool has an impossible name';
  if (tools.some((tool) => (tool.input_schema as Json | undefined)?.type !== 'object')) return 'no object schema';
  const usesTools = messages.some(({ content }) => content.some((block) => block.type === 'tool_use'));
  return usesTools && names.length === 0 ? 'tool_use blocks need tools' : undefined;
}

function complainOfTurns({ messages }: RequestBody): string | undefined {
  const last = messages.at(-1);
  const isPaused = last?.content.some((block) => block.type === 'server_tool_use');
  if (last?.role !== 'user' && !isPaused) return 'the last message must be the user';
  for (const [index, { role, content }] of messages.entries()) {
    if (content.length === 0 || content.some((block) => String(block.text ?? 'x').trim() === ''))
      return `message ${index} is empty`;
    if (THOUGHT.test(content.at(-1)?.type ?? '')) return `message ${index} ends in a thought`;
    if (messages[index + 1]?.role === role) return 'roles must alternate';
    const asked = idsOf(content, 'tool_use', 'id');
    const answered = idsOf(messages[index + 1]?.content ?? [], 'tool_result', 'tool_use_id');
    if (asked.join() !== answered.join()) return `message ${index}: tool_use and tool_result do not match`;
    const firstOther = content.findIndex((block) => block.type !== 'tool_result');
    const lastResult = content.findLastIndex((block) => block.type === 'tool_result');
    if (firstOther >= 0 && lastResult > firstOther) return 'tool_result blocks come first';
  }
  return undefined;
}

function complainOfIds({ messages }: RequestBody): string | undefined {
  const ids = messages.flatMap(({ content }) => idsOf(content, 'tool_use', 'id').map(String));
  if (new Set(ids).size < ids.length) return 'tool_use ids must be unique';
  if (!ids.every((id) => /^[a-zA-Z0-9_-]+$/.test(id))) return 'a tool_use id has an impossible shape';
  const names = messages.flatMap(({ content }) => idsOf(content, 'tool_use', 'name').map(String));
  return names.every((name) => /^[a-zA-Z0-9_-]{1,128}$/.test(name)) ? undefined : 'a tool_use has an impossible name';
}

const idsOf = (content: readonly Block[], type: string, key: string): unknown[] =>
  content.filter((block) => block.type === type).map((block) => block[key]);

function complainOfThinking({ messages }: RequestBody, sent: Set<string>): string | undefined {
  const thoughts = messages.flatMap(({ content }) => content.filter((block) => THOUGHT.test(block.type)));
  return thoughts.every((block) => sent.has(JSON.stringify(block))) ? undefined : 'a thinking block was changed';
}

const THOUGHT = /^(?:redacted_)?thinking$/;

/** All that a request needs, and what each of its parts may hold; a list stands for any of its parts. */
const PORTABLE: Json = {
  model: '',
  max_tokens: '',
  system: '',
  stream: '',
  messages: {
    role: '',
    content: { type: '', text: '', id: '', name: '', input: '', tool_use_id: '', content: '', is_error: '' },
  },
  tools: { name: '', description: '', input_schema: '' },
};

function complainOfFields(value: unknown, known: unknown): string | undefined {
  if (known === '') return undefined;
  if (Array.isArray(value)) return value.map((one) => complainOfFields(one, known)).find((said) => said !== undefined);
  for (const [key, part] of Object.entries(value as Json)) {
    if (!(key in (known as Json))) return `unknown field "${key}"`;
    const complaint = complainOfFields(part, (known as Json)[key]);
    if (complaint !== undefined) return complaint;
  }
  return undefined;
}
