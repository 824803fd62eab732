/**
 * The same conversations through the real SDK and a local server that speaks the Messages API: it asks for the tools that
 * each turn needs and answers with what it was sent of their findings. What is tested is the way there and back, turn
 * upon turn: calls, results, handles, the number check, choices.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createConversation } from '../../src/agent/conversation/conversation.ts';
import type { Answer } from '../../src/agent/events.ts';
import type { Message } from '../../src/agent/models/model.ts';
import { type App, createApp } from '../../src/app/create-app.ts';
import { readConfig } from '../../src/config/config.ts';
import { type Reply, type RequestBody, startMessagesApi, text, toolUse } from '../support/messages-api.ts';
import { answerOf, createOfflineApp } from './asking.ts';
import { dialogues } from './dialogues.ts';

let offline: App;
beforeAll(() => {
  offline = createOfflineApp();
});
afterAll(() => offline.close());

type Step = Reply | ((body: RequestBody) => Reply);

/** What the server says for one turn: it asks for what the offline reader asked for, step by step. */
function stepsFor(answer: Answer, said: readonly Message[], turn: number): Step[] {
  const { status, text: words, choices } = answer;
  const marker = status === 'cannot' || status === 'clarify' ? `[${status}] ` : '';
  const list = choices.map(({ label }, i) => `\n${i + 1}. ${label}`).join('');
  const asked = said.flatMap((message) => (message.role === 'assistant' ? [message.turn.calls] : []));
  const steps = asked.filter((calls) => calls.length > 0);
  if (steps.length === 0) return [{ content: [text(`${marker}${words}${list}`)] }];
  return [
    ...steps.map((calls, step) => ({
      content: calls.map(({ name, input }, i) => toolUse(`turn${turn}-${step}-${i}`, name, input)),
    })),
    // A refusal is worded by whoever refuses.
    (body) => ({ content: [text(marker === '' ? sayResults(body) : `${marker}${words}`)] }),
  ];
}

/** The findings of the last step as they were sent, without their handles. */
function sayResults({ messages }: RequestBody): string {
  const results = (messages.at(-1)?.content ?? []).filter((block) => block.type === 'tool_result');
  const said = results.map(({ content }) => String(content).replace(/^#\d+\n/u, ''));
  return said.join('\n\n');
}

describe.each(Object.entries(dialogues))('%s', (_, turns) => {
  test(turns.map(([question]) => question).join(' → '), async () => {
    const rehearsal = createConversation();
    const script: Step[] = [];
    for (const [turn, [question]] of turns.entries()) {
      const before = rehearsal.messages.length;
      const answer = await answerOf(offline, question, rehearsal);
      script.push(...stepsFor(answer, rehearsal.messages.slice(before), turn));
    }
    const api = await startMessagesApi(script);
    const env = { XDG_CONFIG_HOME: '/nonexistent', TZ: 'UTC', RUNSIGHT_NOW: '2026-11-20T18:00:00Z' };
    const claude = createApp(
      readConfig({ ...env, ANTHROPIC_API_KEY: 'sk-test', ANTHROPIC_BASE_URL: api.url }, { model: 'claude' }, '/'),
    );
    const conversation = createConversation();
    let isThrough = false;
    try {
      for (const [question, check] of turns) {
        const answer = await answerOf(claude, question, conversation);
        expect(answer.usage.model, answer.text).not.toBe('offline');
        check(answer);
        expect(answer.text, question).not.toContain('[unverified]');
      }
      isThrough = true;
    } finally {
      await claude.close();
      // Replies left over by a turn that failed would hide why it did.
      await api.close().catch((error: unknown) => {
        if (isThrough) throw error;
      });
    }
  });
});
