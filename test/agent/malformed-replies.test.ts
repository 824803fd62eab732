/** Replies that are not as the Messages API has them: each is a fault of the model's in one line, and the talk goes on. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OWN_WORDS } from '../../src/agent/answer.ts';
import { createConversation } from '../../src/agent/conversation/conversation.ts';
import { createAnthropicModel } from '../../src/agent/models/anthropic.ts';
import { createAutoModel } from '../../src/agent/models/auto.ts';
import { createScriptedModel } from '../../src/agent/models/scripted.ts';
import { exitCodeOfAnswer } from '../../src/surfaces/shared/exit-codes.ts';
import {
  eventsFor,
  type MessagesApi,
  type Reply,
  STREAM,
  startMessagesApi,
  text,
  toolUse,
} from '../support/messages-api.ts';
import { askOnce, createDeps, createTool, scoreBody } from './doubles.ts';

const rank = createTool('rank', async (n) => scoreBody(n));
const RANK = toolUse('t1', 'rank', { n: 0.5 });
const HELLO: Reply = { content: [text('Hello.')] };
// Nothing stands behind it.
const shown = (words: string) => `${OWN_WORDS}\n\n${words}`;
const SHOWN = shown('Hello.');

let api: MessagesApi;
let url: string;
let replies: Reply[];
beforeAll(async () => {
  api = await startMessagesApi(() => replies.shift() ?? HELLO);
  url = api.url;
});
afterAll(() => api.close());

const createClaude = () =>
  createAnthropicModel({ apiKey: 'sk-test', baseUrl: url, portable: false, sleep: async () => {}, idleMs: 5_000 });

async function ask(...script: Reply[]) {
  replies = script;
  const conversation = createConversation();
  const deps = createDeps(createClaude(), [rank]);
  const { answer, events } = await askOnce(deps, 'Which?', conversation);
  replies = [];
  const next = await askOnce(deps, 'And now?', conversation);
  return { answer, events, next: next.answer };
}

const START = { type: 'message_start', message: { role: 'assistant', content: [], usage: { input_tokens: 1 } } };
const STOP = [{ type: 'message_delta', delta: { stop_reason: 'end_turn' } }, { type: 'message_stop' }];
const begin = (block: unknown, index: unknown = 0) => ({ type: 'content_block_start', index, content_block: block });
const grow = (delta: unknown, index: unknown = 0) => ({ type: 'content_block_delta', index, delta });
const words = (more: unknown) => grow({ type: 'text_delta', text: more });
const TEXT = begin({ type: 'text', text: '' });
const end = (index: unknown = 0) => ({ type: 'content_block_stop', index });
/** A reply with these events inside. */
const around = (...events: unknown[]) => [START, ...events, ...STOP];
const usage = (counts: unknown) => [{ ...START, message: { usage: counts } }, TEXT, words('Hi.'), end(), ...STOP];

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

