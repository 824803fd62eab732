/** What the server gives its web page: files, sessions, and what of a conversation can be taken away. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMemoryConversationStore } from '../../../src/conversations/memory.ts';
import { chartOf } from '../../../src/finding/charts.ts';
import { exportFindings } from '../../../src/present/export.ts';
import { drawPicture } from '../../../src/present/picture.ts';
import { makeSession, sessionKey } from '../../../src/surfaces/http/session.ts';
import { send, startTestServer, type TestServer } from './running-server.ts';

const ANA = 'a-token-of-ana-12345';
const DAY = 24 * 60 * 60;
let server: TestServer;
let open: TestServer;
beforeAll(async () => {
  const mounts = { '/mcp': () => new Response('in') };
  server = await startTestServer({ tokens: [{ token: ANA, owner: 'ana', tenant: 'north' }], mounts });
  open = await startTestServer();
});
afterAll(() => Promise.all([server.drain(), open.drain()]));

const seconds = () => Math.floor(Date.now() / 1000);
const cookie = (value: string) => ({ Cookie: `runsight_session=${value}` });
const session = (token = ANA, issued = seconds()) => makeSession(sessionKey(token), issued);

describe('the page', () => {
  test.each(['/', '/shared/anything'])('at %s is open, and runs nothing but its own', async (path) => {
    const { status, headers, body } = await send(`${server.url}${path}`);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const policy = headers.get('content-security-policy') ?? '';
    const [, nonce] = /script-src 'self' 'nonce-([^']+)'/.exec(policy) ?? [];
    expect(body).toContain(`<script type="importmap" nonce="${nonce}">`);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect((await send(`${server.url}${path}`)).body).not.toContain(nonce);
    const files = [...body.matchAll(/"(\/page\/[^"]+)"/g)].map(([, file]) => file);
    expect(files).toHaveLength(5);
    for (const file of files) {
      const got = await send(`${server.url}${file}`);
      expect([file, got.status, got.headers.get('x-content-type-options')]).toEqual([file, 200, 'nosniff']);
      expect(got.headers.get('content-type')).toMatch(file.endsWith('.css') ? /^text\/css/ : /^text\/javascript/);
      const again = await fetch(`${server.url}${file}`, { headers: { 'If-None-Match': got.headers.get('etag')! } });
      expect(again.status).toBe(304);
    }
  });

  test.each(['..%2fassets.ts', '%2e%2e/package.json', 'vendor/..%2f..%2fassets.ts', 'main.js%00.css', 'nothing.js'])(
    'has no file %s',
    async (name) => expect((await send(`${open.url}/page/${name}`)).status).toBe(404),
  );
});

describe('a session', () => {
  test('begins with a token that its cookie does not hold', async () => {
    const { status, headers } = await send(`${server.url}/login`, { body: { token: ANA } });
    const [set] = headers.getSetCookie();
    expect([status, set]).toEqual([
      204,
      expect.stringMatching(/^runsight_session=[\w.-]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=2592000$/),
    ]);
    expect(set).not.toContain(ANA);
    const Cookie = set!.split(';')[0]!;
    const { body } = await send(`${server.url}/api/v1/session`, { headers: { Cookie } });
    expect(body).toMatchObject({ owner: 'ana', tenant: 'north', needs_login: true, signed_in: true, can_write: false });
    expect((await send(`${server.url}/api/v1/tools`, { headers: { Cookie } })).status).toBe(200);
    const out = await send(`${server.url}/logout`, { method: 'POST', headers: { Cookie, Origin: server.url } });
    expect(out.headers.getSetCookie().every((one) => one.includes('Max-Age=0'))).toBe(true);
  });

  test('is secure, and bound to its host, where the page came by https', async () => {
    const { headers } = await send(`${server.url}/login`, {
      body: { token: ANA },
      headers: { Origin: server.url.replace('http:', 'https:') },
    });
    expect(headers.getSetCookie()[0]).toMatch(/^__Host-runsight_session=.*; Path=\/; .*; Secure$/);
  });

  test('is refused where it was not made here, is of another token, or is over', async () => {
    const good = session();
    const bad = [
      '',
      'x',
      ANA,
      `${good}x`,
      good.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A')),
      session('a-token-of-ben-12345'),
    ];
    bad.push(
      session(ANA, seconds() - 30 * DAY),
      session(ANA, seconds() + DAY),
      good.replace(/^\d+/, String(seconds() - 5)),
    );
    expect((await send(`${server.url}/api/v1/tools`, { headers: cookie(good) })).status).toBe(200);
    expect(
      (await send(`${server.url}/api/v1/tools`, { headers: cookie(session(ANA, seconds() - 29 * DAY)) })).status,
    ).toBe(200);
    for (const value of bad) {
      expect([value, (await send(`${server.url}/api/v1/tools`, { headers: cookie(value) })).status]).toEqual([
        value,
        401,
      ]);
      const { body } = await send(`${server.url}/api/v1/session`, { headers: cookie(value) });
      expect(body).toEqual({ needs_login: true, signed_in: false });
    }
    const two = { Cookie: `runsight_session=${good}; runsight_session=${good}` };
    expect((await send(`${server.url}/api/v1/tools`, { headers: two })).status).toBe(401);
  });

  test('changes something only for the page itself', async () => {
    const statusOf = async (headers: Record<string, string>) =>
      (await send(`${server.url}/api/v1/tools/list_experiments`, { body: {}, headers })).status;
    const own = cookie(session());
    expect(await statusOf(own)).toBe(403);
    expect(await statusOf({ ...own, Origin: 'null' })).toBe(403);
    expect(await statusOf({ ...own, Origin: 'http://elsewhere.example' })).toBe(403);
    expect(await statusOf({ ...own, Origin: server.url.replace('127.0.0.1', 'localhost') })).toBe(403);
    expect(await statusOf({ ...own, 'Sec-Fetch-Site': 'same-site' })).toBe(403);
    expect(await statusOf({ ...own, Origin: server.url })).toBe(200);
    expect(await statusOf({ ...own, 'Sec-Fetch-Site': 'same-origin' })).toBe(200);
    expect(await statusOf({ ...own, Authorization: `Bearer ${ANA}` })).toBe(200);
    expect(await statusOf({ ...own, Origin: server.url, Authorization: 'Bearer wrong' })).toBe(401);
  });

  test.each(['/mcp', '/metrics'])('is nothing to %s', async (path) => {
    expect((await send(`${server.url}${path}`, { headers: cookie(session()) })).status).toBe(401);
    expect((await send(`${server.url}${path}`, { token: ANA })).status).toBe(200);
  });

  test('cannot be guessed at will', async () => {
    const statuses: number[] = [];
    for (let guess = 0; guess < 12; guess++)
      statuses.push((await send(`${server.url}/login`, { body: { token: `a-guess-that-is-wrong-${guess}` } })).status);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    expect(statuses.at(-1)).toBe(429);
  });

  test('is not needed where everybody is let in', async () => {
    const { body } = await send(`${open.url}/api/v1/session`);
    expect(body).toMatchObject({ owner: 'local', tenant: null, needs_login: false, signed_in: false });
  });
});

describe('a conversation that is opened again', () => {
  test('shows what its answers showed, and gives its findings away as the terminal does', async () => {
    const conversations = createMemoryConversationStore();
    const keeper = await startTestServer({ conversations });
    const asked = await send(`${keeper.url}/api/v1/ask`, { body: { question: 'plot training_loss of run 17' } });
    const id = asked.body.conversation;
    const ranked = await send(`${keeper.url}/api/v1/ask`, {
      body: { question: 'Which run had the highest F1 score?', conversation: id },
    });
    expect([asked.body.status, ranked.body.status]).toEqual(['answered', 'answered']);
    const base = `${keeper.url}/api/v1/conversations/${id}`;
    const { body } = await send(base);
    for (const [at, answer] of [asked.body, ranked.body].entries()) {
      const { status, followUps, text, findings, charts } = answer;
      const handles = findings.map(({ handle }: { handle: string }) => handle);
      const chartIds = charts.map(({ id: chart }: { id: string }) => chart);
      expect(body.exchanges[at]).toMatchObject({
        choices: [],
        status,
        followUps,
        text,
        findings: handles,
        charts: chartIds,
      });
      expect(body.charts).toEqual(expect.arrayContaining(charts));
    }
    const { findings } = (await conversations.of('local').read(id))!.conversation;
    const exported = async (number: number, format: string) =>
      fetch(`${base}/findings/${number}/export?format=${format}`);
    for (const [at, finding] of findings.entries())
      for (const format of ['csv', 'md', 'json'] as const) {
        const got = await exported(at + 1, format);
        expect(got.headers.get('content-disposition')).toBe(`attachment; filename="finding-${at + 1}.${format}"`);
        expect(await got.text()).toBe([...exportFindings([finding], format).pieces].join(''));
      }
    for (const format of ['svg', 'png'] as const) {
      const got = await exported(1, format);
      expect(got.headers.get('content-type')).toMatch(/^image\//);
      expect(Buffer.from(await got.arrayBuffer())).toEqual(
        Buffer.from(await drawPicture(chartOf(findings[0]!)!, format)),
      );
    }
    expect(await (await exported(2, 'py')).text()).toContain('mlflow');
    expect([(await exported(99, 'csv')).status, (await exported(1, 'exe')).status]).toEqual([404, 400]);
    await keeper.drain();
  });
});

test('a share is frozen, of its tenant, and ends when it is withdrawn, renewed, or its conversation deleted', async () => {
  const BEN = 'a-token-of-ben-12345';
  const EVE = 'a-token-of-eve-12345';
  const tokens = [
    { token: ANA, owner: 'ana', tenant: 'north' },
    { token: BEN, owner: 'ben', tenant: 'north' },
    { token: EVE, owner: 'ana', tenant: 'south' },
  ];
  const keeper = await startTestServer({ tokens });
  const ask = async (body: object) => send(`${keeper.url}/api/v1/ask`, { token: ANA, body });
  const question = 'how many experiments are there?';
  const id = (await ask({ question })).body.conversation;
  const share = (method: string, token = ANA) =>
    send(`${keeper.url}/api/v1/conversations/${id}/share`, { method, token });
  const read = (url: string, token = BEN) => send(`${keeper.url}/api/v1${url}`, { token });
  const faultOf = async (url: string, token?: string) => {
    const { status, body } = await read(url, token);
    return [status, body.error?.code, body.error?.message];
  };
  const made = await share('POST');
  expect([made.status, made.body.turns]).toEqual([201, 1]);
  expect(made.body.url).toMatch(/^\/shared\/[\w-]{32}$/);
  expect((await share('GET')).body).toEqual({ share: { created_at: made.body.created_at, turns: 1 } });
  const shared = await read(made.body.url);
  const own = (await read(`/conversations/${id}`, ANA)).body;
  expect(shared.body).toEqual({
    title: own.title,
    shared_at: made.body.created_at,
    exchanges: own.exchanges,
    findings: own.findings,
    charts: own.charts,
  });
  expect((await read(`${made.body.url}/findings/1/export?format=json`)).body[0]).toMatchObject({ handle: '#1' });
  const none = await faultOf('/shared/nothing');
  expect(none[0]).toBe(404);
  expect(await faultOf(made.body.url, EVE)).toEqual(none);
  expect(await faultOf(`${made.body.url}/findings/1/export?format=json`, EVE)).toEqual(none);
  for (const token of [BEN, EVE]) {
    expect((await share('GET', token)).body).toEqual({ share: null });
    for (const method of ['POST', 'DELETE']) expect((await share(method, token)).status).toBe(404);
  }
  await ask({ question: 'list all experiments', conversation: id });
  expect((await read(made.body.url)).body).toEqual(shared.body);
  const renewed = (await share('POST')).body;
  expect(await faultOf(made.body.url)).toEqual(none);
  expect((await read(renewed.url)).body.exchanges).toHaveLength(2);
  expect([(await share('DELETE')).status, (await share('DELETE')).status]).toEqual([204, 404]);
  expect(await faultOf(renewed.url)).toEqual(none);
  const last = (await share('POST')).body;
  await send(`${keeper.url}/api/v1/conversations/${id}`, { method: 'DELETE', token: ANA });
  expect(await faultOf(last.url)).toEqual(none);
  await keeper.drain();
});
