/** What a proxy does wrong, or is told wrong. */
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { BehindProxy, basic, HTTP, HTTPS, proxiesAt } from '../support/behind-proxy.ts';
import { answers, type ProxyReply, startProxyDouble } from '../support/proxy-double.ts';

const { signal } = new AbortController();
const behind = new BehindProxy();

describe.each([
  ['forwards', HTTP, 'HTTP_PROXY'],
  ['tunnels', HTTPS, 'HTTPS_PROXY'],
])('a proxy that %s', (way, uri, variable) => {
  test('and is not there', async () => {
    await behind.proxy.stop();
    const error = await behind.fail(uri);
    expect(error).toMatchObject({
      code: 'source_unreachable',
      message: `cannot reach the proxy ${behind.proxy.url} (${variable}): nothing listens there`,
      hint: `Mend ${variable}, or write mlflow.test into NO_PROXY to go without.`,
      retryable: true,
    });
    expect(behind.waits).toHaveLength(2);
    behind.proxy = await startProxyDouble(() => behind.server.url);
  });

  test('and whose name nobody knows', async () => {
    expect(await behind.fail(uri, {}, proxiesAt('http://proxy.invalid:3128'))).toMatchObject({
      message: expect.stringMatching(/^cannot reach the proxy http:\/\/proxy\.invalid:3128 \(.*\): its name/),
    });
  });

  test('and asks who is there', async () => {
    behind.proxy.script([answers(407, 'x'.repeat(100_000))], true);
    expect(await behind.fail(uri)).toMatchObject({
      code: 'unauthorized',
      message: `the proxy ${behind.proxy.url} (${variable}) asks for a user and password`,
      hint: `Write ${variable} as http://user:password@host:port.`,
    });
    expect(behind.proxy.seen).toHaveLength(1);
  });

  test('and refuses who is there', async () => {
    behind.proxy.script([answers(407)]);
    const error = await behind.fail(uri, {}, proxiesAt(behind.withLogin('me:canary')));
    expect(error).toMatchObject({
      code: 'unauthorized',
      message: `the proxy ${behind.proxy.url} (${variable}) refuses the user and password in it`,
      hint: expect.stringContaining(`Mend them in ${variable}`),
    });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('canary');
  });

  test('and refuses who is there with a 401', async () => {
    behind.proxy.script([answers(401, '<html>')]);
    const error = await behind.fail(uri, {}, proxiesAt(behind.withLogin('me:canary')));
    expect(error).toMatchObject({ code: 'unauthorized', hint: expect.stringContaining(variable) });
  });

  test('and lets nobody through', async () => {
    behind.proxy.script([answers(403, '<html>')]);
    expect(await behind.fail(uri)).toMatchObject({
      code: 'forbidden',
      message:
        way === 'tunnels'
          ? `the proxy ${behind.proxy.url} (${variable}) answered 403 when asked for mlflow.test`
          : `${HTTP} answered 403`,
      hint: expect.stringMatching(/write mlflow\.test into NO_PROXY/),
    });
    expect(behind.proxy.seen).toHaveLength(1);
  });

  test('and does not reach the server, as it says for good', async () => {
    behind.proxy.script([answers(500, '<html>')]);
    expect(await behind.fail(uri)).toMatchObject({
      retryable: false,
      message: expect.stringContaining('answered 500'),
      hint: expect.stringMatching(/write mlflow\.test into NO_PROXY/),
    });
  });

  test('and does not reach the server is asked again', async () => {
    behind.proxy.script([answers(502, '<html>')], true);
    expect(await behind.fail(uri)).toMatchObject({
      retryable: true,
      message: expect.stringContaining('answered 502'),
      hint: expect.stringMatching(/write mlflow\.test into NO_PROXY/),
    });
    expect(behind.waits).toEqual([250, 500]);
  });

  test('and closes the connection is asked again', async () => {
    behind.proxy.script([(socket) => socket.destroy()], true);
    expect(await behind.fail(uri)).toMatchObject({
      code: 'source_unreachable',
      message: expect.stringMatching(/it closed the connection$/),
    });
    expect(behind.waits).toHaveLength(2);
  });

  test('and is none', async () => {
    behind.proxy.script([(socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n')]);
    expect(await behind.fail(uri)).toMatchObject({
      code: 'bad_response',
      message: expect.stringMatching(/^what .* sent is not HTTP$/),
    });
  });

  test('and is silent', async () => {
    behind.proxy.script([() => {}], true);
    expect(await behind.fail(uri, { timeoutMs: 300 })).toMatchObject({ code: 'source_timeout' });
  });

  test('is left at once by a question that is cancelled', async () => {
    const closed = Promise.withResolvers<void>();
    const reason = new Error('cancelled');
    const controller = new AbortController();
    const silent: ProxyReply = (socket) => {
      socket.on('end', closed.resolve).on('close', closed.resolve);
      controller.abort(reason);
    };
    behind.proxy.script([silent]);
    const store = behind.open(uri);
    const asked = performance.now();
    await expect(store.searchExperiments({}, controller.signal)).rejects.toBe(reason);
    expect(performance.now() - asked).toBeLessThan(2_000);
    await store.close();
    await closed.promise;
  });

  test('speaks no TLS, though its address says so', async () => {
    const error = await behind.fail(uri, {}, proxiesAt(behind.proxy.url.replace('http:', 'https:')));
    expect(error).toMatchObject({ code: 'tls_error', hint: expect.stringContaining('try http:// in its address') });
    expect(error.message).toContain(`the proxy ${behind.proxy.url.replace('http:', 'https:')} (${variable}): `);
  });

  test('shows its credentials nowhere', async () => {
    const store = behind.open(uri, {}, proxiesAt(behind.withLogin('canary:canary')));
    behind.proxy.script([answers(407)]);
    const error = await store.searchExperiments({}, signal).catch((caught: unknown) => caught);
    for (const text of [inspect(error, { depth: 9 }), inspect(store, { depth: 9 }), JSON.stringify(store.capabilities)])
      expect(text).not.toMatch(/canary|Y2FuYXJ5/);
  });
});

test('a proxy that quotes its credentials in an answer of its own is not repeated', async () => {
  const message = `no user canary-7f3a, not even by ${basic('me:canary-7f3a')}`;
  behind.proxy.script([answers(400, JSON.stringify({ error_code: 'INVALID_PARAMETER_VALUE', message }))]);
  const error = await behind.fail(HTTP, {}, proxiesAt(behind.withLogin('me:canary-7f3a')));
  expect(error.message).toBe(`${HTTP} answered 400: "no user ***, not even by Basic ***"`);
});
