/** MCP at `/mcp` of `serve`: the same checks, and each caller their own store and findings. */
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { createMemoryConversationStore } from '../../src/conversations/memory.ts';
import { mountForCallers } from '../../src/surfaces/mcp/mount-callers.ts';
import { demoPath } from '../support/demo.ts';
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

  async function start() {
    const config = readConfig({ HOME: '/nonexistent', TZ: 'UTC' }, { model: 'offline', uri: demoPath });
    const conversations = createMemoryConversationStore();
    const mounts = { '/mcp': mountForCallers(config, conversations) };
    const server = await startTestServer({ tokens: TOKENS, mounts, conversations });
    running.push(server);
    return server;
  }

  it.each(REVISIONS)('answers clients of %s', async (revision) => {
    const { url } = await start();
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
