/** The demo's questions, asked offline and held against the demo's own truth; printed as the evals print them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../../src/agent/events.ts';
import { type App, createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { demoCases, refusedCases } from './demo-cases.ts';

let app: App;

beforeAll(() => {
  app = createApp(readConfig({ XDG_CONFIG_HOME: '/nonexistent', TZ: 'UTC' }, { model: 'offline' }, '/'));
});
afterAll(() => app.close());

async function answerOf(question: string): Promise<Answer> {
  for await (const event of app.ask(question, new AbortController().signal)) {
    if (event.type === 'answer') return event.answer;
  }
  throw new Error('no answer');
}

describe('the demo answers', () => {
  for (const { wordings, check } of demoCases) {
    for (const wording of wordings) {
      test(wording, async () => {
        const answer = await answerOf(wording);
        check(answer);
        expect(answer.text).not.toContain('[unverified]');
      });
    }
  }
});

test('the suite is as broad as it claims', () => {
  const wordings = demoCases.flatMap((one) => one.wordings);
  expect(new Set(wordings).size).toBe(wordings.length);
  expect(wordings.length).toBeGreaterThanOrEqual(111);
  expect(refusedCases.flatMap((one) => one.wordings).length).toBeGreaterThanOrEqual(25);
});