const INDEX = /content_block_(?:start|delta|stop)\.index: /;
const MALFORMED: readonly (readonly [name: string, events: readonly unknown[], said: RegExp])[] = [
  ['no index', around({ type: 'content_block_start', content_block: { type: 'text' } }), INDEX],
  ...[-1, 1.5, 200, 1e9, 4_294_967_295, null, '__proto__', 'length', '0', {}, []].map(
    (index) => [`index ${JSON.stringify(index)}`, around(begin({ type: 'text' }, index)), INDEX] as const,
  ),
  ...[null, undefined, 'x', 5, [], {}, { type: null }, { type: {} }].map(
    (block) => [`block ${JSON.stringify(block)}`, around(begin(block)), /content_block_start\.content_block/] as const,
  ),
  ...[
    { type: 'text', text: { toString: 1 } },
    { type: 'text', text: 5 },
    { type: 'thinking', thinking: { toString: 1 } },
    { type: 'thinking', thinking: '', signature: {} },
    { type: 'tool_use', name: { toString: 1, valueOf: 1 } },
    { type: 'tool_use', name: 'rank', id: {} },
    { type: 'tool_use', name: 'rank', partial_json: { toString: 1 } },
    { type: 'tool_use', name: 'r'.repeat(201) },
  ].map(
    (block) => [`block ${JSON.stringify(block).slice(0, 60)}`, around(begin(block)), /content_block\.\w+: /] as const,
  ),
  ['a call of no tool', around(begin({ type: 'tool_use', id: 't' })), /block 0 is a call of no tool/],
  ...[null, undefined, 'x', {}, { type: null }].map(
    (delta) => [`delta ${JSON.stringify(delta)}`, around(TEXT, grow(delta)), /content_block_delta\.delta/] as const,
  ),
  ...[null, undefined, 5, {}, ['a'], { toString: 1 }].map(
    (more) => [`words ${JSON.stringify(more)}`, around(TEXT, words(more)), /delta\.text: .*string/] as const,
  ),
  ['words in a block that never began', around(words('hi')), /text_delta for block 0, which is not open/],
  ['words in a block that has ended', around(TEXT, end(), words('hi')), /text_delta for block 0, which is not open/],
  ['a block that begins twice', around(TEXT, words('a'), end(), TEXT), /block 0 begins twice/],
  [
    'input in a text',
    around(TEXT, grow({ type: 'input_json_delta', partial_json: '{}' })),
    /input_json_delta in a block of type text/,
  ],
  ['words in a call', around(begin({ type: 'tool_use', name: 'rank' }), words('hi')), /text_delta in a block of type/],
  ...[null, 5, [], {}, { type: null }].map(
    (event) =>
      [`event ${JSON.stringify(event)}`, around(`event: x\ndata: ${JSON.stringify(event)}\n\n`), /no type/] as const,
  ),
  ['a message_start of nothing', [{ type: 'message_start' }], /message_start\.message/],
  ['a second message_start', [START, START, ...STOP], /a second message_start/],
  ...[{}, 5, ['end_turn'], true].map(
    (reason) =>
      [
        `stop reason ${JSON.stringify(reason)}`,
        [START, { type: 'message_delta', delta: { stop_reason: reason } }, { type: 'message_stop' }],
        /message_delta\.delta\.stop_reason/,
      ] as const,
  ),
  ...[{ input_tokens: -1e9 }, { output_tokens: 1e308 }, { input_tokens: '9' }, { output_tokens: {} }, 'x', 5].map(
    (counts) => [`usage ${JSON.stringify(counts)}`, usage(counts), /message_start\.message\.usage/] as const,
  ),
  [
    'an event nested 5,000 deep',
    around(`event: x\ndata: {"type":"message_stop","x":${nested(5_000)}}\n\n`),
    /nested more than 50 levels deep/,
  ],
];

