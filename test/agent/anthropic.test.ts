import { afterEach, describe, expect, it } from 'vitest';
import { createConversation } from '../../src/agent/conversation/conversation.ts';
import { type AnthropicOptions, createAnthropicModel } from '../../src/agent/models/anthropic.ts';
import type { Message, ModelEvent, ModelTurn } from '../../src/agent/models/model.ts';
import { type MessagesApi, type Reply, startMessagesApi, text, thinking, toolUse } from '../support/messages-api.ts';
import { askOnce, createDeps, createFinding, createTool, NO_USAGE, scoreBody } from './doubles.ts';

const QUESTION: Message = { role: 'user', text: 'Which run is best?' };
const SPEC = { name: 'rank', description: 'Ranks.', inputSchema: { type: 'object' } };

let api: MessagesApi | undefined;
afterEach(async () => {
  const closing = api?.close();
  api = undefined;
  await closing;
});

async function connect(
  script: readonly Reply[],
  options: AnthropicOptions = {},
  server: Parameters<typeof startMessagesApi>[1] = {},
) {
  api = await startMessagesApi(script, server);
  const waits: number[] = [];
  const model = createAnthropicModel({
    apiKey: 'sk-test',
    baseUrl: api.url,
    portable: false,
    facts: () => 'Today: 2026-11-20',
    random: () => 0.5,
    sleep: async (ms) => void waits.push(ms),
    ...options,
  });
  return { model, waits, requests: api.requests };
}

async function respond(
  model: ReturnType<typeof createAnthropicModel>,
  messages: readonly Message[] = [QUESTION],
  signal = new AbortController().signal,
) {
  const events: ModelEvent[] = [];
  for await (const event of model.respond({ system: 'You are Runsight.', messages, tools: [SPEC] }, signal))
    events.push(event);
  const last = events.at(-1);
  if (last?.type !== 'turn') throw new Error('the last event is no turn');
  return { events, turn: last.turn };
}

const said = (events: readonly ModelEvent[], type: ModelEvent['type']) =>
  events.map((event) => (event.type === type && 'text' in event ? event.text : '')).join('');

describe('a request', () => {
  it('carries prompt, tools, facts and question, and marks what can be cached', async () => {
    const { model, requests } = await connect([{ content: [text('Hello.')] }]);
    await respond(model);
    const { headers, body } = requests[0]!;
    const cache_control = { type: 'ephemeral' };
    expect(headers.authorization).toBe('Bearer sk-test');
    expect(body).toMatchObject({
      model: 'claude-sonnet-5-5',
      stream: true,
      system: [{ type: 'text', text: 'You are Runsight.', cache_control }],
      tools: [{ name: 'rank', description: 'Ranks.', input_schema: { type: 'object' }, cache_control }],
      thinking: { type: 'adaptive', display: 'summarized' },
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Today: 2026-11-20' },
            { type: 'text', text: 'Which run is best?', cache_control },
          ],
        },
      ],
    });
  });

  it('to a server that only resembles the API holds what that knows, needs no key, ids or usage', async () => {
    const rank = createTool('rank', async (n) => scoreBody(n));
    const options = { apiKey: undefined, portable: undefined, model: 'qwen3' };
    const { model, requests } = await connect(
      [
        { content: [{ type: 'tool_use', name: 'rank', input: { n: 0.5 } }], bare: true },
        { content: [text('The best has 0.9.')] },
        { content: [text('The best has 0.5.')], bare: true },
        { content: [text('Once more: 0.5.')], bare: true },
      ],
      options,
      { portable: true },
    );
    const { answer, conversation } = await askOnce(createDeps(model, [rank]));
    expect(answer).toMatchObject({ status: 'answered', text: 'The best has 0.5.', usage: { model: 'qwen3' } });
    expect(answer.usage).toMatchObject({ costUsd: undefined, pricesAsOf: undefined });
    const next = await askOnce(createDeps(model, [rank]), 'Again?', conversation);
    expect(next.answer.text).toBe('Once more: 0.5.');
    expect(requests[0]?.headers).toMatchObject({ authorization: 'Bearer none' });
    expect(requests[0]?.headers).not.toHaveProperty('anthropic-beta');
  });

  it('says so when there is no key', async () => {
    const model = createAnthropicModel({});
    await expect(respond(model)).rejects.toMatchObject({
      code: 'no_key',
      hint: expect.stringContaining('ANTHROPIC_API_KEY'),
    });
  });

  it.each([
    ['claude-opus-5', true, true],
    ['claude-sonnet-5-5', true, true],
    ['claude-sonnet-5-5-20261001', true, true],
    ['claude-haiku-4-5', true, false],
    ['claude-opus-4-8-20260901', true, false],
    ['claude-mythos-preview', false, false],
    ['claude-sonnet-6', false, false],
    ['claude-3-7-sonnet-20250219', false, false],
  ])('to %s caches: %s, thinks: %s', async (name, caches, thinks) => {
    const { model, requests } = await connect([{ content: [text('Hello.')] }], { model: name });
    await respond(model);
    expect(JSON.stringify(requests[0]?.body).includes('cache_control')).toBe(caches);
    expect('thinking' in requests[0]!.body).toBe(thinks);
  });

  it('gives each call an id of its own, whoever wrote it, and each result that id', async () => {
    const { model, requests } = await connect([{ content: [text('Yes.')] }]);
    const ask = (...ids: string[]): Message[] => [
      QUESTION,
      {
        role: 'assistant',
        turn: {
          model: 'offline',
          text: '',
          calls: ids.map((id) => ({ id, name: 'rank', input: { n: 1 } })),
          stop: 'tools',
          usage: NO_USAGE,
          raw: { reading: 'of the offline model' },
        },
      },
      {
        role: 'tools',
        results: ids.map((callId) => ({
          callId,
          text: 'found',
          outcome: { ok: true, finding: createFinding(scoreBody()) },
        })),
      },
    ];
    await respond(model, [...ask('call-1'), ...ask('call-1', 'call-1', ''), ...ask('then:1'), QUESTION]);
    const ids = (key: string) =>
      requests[0]?.body.messages.flatMap(({ content }) => content.flatMap((block) => block[key] ?? []));
    expect(ids('id')).toEqual(['call-1', 'call-1_2', 'call-1_3', 'call', 'then_1']);
    expect(ids('tool_use_id')).toEqual(ids('id'));
  });

  it('rebuilds the turns of other models without their raw blocks, one message per role', async () => {
    const { model, requests } = await connect([{ content: [text('Yes.')] }]);
    const foreign: ModelTurn = {
      model: 'offline',
      text: '',
      calls: [{ id: 'o1', name: 'rank', input: { n: 1 } }],
      stop: 'tools',
      usage: NO_USAGE,
      raw: { provider: 'anthropic', model: 'claude-haiku-5-5', content: [thinking('secret')] },
    };
    const failure = { code: 'no_data', message: 'none', choices: [] } as const;
    const results = [{ callId: 'o1', text: 'none', outcome: { ok: false, failure } }] as const;
    await respond(model, [QUESTION, { role: 'assistant', turn: foreign }, { role: 'tools', results }, QUESTION]);
    expect(requests[0]?.body.messages.slice(1)).toMatchObject([
      { role: 'assistant', content: [{ type: 'tool_use', id: 'o1', name: 'rank', input: { n: 1 } }] },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'o1', content: 'none', is_error: true },
          { type: 'text', text: 'Which run is best?' },
        ],
      },
    ]);
    expect(requests[0]?.body.messages[1]?.content).toHaveLength(1);
  });
});

