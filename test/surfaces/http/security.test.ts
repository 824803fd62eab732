/** What the server must withstand, rule by rule. */

import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMemoryConversationStore } from '../../../src/conversations/memory.ts';
import { readAccess } from '../../../src/surfaces/http/access.ts';
import { createGates, DEFAULT_SERVE_LIMITS } from '../../../src/surfaces/http/gates.ts';
import { serve } from '../../../src/surfaces/http/serve.ts';
import { demoPath, makeTemporaryFolder } from '../../support/demo.ts';
import { send, sendRaw, startTestServer, type TestServer } from './running-server.ts';

const ANA = 'a-token-of-ana-12345';
const BEN = 'a-token-of-ben-12345';
let server: TestServer;
let open: TestServer;
beforeAll(async () => {
  const tokens = [
    { token: ANA, owner: 'ana' },
    { token: BEN, owner: 'ben' },
  ];
  server = await startTestServer({ tokens, limits: { bodyBytes: 10_000 } });
  open = await startTestServer({ env: { RUNSIGHT_ALLOWED_HOSTS: 'runsight.example, runsight.example:8443' } });
});
afterAll(() => Promise.all([server.drain(), open.drain()]));

const PATHS = [
  ['GET', '/api/v1/tools'],
  ['POST', '/api/v1/tools/rank_runs'],
  ['POST', '/api/v1/ask'],
  ['GET', '/api/v1/ask/question-1'],
  ['POST', '/api/v1/ask/question-1/cancel'],
  ['GET', '/api/v1/conversations'],
  ['GET', '/api/v1/conversations/x'],
  ['PATCH', '/api/v1/conversations/x'],
  ['DELETE', '/api/v1/conversations/x'],
  ['POST', '/api/v1/conversations/x/branch'],
  ['GET', '/api/v1/ask/question-1/events'],
  ['GET', '/api/v1/conversations/x/findings/1/export?format=csv'],
  ['POST', '/api/v1/conversations/x/share'],
  ['GET', '/api/v1/conversations/x/share'],
  ['DELETE', '/api/v1/conversations/x/share'],
  ['GET', '/api/v1/shared/x'],
  ['GET', '/api/v1/shared/x/findings/1/export?format=csv'],
  ['GET', '/api/v1/ml/experiments'],
  ['GET', '/api/v1/ml/experiments/2/runs'],
  ['POST', '/api/v1/ml/experiments/2/compare'],
  ['GET', '/api/v1/ml/experiments/2/runs/run-017/metrics/training_loss'],
  ['GET', '/metrics'],
  ['GET', '/nothing'],
] as const;

