/** Replies without end: given up at a limit that is said, in little memory, while the loop stays free for everything else. */
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OWN_WORDS } from '../../src/agent/answer.ts';
import { LONGEST_TEXT } from '../../src/agent/check/check-text.ts';
import { createConversation } from '../../src/agent/conversation/conversation.ts';
import { DEFAULT_LIMITS } from '../../src/agent/limits.ts';
import { createAnthropicModel } from '../../src/agent/models/anthropic.ts';
import { type Strain, watchLoop } from '../support/loop-watch.ts';
import { frame, type MessagesApi, type Reply, STREAM, startMessagesApi } from '../support/messages-api.ts';
import { askOnce, createDeps } from './doubles.ts';

let api: MessagesApi;
let reply: Reply;
beforeAll(async () => {
  api = await startMessagesApi(() => reply);
});
afterAll(() => api.close());

function ask(endless: Reply, questionMs = 30_000, signal?: AbortSignal) {
  reply = endless;
  const model = createAnthropicModel({ apiKey: 'k', baseUrl: api.url, portable: false, sleep: async () => {} });
  const limits = { ...DEFAULT_LIMITS, questionMs, closingMs: 300 };
  return askOnce(createDeps(model, [], { limits }), 'Which?', createConversation(), signal);
}

/** Sends what `next` gives, as fast as it is taken, until the client has gone. */
async function pour(response: ServerResponse, next: (n: number) => string, status = 200): Promise<void> {
  response.setMaxListeners(0).writeHead(status, STREAM);
  for (let n = 0; !response.destroyed; n++) {
    if (response.write(next(n))) continue;
    await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
  }
}
const endless = (next: (n: number) => string): Reply => ({ raw: (response) => pour(response, next) });

async function watched<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly strain: Strain }> {
  const watch = watchLoop();
  const result = await work();
  return { result, strain: watch.stop() };
}

const START = frame({ type: 'message_start', message: {} });
const begin = (block: object, index = 0) => frame({ type: 'content_block_start', index, content_block: block });
const grow = (delta: object) => frame({ type: 'content_block_delta', index: 0, delta });
const behind =
  (first: string, more: string | ((n: number) => string)) =>
  (n: number): string =>
    n === 0 ? START + first : typeof more === 'string' ? many(more) : more(n);
/** So much at once as a fast server sends. */
const many = (piece: string): string => piece.repeat(Math.ceil(16_000 / piece.length));

const TEXT = begin({ type: 'text' });
const THOUGHT = begin({ type: 'thinking' });
const CALL = begin({ type: 'tool_use', name: 'rank' });
const MB = 1 << 20;
const FLOODS: readonly (readonly [what: string, next: (n: number) => string, said: RegExp])[] = [
  ['text', behind(TEXT, grow({ type: 'text_delta', text: 'word '.repeat(200) })), /200000 characters of text/],
  ['text, a letter at a time', behind(TEXT, grow({ type: 'text_delta', text: 'a' })), /4 MB/],
  [
    'thought',
    behind(THOUGHT, grow({ type: 'thinking_delta', thinking: 'hm '.repeat(400) })),
    /300000 characters of thinking/,
  ],
  ['signature', behind(THOUGHT, grow({ type: 'signature_delta', signature: 's'.repeat(900) })), /300000 characters/],
  [
    'input of a call',
    behind(CALL, grow({ type: 'input_json_delta', partial_json: '"a",'.repeat(99) })),
    /200000 .* tool input/,
  ],
  ['blocks', behind('', (n) => begin({ type: 'text', text: 'a' }, n)), /content_block_start\.index/],
  ['calls', behind('', (n) => begin({ type: 'tool_use', name: 'rank', id: 't' }, n)), /content_block_start\.index/],
  ['a call of one long input', behind('', begin({ type: 'tool_use', name: 'a', input: 'x'.repeat(MB) })), /tool input/],
  ['pings', () => many(frame({ type: 'ping' })), /4 MB/],
  ['events of an unknown type', () => many(frame({ type: 'x' })), /4 MB/],
  ['comments', () => many(': c\n\n'), /4 MB/],
  ['one line', behind('data: ', 'a'.repeat(MB)), /4 MB/],
  ['one event of many lines', behind('event: x\n', 'data: a\n'), /4 MB/],
  ['carriage returns', behind('', '\r'.repeat(1000)), /4 MB/],
  ['the beginnings of lists', behind('event: x\ndata: ', '['.repeat(MB)), /4 MB/],
  ['a page', () => '<p>'.repeat(MB / 8), /4 MB/],
];

