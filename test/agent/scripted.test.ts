import { expect, it } from 'vitest';
import { createScriptedModel } from '../../src/agent/models/scripted.ts';
import { askOnce, createDeps } from './doubles.ts';

it('fails on a turn that nobody scripted', async () => {
  await expect(askOnce(createDeps(createScriptedModel([]), []))).rejects.toThrow(
    'the script has 0 turns; turn 1 was asked for',
  );
});

it('fails on what was left over', () => {
  expect(() => createScriptedModel([{ text: 'a' }]).assertFinished()).toThrow(
    '1 of 1 scripted turns were never asked for',
  );
});