describe('a token', () => {
  test('is needed on every route, and none but the whole one will do', async () => {
    const wrong = [undefined, '', 'x', ANA.slice(0, -1), `${ANA}x`, ANA.toUpperCase(), `${ANA} ${BEN}`];
    for (const [method, path] of PATHS) {
      for (const token of wrong) {
        const { status, headers, body } = await send(`${server.url}${path}`, {
          method,
          ...(token !== undefined && { token }),
        });
        expect([method, path, token, status]).toEqual([method, path, token, 401]);
        expect(headers.get('www-authenticate')).toBe('Bearer realm="runsight"');
        expect(body.error.code).toBe('unauthorized');
      }
      expect((await send(`${server.url}${path}`, { method, token: ANA })).status).not.toBe(401);
    }
  });

  test('counts once, and only as a bearer’s', async () => {
    const host = ['Host', new URL(server.url).host] as const;
    const statusOf = async (...authorizations: string[]) =>
      (
        await sendRaw(`${server.url}/api/v1/tools`, [
          host,
          ...authorizations.map((one) => ['Authorization', one] as const),
        ])
      ).status;
    expect(await statusOf(`Bearer ${ANA}`)).toBe(200);
    expect(await statusOf(`Bearer ${ANA}`, `Bearer ${ANA}`)).toBe(401);
    expect(await statusOf(`Bearer ${ANA}`, 'Bearer wrong')).toBe(401);
    expect(await statusOf(`Basic ${ANA}`)).toBe(401);
    expect(await statusOf(`Bearer ${ANA},${BEN}`)).toBe(401);
    expect((await sendRaw(`${server.url}/api/v1/tools?token=${ANA}&access_token=${ANA}`, [host])).status).toBe(401);
  });

  test('opens its owner’s conversations and no other’s: theirs are as if they were not', async () => {
    const { body } = await send(`${server.url}/api/v1/ask`, { body: { question: 'best run by f1_score' }, token: ANA });
    const path = `${server.url}/api/v1/conversations/${body.conversation}`;
    const strange = await send(path, { token: BEN });
    const unknown = await send(`${server.url}/api/v1/conversations/nothing`, { token: BEN });
    const bare = ({ error: { request_id: _, ...rest } }: { error: Record<string, unknown> }) => rest;
    expect([strange.status, bare(strange.body)]).toEqual([404, bare(unknown.body)]);
    const going = { question: 'and the second?', conversation: body.conversation };
    expect((await send(`${server.url}/api/v1/ask`, { body: going, token: BEN })).status).toBe(404);
    expect((await send(`${server.url}/api/v1/conversations`, { token: BEN })).body.total).toBe(0);
    expect((await send(path, { method: 'DELETE', token: BEN })).status).toBe(404);
    expect((await send(path, { token: ANA })).status).toBe(200);
  });

  test('is never shown, in answers or in the log', async () => {
    await send(`${server.url}/api/v1/tools?x=${ANA}`, { token: ANA });
    await send(`${server.url}/api/v1/tools/${BEN}`, { body: {}, token: ANA });
    expect(JSON.stringify(server.logged)).not.toContain(BEN);
    expect(JSON.stringify(server.logged)).not.toContain(ANA);
    expect(server.logged.at(-1)).toMatchObject({ owner: 'ana', route: '/api/v1/tools/{name}', status: 404 });
  });

  test('list that does not fit is refused without a word of it', () => {
    using folder = makeTemporaryFolder();
    const file = join(folder.path, 'tokens.json');
    const refusal = (text: string) => {
      writeFileSync(file, text);
      try {
        readAccess(file, 'RUNSIGHT_TOKENS');
      } catch (error) {
        return (error as Error).message;
      }
      return undefined;
    };
    expect(refusal(JSON.stringify([{ token: ANA, owner: 'ana', tenant: 'north' }]))).toBeUndefined();
    const bad = [
      '{',
      `[{"token": "${ANA}"}]`,
      '[]',
      `{"${ANA}": "ana"}`,
      `[{"token": "short-s3cret", "owner": "a"}]`,
      `[{"token": "${ANA}", "owner": "a"}, {"token": "${ANA}", "owner": "b"}]`,
      `[{"token": "${ANA}", "owner": "a", "admin": true}]`,
    ];
    for (const text of bad) {
      expect(refusal(text), text).toMatch(/^(the file that )?RUNSIGHT_TOKENS/);
      expect(refusal(text)).not.toMatch(/s3cret|a-token/);
    }
    expect(() => readAccess(join(folder.path, 'nothing'), 'RUNSIGHT_TOKENS')).toThrow(/cannot be read/);
  });
});

