/** Over HTTP: who may come in, both revisions, and mounting in a process that listens already. */
import { request as send } from 'node:http';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AgentEvent } from '../../../src/agent/events.ts';
import { type App, createApp } from '../../../src/app/create-app.ts';
import { readConfig } from '../../../src/config/config.ts';
import { Secret } from '../../../src/config/secret.ts';
import { createMcpFactory, type McpFactory } from '../../../src/surfaces/mcp/factory.ts';
import { type Listening, listen } from '../../../src/surfaces/mcp/http.ts';
import { type McpMount, mountMcp } from '../../../src/surfaces/mcp/mount.ts';
import { createSessions } from '../../../src/surfaces/mcp/sessions.ts';
import { untilAborted } from '../../../src/until-aborted.ts';
import { createClient, dataOf, REVISIONS, textOf } from './connect.ts';

const TOKEN = 'a-long-token';
let app: App;
let factory: McpFactory;
let mount: McpMount;
let open: Listening;
let guarded: Listening;

beforeAll(async () => {
  const config = readConfig({ HOME: '/nowhere', RUNSIGHT_MODEL: 'offline' }, {}, '/');
  app = createApp(config, { surface: 'mcp' });
  factory = createMcpFactory(app, config);
  mount = mountMcp(factory);
  open = await listen(mount, { host: '127.0.0.1', port: 0, token: undefined });
  guarded = await listen(mount, { host: '127.0.0.1', port: 0, token: new Secret(TOKEN) });
});
afterAll(async () => {
  await Promise.all([open.close(), guarded.close(), mount.close()]);
  await app.close();
});

describe.each(REVISIONS)('a client of revision %s', (revision) => {
  it('asks, with progress, and reads what was found', async () => {
    const client = createClient(revision);
    await client.connect(new StreamableHTTPClientTransport(new URL(open.url)));
    expect(client.getNegotiatedProtocolVersion()).toBe(revision);
    expect((await client.listTools()).tools).toHaveLength(12);
    const heard: unknown[] = [];
    const asked = { name: 'ask', arguments: { question: 'best run by f1?' } };
    const result = await client.callTool(asked, { onprogress: (progress) => heard.push(progress) });
    expect(textOf(result)).toContain('run-145');
    expect(heard.length).toBeGreaterThan(0);
    // Another request, and still the same talk.
    const { conversation } = dataOf<{ conversation: string }>(result);
    const next = await client.callTool({ name: 'ask', arguments: { question: 'and the second?', conversation } });
    expect(textOf(next)).toContain('run-009');
    await client.close();
  });

  it('comes in with the token, and not without', async () => {
    const url = new URL(guarded.url);
    const client = createClient(revision);
    const requestInit = { headers: { Authorization: `Bearer ${TOKEN}` } };
    await client.connect(new StreamableHTTPClientTransport(url, { requestInit }));
    expect((await client.listTools()).tools).toHaveLength(12);
    await client.close();
    await expect(createClient(revision).connect(new StreamableHTTPClientTransport(url))).rejects.toThrow();
  });
});

describe('a talk of the previous revision', () => {
  it('is remembered until it ends', async () => {
    const client = createClient('2025-11-25');
    const transport = new StreamableHTTPClientTransport(new URL(open.url));
    await client.connect(transport);
    const id = transport.sessionId ?? '';
    expect(id).not.toBe('');
    const headers = { 'mcp-session-id': id, 'mcp-protocol-version': '2025-11-25' };
    expect((await post(open.url, { headers })).status).toBe(200);
    await transport.terminateSession();
    expect((await post(open.url, { headers })).status).toBe(404);
    await client.close();
  });

  it('is given up for newer ones when there are too many', async () => {
    const sessions = createSessions(factory, 1);
    const begin = async () => (await sessions.fetch(asRequest({}, INITIALIZE)))?.headers.get('mcp-session-id') ?? '';
    const [first, second] = [await begin(), await begin()];
    const status = async (id: string) => (await sessions.fetch(asRequest({ 'mcp-session-id': id }, LIST)))?.status;
    expect([await status(first), await status(second)]).toEqual([404, 200]);
    expect(await sessions.fetch(asRequest({}, LIST))).toBeUndefined();
    await sessions.close();
  });
});

it.each(REVISIONS)('gives a question up when the client of revision %s hangs up', async (revision) => {
  const begun = Promise.withResolvers<void>();
  const cancelled = Promise.withResolvers<void>();
  const config = readConfig({ HOME: '/nowhere', RUNSIGHT_MODEL: 'offline' }, {}, '/');
  const held: App = {
    ...app,
    async *ask(_, signal): AsyncGenerator<AgentEvent> {
      signal.addEventListener('abort', () => cancelled.resolve());
      begun.resolve();
      yield { type: 'progress', message: 'reading' };
      await untilAborted(new Promise(() => {}), signal);
    },
  };
  const own = mountMcp(createMcpFactory(held, config));
  const place = await listen(own, { host: '127.0.0.1', port: 0, token: undefined });
  const client = createClient(revision);
  await client.connect(new StreamableHTTPClientTransport(new URL(place.url)));
  const leaving = new AbortController();
  const asked = client.callTool({ name: 'ask', arguments: { question: 'any?' } }, { signal: leaving.signal });
  await begun.promise;
  leaving.abort();
  await expect(asked).rejects.toThrow();
  await cancelled.promise;
  await client.close();
  await Promise.all([own.close(), place.close()]);
});

