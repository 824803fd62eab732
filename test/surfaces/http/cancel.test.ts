/** Questions that take long: cancelled, left, fetched later; and the end of a server. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { EventSchema } from '@ag-ui/core/schemas';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type HttpDouble, startHttpDouble } from '../../support/http-double.ts';
import { readEvents, send, startTestServer, type TestServer, type TestServerOptions } from './running-server.ts';

const QUESTION = 'best run by f1';
const ID = 'question-12345';
const AT_ONCE_MS = 500;
let store: HttpDouble;
let server: TestServer;
/** When the store's asker left it. */
let left: Promise<number>;
let asked: Promise<void>;

beforeEach(async () => {
  store = await startHttpDouble();
  const { promise, resolve } = Promise.withResolvers<number>();
  const begun = Promise.withResolvers<void>();
  [left, asked] = [promise, begun.promise];
  const silent = (response: { once(event: 'close', listener: () => void): unknown }) => {
    begun.resolve();
    response.once('close', () => resolve(performance.now()));
  };
  store.script([silent], true);
});
afterEach(async () => {
  await server.drain();
  await store.stop();
});

async function start(options: TestServerOptions = {}): Promise<string> {
  server = await startTestServer({ uri: store.url, ...options });
  return `${server.url}/api/v1/ask`;
}

const streamOf = (url: string, signal?: AbortSignal) =>
  fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
    body: JSON.stringify({ question: QUESTION, id: ID }),
    ...(signal && { signal }),
  });

describe('a question that is under way', () => {
  test('is cancelled by its id, and its asker told', async () => {
    const url = await start();
    const asking = send(url, { body: { question: QUESTION, id: ID } });
    await asked;
    const again = await send(url, { body: { question: QUESTION, id: ID } });
    expect([again.status, again.body.error.code]).toEqual([409, 'id_taken']);
    const cancelledAt = performance.now();
    expect((await send(`${url}/${ID}/cancel`, { method: 'POST' })).body).toEqual({ id: ID, cancelled: true });
    const { status, body } = await asking;
    expect([status, body.error.code]).toEqual([409, 'cancelled']);
    expect((await left) - cancelledAt).toBeLessThan(AT_ONCE_MS);
    expect((await send(`${server.url}/api/v1/conversations`)).body.total).toBe(0);
  });

  test.each(['as JSON', 'as a stream'])('is cancelled by what came before it, %s', async (how) => {
    const url = await start();
    expect((await send(`${url}/${ID}/cancel`, { method: 'POST' })).body).toEqual({ id: ID, cancelled: true });
    if (how === 'as JSON') {
      const { status, body } = await send(url, { body: { question: QUESTION, id: ID } });
      expect([status, body.error.code]).toEqual([409, 'cancelled']);
    } else {
      const events = await Array.fromAsync(readEvents(await streamOf(url)));
      expect(events.at(-1)).toMatchObject({ type: 'RUN_FINISHED', outcome: { type: 'cancelled' } });
    }
    expect((await send(`${server.url}/api/v1/conversations`)).body.total).toBe(0);
    // It counts once.
    const leave = new AbortController();
    const again = send(url, { body: { question: QUESTION, id: ID }, signal: leave.signal }).catch(() => {});
    await asked;
    leave.abort();
    await again;
  });

  test('goes on without its client where it is kept, whose return misses nothing', async () => {
    const url = await start({ uri: undefined as never });
    const body = { question: 'Which run had the highest F1 score?', id: ID, keep: true };
    const headers = { 'Content-Type': 'application/json', Accept: 'text/event-stream' };
    const first = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    const { value } = await first.body!.getReader().read();
    const seen = /^id: (\d+)$/m.exec(new TextDecoder().decode(value))![1]!;
    expect(seen).toBe('1');
    await first.body?.cancel().catch(() => {});
    const read = async (from: Record<string, string>) =>
      [
        ...(await send(`${url}/${ID}/events`, { headers: { Accept: 'text/event-stream', ...from } })).body.matchAll(
          /^id: (\d+)\ndata: (.*)$/gm,
        ),
      ].map(([, id, data]) => [Number(id), JSON.parse(data).type]);
    const rest = await read({ 'Last-Event-ID': seen });
    expect(rest.map(([id]) => id)).toEqual(rest.map((_, at) => at + 2));
    expect(rest.at(-1)![1]).toBe('RUN_FINISHED');
    expect(await read({})).toEqual([[1, 'RUN_STARTED'], ...rest]);
    expect((await send(`${server.url}/api/v1/conversations`)).body.total).toBe(1);
    expect((await send(`${url}/another-question/events`)).status).toBe(404);
  });

  test('makes room for others once it has ended', async () => {
    const url = await start({ uri: undefined as never });
    const headers = { Accept: 'text/event-stream' };
    for (let turn = 0; turn < 20; turn++) {
      const body = { question: 'how many runs failed?', id: `${ID}-${turn}`, keep: true };
      expect((await send(url, { body, headers })).status).toBe(200);
    }
    expect((await send(`${url}/${ID}-19/events`, { headers })).status).toBe(200);
  });

  test('is cancelled in its stream', async () => {
    const url = await start();
    const events = readEvents(await streamOf(url));
    expect((await events.next()).value).toMatchObject({ type: 'RUN_STARTED', runId: ID });
    await asked;
    await send(`${url}/${ID}/cancel`, { method: 'POST' });
    const rest = await Array.fromAsync(events);
    expect(EventSchema.parse(rest.at(-1))).toMatchObject({ type: 'RUN_FINISHED', outcome: { type: 'cancelled' } });
  });

  test.each(['as JSON', 'as a stream'])('is cancelled when its asker leaves, %s', async (how) => {
    const url = await start();
    const leave = new AbortController();
    const asking =
      how === 'as JSON'
        ? send(url, { body: { question: QUESTION, id: ID }, signal: leave.signal })
        : streamOf(url, leave.signal).then((response) => response.text());
    asking.catch(() => {});
    await asked;
    const leftAt = performance.now();
    leave.abort();
    expect((await left) - leftAt).toBeLessThan(AT_ONCE_MS);
    await setTimeout(50);
    expect((await send(`${url}/${ID}`)).status).toBe(404);
    const { body } = await send(`${server.url}/metrics`);
    expect(body).toContain('runsight_http_requests_active 0');
  });

  test('is fetched later by its id, by its own caller only', async () => {
    const tokens = ['ana', 'ben'].map((owner) => ({ token: `a-token-of-${owner}-12345`, owner }));
    const [ana, ben] = tokens.map(({ token }) => token) as [string, string];
    const url = await start({ limits: { handleMs: 50 }, tokens });
    const first = await send(url, { body: { question: QUESTION, id: ID }, token: ana });
    expect([first.status, first.body, first.headers.get('location')]).toEqual([
      202,
      { id: ID, status: 'running' },
      `/api/v1/ask/${ID}`,
    ]);
    expect((await send(`${url}/${ID}`, { token: ana })).status).toBe(202);
    expect((await send(`${url}/${ID}`, { token: ben })).body.error.code).toBe('unknown_question');
    // It is another's id to ben, and cancels nothing.
    await send(`${url}/${ID}/cancel`, { method: 'POST', token: ben });
    expect((await send(`${url}/${ID}`, { token: ana })).status).toBe(202);
    store.script([{ status: 404, body: 'no MLflow here' }], true);
    await send(`${url}/${ID}/cancel`, { method: 'POST', token: ana });
    await left;
    await setTimeout(50);
    expect((await send(`${url}/${ID}`, { token: ana })).body.error.code).toBe('cancelled');
  });
});