describe('where it listens', () => {
  const env = { HOME: '/nonexistent', TZ: 'UTC', MLFLOW_TRACKING_URI: demoPath };
  const stderr = { write: () => true } as unknown as NodeJS.WriteStream;
  const start = (host: string, more = {}) =>
    serve({ host, port: '0' }, { env: { ...env, ...more }, stderr }, {}, DEFAULT_SERVE_LIMITS);

  test('is this machine, without a token', async () => {
    for (const host of ['0.0.0.0', '::', '192.168.1.1', 'runsight.example', '127.0.0.1.evil.example'])
      await expect(start(host)).rejects.toThrow(/RUNSIGHT_TOKENS/);
    const local = await start('127.0.0.1');
    expect(local.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await local.drain();
  });

  test('is anywhere, with one', async () => {
    const everywhere = await start('0.0.0.0', { RUNSIGHT_TOKENS: JSON.stringify([{ token: ANA, owner: 'ana' }]) });
    const { port } = new URL(everywhere.url);
    expect((await send(`http://127.0.0.1:${port}/api/v1/tools`)).status).toBe(401);
    expect((await send(`http://127.0.0.1:${port}/api/v1/tools`, { token: ANA })).status).toBe(200);
    await everywhere.drain();
  });

  test('must be free, and a port', async () => {
    const first = await start('127.0.0.1');
    const { port } = new URL(first.url);
    const second = serve({ port }, { env, stderr }, {}, DEFAULT_SERVE_LIMITS);
    await expect(second).rejects.toThrow(/cannot be listened at/);
    await expect(serve({ port: '99999' }, { env, stderr }, {}, DEFAULT_SERVE_LIMITS)).rejects.toThrow(/--port/);
    await first.drain();
  });
});

describe('a browser elsewhere', () => {
  const port = () => new URL(open.url).port;

  test('reaches no path by another name of this machine', async () => {
    const foreign = [
      'evil.example',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      '10.evil.example',
      '127.0.0.1',
      'localhost',
      '0.0.0.0',
      '127.0.0.2',
      'localhost.',
    ];
    for (const path of ['/api/v1/tools', '/healthz', '/docs', '/openapi.json', '/nothing']) {
      for (const name of foreign) {
        const host = name === '127.0.0.1' || name === 'localhost' ? `${name}:1` : `${name}:${port()}`;
        const { status, body } = await sendRaw(`${open.url}${path}`, [['Host', host]]);
        expect([path, host, status, JSON.parse(body).error.code]).toEqual([path, host, 403, 'foreign_host']);
      }
      expect((await sendRaw(`${open.url}${path}`, [])).status).toBeGreaterThanOrEqual(400);
      const doubled = [
        ['Host', `localhost:${port()}`],
        ['Host', 'evil.example'],
      ] as const;
      expect((await sendRaw(`${open.url}${path}`, doubled)).status).toBeGreaterThanOrEqual(400);
    }
    for (const host of [
      `localhost:${port()}`,
      `LOCALHOST:${port()}`,
      `127.0.0.1:${port()}`,
      `[::1]:${port()}`,
      'runsight.example',
      'runsight.example:8443',
    ])
      expect([host, (await sendRaw(`${open.url}/api/v1/tools`, [['Host', host]])).status]).toEqual([host, 200]);
  });

  test('is refused by its origin', async () => {
    const foreign = [
      'http://evil.example',
      'null',
      `http://evil.example:${port()}`,
      `http://localhost:${port()}.evil.example`,
      'http://localhost:1',
      'file://',
      `http://x@localhost:${port()}`,
      '',
    ];
    for (const origin of foreign) {
      const { status } = await sendRaw(`${open.url}/api/v1/tools`, [
        ['Host', `localhost:${port()}`],
        ['Origin', origin],
      ]);
      expect([origin, status]).toEqual([origin, 403]);
    }
    const own = [
      ['Host', `localhost:${port()}`],
      ['Origin', `http://localhost:${port()}`],
    ] as const;
    expect((await sendRaw(`${open.url}/api/v1/tools`, own)).status).toBe(200);
    const { headers } = await send(`${open.url}/api/v1/tools`);
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  test('sends nothing that a form could send', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/json; charset=latin1',
      'text/json',
    ]) {
      const { status, body } = await send(`${open.url}/api/v1/ask`, {
        body: { question: 'best run' },
        headers: { 'Content-Type': type },
      });
      expect([type, status, body.error.code]).toEqual([type, 415, 'unsupported_media_type']);
    }
    const bare = await sendRaw(
      `${open.url}/api/v1/ask`,
      [
        ['Host', `localhost:${port()}`],
        ['Content-Length', '2'],
      ],
      { method: 'POST', body: '{}' },
    );
    expect(bare.status).toBe(415);
    const utf8 = await send(`${open.url}/api/v1/tools/list_experiments`, {
      body: {},
      headers: { 'Content-Type': 'application/json; charset=UTF-8' },
    });
    expect(utf8.status).toBe(200);
  });

  test('is told by every response what not to do with it', async () => {
    for (const path of ['/api/v1/tools', '/healthz', '/docs', '/nothing', '/api/v1/ml/experiments/nope/runs']) {
      const { headers } = await send(`${open.url}${path}`);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
    }
  });
});