interface Sent {
  readonly headers?: Record<string, string> | readonly string[];
  readonly body?: string;
  readonly path?: string;
  readonly method?: string;
}

const LIST = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} });
const INITIALIZE = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
});
const asRequest = (headers: Record<string, string>, body: string) =>
  new Request('http://any/mcp', { method: 'POST', headers: { ...USUAL, ...headers }, body });
const USUAL = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

/** As it stands: what a fetch would not send. */
function post(url: string, { headers = {}, body = LIST, path = '/mcp', method = 'POST' }: Sent) {
  const { port } = new URL(url);
  return new Promise<{ readonly status: number; readonly text: string; readonly challenge?: string | undefined }>(
    (resolve, reject) => {
      const all = Array.isArray(headers) ? [...Object.entries(USUAL).flat(), ...headers] : { ...USUAL, ...headers };
      const request = send(
        { port, path, method, headers: all as Record<string, string>, setHost: !Array.isArray(headers) },
        async (response) => {
          let text = '';
          for await (const chunk of response.setEncoding('utf8')) text += chunk;
          resolve({ status: response.statusCode ?? 0, text, challenge: response.headers['www-authenticate'] });
        },
      );
      request.on('error', reject).end(method === 'GET' ? undefined : body);
    },
  );
}

describe('who may come in', () => {
  it('this machine by its names', async () => {
    for (const host of ['localhost', '127.0.0.1', '[::1]'])
      expect((await post(open.url, { headers: { host: `${host}:${new URL(open.url).port}` } })).status).toBe(200);
  });

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '10.evil.example',
    'evil.example:80@localhost',
  ])('nobody who calls it %s', async (host) => expect((await post(open.url, { headers: { host } })).status).toBe(403));

  it('nobody who calls it by two names, or by none', async () => {
    const two = await post(open.url, { headers: ['host', 'localhost', 'host', 'evil.example'] });
    const none = await post(open.url, { headers: ['x-other', '1'] });
    expect([two.status, none.status]).toEqual([403, 400]);
  });

  it.each(['http://evil.example', 'null', 'http://localhost.evil.example', 'file://'])(
    'no page of %s',
    async (origin) => expect((await post(open.url, { headers: { origin } })).status).toBe(403),
  );

  it('a page of this machine', async () => {
    expect((await post(open.url, { headers: { origin: 'http://localhost:3000' } })).status).toBe(200);
  });

  it('no form of a page', async () => {
    expect((await post(open.url, { headers: { 'content-type': 'text/plain' } })).status).toBe(415);
  });

  it.each([
    ['none', {}],
    ['another', { authorization: 'Bearer another' }],
    ['half of it', { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
    ['one of another kind', { authorization: `Basic ${TOKEN}` }],
  ])('nobody with %s token', async (_, headers: Record<string, string>) => {
    const refused = await post(guarded.url, { headers });
    expect([refused.status, refused.challenge]).toEqual([401, 'Bearer realm="runsight"']);
    expect(refused.text).not.toContain(TOKEN);
  });

  it('nobody to another place, or with another method', async () => {
    expect((await post(open.url, { path: '/' })).status).toBe(404);
    expect((await post(open.url, { method: 'GET' })).status).toBe(405);
  });

  it('no body that is too large or no JSON', async () => {
    expect((await post(open.url, { body: 'x'.repeat(5 << 20) })).status).toBe(413);
    expect((await post(open.url, { body: '{' })).status).toBe(400);
  });
});

it.each(['0.0.0.0', '::', 'example.org'])('does not listen at %s without a token', async (host) => {
  await expect(listen(mount, { host, port: 0, token: undefined })).rejects.toThrow(/RUNSIGHT_MCP_TOKEN/);
});

it('listens there with one, by the names of this machine', async () => {
  const wide = await listen(mount, { host: '0.0.0.0', port: 0, token: new Secret(TOKEN) });
  const authorization = `Bearer ${TOKEN}`;
  expect((await post(wide.url, { headers: { authorization } })).status).toBe(200);
  expect((await post(wide.url, { headers: { authorization, host: 'evil.example' } })).status).toBe(403);
  await wide.close();
});

it('says where something listens already', async () => {
  const port = Number(new URL(open.url).port);
  await expect(listen(mount, { host: '127.0.0.1', port, token: undefined })).rejects.toThrow(/name another --port/);
});

it('is mounted as a function of requests', async () => {
  const answer = await mount.fetch(asRequest({}, LIST));
  expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('rank_runs')]);
});
