import { expect, it } from 'vitest';
import { createConversation } from '../../src/agent/conversation/conversation.ts';
import { createAutoModel } from '../../src/agent/models/auto.ts';
import { ModelError } from '../../src/agent/models/model.ts';
import { createScriptedModel, type ScriptStep } from '../../src/agent/models/scripted.ts';
import { askOnce, createDeps, createTool, scoreBody } from './doubles.ts';

const rank = createTool('rank', async (n) => scoreBody(n));
const CALL = { calls: [{ name: 'rank', input: { n: 0.5 } }] };
const LOST = { text: 'Not understood: flibber.', verdict: { status: 'cannot', reason: 'not-understood' } } as const;

async function auto(offlineScript: readonly ScriptStep[], remoteScript: readonly ScriptStep[], questions = 1) {
  const offline = createScriptedModel(offlineScript, { name: 'offline' });
  const remote = createScriptedModel(remoteScript, { name: 'claude', canRepair: true });
  const deps = createDeps(createAutoModel(offline, remote), [rank]);
  const conversation = createConversation();
  const answers = [];
  for (let n = 0; n < questions; n++) answers.push((await askOnce(deps, `Question ${n}?`, conversation)).answer);
  offline.assertFinished();
  remote.assertFinished();
  return { answers, remote };
}

it('stays offline for the whole of a question that offline understands', async () => {
  const { answers } = await auto([CALL, { text: 'It is 0.5.', verdict: { status: 'answered' } }], []);
  expect(answers[0]).toMatchObject({ status: 'answered', text: 'It is 0.5.', usage: { model: 'offline' } });
});

it('hands what offline does not understand to the remote model, which then sees it through', async () => {
  const { answers, remote } = await auto([LOST], [CALL, { text: 'It is 0.7.' }, { text: 'It is 0.5.' }]);
  expect(answers[0]).toMatchObject({ text: 'It is 0.5.', usage: { model: 'claude' } });
  expect(remote.requests[0]?.messages).toEqual([{ role: 'user', text: 'Question 0?' }]);
});

it('decides anew for the next question', async () => {
  const { answers } = await auto(
    [LOST, CALL, { text: '0.5', verdict: { status: 'answered' } }],
    [{ text: 'Hello.' }],
    2,
  );
  expect(answers.map((answer) => answer.usage.model)).toEqual(['claude', 'offline']);
});

it('gives what offline could say, and one line of why, when the remote model fails at any time', async () => {
  const error = new ModelError('overloaded', 'The model is overloaded.');
  const { answers } = await auto([LOST, LOST], [CALL, { error }]);
  expect(answers[0]).toMatchObject({
    status: 'cannot',
    text: 'Not understood: flibber.',
    warnings: ['claude could not be asked: The model is overloaded.'],
    findings: [{ handle: '#1' }],
  });
});

it('does the same when the remote model declines', async () => {
  const { answers } = await auto([LOST, LOST], [{ text: '', stop: 'refusal' }]);
  expect(answers[0]).toMatchObject({
    status: 'cannot',
    text: 'Not understood: flibber.',
    warnings: ['claude declined to answer.'],
  });
});

it('leaves what was found where the last words, or a mended text, do not come', async () => {
  const error = new ModelError('overloaded', 'The model is overloaded.');
  const closing = await auto([LOST], [CALL, CALL, CALL, { error }]);
  expect(closing.answers[0]).toMatchObject({
    text: 'These are the runs.',
    warnings: [expect.stringContaining('Stopped at the same tool call made 3 times')],
  });
  const mending = await auto([LOST], [CALL, { text: 'It is 0.7.' }, { error }]);
  expect(mending.answers[0]?.text).toBe('It is 0.7 [unverified].');
});

it('is offline alone where nothing else is configured', async () => {
  const offline = createScriptedModel([LOST], { name: 'offline' });
  const { answer } = await askOnce(createDeps(createAutoModel(offline), [rank]));
  expect(answer).toMatchObject({ status: 'cannot', text: 'Not understood: flibber.' });
});