describe('limits', () => {
  test('bodies: declared, streamed and deep', async () => {
    const url = `${server.url}/api/v1/ask`;
    const long = await send(url, { body: { question: 'x'.repeat(20_000) }, token: ANA });
    expect([long.status, long.body.error.code]).toEqual([413, 'too_large']);
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(5_000).fill(32)) });
    const streamed = await fetch(url, {
      method: 'POST',
      body: endless,
      duplex: 'half',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${ANA}` },
    } as RequestInit).then(
      ({ status }) => status,
      () => 'cut',
    );
    expect([413, 'cut']).toContain(streamed);
    const deep = await fetch(url, {
      method: 'POST',
      body: `${'['.repeat(4_900)}${']'.repeat(4_900)}`,
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${ANA}` },
    });
    expect(deep.status).toBe(400);
    for (const body of ['{', '', '\ufeff{}', '{"question": "a"} x', '"\ud800"']) {
      const got = await fetch(url, {
        method: 'POST',
        body,
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${ANA}` },
      });
      expect([body, got.status]).toEqual([body, 400]);
    }
    const latin = await fetch(url, {
      method: 'POST',
      body: Buffer.from('{"question": "\xff"}', 'latin1'),
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${ANA}` },
    });
    expect(latin.status).toBe(400);
  });

  test('keys of a body that mean something to JavaScript mean nothing here', async () => {
    for (const name of ['rank_runs', 'find_runs', 'list_experiments']) {
      const got = await fetch(`${open.url}/api/v1/tools/${name}`, {
        method: 'POST',
        body: '{"__proto__": {"top": 1}, "constructor": 1}',
        headers: { 'Content-Type': 'application/json' },
      });
      expect(got.status).toBe(400);
    }
    expect(({} as { top?: unknown }).top).toBeUndefined();
  });

  test('rate: a caller who asks too fast waits as long as is said, and no other does', async () => {
    const limited = await startTestServer({
      tokens: [
        { token: ANA, owner: 'ana' },
        { token: BEN, owner: 'ben' },
      ],
      limits: { burst: 3, perSecond: 2 },
    });
    const statusOf = async (token: string) => (await send(`${limited.url}/api/v1/conversations`, { token })).status;
    expect(await Promise.all([ANA, ANA, ANA].map(statusOf))).toEqual([200, 200, 200]);
    const refused = await send(`${limited.url}/api/v1/conversations`, { token: ANA });
    expect([refused.status, refused.body.error.code, refused.headers.get('retry-after')]).toEqual([
      429,
      'too_many_requests',
      '1',
    ]);
    expect(await statusOf(BEN)).toBe(200);
    await setTimeout(1_000);
    expect(await statusOf(ANA)).toBe(200);
    await limited.drain();
  });

  test('gates: what leaves makes room, once', () => {
    let now = 0;
    const gates = createGates(
      { ...DEFAULT_SERVE_LIMITS, atOnce: 2, atOnceOfOne: 1, burst: 10, perSecond: 1 },
      () => now,
    );
    const leave = gates.enter('ana');
    expect(() => gates.enter('ana')).toThrow('too many requests at once');
    const leaveBen = gates.enter('ben');
    expect(() => gates.enter('eve')).toThrow('too many requests at once');
    leave();
    leave();
    expect(gates.active).toBe(1);
    for (let turn = 0; turn < 9; turn++) gates.enter('ana')();
    expect(() => gates.enter('ana')).toThrow('too many requests');
    now += 1_000;
    gates.enter('ana')();
    leaveBen();
    expect(gates.active).toBe(0);
  });

  test('a client that sends its headers slowly, or floods, is cut', async () => {
    const { port } = new URL(open.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => {});
    socket.write(
      `GET /healthz HTTP/1.1\r\nHost: localhost:${port}\r\n${`X-Flood: ${'x'.repeat(1_000)}\r\n`.repeat(40)}\r\n`,
    );
    const [reply] = await Promise.all([
      new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data)))),
    ]);
    expect(reply).toMatch(/^HTTP\/1\.1 431 /);
    socket.destroy();
    const junk = connect(Number(port), '127.0.0.1');
    junk.on('error', () => {});
    junk.write('\x00\x01 nonsense\r\n\r\n');
    const said = await new Promise<string>((resolve) => junk.once('data', (data) => resolve(String(data))));
    expect(said).toMatch(/^HTTP\/1\.1 400 /);
    junk.destroy();
    expect((await send(`${open.url}/healthz`)).status).toBe(200);
  });
});

describe('faults', () => {
  test('of our own are answered by a code and a request id, and logged with their stack', async () => {
    const conversations = createMemoryConversationStore();
    const failing = await startTestServer({
      conversations: {
        ...conversations,
        of: () =>
          ({ ...conversations.of('x'), list: () => Promise.reject(new Error('secret-canary at /home/ana')) }) as never,
      },
    });
    const { status, body } = await send(`${failing.url}/api/v1/conversations`);
    expect([status, body.error.code]).toEqual([500, 'internal']);
    expect(JSON.stringify(body)).not.toMatch(/canary|\/home|\.ts/);
    const logged = failing.logged.find(({ fault }) => fault !== undefined);
    expect(logged).toMatchObject({
      request_id: body.error.request_id,
      fault: expect.stringContaining('secret-canary'),
    });
    await failing.drain();
  });

  test('name neither a path of the server nor what has no business outside', async () => {
    for (const path of [
      '/api/v1/ml/experiments/..%2f..%2fetc%2fpasswd/runs',
      '/api/v1/ml/experiments/%00/runs',
      '/api/v1/ml/experiments/%FF%FE/runs',
      '/api/v1/conversations/%2e%2e%2f',
      '/api/v1/tools/%3Cscript%3E',
      '/api/v1/ml/experiments/2/runs/%27%20OR%201%3D1/metrics/x',
    ]) {
      const { status, body } = await send(`${open.url}${path}`);
      expect([path, status >= 400 && status < 500]).toEqual([path, true]);
      expect(body.error.code).toEqual(expect.any(String));
      expect(JSON.stringify(body)).not.toMatch(/node_modules|\.ts:|at \w+ \(/);
    }
  });

  test('hostile text of a store is escaped where it cannot be seen', async () => {
    const { body } = await send(`${open.url}/api/v1/tools/list_experiments`, { body: { text: '\u202e\u001b[31m' } });
    expect(body.error.code).toBe('unknown_experiment');
    const raw = await fetch(`${open.url}/api/v1/tools/list_experiments`, {
      method: 'POST',
      body: '{"text": "\\u202e\\u001b[31m"}',
      headers: { 'Content-Type': 'application/json' },
    });
    expect(await raw.text()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  });
});
