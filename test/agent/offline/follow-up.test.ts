/** What follow-ups may never do, whatever was talked about before; what they must do is in the dialogues of test/evals. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createConversation } from '../../../src/agent/conversation/conversation.ts';
import type { App } from '../../../src/app/create-app.ts';
import { answerOf, createOfflineApp } from '../../evals/asking.ts';

let app: App;
beforeAll(() => {
  app = createOfflineApp();
});
afterAll(() => app.close());

/** Questions that say themselves what they are about. */
const WHOLE = [
  'which run had the best f1?',
  'top 3 runs by auc_roc',
  'how many runs failed?',
  'compare the last 3 runs in digits-mlp',
  'average error_rate by model in chat-inference',
  'which parameters matter most for f1?',
  'plot the training loss of run 17',
  'runs in digits-mlp with val_accuracy above 0.95',
  'list the experiments',
  'describe churn-prediction',
  'details of run-145',
  'how do I log a metric?',
  'delete the failed runs',
];
const FRAGMENTS = [
  'and the second?',
  'compare them',
  'plot it',
  'only the finished ones',
  'same for accuracy',
  'why that one?',
  'no, I meant digits',
  'by algorithm?',
  'the mean there?',
  'which of them is the fastest?',
  'the other one',
  'how many of those?',
  'and in churn-prediction?',
  'top 2',
  '#1',
  'what about it',
  'instead',
  'and',
  'only',
  'not them',
  'frobnicate it',
];

async function talk(questions: readonly string[]) {
  const conversation = createConversation();
  const answers = [];
  for (const question of questions) answers.push(await answerOf(app, question, conversation));
  return answers;
}

test('no talk breaks, invents a number or leaves a word out', { timeout: 120_000 }, async () => {
  const talks = fc.array(fc.constantFrom(...WHOLE, ...FRAGMENTS), { minLength: 2, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(talks, async (questions) => {
      const answers = await talk(questions);
      for (const [at, answer] of answers.entries()) {
        expect(answer.status, questions.slice(0, at + 1).join(' → ')).not.toBe('error');
        expect(answer.text).not.toContain('[unverified]');
        expect(answer.text).not.toMatch(/✖|undefined|\[object/u);
      }
      const strange = answers.filter((_, at) => questions[at] === 'frobnicate it');
      for (const { status } of strange) expect(['cannot', 'clarify']).toContain(status);
    }),
    { numRuns: 40, seed: 20261125 },
  );
});

describe('a question that is whole is answered as if nothing had been said before', () => {
  const essence = ({ text, status, findings }: Awaited<ReturnType<typeof answerOf>>) => ({
    text,
    status,
    calls: findings.map(({ tool, input }) => ({ tool, input })),
  });

  test.each(WHOLE)('%s', async (question) => {
    const [alone] = await talk([question]);
    for (const before of ['best run by val_loss in digits-mlp', 'average accuracy by algorithm in churn-prediction']) {
      const [, after] = await talk([before, question]);
      expect(after && essence(after)).toEqual(alone && essence(alone));
    }
  });
});

test('a word that points back is asked about or refused, never left out', async () => {
  const [alone] = await talk(['compare them']);
  expect(alone?.status).toBe('cannot');
  const [, ambiguous] = await talk(['compare run-015 and run-016', 'how long did it take?']);
  expect(ambiguous?.status).toBe('clarify');
  for (const { question } of ambiguous?.choices ?? []) {
    const [chosen] = await talk([question]);
    expect(chosen?.status).toBe('answered');
  }
});

test('what another model answered can be pointed back to by its findings', async () => {
  const conversation = createConversation();
  await answerOf(app, 'top 3 runs by auc_roc', conversation);
  // As a remote model leaves its turns: without the reading that the offline model keeps.
  conversation.messages = conversation.messages.map((message) => {
    if (message.role !== 'assistant') return message;
    const { raw: _, ...turn } = message.turn;
    return { role: 'assistant', turn: { ...turn, model: 'claude-sonnet-5-5' } };
  });
  const answer = await answerOf(app, 'plot training loss for all three', conversation);
  expect(answer.findings[0]?.subject.refs.filter(({ kind }) => kind === 'run')).toHaveLength(3);
});

test.each(['is it overfitting?', 'what is its accuracy?', 'their mean accuracy?'])(
  'alone, “%s” is about nothing yet',
  async (question) => {
    const [answer] = await talk([question]);
    expect(answer?.status).toBe('cannot');
    expect(answer?.text).toMatch(/points back to nothing/u);
  },
);
