/** Questions, conversations and tools over HTTP, over the demo. */
import { EventSchema } from '@ag-ui/core/schemas';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createApp } from '../../../src/app/create-app.ts';
import { findingJson } from '../../../src/finding/json.ts';
import { tools } from '../../../src/tools/index.ts';
import { readEvents, send, startTestServer, type TestServer } from './running-server.ts';

let server: TestServer;
let url: string;
beforeAll(async () => {
  server = await startTestServer();
  url = `${server.url}/api/v1`;
});
afterAll(() => server.drain());

const ask = (body: unknown, more = {}) => send(`${url}/ask`, { body, ...more });
const streamed = (body: unknown, signal?: AbortSignal) =>
  fetch(`${url}/ask`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });

describe('a question', () => {
  test('gets the answer record that the terminal gives', async () => {
    const { status, body } = await ask({ question: 'Which run had the highest F1 score?' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ schema: 1, status: 'answered', text: expect.stringContaining('run-145') });
    expect(body.findings[0]).toMatchObject({ handle: '#1', tool: 'rank_runs' });
    expect(body.receipt).toMatchObject({ question: 'Which run had the highest F1 score?' });
  });

  test('that cannot be answered, or asks back, is an answer too', async () => {
    expect((await ask({ question: 'best run by perplexity' })).body.status).toBe('cannot');
    const { status, body } = await ask({ question: 'best run' });
    expect([status, body.status, body.choices.length > 1]).toEqual([200, 'clarify', true]);
    const settled = await ask({ question: '1', conversation: body.conversation });
    expect(settled.body.status).not.toBe('error');
  });

  test('goes on with a conversation that is there', async () => {
    const first = (await ask({ question: 'top 3 runs by auc_roc' })).body;
    const second = (await ask({ question: 'plot training loss for all three', conversation: first.conversation })).body;
    expect(second.conversation).toBe(first.conversation);
    expect(second.charts[0].series).toHaveLength(3);
    const unknown = await ask({ question: 'and the second?', conversation: 'nothing' });
    expect([unknown.status, unknown.body.error.code]).toEqual([404, 'unknown_conversation']);
  });

  test('is streamed by AG-UI’s events, of which the last has the answer record', async () => {
    const response = await streamed({ question: 'Which run had the highest F1 score?', id: 'stream-12345' });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    const events = await Array.fromAsync(readEvents(response));
    for (const event of events) EventSchema.parse(event);
    const types = events.map(({ type }) => type);
    expect(types[0]).toBe('RUN_STARTED');
    expect(types.filter((type) => String(type).startsWith('TOOL_CALL'))).toEqual([
      'TOOL_CALL_START',
      'TOOL_CALL_END',
      'TOOL_CALL_RESULT',
    ]);
    expect(types.slice(-4)).toEqual(['TEXT_MESSAGE_START', 'TEXT_MESSAGE_CONTENT', 'TEXT_MESSAGE_END', 'RUN_FINISHED']);
    const last = events.at(-1) as { runId: string; threadId: string; result: { text: string; conversation: string } };
    expect(events.at(-3)).toMatchObject({ delta: last.result.text });
    expect([last.runId, last.threadId]).toEqual(['stream-12345', last.result.conversation]);
  });

  test('whose store fails streams its fault', async () => {
    const broken = await startTestServer({ uri: 'http://127.0.0.1:1' });
    const response = await fetch(`${broken.url}/api/v1/ask`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
      body: JSON.stringify({ question: 'best run by f1' }),
    });
    const events = await Array.fromAsync(readEvents(response));
    expect(EventSchema.parse(events.at(-1))).toMatchObject({ type: 'RUN_ERROR', code: 'source_unreachable' });
    const plain = await send(`${broken.url}/api/v1/ask`, { body: { question: 'best run by f1' } });
    expect([plain.status, plain.body.status]).toEqual([200, 'error']);
    const listed = await send(`${broken.url}/api/v1/ml/experiments`);
    expect([listed.status, listed.body.error.code, listed.headers.get('retry-after')]).toEqual([
      503,
      'source_unreachable',
      '5',
    ]);
    expect((await send(`${broken.url}/readyz`)).status).toBe(503);
    expect((await send(`${broken.url}/healthz`)).status).toBe(200);
    await broken.drain();
  });

  test('must fit', async () => {
    const codeOf = async (body: unknown) => {
      const got = await ask(body);
      return [got.status, got.body.error.code];
    };
    expect(await codeOf({})).toEqual([400, 'invalid_request']);
    expect(await codeOf({ question: '' })).toEqual([400, 'invalid_request']);
    expect(await codeOf({ question: 'x'.repeat(10_001) })).toEqual([400, 'invalid_request']);
    expect(await codeOf({ question: 'best run', model: 'claude' })).toEqual([400, 'invalid_request']);
    expect(await codeOf([])).toEqual([400, 'invalid_request']);
    expect(await codeOf({ question: 'best run', id: '../x' })).toEqual([400, 'invalid_request']);
  });
});

