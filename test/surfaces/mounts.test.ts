/** MCP at `/mcp` of `serve`: the same checks, and each caller their own store and findings. */
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { createMemoryConversationStore } from '../../src/conversations/memory.ts';
import { mountForCallers } from '../../src/surfaces/mcp/mount-callers.ts';
import { mountInThread } from '../../src/surfaces/mcp/threaded-mount.ts';
import { demoPath, makeTemporaryFolder } from '../support/demo.ts';
import { send, startTestServer, type TestServer } from './http/running-server.ts';
import { createClient, REVISIONS, textOf } from './mcp/connect.ts';

const TOKENS = [
  { token: 'the-first-of-two-tokens', owner: 'ann' },
  // Who bears the same name in a tenant is somebody else.
  { token: 'the-second-of-two-tokens', owner: 'ann', tenant: 'nobody' },
] as const;

describe('serve', () => {
  const running: TestServer[] = [];
  afterEach(async () => {
    for (const server of running.splice(0)) await server.drain();
  });

  const home = makeTemporaryFolder();
  afterAll(() => home[Symbol.dispose]());
  const env = { HOME: home.path, TZ: 'UTC' };
  const flags = { model: 'offline', uri: demoPath } as const;

  async function start({ isThreaded = false } = {}) {
    const conversations = createMemoryConversationStore();
    const mcp = isThreaded ? mountInThread({ env, flags }) : mountForCallers(readConfig(env, flags), conversations);
    const mounts = { '/mcp': mcp };
    const server = await startTestServer({ tokens: TOKENS, mounts, conversations });
    running.push(server);
    return server;
  }

  it.each(REVISIONS)('answers clients of %s, in a thread of its own', async (revision) => {
    const { url } = await start({ isThreaded: true });
    const ask = async (token: string) => {
      const client = createClient(revision);
      const headers = { Authorization: `Bearer ${token}` };
      await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers } }));
      const { tools } = await client.listTools();
      const answer = await client.callTool({
        name: 'ask',
        arguments: { question: 'which run had the best f1_score?' },
      });
      await client.close();
      return { names: tools.map(({ name }) => name), text: textOf(answer) };
    };
    const first = await ask(TOKENS[0].token);
    expect(first.names).toEqual(expect.arrayContaining(['ask', 'query', 'rank_runs']));
    expect(first.text).toContain('run-145');
    expect((await ask(TOKENS[1].token)).text).not.toContain('run-145');
  });

  it('hands on in the thread what was given up, and goes on with the next', async () => {
    const { url } = await start({ isThreaded: true });
    const call = (signal: AbortSignal) =>
      fetch(`${url}/mcp`, {
        method: 'POST',
        signal,
        headers: {
          Authorization: `Bearer ${TOKENS[0].token}`,
          Accept: 'application/json, text/event-stream',
          'Content-Type': 'application/json',
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
      });
    const gone = new AbortController();
    const first = call(gone.signal);
    gone.abort();
    await expect(first).rejects.toThrow('abort');
    const next = await call(new AbortController().signal);
    expect([next.status, await next.text()]).toEqual([200, expect.stringContaining('rank_runs')]);
  });

  it('goes on with a conversation that began there', async () => {
    const { url } = await start();
    const [{ token }] = TOKENS;
    const begun = await send(`${url}/api/v1/ask`, { body: { question: 'which run had the best f1_score?' }, token });
    const client = createClient('2026-07-28');
    const requestInit = { headers: { Authorization: `Bearer ${token}` } };
    await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit }));
    const { conversation } = begun.body;
    const next = await client.callTool({ name: 'ask', arguments: { question: 'and the second?', conversation } });
    expect(textOf(next)).toContain('run-009');
    await client.close();
  });

  it('goes on with nobody else’s', async () => {
    const { url } = await start();
    const [{ token }, other] = TOKENS;
    const begun = await send(`${url}/api/v1/ask`, { body: { question: 'which run had the best f1_score?' }, token });
    const client = createClient('2026-07-28');
    const requestInit = { headers: { Authorization: `Bearer ${other.token}` } };
    await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit }));
    const { conversation } = begun.body;
    await client.callTool({ name: 'ask', arguments: { question: 'and the second?', conversation } });
    await client.close();
    const { body } = await send(`${url}/api/v1/conversations/${conversation}`, { token });
    expect(JSON.stringify(body)).not.toContain('and the second?');
  });

  it('lets nobody in without a token, and no page of another origin', async () => {
    const { url } = await start();
    const body = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };
    expect((await send(`${url}/mcp`, { body })).status).toBe(401);
    const headers = { Origin: 'https://elsewhere.example' };
    expect((await send(`${url}/mcp`, { body, token: TOKENS[0].token, headers })).status).toBe(403);
  });
});
