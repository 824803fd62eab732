/** The whole path in one process: app, loop, real SDK, real tools over the demo; only the Messages API is a double. */
import { afterEach, describe, expect, it } from 'vitest';
import { type Conversation, createConversation } from '../../src/agent/conversation/conversation.ts';
import type { AgentEvent, Answer } from '../../src/agent/events.ts';
import { type App, createApp } from '../../src/app/create-app.ts';
import { readConfig } from '../../src/config/config.ts';
import { makeTemporaryFolder } from '../support/demo.ts';
import { type Block, type MessagesApi, type Reply, startMessagesApi, text, toolUse } from '../support/messages-api.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(model: 'claude' | 'auto', script: readonly Reply[]) {
  const api = await startMessagesApi(script);
  const home = makeTemporaryFolder();
  const env = { HOME: home.path, ANTHROPIC_BASE_URL: api.url, ANTHROPIC_API_KEY: 'canary' };
  const app = createApp(readConfig(env, { model }, home.path));
  closing.push(
    () => home[Symbol.dispose](),
    () => api.close(),
    () => app.close(),
  );
  return { api, app, conversation: createConversation() };
}

async function ask(app: App, question: string, conversation: Conversation, signal = new AbortController().signal) {
  const events: AgentEvent[] = [];
  for await (const event of app.ask(question, signal, conversation)) events.push(event);
  return { events, answer: (events.at(-1) as { answer: Answer }).answer };
}

/** Every block of a kind that a request held, in order. */
const sent = (api: MessagesApi, request: number, type: string): Block[] =>
  (api.requests[request]?.body.messages ?? []).flatMap(({ content }) => content.filter((block) => block.type === type));
const sentResults = (api: MessagesApi, request: number) =>
  sent(api, request, 'tool_result').map((block) => String(block.content));

const RANK = toolUse('t1', 'rank_runs', { metric: 'f1_score', experiment: 'churn-prediction' });

