/** Ten questions through terminal, library, MCP and HTTP; a dialogue begun in one and continued in another. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openSqliteConversations } from '../../src/conversations/sqlite.ts';
import { createRunsight } from '../../src/library.ts';
import { demoPath, makeTemporaryFolder } from '../support/demo.ts';
import { send, startTestServer } from './http/running-server.ts';
import { contentOf, openWaysIn, pickQuestions, type WaysIn } from './ways-in.ts';

const seed = Number(process.env.RUNSIGHT_QUESTIONS_SEED ?? 5);
let ways: WaysIn;
beforeAll(async () => {
  vi.stubEnv('TZ', 'UTC');
  ways = await openWaysIn();
});
afterAll(async () => {
  await ways[Symbol.asyncDispose]();
  vi.unstubAllEnvs();
});

test.each(pickQuestions(10, seed))('%s', async (question) => {
  const { library, ...others } = ways.ask;
  const expected = contentOf((await library?.(question)) ?? {});
  for (const [name, ask] of Object.entries(others)) expect(contentOf(await ask(question)), name).toEqual(expected);
});

test('a dialogue goes from the library to HTTP and back, over one file', async () => {
  using folder = makeTemporaryFolder();
  const file = join(folder.path, 'conversations.db');
  const env = { HOME: '/nonexistent', RUNSIGHT_NOW: '2026-11-20T18:00:00Z' };
  await using runsight = createRunsight({ store: demoPath, model: 'offline', env, conversations: file });
  const server = await startTestServer({ env, conversations: await openSqliteConversations(file) });
  try {
    const { conversation } = await runsight.ask('top 3 runs by auc_roc in churn-prediction');
    const over = await send(`${server.url}/api/v1/ask`, { body: { question: 'and by f1_score?', conversation } });
    expect(over.body).toMatchObject({ conversation, status: 'answered', findings: [{ handle: '#2' }] });
    const back = await runsight.ask('how long did the first one take?', { conversation });
    expect(back).toMatchObject({ conversation, status: 'answered', findings: [{ handle: '#3' }] });
    const { body } = await send(`${server.url}/api/v1/conversations`);
    expect(body.conversations).toMatchObject([{ id: conversation, turns: 3 }]);
  } finally {
    await server.drain();
  }
});