describe('a reply', () => {
  it('streams thoughts and words, then comes as one turn with its usage', async () => {
    const usage = { input_tokens: 7, output_tokens: 3, cache_read_input_tokens: 100, cache_creation_input_tokens: 20 };
    const { model } = await connect([{ content: [thinking('hm, hm'), text('It is run-017.')], usage }]);
    const { events, turn } = await respond(model);
    expect(said(events, 'thinking-delta')).toBe('hm, hm');
    expect(said(events, 'text-delta')).toBe('It is run-017.');
    expect(turn).toMatchObject({
      model: 'claude-sonnet-5-5',
      text: 'It is run-017.',
      calls: [],
      stop: 'end',
      usage: { inputTokens: 7, outputTokens: 3, cacheReadTokens: 100, cacheWriteTokens: 20, requests: 1 },
    });
  });

  it.each([
    ['stop_sequence', 'end'],
    ['max_tokens', 'max_tokens'],
    ['refusal', 'refusal'],
    ['model_context_window_exceeded', 'context_full'],
    ['something_new', 'end'],
  ])('that stops with %s is a turn that stops with %s', async (stop, expected) => {
    const { model } = await connect([{ content: stop === 'refusal' ? [] : [text('Hm.')], stop }]);
    expect((await respond(model)).turn.stop).toBe(expected);
  });

  it.each([['max_tokens'], ['something_new']])('whose call was cut off by %s does not ask for tools', async (stop) => {
    const { model } = await connect([{ content: [toolUse('t1', 'rank', '{"n": 1, "metr')], stop }]);
    expect((await respond(model)).turn.stop).toBe('max_tokens');
  });

  it('that pauses is continued at once', async () => {
    const search: Reply = {
      content: [text('Let me see.'), { type: 'server_tool_use', id: 's1', name: 'x', input: {} }],
      stop: 'pause_turn',
    };
    const { model, requests } = await connect([search, { content: [text('Done.')] }]);
    const { turn } = await respond(model);
    expect(turn).toMatchObject({ text: 'Let me see.\n\nDone.', stop: 'end', usage: { requests: 2 } });
    expect(requests[1]?.body.messages.at(-1)).toMatchObject({
      role: 'assistant',
      content: [{ type: 'text' }, { id: 's1' }],
    });
  });
});

