/** What an app can be made with: one's own tools, families, a place for conversations, another surface. */
import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { encodeConversation } from '../../src/agent/conversation/codec.ts';
import { type Conversation, createConversation } from '../../src/agent/conversation/conversation.ts';
import type { Answer } from '../../src/agent/events.ts';
import { type App, type AppParts, createApp } from '../../src/app/create-app.ts';
import { shipped } from '../../src/app/family.ts';
import { readConfig } from '../../src/config/config.ts';
import { createMemoryConversations } from '../../src/conversations/memory.ts';
import { defineTool } from '../../src/library.ts';
import { SqliteConnection } from '../../src/mlflow/sql/sqlite-connection.ts';
import { createBody } from '../agent/doubles.ts';
import { answerOf } from '../evals/asking.ts';
import { demoPath } from '../support/demo.ts';
import { startMessagesApi, text, toolUse } from '../support/messages-api.ts';

const env = { XDG_CONFIG_HOME: '/nonexistent', TZ: 'UTC', RUNSIGHT_NOW: '2026-11-20T18:00:00Z' };
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function offline(parts?: AppParts): App {
  const app = createApp(readConfig(env, { model: 'offline' }, '/'), parts);
  closing.push(() => app.close());
  return app;
}

const anyone = () => new AbortController().signal;
async function last(app: App, question: string, about: Conversation | string, signal = anyone()): Promise<Answer> {
  for await (const event of app.ask(question, signal, about)) if (event.type === 'answer') return event.answer;
  throw new Error('no answer');
}
const record = ({ id: _, conversation: __, timingMs: ___, ...answer }: Answer) => answer;

describe('questions of one conversation', () => {
  const QUESTIONS = ['best run by auc_roc', 'and by f1_score?', 'top 3 instead', 'how long did the first one take?'];
  const twenty = Array.from({ length: 20 }, (_, n) => QUESTIONS[n % QUESTIONS.length] ?? '');

  it('that are sent at once are answered as if asked one after the other', async () => {
    const app = offline();
    const alone = createConversation();
    const expected: Answer[] = [];
    for (const question of twenty) expected.push(await last(app, question, alone));
    const together = createConversation();
    const answered: number[] = [];
    const answers = await Promise.all(
      twenty.map(async (question, n) => {
        const answer = await last(app, question, together);
        answered.push(n);
        return answer;
      }),
    );
    expect(answers.map(record)).toEqual(expected.map(record));
    expect(answered).toEqual(twenty.map((_, n) => n));
    const talk = { id: 'same' };
    expect(encodeConversation({ ...together, ...talk })).toBe(encodeConversation({ ...alone, ...talk }));
  });

  it('do not wait for one that was cancelled, or left in the middle', async () => {
    const app = offline();
    const conversation = createConversation();
    const stop = new AbortController();
    const left = (async () => {
      for await (const _ of app.ask('top 5 runs by f1_score', anyone(), conversation)) break;
    })();
    const cancelled = last(app, 'best run by auc_roc', conversation, stop.signal);
    const next = last(app, 'how many runs failed?', conversation);
    stop.abort();
    await expect(cancelled).rejects.toThrow();
    await left;
    expect((await next).findings.map(({ handle }) => handle)).toEqual(['#1']);
    expect(conversation.messages.filter(({ role }) => role === 'user')).toHaveLength(1);
  });
});

describe('conversations', () => {
  it('are kept under their id, and taken up by another app', async () => {
    const conversations = createMemoryConversations();
    const first = await answerOf(offline({ conversations }), 'top 3 runs by auc_roc');
    const second = await last(offline({ conversations }), 'plot training loss for all three', first.conversation);
    expect(second.conversation).toBe(first.conversation);
    expect(second.charts[0]).toMatchObject({ kind: 'curve', series: [{}, {}, {}] });
  });

  it('in memory make room for newer ones', async () => {
    const conversations = createMemoryConversations(2);
    for (const id of ['a', 'b', 'a', 'c']) await (await conversations.begin(id, 'best run', anyone())).end();
    const kept = await Promise.all(['a', 'b', 'c'].map(async (id) => (await conversations.read(id))?.conversation.id));
    expect(kept).toEqual(['a', undefined, 'c']);
  });
});

describe('tools', () => {
  const weather = defineTool({
    name: 'get_weather',
    title: 'Looks out of the window',
    description: 'The weather now.',
    input: z.strictObject({ city: z.string().describe('Where.') }),
    kind: 'sky',
    readOnly: true,
    run: async ({ city }) => createBody([['sky', 'text']], [[`grey in ${city}`]]),
  });

  it("of one's own stand behind those of the families, and Claude may call them", async () => {
    const api = await startMessagesApi([
      { content: [toolUse('t1', 'get_weather', { city: 'Bonn' })] },
      { content: [text('It is `grey in Bonn`.')] },
    ]);
    const config = readConfig(
      { ...env, ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: api.url },
      { model: 'claude' },
      '/',
    );
    const app = createApp(config, { families: [shipped, { name: 'sky', tools: [weather] }] });
    closing.push(
      () => api.close(),
      () => app.close(),
    );
    expect(await answerOf(app, 'how is the weather?')).toMatchObject({
      status: 'answered',
      text: 'It is `grey in Bonn`.',
    });
    const names = api.requests[0]?.body.tools?.map(({ name }) => name);
    expect(names).toEqual([...shipped.tools.map(({ name }) => name), 'get_weather']);
  });

  it('of one name are told at once', () => {
    expect(() => offline({ tools: [weather, weather] })).toThrow('two tools are called "get_weather"');
  });
});

it('a database lets only those tables be read that the families name', async () => {
  const sql = { text: 'SELECT count(*) FROM registered_models', values: [] };
  const [closed, open] = [new SqliteConnection(demoPath), new SqliteConnection(demoPath)];
  open.allow(['registered_models']);
  for (const one of [closed, open]) one.open();
  closing.push(
    () => closed.close(),
    () => open.close(),
  );
  await expect(closed.all(sql)).rejects.toThrow(/prohibited|not authorized/);
  await expect(open.all(sql)).resolves.toHaveLength(1);
});

describe('what an app cannot be made with', () => {
  it('is a tool with a verb that its kind has not', () => {
    const [tool] = shipped.tools;
    if (tool === undefined) throw new Error('no tool');
    const odd = { ...tool, name: 'odd_experiments', verbs: ['rank'] as const };
    expect(() => offline({ tools: [odd] })).toThrow('odd_experiments: "rank" is no verb of the kind experiment');
  });

  it('is a surface that no prompt is written for', () => {
    expect(() => offline({ surface: 'fax' })).toThrow('the surface "fax" has no prompts/surfaces/fax.md');
  });
});
