/** The demo's questions, asked offline and held against the demo's own truth. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../../src/app/create-app.ts';
import { answerOf, createOfflineApp } from './asking.ts';
import { demoCases, demoCategories, refusedCases } from './demo-cases.ts';
import { Scoreboard } from './scoreboard.ts';

let app: App;
const scoreboard = new Scoreboard();

beforeAll(() => {
  app = createOfflineApp();
});
afterAll(async () => {
  await app.close();
  process.stdout.write(`\n${scoreboard}\n\n`);
});

describe.each(Object.entries(demoCategories))('%s', (category, cases) => {
  for (const { wordings, check } of cases) {
    for (const wording of wordings) {
      test(wording, async () => {
        const answer = await answerOf(app, wording);
        scoreboard.score(category, answer, () => {
          check(answer);
          expect(answer.text).not.toContain('[unverified]');
        });
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
