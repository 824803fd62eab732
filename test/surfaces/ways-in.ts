/** One question through every way in, over the demo at its own day, and of each answer what must be alike. */

import type { Browser, Page } from 'playwright-core';
import { type App, createApp } from '../../src/app/create-app.ts';
import { readConfig } from '../../src/config/config.ts';
import { answerJson, createRunsight } from '../../src/library.ts';
import { jsonText } from '../../src/present/json-text.ts';
import { createMcpFactory } from '../../src/surfaces/mcp/factory.ts';
import { demoCases } from '../evals/demo-cases.ts';
import { demoPath } from '../support/demo.ts';
import { runProgram } from './cli/run-program.ts';
import { send, startTestServer } from './http/running-server.ts';
import { connectTo, createClient, dataOf } from './mcp/connect.ts';
import { startBot } from './slack/running-bot.ts';

const env = { HOME: '/nonexistent', TZ: 'UTC', RUNSIGHT_NOW: '2026-11-20T23:59:59.999Z' };
const source = { uri: demoPath, model: 'offline' } as const;

type AnswerData = Readonly<Record<string, unknown>>;

/** What was found and said: all but whose answer it is, when it was given and how long it took. */
export function contentOf({ status, text, findings, charts, choices, followUps }: AnswerData) {
  return { status, text, findings, charts, choices, followUps };
}

export interface WaysIn extends AsyncDisposable {
  readonly ask: Readonly<Record<string, (question: string) => Promise<AnswerData>>>;
}

/** @param browser with one, the page and Slack are ways in too */
export async function openWaysIn(browser?: Browser): Promise<WaysIn> {
  const runsight = createRunsight({ store: demoPath, model: 'offline', env });
  const server = await startTestServer({ env });
  const config = readConfig(env, source);
  const app = createApp(config, { surface: 'mcp' });
  const factory = createMcpFactory(app, config, {});
  const client = createClient('2026-07-28');
  const connection = await connectTo(factory.create, client);
  const page = await browser?.newPage();
  const slack = browser && (await openSlack());
  const ask = {
    async library(question: string) {
      return JSON.parse(jsonText(answerJson(await runsight.ask(question)))) as AnswerData;
    },
    async terminal(question: string) {
      const args = ['ask', question, '--json', '--uri', demoPath, '--model', 'offline'];
      return JSON.parse((await runProgram(args, { cwd: '/', env })).stdout) as AnswerData;
    },
    async MCP(question: string) {
      return dataOf<AnswerData>(await client.callTool({ name: 'ask', arguments: { question } }));
    },
    async HTTP(question: string) {
      return (await send(`${server.url}/api/v1/ask`, { body: { question } })).body as AnswerData;
    },
    ...(page && { page: (question: string) => askOnPage(page, server.url, question) }),
    ...(slack && { Slack: slack.ask }),
  };
  return {
    ask,
    async [Symbol.asyncDispose]() {
      await page?.close();
      await slack?.close();
      await connection[Symbol.asyncDispose]();
      factory.close();
      await Promise.all([app.close(), server.drain(), runsight.close()]);
    },
  };
}

/** In a new conversation: what came, once the page shows it. */
async function askOnPage(page: Page, url: string, question: string): Promise<AnswerData> {
  let events = '';
  await page.route('**/api/v1/ask', async (route) => {
    const response = await route.fetch();
    events = await response.text();
    await route.fulfill({ response, body: events });
  });
  await page.goto(url);
  await page.fill('#question', question);
  await page.keyboard.press('Enter');
  const answer = page.locator('.exchange:not([aria-busy]) .answer');
  await answer.waitFor();
  await page.unrouteAll();
  const [last = ''] = [...events.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => data).slice(-1);
  const { result } = JSON.parse(last) as { result: AnswerData };
  const shown = await answer.innerText();
  checkShown(result, shown);
  return result;
}

/** A mention of somebody else each time, in a thread of its own: what the app answered, once its message stands. */
async function openSlack() {
  let answered: AnswerData = {};
  const watched = (app: App): App => ({
    ...app,
    async *ask(...asked) {
      for await (const event of app.ask(...asked)) {
        if (event.type === 'answer') answered = JSON.parse(jsonText(answerJson(event.answer))) as AnswerData;
        yield event;
      }
    },
  });
  const bot = await startBot({ app: watched });
  let asked = 0;
  return {
    close: () => bot[Symbol.asyncDispose](),
    async ask(question: string) {
      asked += 1;
      const about = { type: 'app_mention', channel: 'C1', ts: `${asked}.1`, user: `U${asked}` };
      bot.event({ ...about, text: `<@UBOT> ${question}` });
      const message = (await bot.settled(asked)).find(({ thread_ts: thread }) => thread === about.ts);
      checkShown(answered, JSON.stringify(message));
      return answered;
    },
  };
}

function checkShown({ text }: AnswerData, shown: string): void {
  for (const [number] of headline(String(text)).matchAll(/\d[\d.,]*\d/g))
    if (!shown.includes(number)) throw new Error(`there is no ${number} to be seen: ${shown}`);
}

const headline = (text: string): string => text.split('\n')[0] ?? '';

/** Spread over all that the demo is asked about; the same for a seed. */
export function pickQuestions(count: number, seed = 0): string[] {
  const questions = demoCases.flatMap(({ wordings: [first] }) => first ?? []);
  const stride = questions.length / count;
  return Array.from({ length: count }, (_, n) => questions[Math.floor((n * stride + seed) % questions.length)] ?? '');
}
