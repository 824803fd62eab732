/** Every way in which a server is broken or hostile, once: a whole question ends in its typed fault or the right answer. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALL_QUESTIONS, askBroken, findWrong, questionOf, secondsFor, shownOf } from '../support/ask-broken.ts';
import { type BrokenMlflow, startBrokenMlflow } from '../support/broken-mlflow.ts';
import { FAULTS, placeOfFault } from '../support/server-faults.ts';

const SEED = 1;
const { signal } = new AbortController();
let server: BrokenMlflow;
const right = new Map<string, string>();
beforeAll(async () => {
  server = await startBrokenMlflow();
  for (const question of ALL_QUESTIONS)
    right.set(question, shownOf(await askBroken(server.uriOf('', SEED), question, 5, signal)));
});
afterAll(() => server.stop());

test('a sound one is answered', () => {
  expect([...right.values()].map((shown) => JSON.parse(shown).status)).toEqual(Array(right.size).fill('answered'));
});

describe('the end of', () => {
  test.concurrent.each(FAULTS.filter(({ isHeavy }) => !isHeavy))('$name', { timeout: 20_000 }, async (fault) => {
    const place = placeOfFault(fault, SEED);
    const question = questionOf(fault, place, SEED);
    const answer = await askBroken(server.uriOf(fault.name, SEED), question, secondsFor(fault), signal);
    expect(findWrong(fault, place, answer, right.get(question) ?? '')).toBeUndefined();
  });
});
