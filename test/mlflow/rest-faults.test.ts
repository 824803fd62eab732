/** What the REST store does when the server or the network misbehaves. */
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StoreError } from '../../src/mlflow/errors.ts';
import { toNetworkError } from '../../src/mlflow/rest/http-errors.ts';
import { openRestStore } from '../../src/mlflow/rest/rest-store.ts';
import { readRetryAfter } from '../../src/mlflow/rest/retry.ts';
import type { TransportOptions } from '../../src/mlflow/rest/transport.ts';
import type { TrackingStore } from '../../src/mlflow/runs/tracking-store.ts';
import { parseFilter } from '../../src/query/parse.ts';
import { type HttpDouble, type ScriptedReply, startHttpDouble } from '../support/http-double.ts';

const { signal } = new AbortController();
const EXPERIMENTS = { body: { experiments: [{ experiment_id: '1', name: 'one', lifecycle_stage: 'active' }] } };
const run = (id: string) => ({
  info: { run_id: id, experiment_id: '1', status: 'FINISHED', lifecycle_stage: 'active', start_time: 5 },
});

let double: HttpDouble;
let waits: number[];
let now: number;
let stores: TrackingStore[];

beforeEach(async () => {
  double = await startHttpDouble();
  waits = [];
  now = 0;
  stores = [];
});
afterEach(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await double.stop();
});

function open(options: TransportOptions = {}, url = double.url): TrackingStore {
  const retry = { random: () => 1, sleep: async (ms: number) => void waits.push(ms), clock: () => now };
  const store = openRestStore(url, { retry, ...options });
  stores.push(store);
  return store;
}

/** The fault of asking for the experiments. */
async function fail(
  script: readonly ScriptedReply[],
  options?: TransportOptions,
  forever = false,
): Promise<StoreError> {
  double.script(script, forever);
  const error = await open(options)
    .searchExperiments({}, signal)
    .catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(StoreError);
  expect((error as StoreError).message).not.toMatch(/[\n\u001b]/);
  return error as StoreError;
}

describe('what passes is tried again', () => {
  test('503 twice, then the answer', async () => {
    double.script([{ status: 503, body: 'busy' }, { status: 502, body: '<html>' }, EXPERIMENTS]);
    expect(await open().searchExperiments({}, signal)).toHaveLength(1);
    expect(waits).toEqual([250, 500]);
  });

  test('429 waits as long as the server asks', async () => {
    double.script([{ status: 429, headers: { 'retry-after': '7' } }, EXPERIMENTS]);
    await open().searchExperiments({}, signal);
    expect(waits).toEqual([7_000]);
  });

  test('429 without a wait is tried again like any other', async () => {
    double.script([{ status: 429 }, EXPERIMENTS]);
    await open().searchExperiments({}, signal);
    expect(waits).toEqual([250]);
  });

  test('429 with an hour to wait fails now and says so', async () => {
    const error = await fail([{ status: 429, headers: { 'retry-after': '3600' } }]);
    expect(error).toMatchObject({ code: 'rate_limited', hint: expect.stringContaining('3600 s') });
  });

  test('at most three attempts', async () => {
    const error = await fail([{ status: 504 }, { status: 504 }, { status: 504 }]);
    expect(error).toMatchObject({ code: 'server_error', retryable: true });
    expect(double.requests).toHaveLength(3);
  });

  test('a connection that closes before the answer', async () => {
    double.script([(response) => response.destroy(), EXPERIMENTS]);
    expect(await open().searchExperiments({}, signal)).toHaveLength(1);
  });

  test.each<[string | undefined, number | undefined]>([
    ['3', 3_000],
    ['0', 0],
    ['-5', undefined],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
    ['Thu, 01 Jan 1970 00:00:02 GMT', 1_000],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ])('Retry-After %s', (header, ms) => {
    expect(readRetryAfter(header, 1_000)).toBe(ms);
  });
});

