/** The real SDK against a Messages API that misbehaves: every fault ends, and as what it is. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type AnthropicOptions, createAnthropicModel } from '../../src/agent/models/anthropic.ts';
import type { Message, ModelEvent } from '../../src/agent/models/model.ts';
import { type MessagesApi, type Reply, startMessagesApi, text, thinking, toolUse } from '../support/messages-api.ts';
import { askOnce, createDeps, createTool, scoreBody } from './doubles.ts';

const QUESTION: Message = { role: 'user', text: 'Which run is best?' };
const SPEC = { name: 'rank', description: 'Ranks.', inputSchema: { type: 'object' } };

const rank = createTool('rank', async (n) => scoreBody(n));

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

function createModel(url: string, waits: number[], options: AnthropicOptions = {}) {
  return createAnthropicModel({
    apiKey: 'sk-test',
    baseUrl: url,
    portable: false,
    random: () => 0.5,
    sleep: async (ms) => void waits.push(ms),
    firstEventMs: 20_000,
    idleMs: 20_000,
    ...options,
  });
}

async function connect(script: readonly Reply[], options: AnthropicOptions = {}) {
  const api: MessagesApi = await startMessagesApi(script);
  open.push(api);
  const waits: number[] = [];
  return { model: createModel(api.url, waits, options), waits, api };
}

async function respond(model: ReturnType<typeof createAnthropicModel>) {
  const events: ModelEvent[] = [];
  const request = { system: 'You are Runsight.', messages: [QUESTION], tools: [SPEC] };
  for await (const event of model.respond(request, new AbortController().signal)) events.push(event);
  const turn = events.find((event) => event.type === 'turn')?.turn;
  const words = events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : [])).join('');
  return { events, words, turn };
}

/** Long enough for a busy machine, short enough to wait for. */
const IMPATIENT: AnthropicOptions = { firstEventMs: 600, idleMs: 500 };
const patience = (by: string): AnthropicOptions => (by === 'stall' ? IMPATIENT : {});

const MARK = '[interrupted, starting again]';

/** Where a stream may break, by how many events it has sent: none, in thought, in text, in a call's JSON, before the last. */
const PLACES: readonly (readonly [place: string, reply: Extract<Reply, { content: unknown }>, after: number])[] = [
  ['before the first event', { content: [text('It is run-0')] }, 0],
  ['in a thought', { content: [thinking('well, well')] }, 4],
  ['in mid-text', { content: [text('It is run-0')] }, 4],
  ['in the JSON of a call', { content: [toolUse('t1', 'rank', { n: 0.5 })] }, 5],
  ['between message_delta and message_stop', { content: [text('It is run-0')] }, -1],
];
const WAYS = ['error', 'cut', 'stall', 'end'] as const;

