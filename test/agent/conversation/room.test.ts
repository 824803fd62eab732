/** A conversation that outgrows the model: the oldest detail goes first, every call keeps its answer, and it ends. */
import { afterEach, expect, it } from 'vitest';
import { createConversation } from '../../../src/agent/conversation/conversation.ts';
import { estimateTokens, fitMessages } from '../../../src/agent/conversation/room.ts';
import { DEFAULT_LIMITS } from '../../../src/agent/limits.ts';
import { createAnthropicModel } from '../../../src/agent/models/anthropic.ts';
import type { Message, ModelTurn } from '../../../src/agent/models/model.ts';
import { type MessagesApi, type Reply, startMessagesApi, text, toolUse } from '../../support/messages-api.ts';
import { askOnce, createDeps, createFinding, createTool, NO_USAGE, scoreBody } from '../doubles.ts';

const rank = createTool('rank', async (n) => scoreBody(n));
const FULL: Reply = { content: [], stop: 'model_context_window_exceeded' };

let api: MessagesApi | undefined;
afterEach(async () => {
  const closing = api?.close();
  api = undefined;
  await closing;
});

/** What each finding is for the model: longer than the line that stands for it. */
const toolText = () => 'A long result. '.repeat(40);

async function connect(script: readonly Reply[]) {
  api = await startMessagesApi(script);
  const model = createAnthropicModel({ apiKey: 'k', baseUrl: api.url, portable: false, sleep: async () => {} });
  return { deps: createDeps(model, [rank], { toolText }), requests: api.requests };
}

const ASK_TWO: Reply = { content: [toolUse('t', 'rank', { n: 0.5 }), toolUse('t', 'rank', { n: 0.25 })] };
const STUB = /^\(#\d+: left out to save space; call the tool again if it is needed\)$/;
/** Each result that was sent: `short` or `whole`. */
const sentResults = (request: { readonly body: MessagesApi['requests'][number]['body'] } | undefined) =>
  (request?.body.messages ?? []).flatMap(({ content }) =>
    content.flatMap((block) =>
      block.type === 'tool_result' ? [STUB.test(String(block.content)) ? 'short' : 'whole'] : [],
    ),
  );

it.each<[string, Reply]>([
  ['a stop reason', FULL],
  ['a stop reason in mid-text', { content: [text('It is')], stop: 'model_context_window_exceeded' }],
  [
    'a 400 of Anthropic',
    { status: 400, type: 'invalid_request_error', message: 'prompt is too long: 210000 tokens > 200000 maximum' },
  ],
  [
    'a 400 about both ends',
    { status: 400, message: 'input length and `max_tokens` exceed context limit: 190000 + 16000 > 200000' },
  ],
  ['a 400 of llama.cpp', { status: 400, message: 'the request exceeds the available context size. try increasing it' }],
  [
    'a 400 of vLLM',
    { status: 400, message: "This model's maximum context length is 4096 tokens. However, you requested 5000" },
  ],
  ['a 413', { status: 413, type: 'request_too_large', message: 'Request exceeds the maximum size' }],
])('by %s: old results become a line each, and the question is answered', async (_, full) => {
  const { deps, requests } = await connect([
    ASK_TWO,
    { content: [text('0.5')] },
    ASK_TWO,
    { content: [text('0.5')] },
    full,
    { content: [text('Still 0.5.')] },
    { content: [text('And still.')] },
  ]);
  const conversation = createConversation();
  for (const question of ['Which?', 'And now?']) await askOnce(deps, question, conversation);
  const { answer, events } = await askOnce(deps, 'Again?', conversation);
  expect(answer).toMatchObject({ status: 'answered', text: 'Still 0.5.', usage: { requests: 2 } });
  expect(sentResults(requests[4])).toEqual(['whole', 'whole', 'whole', 'whole']);
  expect(sentResults(requests[5])).toEqual(['short', 'short', 'short', 'whole']);
  const words = events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : [])).join('');
  expect(words.includes('interrupted')).toBe('content' in full && full.content.length > 0);
  // What fitted once is known for the rest of the conversation; what was said stays in it.
  await askOnce(deps, 'And again?', conversation);
  expect(sentResults(requests[6])).toEqual(['short', 'short', 'short', 'whole']);
  expect(JSON.stringify(conversation.messages)).not.toContain('left out');
});

it('oldest questions go when results are not enough, and at last it is said', async () => {
  const { deps, requests } = await connect([{ content: [text('Yes.')] }, FULL, FULL]);
  const conversation = createConversation();
  await askOnce(deps, `${'An old question. '.repeat(50)}?`, conversation);
  const { answer } = await askOnce(deps, 'A new one?', conversation);
  expect(answer).toMatchObject({
    status: 'error',
    error: { code: 'model_refused_request', hint: 'Start a new conversation.' },
  });
  expect(requests.map(({ body }) => JSON.stringify(body.messages).includes('old'))).toEqual([true, true, false]);
  expect(conversation.messages).toHaveLength(2);
});

it('a first question that does not fit is said to be too much', async () => {
  const { deps } = await connect([FULL]);
  const { answer } = await askOnce(deps);
  expect(answer.error?.hint).toBe('Ask for less at once, or ask with `--model offline`.');
});

it('a long conversation is cut before the model complains', async () => {
  const { deps, requests } = await connect([ASK_TWO, { content: [text('0.5')] }, { content: [text('0.5')] }]);
  const limits = { ...DEFAULT_LIMITS, contextTokens: 300 };
  const conversation = createConversation();
  await askOnce({ ...deps, limits }, 'Which?', conversation);
  await askOnce({ ...deps, limits }, 'And now?', conversation);
  expect(sentResults(requests[2])).toEqual(['short', 'whole']);
});

it('cuts no more than it must, and nothing where all fits', () => {
  const turn: ModelTurn = { model: 'm', text: '', calls: [], stop: 'tools', usage: NO_USAGE };
  const result = (n: number) => ({
    callId: `${n}`,
    text: 'x'.repeat(3000),
    outcome: { ok: true as const, finding: createFinding(scoreBody(), `#${n}`) },
  });
  const messages: Message[] = [1, 2, 3].flatMap((n): Message[] => [
    { role: 'user', text: `question ${n}` },
    { role: 'assistant', turn },
    { role: 'tools', results: [result(n)] },
  ]);
  expect(fitMessages(messages, 10_000)).toBe(messages);
  const fitted = fitMessages(messages, 2_500);
  expect(estimateTokens(fitted)).toBeLessThanOrEqual(2_500);
  expect(fitted.map((message) => (message.role === 'tools' ? message.results[0]?.text.length : 0))).toEqual([
    0, 0, 65, 0, 0, 3000, 0, 0, 3000,
  ]);
  // The present question and its newest result stay, whatever there is room for.
  expect(fitMessages(messages, 1)).toEqual(messages.slice(6));
});