describe('a server that is down is left in peace', () => {
  const ask = (store: TrackingStore) => store.searchExperiments({}, signal).catch((error: unknown) => error);

  test('five failures in a row end the asking for 15 s; then one request probes', async () => {
    double.script([{ status: 503 }], true);
    const store = open();
    for (let times = 0; times < 3; times++) await ask(store);
    expect(double.requests).toHaveLength(5);
    expect(await ask(store)).toMatchObject({
      code: 'server_error',
      hint: 'It failed 5 times in a row and is asked again in 15 s.',
    });
    now = 15_000;
    await ask(store);
    expect(double.requests).toHaveLength(6);
    now = 30_000;
    double.script([EXPERIMENTS], true);
    expect(await ask(store)).toHaveLength(1);
    expect(await ask(store)).toHaveLength(1);
  });

  test('being told to slow down is no outage, and a tenth of many requests are repeats', async () => {
    double.script([{ status: 429 }], true);
    const store = open();
    for (let times = 0; times < 100; times++) expect(await ask(store)).toMatchObject({ code: 'rate_limited' });
    expect(double.requests.length).toBeGreaterThan(105);
    expect(double.requests.length).toBeLessThan(115);
  });

  test('a lasting 500 is asked once for each thing wanted', async () => {
    double.script([{ status: 500, body: '<h1>Internal Server Error</h1>' }], true);
    const ids = Array.from({ length: 40 }, (_, index) => `run${index}`);
    const error = await Array.fromAsync(open().metricHistory(ids, ['m'], signal)).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'server_error', message: `${double.url} answered 500` });
    expect(double.requests.length).toBeLessThanOrEqual(5);
  });

  test('a run that fails before the one asked for first has come ends the question, not the program', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    const byId: ScriptedReply = (response, { path }) => {
      const answer = path.includes('first') ? { run: run('first') } : undefined;
      if (answer !== undefined) setTimeout(() => response.end(JSON.stringify(answer)), 100);
      else response.writeHead(500).end();
    };
    double.script([byId], true);
    await expect(open().getRuns(['first', 'second'], signal)).rejects.toMatchObject({ code: 'server_error' });
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });
});