describe('a reply of endless', () => {
  // What is loaded at the first question is not the reply's.
  beforeAll(() => ask(endless(FLOODS[0]![1])));

  it.each(FLOODS)('%s', async (_, next, said) => {
    const { result, strain } = await watched(() => ask(endless(next)));
    expect(result.answer).toMatchObject({
      status: 'error',
      error: { code: 'bad_reply', source: 'model', message: expect.stringMatching(said) },
    });
    expect(strain.longestMs).toBeLessThan(250);
    expect(strain.rss).toBeLessThan(512 * MB);
  });

  it('zeros, packed', async () => {
    const bomb = gzipSync(Buffer.alloc(100 * MB));
    const packed: Reply = {
      raw: (response) => response.writeHead(200, { ...STREAM, 'content-encoding': 'gzip' }).end(bomb),
    };
    const { result, strain } = await watched(() => ask(packed));
    expect(result.answer.error?.message).toMatch(/more than 4 MB in one reply/);
    expect(strain.longestMs).toBeLessThan(250);
    expect(strain.rss).toBeLessThan(512 * MB);
  });

  it('refusal is read in part', async () => {
    const refusal: Reply = { raw: (response) => pour(response, () => 'a'.repeat(MB), 400) };
    const { result, strain } = await watched(() => ask(refusal));
    expect(result.answer.error?.message).toBe(
      `The model refused the request: "${'a'.repeat(300)}…" (HTTP 400, request req_test).`,
    );
    expect(strain.rss).toBeLessThan(512 * MB);
  });
});

describe('a reply that drips', () => {
  const drip = (piece: string): Reply => ({
    raw: (response) => {
      response.writeHead(200, STREAM).write(START + TEXT);
      const timer = setInterval(() => response.write(piece), 50);
      response.on('close', () => clearInterval(timer));
    },
  });

  it.each<[string, Reply]>([
    ['words', drip(grow({ type: 'text_delta', text: 'word ' }))],
    ['pings', drip(frame({ type: 'ping' }))],
    ['a byte at a time, though as fast as it can', endless((n) => (n === 0 ? START : 'a'))],
  ])('%s ends with the time of the question', async (_, reply) => {
    const began = performance.now();
    const { result, strain } = await watched(() => ask(reply, 900));
    expect(performance.now() - began).toBeLessThan(1_900);
    expect(result.answer).toMatchObject({ status: 'error', error: { code: 'limit_reached' } });
    expect(result.answer.text).toContain('Stopped at the time limit of 0.9 s');
    expect(strain.longestMs).toBeLessThan(250);
  });

  it('is left when the question is cancelled', async () => {
    const cancel = new AbortController();
    const asking = ask(drip(grow({ type: 'text_delta', text: 'word ' })), 30_000, cancel.signal);
    setTimeout(() => cancel.abort(new Error('cancelled')), 300);
    const began = performance.now();
    await expect(asking).rejects.toThrow('cancelled');
    expect(performance.now() - began).toBeLessThan(800);
    await api.requests.at(-1)?.abandoned;
  });
});

it('the longest reply that is no fault is an answer, as far as it is checked', async () => {
  reply = {
    events: [
      START,
      TEXT,
      grow({ type: 'text_delta', text: 'word '.repeat(39_900) }),
      frame({ type: 'message_delta', delta: { stop_reason: 'end_turn' } }),
      frame({ type: 'message_stop' }),
    ],
  };
  const { result, strain } = await watched(() => ask(reply));
  expect(result.answer.text).toBe(`${OWN_WORDS}\n\n${'word '.repeat(LONGEST_TEXT / 5).trimEnd()}`);
  expect(result.answer.warnings).toEqual([
    'The reply was too long to be checked: its last 167,500 characters are left out. Ask for less at once.',
  ]);
  expect(strain.longestMs).toBeLessThan(250);
});