describe('conversations', () => {
  test('are listed, read, renamed, branched and deleted', async () => {
    const { conversation: id } = (await ask({ question: 'best run by f1_score' })).body;
    await ask({ question: 'and by accuracy?', conversation: id });
    const own = `${url}/conversations/${id}`;
    const listed = (await send(`${url}/conversations?limit=1`)).body;
    expect(listed.conversations).toEqual([
      { id, title: 'best run by f1_score', turns: 2, created_at: expect.any(String), updated_at: expect.any(String) },
    ]);
    expect(listed.total).toBeGreaterThan(1);
    const read = (await send(own)).body;
    expect(read.exchanges.map(({ question, findings }: Record<string, unknown>) => [question, findings])).toEqual([
      ['best run by f1_score', ['#1']],
      ['and by accuracy?', ['#2']],
    ]);
    expect(read.exchanges[0].text).toContain('run-145');
    expect(read.findings.map(({ handle }: { handle: string }) => handle)).toEqual(['#1', '#2']);
    const renamed = await send(own, { method: 'PATCH', body: { title: 'Churn' } });
    expect(renamed.body.title).toBe('Churn');
    const branch = await send(`${own}/branch`, { body: { turns: 1 } });
    expect([branch.status, branch.body.turns, branch.headers.get('location')]).toEqual([
      201,
      1,
      `/api/v1/conversations/${branch.body.id}`,
    ]);
    const next = (await ask({ question: 'and the second?', conversation: branch.body.id })).body;
    expect(next).toMatchObject({ status: 'answered', text: expect.stringContaining('f1_score') });
    const whole = await send(`${own}/branch`, { method: 'POST' });
    expect(whole.body.turns).toBe(2);
    expect((await send(own, { method: 'DELETE' })).status).toBe(204);
    expect((await send(own)).body.error.code).toBe('unknown_conversation');
    expect((await send(own, { method: 'DELETE' })).status).toBe(404);
    expect((await send(own, { method: 'PATCH', body: { title: 'x' } })).status).toBe(404);
  });
});

describe('tools', () => {
  test('are all there, each with its schema', async () => {
    const { body } = await send(`${url}/tools`);
    expect(body.tools).toEqual(
      tools.map((tool) => ({
        name: tool.name,
        title: tool.title,
        description: tool.description,
        kind: tool.kind,
        read_only: true,
        input_schema: tool.inputSchema(),
      })),
    );
  });

  test('give the finding that they give elsewhere', async () => {
    const input = { metric: 'f1_score', top: 3 };
    const { status, body } = await send(`${url}/tools/rank_runs`, { body: input });
    const app = createApp(server.config);
    const { outcome } = await app.call('rank_runs', input, new AbortController().signal);
    await app.close();
    expect(status).toBe(200);
    expect(outcome.ok && body).toEqual(outcome.ok && JSON.parse(JSON.stringify(findingJson(outcome.finding))));
    expect(body).toMatchObject({ tool: 'rank_runs', input });
  });

  test('say what is wrong, with choices', async () => {
    const faultOf = async (name: string, body: unknown) => {
      const got = await send(`${url}/tools/${name}`, { body });
      return [got.status, got.body.error.code];
    };
    expect(await faultOf('nothing', {})).toEqual([404, 'unknown_tool']);
    expect(await faultOf('__proto__', {})).toEqual([404, 'unknown_tool']);
    expect(await faultOf('rank_runs', { top: 0 })).toEqual([400, 'invalid_input']);
    expect(await faultOf('rank_runs', { metric: 'perplexity' })).toEqual([404, 'unknown_metric']);
    expect(await faultOf('find_runs', { filter: 'metrics.' })).toEqual([400, 'invalid_filter']);
    const asksBack = await send(`${url}/tools/rank_runs`, { body: { experiment: '2' } });
    expect([asksBack.status, asksBack.body.error.choices.length]).toEqual([409, 4]);
  });
});