test('an answer that took longer is kept to be fetched', async () => {
  const url = await start({ uri: undefined as never, limits: { handleMs: 1 } });
  const { status, body } = await send(url, { body: { question: 'Which run had the highest F1 score?', id: ID } });
  expect([status, body]).toEqual([202, { id: ID, status: 'running' }]);
  let got = await send(`${url}/${ID}`);
  while (got.status === 202) {
    await setTimeout(20);
    got = await send(`${url}/${ID}`);
  }
  expect([got.status, got.body.status]).toEqual([200, 'answered']);
});

describe('the end', () => {
  test('waits for what is under way, and takes nothing more', async () => {
    const url = await start({ uri: undefined as never });
    await send(`${server.url}/readyz`);
    const asking = send(url, { body: { question: 'Which run had the highest F1 score?' } });
    await setTimeout(5);
    expect(await server.drain()).toBe(true);
    expect((await asking).body.status).toBe('answered');
    await expect(send(`${server.url}/healthz`)).rejects.toThrow();
  });

  test('cuts what takes too long, and says so to its asker', async () => {
    const url = await start({ limits: { drainMs: 200 } });
    const asking = send(url, { body: { question: QUESTION } });
    await asked;
    const idle = connect(Number(new URL(server.url).port), '127.0.0.1');
    await once(idle, 'connect');
    const began = performance.now();
    expect(await server.drain()).toBe(false);
    expect(performance.now() - began).toBeLessThan(2_000);
    const { status, body } = await asking;
    expect([status, body.error.code]).toEqual([503, 'draining']);
    idle.destroy();
  });
});
