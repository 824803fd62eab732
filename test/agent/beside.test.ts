/** What stands beside and behind a remote model's words: the real tools over the demo, a double for the Messages API only. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { OWN_WORDS } from '../../src/agent/answer.ts';
import { createConversation } from '../../src/agent/conversation/conversation.ts';
import type { Answer } from '../../src/agent/events.ts';
import { createApp } from '../../src/app/create-app.ts';
import { readConfig } from '../../src/config/config.ts';
import { renderAnswer } from '../../src/present/answer.ts';
import { answerJson } from '../../src/present/json.ts';
import { explainAnswer } from '../../src/present/why.ts';
import { exitCodeOfAnswer } from '../../src/surfaces/shared/exit-codes.ts';
import { plainScreen } from '../present/screens.ts';
import { makeTemporaryFolder } from '../support/demo.ts';
import { type Block, type Reply, startMessagesApi, text, toolUse } from '../support/messages-api.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Asks one question after the other; whatever a model says twice in a row it says when asked to mend it. */
async function talk(script: readonly Reply[], questions: readonly string[]): Promise<Answer[]> {
  const api = await startMessagesApi(script);
  const home = makeTemporaryFolder();
  const env = { HOME: home.path, ANTHROPIC_BASE_URL: api.url, ANTHROPIC_API_KEY: 'canary' };
  const app = createApp(readConfig(env, { model: 'claude' }, home.path));
  closing.push(
    () => home[Symbol.dispose](),
    () => api.close(),
    () => app.close(),
  );
  const conversation = createConversation();
  const answers: Answer[] = [];
  for (const question of questions)
    for await (const event of app.ask(question, AbortSignal.timeout(20_000), conversation))
      if (event.type === 'answer') answers.push(event.answer);
  return answers;
}

const say = (...blocks: readonly (Block | string)[]): Reply => ({
  content: blocks.map((block) => (typeof block === 'string' ? text(block) : block)),
});
const rank = (metric: string, experiment = 'churn-prediction') =>
  toolUse(`rank-${metric}`, 'rank_runs', { metric, experiment });
const BEST = 'run-145` (ec647f4f) has the best `f1_score` in `churn-prediction`: 0.733968';
const SCHEMA = z.fromJSONSchema(
  JSON.parse(readFileSync(path.join(import.meta.dirname, '../../schema/answer.schema.json'), 'utf8')),
);
const shown = (answer: Answer) => renderAnswer(answer, 'demo', plainScreen(80)).join('\n');

