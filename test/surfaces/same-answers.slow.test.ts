/** Forty questions through terminal, library, MCP, HTTP, the page and Slack: the same findings and numbers. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { findChromium, startChromium } from '../support/chromium.ts';
import { contentOf, openWaysIn, pickQuestions, type WaysIn } from './ways-in.ts';

let ways: WaysIn;
let browser: Browser | undefined;
beforeAll(async () => {
  vi.stubEnv('TZ', 'UTC');
  const program = findChromium();
  browser = program === undefined ? undefined : await startChromium(program);
  ways = await openWaysIn(browser);
});
afterAll(async () => {
  await ways[Symbol.asyncDispose]();
  await browser?.close();
  vi.unstubAllEnvs();
});

test.each(pickQuestions(40))('%s', async (question) => {
  const { library, ...others } = ways.ask;
  const expected = contentOf((await library?.(question)) ?? {});
  expect(expected.findings).not.toBeUndefined();
  for (const [name, ask] of Object.entries(others)) expect(contentOf(await ask(question)), name).toEqual(expected);
});
