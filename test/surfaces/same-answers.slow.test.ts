/** Forty questions through terminal, library, MCP and HTTP: the same findings and numbers. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { contentOf, openWaysIn, pickQuestions, type WaysIn } from './ways-in.ts';

let ways: WaysIn;
beforeAll(async () => {
  vi.stubEnv('TZ', 'UTC');
  ways = await openWaysIn();
});
afterAll(async () => {
  await ways[Symbol.asyncDispose]();
  vi.unstubAllEnvs();
});

test.each(pickQuestions(40))('%s', async (question) => {
  const { library, ...others } = ways.ask;
  const expected = contentOf((await library?.(question)) ?? {});
  expect(expected.findings).not.toBeUndefined();
  for (const [name, ask] of Object.entries(others)) expect(contentOf(await ask(question)), name).toEqual(expected);
});