describe('beside the words', () => {
  it('stands what was found, on every surface, and contradicts what is false in them', async () => {
    const lie = 'Of these, the one that `run-145` lost against is the best.';
    const [answer] = (await talk([say(rank('f1_score')), say(lie)], ['which run is best?'])) as [Answer];
    expect(answer.text).toContain('lost');
    expect(answer.evidence).toEqual([{ handle: '#1', text: expect.stringContaining(BEST) }]);
    expect(answer.evidence[0]?.text).toMatch(
      /Scope: 166 runs matched, 153 used · experiment `churn-prediction` · .*last/,
    );
    expect(shown(answer)).toMatch(
      /is the best\.\n\n│ What the tools found:\n│ #1 run-145 \(ec647f4f\) has the best f1_score(?:.*\n│)+.*\n\n/,
    );
    const record = answerJson(answer);
    expect(record.evidence).toEqual(answer.evidence);
    expect(SCHEMA.safeParse(JSON.parse(JSON.stringify(record))).error).toBeUndefined();
    expect(explainAnswer(answer)).toContain(`> What the tools found:\n> #1 \`${BEST}`);
  });

  it('stand the findings that they cite, earlier ones too, and how many more there are', async () => {
    const metrics = ['f1_score', 'accuracy', 'auc_roc', 'training_loss'];
    const digits = rank('val_accuracy', 'digits-mlp');
    const [all, cited, earlier] = (await talk(
      [
        say(...metrics.map((metric) => rank(metric)), digits),
        say('Done.'),
        say(rank('f1_score'), { ...digits, id: 'again' }),
        say('`run-145` leads `churn-prediction`.'),
        say('It was #5.'),
      ],
      ['rank them', 'and the best of all?', 'and of digits?'],
    )) as [Answer, Answer, Answer];
    expect(all.evidence.map(({ handle }) => handle)).toEqual(['#1', '#2', '#3', '#4', '#5']);
    expect(shown(all)).toMatch(/│ #4 [\s\S]*│ \+1 more finding\n/);
    expect(shown(all)).not.toContain('│ #5 ');
    expect(explainAnswer(all)).toContain('> #5 ');
    expect(cited.evidence.map(({ handle }) => handle)[0]).toBe('#6');
    expect(cited.evidence.map(({ handle }) => handle)).not.toContain('#7');
    expect(earlier).toMatchObject({ status: 'answered', findings: [], evidence: [{ handle: '#5' }] });
    expect(explainAnswer(earlier)).toMatch(/^> What the tools found:\n> #5 .*\n\n- Asked/);
  });

  it('stands why a tool found nothing', async () => {
    const [answer] = (await talk(
      [say(rank('perplexity')), say('[cannot] No run of it failed.')],
      ['which runs failed?'],
    )) as [Answer];
    expect(answer).toMatchObject({
      status: 'cannot',
      evidence: [{ text: expect.stringMatching(/^No metric `perplexity`/) }],
    });
    expect(shown(answer)).toMatch(/│ What the tools found:\n│ No metric perplexity/);
    expect(SCHEMA.safeParse(JSON.parse(JSON.stringify(answerJson(answer)))).error).toBeUndefined();
  });
});

describe('with nothing behind them', () => {
  it.each([
    ['an answer', 'Bigger batches are best.', 'unsupported', 8],
    ['a refusal that claims something', '[cannot] Only `run-099` reached 0.9911.', 'unsupported', 8],
    ['a question that claims something', '[clarify] `run-099` reached 0.9911. Is it meant?', 'unsupported', 8],
    ['a marker further on', 'So [cannot] it is.', 'unsupported', 8],
    ['a refusal', '[cannot] I only answer questions about experiments.', 'cannot', 5],
    ['a question', '[clarify] Which metric is meant?', 'clarify', 6],
  ])('%s is shown as words of the model', async (_, words, status, exit) => {
    const [answer] = (await talk(
      [say(words), ...(words.includes('0.9911') ? [say(words)] : [])],
      ['what is best?'],
    )) as [Answer];
    expect([answer.status, exitCodeOfAnswer(answer)]).toEqual([status, exit]);
    expect(answer.text.startsWith(`${OWN_WORDS}\n\n`)).toBe(true);
    expect(answer.text.match(/\[unverified\]/g)?.length ?? 0).toBe(words.includes('0.9911') ? 2 : 0);
    expect(shown(answer)).toMatch(/^The model's own words, with no finding behind them:\n\n/);
    expect(answer.evidence).toEqual([]);
  });

  it.each([
    ['calls that are not valid', toolUse('t1', 'rank_runs', { metric: 7 })],
    ['calls of tools that there are not', toolUse('t1', 'delete_runs', {})],
  ])('after %s too', async (_, call) => {
    const [answer] = (await talk([say(call), say('All runs are fine.')], ['are they?'])) as [Answer];
    expect(answer).toMatchObject({ status: 'unsupported', text: `${OWN_WORDS}\n\nAll runs are fine.` });
  });

  it('is an error where there is no word but a marker', async () => {
    const [answer] = (await talk([say('[cannot]')], ['best?'])) as [Answer];
    expect(answer).toMatchObject({ status: 'error', error: { code: 'bad_reply', source: 'model' } });
  });

  it('is no answer what a server says in an error', async () => {
    const message = 'run-099 is best with 0.9911';
    const [answer] = (await talk([{ status: 400, message }], ['best?'])) as [Answer];
    expect(answer).toMatchObject({ status: 'error', error: { source: 'model' }, evidence: [], findings: [] });
    expect(exitCodeOfAnswer(answer)).toBe(7);
  });
});

describe('choices', () => {
  const ASKING = '[clarify] Which one?\n1. `run-145` with f1_score 0.9911\n2. `run-009`';

  it('bear the marks of the check, and are no evidence when pressed', async () => {
    const claim = say('`run-145` reached 0.9911.');
    const [asked, pressed] = (await talk([say(ASKING), say(ASKING), claim, claim], ['best?', '1'])) as [Answer, Answer];
    expect(asked.choices.map(({ label }) => label)).toEqual([
      expect.stringContaining('0.9911 [unverified]'),
      expect.stringContaining('run-009'),
    ]);
    expect(asked.choices[0]?.question).toContain('0.9911 [unverified]');
    expect(shown(asked)).not.toMatch(/0\.9911(?! \[unverified\])/);
    expect(pressed.receipt.question).toContain('0.9911 [unverified]');
    expect(pressed).toMatchObject({ status: 'unsupported', text: expect.stringContaining('0.9911 [unverified]') });
  });

  it('of a tool are its own, and the text has no other numbers', async () => {
    const asking = '[clarify] Which?\n1. `fraud-detection-v2`\n2. `fraud-detection-v1`';
    const call = toolUse('t1', 'rank_runs', { metric: 'recall' });
    const [answer] = (await talk([say(call), say(asking)], ['best recall?'])) as [Answer];
    expect(answer.choices.length).toBeGreaterThan(1);
    expect(answer.choices[0]?.question).toMatch(/^best recall\? \(experiment/);
    expect(answer.text).toMatch(/^Which\?\n- .*\n- /);
  });
});
