/** A server in this process, over the demo unless told otherwise, and what tests ask it with. */
import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Config } from '../../../src/config/config.ts';
import { readConfig } from '../../../src/config/config.ts';
import type { ConversationStore } from '../../../src/conversations/conversations.ts';
import { createMemoryConversationStore } from '../../../src/conversations/memory.ts';
import { readAccess } from '../../../src/surfaces/http/access.ts';
import { DEFAULT_SERVE_LIMITS, type ServeLimits } from '../../../src/surfaces/http/gates.ts';
import type { Mounted } from '../../../src/surfaces/http/handler.ts';
import { type RunningServer, startServer } from '../../../src/surfaces/http/server.ts';
import { createWorkplace } from '../../../src/surfaces/http/workplace.ts';
import { demoPath } from '../../support/demo.ts';

export interface TestServerOptions {
  readonly uri?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly tokens?: readonly { token: string; owner: string; tenant?: string }[];
  readonly limits?: Partial<ServeLimits>;
  readonly conversations?: ConversationStore;
  readonly mounts?: Readonly<Record<string, Mounted>>;
  readonly host?: string;
}

export interface TestServer extends RunningServer {
  readonly config: Config;
  readonly logged: Record<string, unknown>[];
}

/** No test is held up by the rates that people are held to. */
const NO_RATE = { burst: 1_000_000, perSecond: 1_000_000 };

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const {
    uri = demoPath,
    env = {},
    tokens,
    conversations = createMemoryConversationStore(),
    mounts = {},
    host = '127.0.0.1',
  } = options;
  const config = readConfig({ HOME: '/nonexistent', TZ: 'UTC', ...env }, { model: 'offline', uri });
  const limits = { ...DEFAULT_SERVE_LIMITS, ...NO_RATE, ...options.limits };
  const logged: Record<string, unknown>[] = [];
  const server = await startServer({
    config,
    host,
    port: 0,
    access: readAccess(tokens && JSON.stringify(tokens), 'RUNSIGHT_TOKENS'),
    startWorkplace: async (report) => createWorkplace({ config, conversations, limits, report }),
    mounts,
    limits,
    log: (record) => void logged.push(record),
  });
  return { ...server, config, logged };
}

export interface Got {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came
  readonly body: any;
}

export interface Sent {
  readonly method?: string;
  readonly body?: unknown;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export async function send(url: string, { method, body, token, headers = {}, signal }: Sent = {}): Promise<Got> {
  const response = await fetch(url, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal !== undefined && { signal }),
  });
  const raw = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
  return { status: response.status, headers: response.headers, body: isJson && raw !== '' ? JSON.parse(raw) : raw };
}

/** With headers exactly as given, repeated ones too: `fetch` would mend them. */
export async function sendRaw(
  url: string,
  headers: readonly (readonly [string, string])[],
  { method = 'GET', body = '' } = {},
): Promise<{ readonly status: number; readonly body: string }> {
  const { hostname, port, pathname, search } = new URL(url);
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const request = httpRequest(
    { hostname, port, path: `${pathname}${search}`, method, headers: headers.flat(), setHost: false },
    async (response) => resolve({ status: response.statusCode ?? 0, body: await text(response) }),
  );
  request.on('error', reject);
  request.end(body);
  return promise;
}

/** The events of a stream, as they come. */
export async function* readEvents(response: Response): AsyncGenerator<Record<string, unknown>> {
  let rest = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + chunk).split('\n\n');
    rest = parts.pop() ?? '';
    for (const part of parts) if (part.startsWith('data: ')) yield JSON.parse(part.slice('data: '.length));
  }
}