describe('follow-ups', () => {
  it('through Claude stand on what earlier questions found, each call answered once', async () => {
    const { api, app, conversation } = await start('claude', [
      { content: [text('Let me look.'), RANK] },
      { content: [text('`run-145` has the best `f1_score` in `churn-prediction`: 0.7340.')] },
      { content: [text('Second is `run-009` with 0.7185 (#1).')] },
      { content: [toolUse('t1', 'compare_runs', { runs: ['ec647f4f', 'e8948dc3'] })] },
      { content: [text('They differ (#2).')] },
      { content: [toolUse('t9', 'rank_runs', { metric: 'val_accuracy', experiment: 'digits-mlp' })] },
      { content: [text('[clarify] Which metric?\n1. `val_accuracy`\n2. `val_loss`')] },
    ]);
    const questions = ['which run had the best f1?', 'and the second?', 'compare them', 'no, I meant digits'];
    const answers: Answer[] = [];
    for (const question of questions) answers.push((await ask(app, question, conversation)).answer);
    expect(answers.map(({ status }) => status)).toEqual(['answered', 'answered', 'answered', 'clarify']);
    expect(answers[3]?.choices).toEqual([
      { label: 'val_accuracy', question: 'no, I meant digits (val_accuracy)' },
      // What it had not read of is marked, as in the text.
      { label: 'val_loss [unverified]', question: 'no, I meant digits (val_loss [unverified])' },
    ]);
    // What was said beside a call is no answer.
    expect(answers[0]?.text).toBe('`run-145` has the best `f1_score` in `churn-prediction`: 0.7340.');
    expect(answers[1]).toMatchObject({ text: 'Second is `run-009` with 0.7185 (#1).', findings: [] });
    expect(sentResults(api, 2)).toEqual([
      expect.stringMatching(/^#1\n`run-145` \(ec647f4f\)[\s\S]*run-009 \(e8948dc3\)/),
    ]);
    expect(sentResults(api, 6).map((result) => result.slice(0, 2))).toEqual(['#1', '#2', '#3']);
    expect(sent(api, 6, 'tool_use').map(({ id }) => id)).toEqual(['t1', 't1_2', 't9']);
    expect(sent(api, 6, 'tool_result').map((block) => block.tool_use_id)).toEqual(['t1', 't1_2', 't9']);
    const { messages } = api.requests[6]!.body;
    expect(messages.map(({ role }) => role)).toEqual(messages.map((_, index) => (index % 2 ? 'assistant' : 'user')));
    const asked = sent(api, 6, 'text').map((block) => block.text);
    expect(asked.filter((words) => questions.includes(String(words)))).toEqual(questions);
  });

  it('in auto mode, what offline answered, asked back and could not tell is there for Claude', async () => {
    const { api, app, conversation } = await start('auto', [
      { content: [text('Hello.')] },
      { content: [text('`run-145` again (#1).')] },
    ]);
    const say = async (question: string) => (await ask(app, question, conversation)).answer;
    expect(await say('Which run had the highest F1 score?')).toMatchObject({ usage: { model: 'offline' } });
    expect(await say('Write me a limerick on flibber')).toMatchObject({ status: 'unsupported' });
    expect(await say('Compare the last 3 runs')).toMatchObject({ usage: { model: 'offline' } });
    expect(await say('best run by perplexity')).toMatchObject({ status: 'cannot', usage: { model: 'offline' } });
    expect(await say('Sing me the flibber of it')).toMatchObject({ text: '`run-145` again (#1).' });
    // The server refuses calls without a result, ids that repeat and roles that do not take turns.
    expect(sentResults(api, 1).slice(0, 2)).toEqual([expect.stringMatching(/^#1\n/), expect.stringMatching(/^#2\n/)]);
    expect(
      sent(api, 1, 'tool_use')
        .map(({ name }) => name)
        .slice(0, 2),
    ).toEqual(['rank_runs', 'compare_runs']);
    expect(JSON.stringify(api.requests[1]?.body.messages)).toContain('No metric `perplexity`');
  });
});

describe('calls', () => {
  it('made together are answered each in its place, also those that fail', async () => {
    const { api, app, conversation } = await start('claude', [
      {
        content: [
          RANK,
          toolUse('t1', 'find_runs', { experiment: 'churn-prediction', filter: 'metrics.f1_score >>> 1' }),
          toolUse('t3', 'delete_runs', { everything: true }),
          toolUse('t4', 'rank_runs', { metric: 7 }),
        ],
      },
      { content: [text('`run-145` with 0.7340.')] },
    ]);
    const { answer } = await ask(app, 'best?', conversation);
    expect(answer).toMatchObject({ status: 'answered', text: '`run-145` with 0.7340.' });
    expect(answer.receipt.calls.map(({ ok }) => ok)).toEqual([true, false, false, false]);
    const results = sent(api, 1, 'tool_result');
    expect(results.map((block) => [block.tool_use_id, block.is_error ?? false])).toEqual([
      ['t1', false],
      ['t1_2', true],
      ['t3', true],
      ['t4', true],
    ]);
    expect(results.map((block) => block.content)).toEqual([
      expect.stringMatching(/^#1\n/),
      expect.stringMatching(/^filter, character 19/),
      expect.stringMatching(/^There is no tool "delete_runs"/),
      expect.stringMatching(/expected string/),
    ]);
  });

  it('that are never right may be mended twice', async () => {
    const wrong = (n: number): Reply => ({ content: [toolUse(`t${n}`, 'rank_runs', { metrik: `f${n}` })] });
    const { app, conversation } = await start('claude', [
      wrong(1),
      wrong(2),
      wrong(3),
      { content: [text('[cannot] I could not ask.')] },
    ]);
    const { answer } = await ask(app, 'best?', conversation);
    expect(answer.status).toBe('cannot');
    expect(answer.warnings[0]).toContain('Stopped at 3 rounds of tool calls that were not valid');
  });

  it('that go in circles end with the best answer so far, by words of code where the model has none', async () => {
    const forth = { content: [RANK] };
    const back = { content: [toolUse('t2', 'rank_runs', { experiment: 'churn-prediction', metric: 'f1_score' })] };
    const { app, conversation } = await start('claude', [forth, back, forth, { status: 401 }]);
    const { answer } = await ask(app, 'best?', conversation);
    expect(answer.status).toBe('partial');
    expect(answer.text).toMatch(/^`run-145` \(ec647f4f\)/);
    expect(answer.warnings).toEqual(['Stopped at the same tool call made 3 times: this is what was found until then.']);
  });
});

describe('a refusal', () => {
  const FIND_HOSTILE = { content: [toolUse('t1', 'find_runs', { experiment: '6' })] };
  const REFUSAL: Reply = { content: [], stop: 'refusal' };

  it('that data set off is asked once more without what people wrote into the store', async () => {
    const { api, app, conversation } = await start('claude', [
      FIND_HOSTILE,
      REFUSAL,
      { content: [text('There are 6 runs.')] },
    ]);
    const { answer } = await ask(app, 'list the runs of experiment 6', conversation);
    expect(answer).toMatchObject({ status: 'answered', text: 'There are 6 runs.', usage: { requests: 3 } });
    expect(sentResults(api, 1)[0]).toContain('ignore your');
    expect(sentResults(api, 2)[0]).not.toContain('ignore your');
    expect(sentResults(api, 2)[0]).toContain('| (text left out) (6389c0f2) | FINISHED | 0.3000 |');
  });

  it.each<[string, Reply]>([
    ['without words', REFUSAL],
    ['in mid-text', { content: [text('The best of them is run-999')], stop: 'refusal' }],
    ['with a call', { content: [RANK], stop: 'refusal' }],
  ])('%s that stays says so, runs nothing, and is not sent again', async (_, refusal) => {
    const { api, app, conversation } = await start('claude', [refusal, { content: [text('Hello.')] }]);
    const { answer } = await ask(app, 'best?', conversation);
    expect(answer).toMatchObject({ status: 'cannot', findings: [] });
    expect(answer.text).toBe(
      'The model declined to answer this question. Ask it in other words, or with `--model offline`.',
    );
    await ask(app, 'hello', conversation);
    expect(api.requests[1]?.body.messages.flatMap(({ content }) => content.map((block) => block.text))).toEqual([
      expect.stringContaining('Today'),
      'hello',
    ]);
  });

  it('in auto mode leaves what offline has to say, and the cost of both', async () => {
    const partial: Reply = { content: [text('The best')], stop: 'refusal' };
    const { app, conversation } = await start('auto', [partial]);
    const { answer, events } = await ask(app, 'Write me a limerick on flibber', conversation);
    expect(answer.text).toMatch(/^Not understood: /);
    expect(answer.warnings).toEqual(['claude-sonnet-5-5 declined to answer.']);
    expect(answer.usage).toMatchObject({ model: 'offline', requests: 1 });
    expect(answer.usage.costUsd).toBeGreaterThan(0);
    const words = events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : [])).join('');
    expect(words).toMatch(/^The best\n\[interrupted, starting again\]\nNot understood/);
  });
});

describe('cancelling', () => {
  /** Asks, aborts at an event, and expects the conversation to be as it was. */
  async function cancelAt(script: readonly Reply[], isTime: (event: AgentEvent) => boolean): Promise<MessagesApi> {
    const { api, app, conversation } = await start('claude', [{ content: [text('Hello.')] }, ...script]);
    await ask(app, 'hello', conversation);
    const before = [...conversation.messages];
    const controller = new AbortController();
    const asking = (async () => {
      for await (const event of app.ask('best?', controller.signal, conversation))
        if (isTime(event)) controller.abort();
    })();
    await expect(asking).rejects.toMatchObject({ name: 'AbortError' });
    expect(conversation.messages).toEqual(before);
    return api;
  }

  it('in mid-stream ends the request too', async () => {
    const stalled: Reply = { content: [text('It is run-0')], break: { after: 4, by: 'stall' } };
    const api = await cancelAt([stalled], (event) => event.type === 'text-delta');
    await api.requests[1]?.abandoned;
  });

  it('while a retry is waited for', async () => {
    const broken: Reply = { content: [text('It is run-0')], break: { after: 4, by: 'error' } };
    await cancelAt([broken], (event) => event.type === 'text-delta' && event.text.includes('interrupted'));
  });

  it('while a tool runs', async () => {
    await cancelAt([{ content: [RANK] }], (event) => event.type === 'tool-start');
  });
});