describe('a fault', () => {
  it('that passes is not noticed, but its requests count', async () => {
    const { model, waits } = await connect([
      { status: 429, headers: { 'retry-after': '2' } },
      { status: 503 },
      { content: [text('Here.')] },
    ]);
    const { answer } = await askOnce(createDeps(model, []));
    expect(answer).toMatchObject({ text: expect.stringMatching(/\bHere\.$/), usage: { requests: 3 } });
    expect(waits).toEqual([2000, 500]);
  });

  it('of a reply without an end is tried again', async () => {
    const { model } = await connect([{ content: [], stop: null }, { content: [text('Here.')] }]);
    expect((await respond(model)).turn.text).toBe('Here.');
  });
});

describe('through the loop', () => {
  const rank = createTool('rank', async (n) => scoreBody(n));

  it('runs parallel tools, keeps thinking unchanged, and sends tools along when they are off', async () => {
    const { model, requests } = await connect([
      {
        content: [thinking('two at once'), toolUse('t1', 'rank', { n: 0.5 }), toolUse('t2', 'rank', { n: 0.25 })],
        usage: { input_tokens: 1000, output_tokens: 100 },
      },
      { content: [thinking('so'), text('The best has 0.9.')] },
      { content: [text('The best has 0.5.')] },
      { content: [text('The first question was about run-017.')] },
    ]);
    const conversation = createConversation();
    const { answer } = await askOnce(createDeps(model, [rank]), 'Which is best?', conversation);
    expect(answer).toMatchObject({ status: 'answered', text: 'The best has 0.5.', usage: { requests: 3 } });
    expect(answer.usage.costUsd).toBeCloseTo((1000 * 2 + 100 * 10 + 2 * (10 * 2 + 5 * 10)) / 1e6, 9);
    expect(requests[1]?.body.messages.at(-1)?.content).toMatchObject([
      { type: 'tool_result', tool_use_id: 't1' },
      { type: 'tool_result', tool_use_id: 't2', cache_control: { type: 'ephemeral' } },
    ]);
    expect(requests[2]?.body).toMatchObject({ tool_choice: { type: 'none' }, tools: [{ name: 'rank' }] });
    // The server refuses changed thinking and unanswered calls: the history is sound for the next question.
    const next = await askOnce(createDeps(model, [rank]), 'And what was the first?', conversation);
    expect(next.answer.status).toBe('answered');
  });

  it('keeps thoughts that cannot be read, sends them to their own model alone, and blank text to none', async () => {
    const redacted = { type: 'redacted_thinking', data: 'c2VjcmV0' };
    const { model, requests } = await connect([
      { content: [redacted, thinking('so'), text(' \n'), toolUse('t1', 'rank', { n: 0.5 })] },
      { content: [text('0.5')] },
    ]);
    const { conversation } = await askOnce(createDeps(model, [rank]));
    expect(requests[1]?.body.messages[1]?.content).toEqual([
      redacted,
      thinking('so'),
      toolUse('t1', 'rank', { n: 0.5 }),
    ]);
    const other = createAnthropicModel({ apiKey: 'k', baseUrl: api?.url, portable: false, model: 'claude-opus-5-5' });
    await askOnce(createDeps(other, [rank]), 'And?', conversation);
    expect(JSON.stringify(requests[2]?.body.messages)).not.toMatch(/thinking|so"/);
    expect(requests[2]?.body.messages.map(({ role }) => role)).toEqual([
      'user',
      'assistant',
      'user',
      'assistant',
      'user',
    ]);
  });

  it('lets a call whose JSON cannot be read be mended', async () => {
    const { model, requests } = await connect([
      { content: [toolUse('t1', 'rank', '{"n": oops}')], stop: 'tool_use' },
      { content: [toolUse('t2', 'rank', { n: 0.5 })] },
      { content: [text('0.5')] },
    ]);
    const { answer } = await askOnce(createDeps(model, [rank]));
    expect(answer).toMatchObject({ status: 'answered', text: '0.5' });
    expect(requests[1]?.body.messages.slice(1)).toMatchObject([
      { content: [{ id: 't1', input: {} }] },
      { content: [{ tool_use_id: 't1', is_error: true, content: expect.stringContaining('expected object') }] },
    ]);
  });

  it('never runs a call that was cut off', async () => {
    let runs = 0;
    const counted = createTool('rank', async () => {
      runs++;
      return scoreBody();
    });
    const { model, requests } = await connect([
      { content: [toolUse('t1', 'rank', '{"n": 1')], stop: 'max_tokens' },
      { content: [text('[cannot] It is too much.')] },
    ]);
    const { answer } = await askOnce(createDeps(model, [counted]));
    expect(runs).toBe(0);
    expect(requests[1]?.body.messages.at(-1)?.content[0]).toMatchObject({ type: 'tool_result', is_error: true });
    expect(answer).toMatchObject({ status: 'cannot', text: expect.stringMatching(/\bIt is too much\.$/) });
  });
});