describe('what does not pass is named at once', () => {
  test.each<[string, ScriptedReply, Partial<StoreError>, RegExp]>([
    [
      '500',
      { status: 500, body: { error_code: 'INTERNAL_ERROR', message: 'SELECT secret' } },
      { code: 'server_error' },
      /500 \(INTERNAL_ERROR\)$/,
    ],
    ['401', { status: 401, body: 'You are not authenticated.' }, { code: 'unauthorized' }, /401/],
    ['403', { status: 403, body: 'Permission denied' }, { code: 'forbidden' }, /403/],
    [
      'a refused filter',
      { status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE', message: 'bad\n\u001b[31mfilter' } },
      { code: 'request_refused' },
      /400: "bad \[31mfilter"$/,
    ],
    [
      'an address in an error',
      { status: 400, body: { error_code: 'INVALID_PARAMETER_VALUE', message: 'see [x](http://evil.example) now' } },
      { code: 'request_refused' },
      /400: "see \[x\]\(\(address\) now"$/,
    ],
    [
      'SQL in an error',
      { status: 400, body: { error_code: 'BAD_REQUEST', message: 'SELECT * FROM users' } },
      { code: 'request_refused' },
      /400 \(BAD_REQUEST\)$/,
    ],
    [
      'HTML where JSON belongs',
      { headers: { 'content-type': 'text/html' }, body: '<html>Log in</html>' },
      { code: 'bad_response' },
      /sent text\/html/,
    ],
    ['cut JSON', { body: '{"experiments": [{"exper' }, { code: 'bad_response' }, /cut or broken JSON/],
    [
      'what is packed, unasked',
      { headers: { 'content-encoding': 'gzip' }, body: 'any' },
      { code: 'bad_response' },
      /sent an answer packed with gzip, which was not asked for$/,
    ],
    ['nothing', { body: '' }, { code: 'bad_response' }, /sent nothing/],
    [
      'an error that says it is none',
      { body: { error: 'upstream timed out' } },
      { code: 'bad_response' },
      /no experiments, but other things$/,
    ],
    ['a list', { body: [] }, { code: 'bad_response' }, /no object/],
    [
      'a wrong type',
      { body: { experiments: [{ experiment_id: 7, name: 'x' }] } },
      { code: 'bad_response' },
      /experiment_id/,
    ],
  ])('%s', async (_name, reply, expected, message) => {
    const error = await fail([reply]);
    expect(error).toMatchObject(expected);
    expect(error.message).toMatch(message);
    expect(double.requests).toHaveLength(1);
  });

  test.each<[string, readonly ScriptedReply[], Partial<StoreError>, string]>([
    [
      'of an old server, by its release',
      [{ body: '1.20.2\n' }],
      { code: 'unsupported_source', hint: expect.stringContaining('2.0 or later') },
      'is MLflow 1.20.2, which has no experiments/search',
    ],
    [
      'behind a proxy that only lets the API through',
      [{ status: 404 }, { body: { store_type: 'SqlStore', workspaces_enabled: false } }],
      { code: 'unsupported_source', hint: expect.stringContaining('proxy') },
      'is MLflow 3.10 or later, but experiments/search is missing',
    ],
    ['where there is no MLflow', [{ body: '<html>' }, { body: '<html>' }], { code: 'not_mlflow' }, 'answered 404'],
  ])('a missing endpoint %s', async (_name, replies, expected, message) => {
    const missing = { status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>Not Found</h1>' };
    const error = await fail([missing, ...replies]);
    expect(error).toMatchObject(expected);
    expect(error.message).toContain(message);
  });

  test.each([
    [500, 'The log of the server says why.'],
    [503, 'Try again in a moment.'],
    [400, 'Check that the address is MLflow itself, not a proxy.'],
  ])('%i has a mend', async (status, hint) => {
    expect(await fail([{ status, body: '<html>' }], {}, true)).toMatchObject({ hint });
  });

  test('a refused host name says how to allow it', async () => {
    const error = await fail([{ status: 403, body: 'Invalid Host header - possible DNS rebinding attack detected' }]);
    expect(error.hint).toContain('--allowed-hosts');
  });

  test('nothing listens', async () => {
    const { url } = double;
    await double.stop();
    const error = await open({}, url)
      .searchExperiments({}, signal)
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'source_unreachable', message: `cannot reach ${url}: nothing listens there` });
    expect(waits).toHaveLength(2);
  });

  test('a silent server and one that stops half-way', async () => {
    expect(await fail([() => {}], { timeoutMs: 300 })).toMatchObject({ code: 'source_timeout' });
    const half: ScriptedReply = (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"experiments": [');
    };
    expect(await fail([half], { timeoutMs: 300 })).toMatchObject({ code: 'source_timeout' });
  });

  test.each(['SSH-2.0-OpenSSH_9.6\r\n', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'])(
    'what is not HTTP: %j',
    async (text) => {
      const error = await fail([(response) => response.socket?.end(text)]);
      expect(error).toMatchObject({ code: 'bad_response', message: `what ${double.url} sent is not HTTP` });
    },
  );

  test.each([
    ['UND_ERR_CONNECT_TIMEOUT', undefined, 'source_unreachable', /takes no connection/, /that the server runs/],
    ['EMFILE', 'connect', 'source_unreachable', /cannot reach http:\/\/x: EMFILE/, /that the server runs/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', undefined, 'tls_error', /no secure connection/, /try http:\/\//],
    ['CERT_HAS_EXPIRED', undefined, 'tls_error', /no secure connection/, /renewed/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', undefined, 'tls_error', /no secure connection/, /another name/],
    ['SELF_SIGNED_CERT_IN_CHAIN', undefined, 'tls_error', /no secure connection/, /SERVER_CERT_PATH/],
  ])('%s', (code, syscall, expected, message, hint) => {
    const error = toNetworkError(Object.assign(new Error('fault'), { code, syscall }), 'http://x');
    expect(error).toMatchObject({
      code: expected,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  test('a content type of any length and look is shown short', async () => {
    const error = await fail([{ headers: { 'content-type': `text/\u009b${'x'.repeat(4_000)}` }, body: '<' }]);
    expect(error.message).not.toMatch(/\p{Cc}/u);
    expect(error.message.length).toBeLessThan(300);
  });

  test('an error without end is read no further than it takes to name it', async () => {
    const endless: ScriptedReply = (response) => {
      response.writeHead(500);
      const timer = setInterval(() => response.write('x'.repeat(65_536)), 1);
      response.on('close', () => clearInterval(timer));
    };
    expect(await fail([endless], { timeoutMs: 3_000 })).toMatchObject({ code: 'server_error' });
  });

  test('a body cut by the connection', async () => {
    const cut: ScriptedReply = (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"experiments": [', () => response.destroy());
    };
    expect(await fail([cut], {}, true)).toMatchObject({ code: 'source_unreachable', retryable: true });
  });
});

describe('pages', () => {
  const page = (ids: string[], token?: string) => ({ body: { runs: ids.map(run), next_page_token: token } });
  const readIds = async () =>
    (await open().topRuns({ experimentIds: ['1'] }, [], 100, {}, signal)).runs.map(({ id }) => id);

  test('are followed to the end, each run once', async () => {
    double.script([page(['a', 'b'], 't1'), page(['b', 'c'], 't2'), page([], '')]);
    expect(await readIds()).toEqual(['a', 'b', 'c']);
    expect(double.requests.map(({ body }) => JSON.parse(body).page_token)).toEqual([undefined, 't1', 't2']);
  });

  test('are not at their end where something else comes instead of one', async () => {
    double.script([page(['a'], 't1'), { body: { detail: 'try later' } }]);
    await expect(readIds()).rejects.toMatchObject({ code: 'bad_response' });
  });

  test('with one token for ever', async () => {
    double.script([page(['a'], 't'), page(['b'], 't')]);
    await expect(readIds()).rejects.toMatchObject({ code: 'bad_response' });
  });

  test('with new tokens but the same runs for ever', async () => {
    let count = 0;
    const same: ScriptedReply = (response) => response.end(JSON.stringify(page(['a'], `t${count++}`).body));
    double.script([same], true);
    await expect(readIds()).rejects.toMatchObject({ code: 'bad_response' });
    expect(count).toBe(4);
  });

  test('of a curve with new tokens but the same points for ever', async () => {
    let count = 0;
    const metrics = [{ key: 'm', value: 1, timestamp: 2, step: 3 }];
    const same: ScriptedReply = (response) =>
      response.end(JSON.stringify({ metrics, next_page_token: count < 50 ? `t${count++}` : '' }));
    double.script([same], true);
    await expect(Array.fromAsync(open().metricHistory(['a'], ['m'], signal))).rejects.toMatchObject({
      code: 'bad_response',
    });
    expect(count).toBe(4);
  });

  test('with a new run each and no end', async () => {
    let count = 0;
    const next: ScriptedReply = (response) => response.end(JSON.stringify(page([`r${count}`], `t${count++}`).body));
    double.script([next], true);
    await expect(readIds()).rejects.toMatchObject({
      code: 'bad_response',
      message: `${double.url} sends pages of next to nothing without end`,
    });
    expect(count).toBe(101);
  });

  test('with a token that no server makes', async () => {
    double.script([page(['a'], 'x'.repeat(1_000_000))]);
    await expect(readIds()).rejects.toMatchObject({
      message: `${double.url} sent a page token of 1,000,000 characters`,
    });
  });

  test('a page that breaks off is asked for again, and only that page', async () => {
    const cut: ScriptedReply = (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"runs": [{"info": {"run_', () => response.destroy());
    };
    double.script([page(['a'], 't1'), cut, page(['b'])]);
    expect(await readIds()).toEqual(['a', 'b']);
    expect(double.requests.map(({ body }) => JSON.parse(body).page_token)).toEqual([undefined, 't1', 't1']);
  });

  test('that do not come in time are asked for smaller, once one has come', async () => {
    double.script([page(['a'], 't1'), () => {}, page(['b'])]);
    const store = open({ timeoutMs: 300 });
    expect((await store.topRuns({ experimentIds: ['1'] }, [], 100, {}, signal)).matched).toBe(2);
    expect(double.requests.map(({ body }) => JSON.parse(body).max_results)).toEqual([500, 500, 250]);
  });

  test('cancelled in the middle: the question ends, the connection closes, nothing more is asked', async () => {
    const closed = Promise.withResolvers<void>();
    const controller = new AbortController();
    const reason = new Error('cancelled');
    const half: ScriptedReply = (response) => {
      response.on('close', closed.resolve);
      response.write('{"runs": [', () => controller.abort(reason));
    };
    double.script([page(['a'], 't1'), half]);
    const reading = open().topRuns({ experimentIds: ['1'] }, [], 100, {}, controller.signal);
    await expect(reading).rejects.toBe(reason);
    await closed.promise;
    expect(double.requests).toHaveLength(2);
  });

  test('are told of as they come, to every open snapshot', async () => {
    double.script([page(['a', 'b'], 't1'), page(['c'])]);
    const store = open();
    const heard: string[] = [];
    await store.snapshot(
      () =>
        store.snapshot(
          () => store.countRuns({ experimentIds: ['1'] }, signal),
          (message) => heard.push(`inner ${message}`),
        ),
      (message) => heard.push(message),
    );
    expect(heard).toEqual(['read 2 runs', 'inner read 2 runs', 'read 3 runs', 'inner read 3 runs']);
  });

  test('that one gave up waiting for come to whoever still waits; without a snapshot left they are stopped', async () => {
    const controller = new AbortController();
    const closed = Promise.withResolvers<void>();
    const slow: ScriptedReply = (response) => {
      controller.abort(new Error('gone'));
      setImmediate(() => response.end(JSON.stringify(page(['a']).body)));
    };
    const last = new AbortController();
    const reason = new Error('enough');
    const silent: ScriptedReply = (response) => {
      response.on('close', closed.resolve);
      last.abort(reason);
    };
    double.script([slow, silent]);
    const store = open();
    const count = (by: AbortSignal) => store.countRuns({ experimentIds: ['1'] }, by);
    await store.snapshot(async () => {
      const [first, second] = await Promise.allSettled([count(controller.signal), count(signal)]);
      expect(first).toMatchObject({ status: 'rejected', reason: { message: 'gone' } });
      expect(second).toMatchObject({ status: 'fulfilled', value: [{ count: 1 }] });
    });
    await expect(store.snapshot(() => count(last.signal))).rejects.toBe(reason);
    await closed.promise;
  });

  test('a filter that the server refuses is evaluated here', async () => {
    const refusal = { error_code: 'INVALID_PARAMETER_VALUE', message: 'Invalid clause(s) in filter string' };
    double.script([{ status: 400, body: refusal }, page(['a', 'b'])]);
    const filter = parseFilter("run_id LIKE 'a%'");
    expect((await open().topRuns({ experimentIds: ['1'], filter }, [], 5, {}, signal)).matched).toBe(1);
    expect(double.requests.map(({ body }) => JSON.parse(body).filter)).toEqual([
      "attributes.run_id LIKE 'a%'",
      undefined,
    ]);
  });

  test('the newest runs are asked for alone', async () => {
    double.script([EXPERIMENTS, page(['a', 'b'], 't1')]);
    expect((await open().newestRuns!(2, signal)).map(({ id }) => id)).toEqual(['a', 'b']);
    expect(JSON.parse(double.requests[1]!.body)).toMatchObject({
      max_results: 2,
      order_by: ['attributes.start_time DESC'],
    });
  });

  test('within a snapshot each population is fetched once, and the experiments', async () => {
    double.script([EXPERIMENTS, page(['a', 'b'])]);
    const store = open();
    const filter = parseFilter("attributes.run_id = 'a'");
    await store.snapshot(async () => {
      const [first, second] = await Promise.all([
        store.searchExperiments({}, signal),
        store.searchExperiments({}, signal),
      ]);
      expect(first.length).toBe(second.length);
      expect((await store.columns({ experimentIds: ['1'] }, {}, signal)).length).toBe(2);
      expect((await store.topRuns({ experimentIds: ['1'], filter }, [], 5, {}, signal)).matched).toBe(1);
    });
    expect(double.requests).toHaveLength(2);
  });

  test('the server is asked what it can tell, and what it lets through is looked at again', async () => {
    double.script([page(['a', 'b'])]);
    const filter = parseFilter("attributes.run_id = 'a' AND duration IS NULL");
    expect((await open().topRuns({ experimentIds: ['1'], filter }, [], 5, {}, signal)).matched).toBe(1);
    expect(JSON.parse(double.requests[0]!.body).filter).toBe("attributes.run_id = 'a'");
  });
});

describe('credentials', () => {
  const sent = () => double.requests.at(-1)?.headers.authorization;
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

  test('user and password before token before those of the address', async () => {
    double.script([EXPERIMENTS], true);
    const address = double.url.replace('//', '//me:p%40ss@');
    await open({ username: 'u', password: 'p', token: 't' }, address).searchExperiments({}, signal);
    expect(sent()).toBe(basic('u:p'));
    await open({ username: 'u', token: 't' }, address).searchExperiments({}, signal);
    expect(sent()).toBe('Bearer t');
    const store = open({}, address);
    await store.searchExperiments({}, signal);
    expect(sent()).toBe(basic('me:p@ss'));
    expect(store.capabilities.location).toBe(double.url);
  });

  test('a token with a line end is named before anything is sent', () => {
    expect(() => open({ token: 'canary\r' })).toThrow(
      expect.objectContaining({ code: 'unauthorized', message: expect.not.stringContaining('canary') }),
    );
  });

  test.each(['a\nb', '团队', ' '])('a workspace %j is refused before anything is sent', (workspace) => {
    expect(() => open({ workspace })).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        message: expect.stringMatching(/^no workspace is called ".*"/),
      }),
    );
  });

  test.each<[string, TransportOptions, string, RegExp]>([
    ['none', {}, '', /^Set MLFLOW_TRACKING_USERNAME/],
    ['of the variables', { username: 'u', password: 'p' }, 'me:too@', /^Check MLFLOW_TRACKING_USERNAME and /],
    ['a token', { token: 't' }, 'me:too@', /^Check MLFLOW_TRACKING_TOKEN, /],
    ['of the address', {}, 'me:too@', /^Check the user and the password in its address/],
  ])('that are refused are named by where they stand: %s', async (_name, options, login, hint) => {
    double.script([{ status: 401, body: 'no' }]);
    const store = open(options, double.url.replace('//', `//${login}`));
    await expect(store.searchExperiments({}, signal)).rejects.toMatchObject({ hint: expect.stringMatching(hint) });
  });

  test('show themselves nowhere', async () => {
    const secret = 'canary-7f3a';
    const options = { username: secret, password: secret, token: secret };
    const store = open(options, double.url.replace('//', `//${secret}:${secret}@`));
    double.script([{ status: 401, body: `wrong` }]);
    const error = await store.searchExperiments({}, signal).catch((caught: unknown) => caught);
    for (const text of [
      inspect(error, { depth: 9 }),
      JSON.stringify(store),
      JSON.stringify(store.capabilities),
      inspect(store, { depth: 9, showHidden: false }),
    ])
      expect(text).not.toContain(secret);
  });

  test.each<[string, ScriptedReply]>([
    ['broken JSON', { body: 'canary-7f3a is no token' }],
    ['what is not HTTP', (response) => response.socket?.end('canary-7f3a is no token\r\n\r\n')],
  ])('are in no cause of an error where the server quotes them in %s', async (_name, reply) => {
    const error = await fail([reply], { token: 'canary-7f3a' });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('canary');
  });

  test('are masked where the server quotes the whole header of a short password', async () => {
    const quoted = basic('u:abc');
    const body = { error_code: 'INVALID_PARAMETER_VALUE', message: `header ${quoted} is wrong` };
    const error = await fail([{ status: 400, body }], { username: 'u', password: 'abc' });
    expect(error.message).toBe(`${double.url} answered 400: "header Basic *** is wrong"`);
  });

  test('stay at home: a redirect is not followed', async () => {
    const elsewhere = await startHttpDouble();
    const error = await fail([{ status: 307, headers: { location: `${elsewhere.url}/steal?x=1` } }], {
      token: 'a-token',
    });
    expect(error).toMatchObject({ code: 'bad_response', message: `${double.url} redirects to ${elsewhere.url}` });
    expect(elsewhere.requests).toHaveLength(0);
    await elsewhere.stop();
  });

  test.each([
    ['/login?next=x', 'another path of its own', /login page/],
    ['data:text/plain,x', 'elsewhere', /use its address/],
    ['http://canary-7f3a.example/', 'http://***.example', /use its address/],
  ])('a redirect to %s', async (location, place, hint) => {
    const error = await fail([{ status: 302, headers: { location } }], { token: 'canary-7f3a' });
    expect(error).toMatchObject({
      message: `${double.url} redirects to ${place}`,
      hint: expect.stringMatching(hint),
    });
  });
});

describe('values', () => {
  test('steps beyond 2^53, NaN and infinities survive', async () => {
    const metrics = `{"metrics": [{"key": "m", "value": "NaN", "timestamp": 2, "step": 9007199254740993},
      {"key": "m", "value": "-Infinity", "timestamp": "3", "step": "-9007199254740995"},
      {"key": "m", "value": 1.7976931348623157e308, "timestamp": 1700000000000, "step": 4}]}`;
    double.script([{ body: metrics }]);
    const [series] = await Array.fromAsync(open().metricHistory(['a'], ['m'], signal));
    expect(series?.points).toEqual([
      { value: -Infinity, step: -9007199254740995n, timestamp: 3 },
      { value: Infinity, step: 4, timestamp: 1_700_000_000_000 },
      { value: Number.NaN, step: 9007199254740993n, timestamp: 2 },
    ]);
    expect(double.requests[0]?.path).toContain('max_results=25000');
  });

  test('a run of a page is as it is by itself: keys in order, the last of two alike, long steps, what is missing missing', async () => {
    const texts = (...entries: [key: string, value?: string][]) =>
      entries.map(([key, value]) => ({ key, ...(value !== undefined && { value }) }));
    const odd = {
      info: { run_uuid: 'b', experiment_id: '1', end_time: 0, lifecycle_stage: 'deleted', user_id: '' },
      data: {
        metrics: [
          { key: 'z', value: 'NaN', timestamp: 1, step: '9223372036854775807' },
          { key: '__proto__', value: '-Infinity', timestamp: '2', step: 3 },
          { key: 'z', value: 0.5, timestamp: 4, step: '-9223372036854775808' },
        ],
        params: texts(['b', '2'], ['a'], ['__proto__', 'x']),
        tags: texts(
          ['mlflow.runName', 'from a tag'],
          ['mlflow.user', 'ana'],
          ['constructor', ''],
          ['mlflow.user', 'bo'],
        ),
      },
      inputs: { dataset_inputs: [{ dataset: { name: 'b' } }, { tags: texts(['mlflow.data.context', 'test']) }] },
    };
    double.script([{ body: { runs: [odd] } }, { body: { run: odd } }]);
    const store = open();
    const everything = { metrics: 'all', params: 'all', tags: 'all', datasets: true } as const;
    const { runs } = await store.topRuns({ experimentIds: ['1'], lifecycle: 'all' }, [], 5, everything, signal);
    expect(runs).toStrictEqual([
      {
        id: 'b',
        name: 'from a tag',
        experimentId: '1',
        status: 'RUNNING',
        lifecycle: 'deleted',
        user: 'bo',
        metrics: new Map([
          ['__proto__', { value: -Infinity, step: 3, timestamp: 2 }],
          ['z', { value: 0.5, step: -(2n ** 63n), timestamp: 4 }],
        ]),
        params: new Map(Object.entries({ ['__proto__']: 'x', a: '', b: '2' })),
        tags: new Map(Object.entries({ constructor: '', 'mlflow.runName': 'from a tag', 'mlflow.user': 'bo' })),
        datasets: [
          { name: '', digest: '', context: 'test' },
          { name: 'b', digest: '' },
        ],
      },
    ]);
    const [first] = runs;
    expect([first!.metrics, first!.params, first!.tags].map((map) => [...map.keys()])).toEqual([
      ['__proto__', 'z'],
      ['__proto__', 'a', 'b'],
      ['constructor', 'mlflow.runName', 'mlflow.user'],
    ]);
    expect(await store.getRuns(['b'], signal)).toStrictEqual(runs);
  });

  test.each([
    ['{"runs": [{"info": {"run_id": "a", "experiment_id": "1"}}, {"info": nothing}]}', /cut or broken JSON/],
    ['{"runs": [[]]}', /a row that is no object/],
    ['{"runs": [{"info": {"run_id": "a", "experiment_id": "1"}} {}]}', /cut or broken JSON/],
    ['{"runs": [{"info": {"run_id": "a", "experiment_id": "1", "status": "DONE"}}]}', /no proper status/],
    ['{"runs": [{"info": {"experiment_id": "1"}}]}', /no proper run_uuid/],
    ['{"runs": {}}', /no proper runs/],
  ])('a page that has the shape of none: %s', async (body, message) => {
    double.script([{ body }]);
    await expect(open().countRuns({ experimentIds: ['1'] }, signal)).rejects.toMatchObject({
      code: 'bad_response',
      message: expect.stringMatching(message),
    });
  });

  test.each([null, true, ' ', '', '0x10', 'inf', [7]])('a metric that is %j is no number', async (value) => {
    double.script([{ body: { metrics: [{ key: 'm', value, timestamp: 1, step: 0 }] } }]);
    await expect(Array.fromAsync(open().metricHistory(['a'], ['m'], signal))).rejects.toMatchObject({
      code: 'bad_response',
    });
  });

  test('a cancelled question waits for no second attempt', async () => {
    const reason = new Error('cancelled');
    const controller = new AbortController();
    double.script([{ status: 429, headers: { 'retry-after': '20' } }]);
    setTimeout(() => controller.abort(reason), 100);
    const store = open({ retry: {} });
    await expect(store.searchExperiments({}, controller.signal)).rejects.toBe(reason);
  });

  test('a cancelled question stops its request', async () => {
    const reason = new Error('cancelled');
    const controller = new AbortController();
    double.script([() => controller.abort(reason)]);
    await expect(open().searchExperiments({}, controller.signal)).rejects.toBe(reason);
  });
});