describe('the description', () => {
  test('is OpenAPI 3.1 with every route and valid schemas', async () => {
    const { body } = await send(`${server.url}/openapi.json`);
    expect(body.openapi).toBe('3.1.0');
    const operations = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(operations.sort()).toMatchInlineSnapshot(`
      [
        "DELETE /api/v1/conversations/{id}",
        "DELETE /api/v1/conversations/{id}/share",
        "GET /api/v1/ask/{id}",
        "GET /api/v1/ask/{id}/events",
        "GET /api/v1/conversations",
        "GET /api/v1/conversations/{id}",
        "GET /api/v1/conversations/{id}/findings/{number}/export",
        "GET /api/v1/conversations/{id}/share",
        "GET /api/v1/ml/experiments",
        "GET /api/v1/ml/experiments/{id}/runs",
        "GET /api/v1/ml/experiments/{id}/runs/{run_id}/metrics/{metric_name}",
        "GET /api/v1/shared/{secret}",
        "GET /api/v1/shared/{secret}/findings/{number}/export",
        "GET /api/v1/tools",
        "PATCH /api/v1/conversations/{id}",
        "POST /api/v1/ask",
        "POST /api/v1/ask/{id}/cancel",
        "POST /api/v1/conversations/{id}/branch",
        "POST /api/v1/conversations/{id}/share",
        "POST /api/v1/link",
        "POST /api/v1/ml/experiments",
        "POST /api/v1/ml/experiments/{id}/compare",
        "POST /api/v1/tools/analyze_parameter_impact",
        "POST /api/v1/tools/compare_runs",
        "POST /api/v1/tools/describe_experiment",
        "POST /api/v1/tools/find_runs",
        "POST /api/v1/tools/get_metric_history",
        "POST /api/v1/tools/get_run",
        "POST /api/v1/tools/list_experiments",
        "POST /api/v1/tools/rank_runs",
        "POST /api/v1/tools/summarize_metrics",
      ]
    `);
    const text = JSON.stringify(body);
    expect(text).not.toMatch(/"\$(schema|id|defs)"|~standard/);
    const ids = Array.from(text.matchAll(/"operationId":"([^"]+)"/g), ([, id]) => id);
    expect(new Set(ids).size).toBe(operations.length);
    expect(() => z.fromJSONSchema(body.components.schemas.Error)).not.toThrow();
  });

  test('is a page to read, without a script', async () => {
    const { status, headers, body } = await send(`${server.url}/docs`);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(body).toContain('POST /api/v1/ml/experiments/{id}/compare');
    expect(body).not.toMatch(/<script|javascript:|https?:\/\//i);
  });
});

describe('the server', () => {
  test('counts what it did', async () => {
    const { body } = await send(`${server.url}/metrics`);
    expect(body).toMatch(/^runsight_http_requests_total\{method="POST",route="\/api\/v1\/ask",status="200"\} \d+$/m);
    expect(body).toMatch(/^runsight_answers_total\{status="answered"\} \d+$/m);
    expect(body).toMatch(/^runsight_http_request_seconds_bucket\{route="\/api\/v1\/tools",le="\+Inf"\} \d+$/m);
    expect(body).toMatch(/^process_resident_memory_bytes \d+$/m);
    for (const line of body.trimEnd().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) |[a-z_]+(\{(\w+="[^"]*",?)+\})? [\d.e+-]+$)/);
  });

  test('says which methods a path takes', async () => {
    const allowOf = async (method: string, path: string) => {
      const { status, headers } = await send(`${server.url}${path}`, { method });
      return [status, headers.get('allow')];
    };
    expect(await allowOf('PUT', '/api/v1/ask')).toEqual([405, 'POST']);
    expect(await allowOf('OPTIONS', '/api/v1/tools')).toEqual([405, 'GET, HEAD']);
    expect(await allowOf('POST', '/api/v1/conversations/x')).toEqual([405, 'GET, HEAD, PATCH, DELETE']);
    expect(await allowOf('POST', '/healthz')).toEqual([405, 'GET, HEAD']);
    expect((await send(`${server.url}/api/v1/tools`, { method: 'HEAD' })).status).toBe(200);
    expect((await send(`${server.url}/nothing`)).body.error.code).toBe('not_found');
  });

  test('has a place for another surface, behind the same checks', async () => {
    const heard: unknown[] = [];
    const mounted = await startTestServer({
      tokens: [{ token: 'a-token-of-ana-12345', owner: 'ana', tenant: 'north' }],
      mounts: {
        '/mcp': async (request, caller) => {
          heard.push([request.method, caller, request.method === 'POST' ? await request.json() : undefined]);
          return Response.json({ ok: true });
        },
      },
    });
    const path = `${mounted.url}/mcp`;
    expect((await send(path, { body: {} })).status).toBe(401);
    expect(
      (await send(path, { body: {}, token: 'a-token-of-ana-12345', headers: { Origin: 'http://evil.example' } }))
        .status,
    ).toBe(403);
    const { status, body, headers } = await send(path, { body: { a: 1 }, token: 'a-token-of-ana-12345' });
    expect([status, body, headers.get('x-content-type-options')]).toEqual([200, { ok: true }, 'nosniff']);
    expect(heard).toEqual([['POST', { owner: 'ana', tenant: 'north' }, { a: 1 }]]);
    await mounted.drain();
  });
});