describe.each(PLACES)('a stream that breaks %s', (place, reply, after) => {
  const spoken = /thought|text|message_stop/.test(place);

  it.each(WAYS.filter((by) => by !== 'end' || after !== 0))(
    'by %s is started again once, and nothing counts twice',
    async (by) => {
      const broken: Reply = { ...reply, break: { after, by } };
      const { model, waits } = await connect([broken, { content: [text('It is run-017.')] }], patience(by));
      const { words, turn } = await respond(model);
      expect(turn).toMatchObject({ text: 'It is run-017.', calls: [], stop: 'end' });
      expect(words.split(MARK)).toHaveLength(spoken ? 2 : 1);
      expect(words.endsWith('It is run-017.')).toBe(true);
      expect(waits).toHaveLength(1);
    },
  );

  it.each([
    ['error', 'overloaded'],
    ['stall', 'model_timeout'],
  ] as const)('by %s twice is a fault that can be tried again', async (by, code) => {
    const broken: Reply = { ...reply, break: { after, by } };
    const tries = by === 'error' && after === 0 ? 3 : 2;
    const { model, api } = await connect(Array<Reply>(tries).fill(broken), patience(by));
    const { answer, events } = await askOnce(createDeps(model, [rank]));
    expect(answer).toMatchObject({ status: 'error', error: { code, retryable: true } });
    expect(answer.text).toMatch(/^[^\n]+--model offline`\.$/);
    expect(answer.usage.requests).toBe(tries);
    expect(events.at(-1)?.type).toBe('answer');
    expect(api.requests).toHaveLength(tries);
  });
});

it('a stream that is held up, but gives a sign of life, is waited for', async () => {
  const { model, api } = await connect(
    [{ content: [text('It is run-017.')], pings: { after: 4, count: 20 } }],
    IMPATIENT,
  );
  const { turn, words } = await respond(model);
  expect([turn?.text, words, api.requests.length]).toEqual(['It is run-017.', 'It is run-017.', 1]);
});

it('a broken stream costs what it had already cost', async () => {
  const usage = { input_tokens: 1000, output_tokens: 1 };
  const broken: Reply = { content: [text('Hello there')], usage, break: { after: 4, by: 'cut' } };
  const { model } = await connect([broken, { content: [text('Hello.')], usage }]);
  const { answer } = await askOnce(createDeps(model, []));
  expect(answer.usage).toMatchObject({ inputTokens: 2000, requests: 2 });
  expect(answer.usage.costUsd).toBeCloseTo((2 * (1000 * 2 + 10)) / 1e6, 9);
});

describe('a refusal by status', () => {
  it.each([
    ['<html><body>Bad Gateway</body></html>', 'The model is overloaded or failing (HTTP 502).'],
    ['', 'The model is overloaded or failing (HTTP 502).'],
    ['{"detail": "no upstream"}', "The model is overloaded or failing: \"{'detail': 'no upstream'}\" (HTTP 502)."],
  ])('with the body %j is said without markup', async (body, message) => {
    const server = createServer((_, response) => void response.writeHead(502).end(body));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push({ close: () => new Promise((resolve) => server.close(resolve)) });
    const { port } = server.address() as AddressInfo;
    await expect(respond(createModel(`http://127.0.0.1:${port}`, []))).rejects.toMatchObject({ message });
  });

  it.each([
    [400, 'model_refused_request', /new conversation/],
    [401, 'bad_key', /ANTHROPIC_API_KEY/],
    [402, 'model_rate_limited', /credit/],
    [403, 'bad_key', /ANTHROPIC_API_KEY/],
    [404, 'model_refused_request', /RUNSIGHT_CLAUDE_MODEL/],
  ] as const)('%i is final: %s', async (status, code, hint) => {
    const { model, waits } = await connect([{ status, type: 'some_error' }]);
    await expect(respond(model)).rejects.toMatchObject({
      code,
      retryable: false,
      hint: expect.stringMatching(hint),
      message: expect.stringContaining(`(HTTP ${status}, request req_test)`),
      requestId: 'req_test',
    });
    expect(waits).toEqual([]);
  });

  it.each([
    [408, 'model_timeout'],
    [500, 'overloaded'],
    [503, 'overloaded'],
    [529, 'overloaded'],
  ] as const)('%i is tried three times: %s', async (status, code) => {
    const { model, waits } = await connect(Array<Reply>(3).fill({ status }));
    await expect(respond(model)).rejects.toMatchObject({ code, retryable: true });
    expect(waits).toEqual([250, 500]);
  });
});

describe('429 and Retry-After', () => {
  const inTwoSeconds = () => new Date(Date.now() + 2000).toUTCString();
  const retried: [string, Record<string, string>, (wait: number) => boolean][] = [
    ['seconds', { 'retry-after': '2' }, (wait) => wait === 2000],
    ['fractions', { 'retry-after': '0.5' }, (wait) => wait === 500],
    ['milliseconds, which win', { 'retry-after-ms': '700', 'retry-after': '9' }, (wait) => wait === 700],
    ['a date', { 'retry-after': inTwoSeconds() }, (wait) => wait > 0 && wait <= 2000],
    ['zero', { 'retry-after': '0' }, (wait) => wait === 250],
    ['negative', { 'retry-after': '-5' }, (wait) => wait === 250],
    ['a date that is past', { 'retry-after': 'Wed, 01 Jan 2020 00:00:00 GMT' }, (wait) => wait === 250],
    ['garbage', { 'retry-after': 'soon' }, (wait) => wait === 250],
    ['no number', { 'retry-after': 'NaN' }, (wait) => wait === 250],
  ];
  it.each(retried)('%s: tried again', async (_, headers, isRight) => {
    const { model, waits } = await connect([{ status: 429, headers }, { content: [text('Here.')] }]);
    expect((await respond(model)).turn?.text).toBe('Here.');
    expect(waits).toHaveLength(1);
    expect(waits[0]).toSatisfy(isRight);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['absent, as where a budget is spent', {}, /^Wait a while/],
    ['huge', { 'retry-after': '4000' }, /^It asks to wait 1 h 6 m/],
    ['endless', { 'retry-after': '1e999' }, /^Wait a while/],
    ['far ahead', { 'retry-after': 'Fri, 01 Jan 2100 00:00:00 GMT' }, /^It asks to wait \d+ d/],
    ['forbidden', { 'retry-after': '1', 'x-should-retry': 'false' }, /^Wait a while/],
  ])('%s: fails at once and says how long', async (_, headers, hint) => {
    const { model, waits } = await connect([{ status: 429, headers }]);
    const fault = { code: 'model_rate_limited', hint: expect.stringMatching(hint) };
    await expect(respond(model)).rejects.toMatchObject(fault);
    expect(waits).toEqual([]);
  });

  it('never waits for more than half a minute in all', async () => {
    const later: Reply = { status: 429, headers: { 'retry-after': '20' } };
    const { model, waits } = await connect([later, later]);
    await expect(respond(model)).rejects.toMatchObject({ code: 'model_rate_limited' });
    expect(waits).toEqual([20_000]);
  });
});

describe('a reply that is none', () => {
  it.each(['<html>Sign in</html>', ''])('%j with status 200 is said at once', async (html) => {
    const { model, waits } = await connect([{ html }]);
    await expect(respond(model)).rejects.toMatchObject({
      code: 'bad_reply',
      retryable: false,
      hint: expect.stringContaining('ANTHROPIC_BASE_URL'),
    });
    expect(waits).toEqual([]);
  });

  it('of only a thought is an answer from the findings, or none, and can be followed up', async () => {
    const thought: Reply = { content: [thinking('nothing to say')] };
    const { model } = await connect([
      { content: [toolUse('t1', 'rank', { n: 0.5 })] },
      thought,
      { content: [text('As I said.')] },
      thought,
    ]);
    const { answer, conversation } = await askOnce(createDeps(model, [rank]));
    expect(answer).toMatchObject({ status: 'answered', text: 'These are the runs.' });
    // The server refuses a reply that ends in a thought, and one without words.
    const next = await askOnce(createDeps(model, [rank]), 'And?', conversation);
    expect(next.answer.text).toMatch(/As I said\.$/);
    const { answer: empty } = await askOnce(createDeps(model, [rank]));
    expect(empty).toMatchObject({ status: 'error', error: { code: 'bad_reply' } });
  });
});

describe('a connection', () => {
  async function listen(server: Server): Promise<string> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push({ close: () => new Promise((resolve) => server.close(resolve)) });
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async function findClosedPort(): Promise<string> {
    const address = await listen(createServer());
    await open.pop()?.close();
    return `http://${address}`;
  }

  it.each([
    ['that is refused', undefined, /ECONNREFUSED 127\.0\.0\.1:\d+/],
    ['to a name that is unknown', 'http://nowhere.invalid', /(?:ENOTFOUND|EAI_AGAIN) nowhere\.invalid/],
  ])('%s is tried three times, and names what failed', async (_, given, said) => {
    const url = given ?? (await findClosedPort());
    const waits: number[] = [];
    const model = createModel(url, waits);
    await expect(respond(model)).rejects.toMatchObject({
      code: 'model_unreachable',
      message: expect.stringMatching(said),
      hint: expect.stringContaining('ANTHROPIC_BASE_URL'),
    });
    expect(waits).toHaveLength(2);
  });

  it('without TLS where it was asked for is not tried again', async () => {
    const plain = await listen(createServer((_, response) => response.end('hello')));
    const waits: number[] = [];
    await expect(respond(createModel(`https://${plain}`, waits))).rejects.toMatchObject({
      code: 'model_unreachable',
      retryable: false,
      message: expect.stringContaining('not secure'),
    });
    expect(waits).toEqual([]);
  });

  it.each([301, 302, 307, 308])('that is redirected (%i) takes neither key nor question along', async (status) => {
    const reached: string[] = [];
    const elsewhere = await listen(
      createServer((request, response) => {
        reached.push(String(request.url));
        response.end();
      }),
    );
    const { model, waits } = await connect([{ status, headers: { location: `http://${elsewhere}/v1/messages` } }]);
    await expect(respond(model)).rejects.toMatchObject({
      code: 'model_unreachable',
      retryable: false,
      message: expect.stringContaining('sends on'),
    });
    expect([reached, waits]).toEqual([[], []]);
  });
});