describe('a reply with', () => {
  it.each(MALFORMED)('%s', async (_, events, said) => {
    const { answer, next } = await ask({ events });
    expect(answer).toMatchObject({
      status: 'error',
      error: { code: 'bad_reply', source: 'model', retryable: false, message: expect.stringMatching(said) },
    });
    expect(answer.text).toMatch(
      /^claude-sonnet-5-5 sent a reply that cannot be read \([^\n]{1,200}\)\. Check that .*--model offline`\.$/,
    );
    expect(exitCodeOfAnswer(answer)).toBe(7);
    expect(next.text).toBe(SHOWN);
  });
});

describe('what is no fault', () => {
  const hi = [TEXT, words('Hi.'), end()];
  it.each<readonly [string, readonly unknown[]]>([
    ['events of types that are not known', around({ type: 'toString' }, { type: '__proto__', x: 1 }, ...hi)],
    ['deltas of types that are not known', around(TEXT, grow({ type: '__proto__', x: 1 }), words('Hi.'), end())],
    ['the end of a block that never began', around(end(7), ...hi)],
    ['a block that is not ended', around(TEXT, words('Hi.'))],
    ['a second message_stop', [...around(...hi), ...STOP]],
    [
      'words behind the end',
      [...around(...hi), begin({ type: 'text', text: 'LATE' }, 1), words('LATE'), { type: 'x' }],
    ],
    ['no usage', [{ type: 'message_start', message: {} }, ...hi, ...STOP]],
    ['usage of nothing', usage(null)],
    ['a mark of the bytes’ order, comments and other line ends', ['\ufeff: hi\r\n', ...around(...hi)]],
    ['a mark of the end as others write it', [...around(...hi), 'data: [DONE]\n\n']],
  ])('%s', async (_, events) => {
    const { answer } = await ask({ events });
    expect(answer).toMatchObject({ status: 'unsupported', text: shown('Hi.') });
  });

  it('a pause that is none of the server’s own: it is an end', async () => {
    const { answer } = await ask({ content: [text('Hm.')], stop: 'pause_turn' });
    expect(answer).toMatchObject({ text: shown('Hm.'), usage: { requests: 1 } });
    expect(answer.warnings[0]).toMatch(/^The answer was cut off/);
    expect(api.complaints).toEqual([]);
  });

  it('a server that does not hang up at the end of a reply', async () => {
    const open: Reply = {
      raw: (response) => {
        response.writeHead(200, STREAM);
        for (const event of around(...hi)) response.write(`event: e\ndata: ${JSON.stringify(event)}\n\n`);
      },
    };
    const began = performance.now();
    const { answer } = await ask(open);
    expect(answer.text).toBe(shown('Hi.'));
    expect(performance.now() - began).toBeLessThan(3_000);
  });
});

describe('a call', () => {
  const refused = async (name: string, input: unknown) => {
    const json = typeof input === 'string' ? input : JSON.stringify(input);
    const call = [
      begin({ type: 'tool_use', id: 't1', name }),
      grow({ type: 'input_json_delta', partial_json: json }),
      end(),
    ];
    const asked = { type: 'message_delta', delta: { stop_reason: 'tool_use' } };
    const { answer, events } = await ask({ events: [START, ...call, asked, { type: 'message_stop' }] });
    // What is sent back of it is taken, and the model goes on.
    expect(answer).toMatchObject({ text: SHOWN, findings: [] });
    return events.flatMap((event) => (event.type === 'tool-end' ? [event.failure] : []));
  };

  it.each([5_000, 90_000])('with input nested %i deep is refused, and can be mended', async (depth) => {
    expect(await refused('rank', `{"n":${nested(depth)}}`)).toMatchObject([{ code: 'invalid_input' }]);
  });

  it.each(['null', '5', '"x"', '[]', '{', '{"__proto__":{"n":0.5}}', `{"n":{"a":1}}`])(
    'with input %s',
    async (input) => {
      expect(await refused('rank', input)).toMatchObject([{ code: 'invalid_input' }]);
    },
  );

  it('with thousands of fields that are not known is refused in a few words', async () => {
    const fields = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`field${n}`, n]));
    const [failure] = await refused('rank', fields);
    expect(failure?.message.length).toBeLessThan(2_100);
  });

  it.each(['__proto__', 'toString', ' ', '../x', '\u001b[31m', 'RANK', 'r'.repeat(200)])('of %j', async (name) => {
    expect(await refused(name, {})).toMatchObject([{ code: 'unknown_tool' }]);
  });

  it('is run where it has the id of another, or none', async () => {
    const same = [0.1, 0.2, 0.3].map((n) => toolUse('t', 'rank', { n }));
    const { answer } = await ask({ content: same }, { content: [text('0.1')] });
    expect(answer.findings).toHaveLength(3);
    const none: Reply = { content: [{ type: 'tool_use', name: 'rank', input: { n: 0.4 } }] };
    expect((await ask(none, { content: [text('0.4')] })).answer.findings).toHaveLength(1);
  });

  it('that is not ended is run with what was said of it, or refused', async () => {
    const call = begin({ type: 'tool_use', id: 't', name: 'rank', input: {} });
    const json = (piece: string) => grow({ type: 'input_json_delta', partial_json: piece });
    const asked = { type: 'message_delta', delta: { stop_reason: 'tool_use' } };
    const whole = await ask({ events: [START, call, json('{"n":0.5}'), asked, { type: 'message_stop' }] });
    expect(whole.answer.findings[0]?.input).toEqual({ n: 0.5 });
    const cut = await ask({ events: [START, call, json('{"n":0.'), asked, { type: 'message_stop' }] });
    expect(cut.answer.findings).toEqual([]);
  });
});

describe('a status', () => {
  const send = (status: number, body: string, headers = {}): Reply => ({
    raw: (response) => response.writeHead(status, headers).end(body),
  });
  const error = (message: unknown, type: unknown = 'x') => JSON.stringify({ type: 'error', error: { type, message } });

  it.each([600, 999])('%i is none', async (status) => {
    const { answer, next } = await ask(send(status, 'hello'));
    expect(answer.error).toMatchObject({ code: 'bad_reply', source: 'model' });
    expect(answer.error?.message).toContain(`(HTTP ${status})`);
    expect(next.text).toBe(SHOWN);
  });

  it.each<readonly [string, string, string]>([
    ['an error', error('prompt too odd'), ': "prompt too odd" (HTTP 400).'],
    [
      'an error of an odd shape',
      error({ a: 1 }, {}),
      `: "{'type':'error','error':{'type':{},'message':{'a':1}}}" (HTTP 400).`,
    ],
    ['an error of nothing', 'null', ': "null" (HTTP 400).'],
    ['an error nested deep', '['.repeat(30_000), `: "${'['.repeat(300)}…" (HTTP 400).`],
    ['controls', error('a\u001b[31m\u009b\u202e\u200b\n\n"b` c'), `: "a [31m 'b' c" (HTTP 400).`],
    ['a proxy’s page', '<!doctype html><p>Sign in: 0.9911', ' (HTTP 400).'],
    ['much', error('x'.repeat(50_000)), `: "${'x'.repeat(300)}…" (HTTP 400).`],
  ])('comes with %s: short, quoted and the model’s fault', async (_, body, said) => {
    const { answer } = await ask(send(400, body));
    expect(answer.error?.message).toBe(`The model refused the request${said}`);
    expect(answer.error?.source).toBe('model');
  });

  it('with an id of another shape is told without it', async () => {
    const { answer } = await ask(send(400, error('no'), { 'request-id': 'a'.repeat(500) }));
    expect(answer.error?.message).toBe('The model refused the request: "no" (HTTP 400).');
    expect(answer.error?.requestId).toBeUndefined();
  });

  it.each([
    ['null', null],
    ['an odd type', { type: {}, message: {} }],
    ['an odd message', { type: 'api_error', message: ['a'] }],
  ])('in mid-stream with %s is a fault', async (_, inside) => {
    const broken: Reply = { events: [START, { type: 'error', error: inside }] };
    const { answer, next } = await ask(broken, broken, broken);
    expect(answer.error?.source).toBe('model');
    expect(next.text).toBe(SHOWN);
  });
});

describe('with an offline reader beside it, a malformed reply', () => {
  const LOST = { text: 'Not understood.', verdict: { status: 'cannot', reason: 'not-understood' } } as const;

  it.each(MALFORMED.filter((_, index) => index % 9 === 0))(
    'with %s gives its words, and why in one line',
    async (_, events) => {
      replies = [{ events }];
      const offline = createScriptedModel([LOST, LOST], { name: 'offline' });
      const { answer } = await askOnce(createDeps(createAutoModel(offline, createClaude()), [rank]));
      expect(answer).toMatchObject({ status: 'cannot', text: 'Not understood.', error: undefined });
      expect(answer.warnings).toEqual([
        expect.stringMatching(/^claude-sonnet-5-5 could not be asked: [^\n]+ cannot be read [^\n]+$/),
      ]);
    },
  );

  it('behind a finding leaves the finding', async () => {
    replies = [{ content: [RANK] }, { events: around(begin(null)) }];
    const offline = createScriptedModel([LOST, LOST], { name: 'offline' });
    const { answer } = await askOnce(createDeps(createAutoModel(offline, createClaude()), [rank]));
    expect(answer.findings).toHaveLength(1);
    expect(answer.warnings).toHaveLength(1);
  });
});

it('whatever is whole is read as before', async () => {
  const { answer } = await ask({ events: eventsFor([text('Hi.')]) });
  expect(answer.text).toBe(shown('Hi.'));
});
