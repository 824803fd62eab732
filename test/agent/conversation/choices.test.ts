import { describe, expect, it } from 'vitest';
import { resolveChoice } from '../../../src/agent/conversation/choices.ts';
import { createConversation } from '../../../src/agent/conversation/conversation.ts';
import { createScriptedModel, type ScriptStep } from '../../../src/agent/models/scripted.ts';
import { StoreError } from '../../../src/mlflow/errors.ts';
import { askOnce, createDeps, createTool, scoreBody } from '../doubles.ts';

const CHOICES = [
  { label: '`training_loss` (161 runs)', question: 'best run by loss (metric: "training_loss")' },
  { label: '`val_loss` (28 runs)', question: 'best run by loss (metric: "val_loss")' },
];

describe('resolveChoice', () => {
  it.each([
    ['1', CHOICES[0]?.question],
    [' 2. ', CHOICES[1]?.question],
    ['2)', CHOICES[1]?.question],
    ['VAL_LOSS (28 runs)', CHOICES[1]?.question],
    ['3', undefined],
    ['0', undefined],
    ['#1', '#1'],
    ['which runs failed?', 'which runs failed?'],
  ])('takes %j for %j', (typed, asked) => {
    expect(resolveChoice(typed, CHOICES)).toBe(asked);
  });

  it('leaves a number alone where nothing was asked back', () => {
    expect(resolveChoice('1', [])).toBe('1');
  });
});

describe('a conversation that was asked back', () => {
  const rank = createTool('rank', async (n) => scoreBody(n));
  const ASK_BACK: ScriptStep = { text: 'Which loss?', verdict: { status: 'clarify', choices: CHOICES } };
  const ANSWER: readonly ScriptStep[] = [
    (request) => {
      const asked = request.messages.findLast((message) => message.role === 'user');
      expect(asked).toEqual({ role: 'user', text: CHOICES[1]?.question });
      return { calls: [{ name: 'rank', input: { n: 0.93124 } }] };
    },
    { text: '`run-017` is best: 0.93124.' },
  ];

  it('asks the chosen question and forgets the choices with its answer', async () => {
    const model = createScriptedModel([ASK_BACK, ...ANSWER]);
    const deps = createDeps(model, [rank]);
    const { conversation } = await askOnce(deps, 'best run by loss');
    expect(conversation.choices).toEqual(CHOICES);
    const { answer } = await askOnce(deps, '2', conversation);
    expect([answer.status, answer.receipt.question]).toEqual(['answered', CHOICES[1]?.question]);
    expect(conversation.choices).toEqual([]);
    model.assertFinished();
  });

  it('says the choices again for a number out of range, asks no model, and still takes one of them', async () => {
    const model = createScriptedModel([ASK_BACK, ...ANSWER]);
    const deps = createDeps(model, [rank]);
    const { conversation } = await askOnce(deps, 'best run by loss');
    const before = conversation.messages.length;
    const { answer } = await askOnce(deps, '7', conversation);
    expect(answer).toMatchObject({ status: 'clarify', choices: CHOICES });
    expect(answer.text).toBe('There is no choice 7: the numbers go from 1 to 2.');
    expect(conversation.messages.length).toBe(before);
    expect((await askOnce(deps, '2', conversation)).answer.status).toBe('answered');
    model.assertFinished();
  });

  it('keeps the choices through a fault', async () => {
    const fault = new StoreError('source_unreachable', 'no server');
    const broken = createTool('rank', () => Promise.reject(fault));
    const conversation = { ...createConversation(), choices: CHOICES };
    const model = createScriptedModel([{ calls: [{ name: 'rank', input: { n: 1 } }] }]);
    const { answer } = await askOnce(createDeps(model, [broken]), '1', conversation);
    expect([answer.status, conversation.choices]).toEqual(['error', CHOICES]);
  });
});
