/** Conversations over the demo, offline: each turn is held against the demo's own truth. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createConversation } from '../../src/agent/conversation/conversation.ts';
import type { App } from '../../src/app/create-app.ts';
import { answerOf, createOfflineApp } from './asking.ts';
import { dialogues } from './dialogues.ts';

let app: App;
beforeAll(() => {
  app = createOfflineApp();
});
afterAll(() => app.close());

describe.each(Object.entries(dialogues))('%s', (_, turns) => {
  test(turns.map(([question]) => question).join(' → '), async () => {
    const conversation = createConversation();
    for (const [question, check] of turns) {
      const answer = await answerOf(app, question, conversation);
      check(answer);
      expect(answer.text, question).not.toContain('[unverified]');
    }
  });
});

test('there are enough of them, long enough', () => {
  const lengths = Object.values(dialogues).map((turns) => turns.length);
  expect(lengths.filter((length) => length >= 3).length).toBeGreaterThanOrEqual(21);
});
