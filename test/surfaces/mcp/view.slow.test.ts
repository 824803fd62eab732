/** The view of MCP Apps in a real browser and the official host bridge, over real tools. */
import path from 'node:path';
import type { Browser, Frame, Page } from 'playwright-core';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundleView } from '../../../scripts/build.mjs';
import { findChromium, startChromium } from '../../support/chromium.ts';
import { openSession, type Session, textOf } from './connect.ts';

/** What the specification has a host allow a page that asks for nothing. */
const POLICY =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; media-src 'self' data:; connect-src 'none'";

const ALL = { serverTools: {}, updateModelContext: { text: {} }, message: { text: {} } };
const program = findChromium();

/** What the page of the host has (`view-host.mjs`), for code that runs there. */
declare const window: {
  openView(capabilities: unknown, context: unknown): Promise<void>;
  readonly bridge: {
    sendToolInput(params: unknown): Promise<void>;
    sendToolResult(result: unknown): Promise<void>;
    setHostContext(context: unknown): void;
  };
};

describe.skipIf(program === undefined)('the view', () => {
  let browser: Browser;
  let session: Session;
  let page: Page;
  /** One that answers with a handle at first. */
  let slow: Session | undefined;
  const calls: { readonly name: string; readonly arguments: Record<string, unknown> }[] = [];
  const heard: (readonly [kind: string, params: { readonly content?: unknown; readonly height?: number }])[] = [];
  const requested = new Set<string>();
  const faults: string[] = [];

  beforeAll(async () => {
    browser = await startChromium(program ?? '');
    session = await openSession();
    page = await browser.newPage();
    const host = await rolldown({ input: path.join(import.meta.dirname, 'view-host.mjs'), platform: 'browser' });
    const { output } = await host.generate({ format: 'iife' });
    const { html } = await bundleView();
    const own = { contentType: 'text/html; charset=utf-8' };
    await page.route('http://host.test/', (route) => route.fulfill({ ...own, body: '<!doctype html><body>' }));
    await page.route('http://view.test/', (route) =>
      route.fulfill({ ...own, body: html, headers: { 'content-security-policy': POLICY } }),
    );
    page.on('request', (request) => requested.add(request.url()));
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('dialog', (dialog) => {
      faults.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.exposeFunction('callTool', (params: (typeof calls)[number]) => {
      calls.push(params);
      return (slow ?? session).client.callTool(params);
    });
    await page.exposeFunction('hear', (...said: (typeof heard)[number]) => void heard.push(said));
    await page.goto('http://host.test/');
    await page.addScriptTag({ content: output[0].code });
  });
  afterAll(async () => {
    await browser.close();
    await session[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    calls.length = 0;
    heard.length = 0;
  });

  async function open(capabilities: object = ALL, context: object = { theme: 'light' }): Promise<Frame> {
    await page.evaluate(([some, other]) => window.openView(some, other), [capabilities, context] as const);
    return page.frames().find((frame) => frame.url() === 'http://view.test/') as Frame;
  }

  const send = (result: unknown) => page.evaluate((one) => window.bridge.sendToolResult(one), result);
  const ask = async (question: string) => send(await session.client.callTool({ name: 'ask', arguments: { question } }));
  const firstColumn = (view: Frame) => view.locator('tbody tr td:first-child').allInnerTexts();

  it('shows words and a table that sorts', async () => {
    const view = await open();
    await page.evaluate(() => window.bridge.sendToolInput({ arguments: { question: 'top 3 runs by f1' } }));
    await ask('top 3 runs by f1');
    await view.getByText('runs with the best').waitFor();
    expect(await view.locator('code').allInnerTexts()).toContain('run-145');
    const before = await firstColumn(view);
    expect(before[0]).toContain('run-145');
    const heading = view.locator('th').getByRole('button', { name: 'f1_score' });
    await heading.click();
    expect(await firstColumn(view)).toEqual(before.toReversed());
    expect(await view.locator('th').nth(1).getAttribute('aria-sort')).toBe('ascending');
    await heading.click();
    expect(await firstColumn(view)).toEqual(before);
  });

  it('draws a curve, tells the value under the pointer and its size to the host', async () => {
    const view = await open();
    await ask('Plot the training loss curve for run 17');
    const drawing = view.getByRole('img');
    expect(await drawing.locator('path.curve').getAttribute('d')).toMatch(/^M[\d.]+,[\d.]+(?:L[\d.]+,[\d.]+){59}$/);
    await drawing.hover();
    await view.locator('figure > p', { hasText: /^training_loss of run-017 .*: [\d.e-]+ at step \d+$/ }).waitFor();
    await expect.poll(() => heard.some(([kind, { height = 0 }]) => kind === 'size' && height > 300)).toBe(true);
  });

  it('draws points, and what was fitted to them', async () => {
    const view = await open();
    await ask('Plot learning_rate against f1_score in churn-prediction');
    const drawing = view.getByRole('img');
    await drawing.waitFor();
    expect(await drawing.locator('circle').count()).toBeGreaterThan(20);
  });

  it('asks what was meant, in the same conversation', async () => {
    const view = await open();
    const asked = await session.client.callTool({ name: 'ask', arguments: { question: 'best run' } });
    await send(asked);
    await view.getByRole('heading', { name: 'Which one is meant?' }).waitFor();
    await view.getByRole('button', { name: 'error_rate' }).click();
    await view.getByRole('table').waitFor();
    type Clarifying = { conversation: string; choices: { label: string; question: string }[] };
    const { conversation, choices } = asked.structuredContent as Clarifying;
    const { question } = choices.find(({ label }) => label.startsWith('error_rate')) as Clarifying['choices'][number];
    expect(calls).toMatchObject([{ name: 'ask', arguments: { question, conversation } }]);
  });

  it('asks what can be asked next by our own tool, and tells the model what was seen', async () => {
    const view = await open();
    const asked = await session.client.callTool({ name: 'ask', arguments: { question: 'best run by f1?' } });
    await send(asked);
    const next = view.getByRole('button', { name: 'Which parameters matter most' });
    await next.click();
    await view.getByText('churn-prediction').first().waitFor();
    await expect.poll(() => heard.some(([kind]) => kind === 'context')).toBe(true);
    const { conversation } = asked.structuredContent as { conversation: string };
    expect(calls).toMatchObject([
      { name: 'ask', arguments: { question: expect.stringMatching(/^Which parameters matter most/), conversation } },
    ]);
    expect(JSON.stringify(heard)).toContain('Asked in the view: Which parameters matter most');
    expect(await view.locator('main').innerText()).not.toContain('Asking');
  });

  it('fetches what took longer', async () => {
    slow = await openSession('2026-07-28', { patienceMs: 0 });
    const view = await open();
    const pending = await slow.client.callTool({ name: 'ask', arguments: { question: 'best run by f1?' } });
    expect(pending.structuredContent).toMatchObject({ pending: { state: 'running' } });
    await send(pending);
    await view.getByText('run-145').first().waitFor();
    expect(calls.map(({ name }) => name)).toEqual(['get_answer']);
    await slow[Symbol.asyncDispose]();
    slow = undefined;
  });

  it('says it as the person where the host lets views call no tools', async () => {
    const view = await open({ message: { text: {} } });
    await ask('best run by f1?');
    await view.getByRole('button', { name: 'Compare' }).click();
    await expect.poll(() => heard.filter(([kind]) => kind === 'message')).toHaveLength(1);
    expect(calls).toEqual([]);
  });

  it('shows what a tool found, at full precision in its order', async () => {
    const view = await open();
    await send(
      await session.client.callTool({
        name: 'get_metric_history',
        arguments: { runs: ['run-017'], metrics: ['training_loss'] },
      }),
    );
    await view.getByRole('img').waitFor();
    await send(await session.client.callTool({ name: 'list_experiments', arguments: {} }));
    await view.getByRole('button', { name: 'runs', exact: true }).click();
    const column = await view
      .locator('th[aria-sort]')
      .evaluate((head) => [...(head.parentElement?.children ?? [])].indexOf(head));
    const counts = await view.locator(`tbody tr td:nth-child(${column + 1})`).allInnerTexts();
    const numbers = counts.map((text) => Number(text.replaceAll(',', '')));
    expect(numbers.length).toBeGreaterThan(2);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  });

  it('follows the theme of its host', async () => {
    const view = await open(ALL, { theme: 'dark' });
    const scheme = () => view.evaluate('getComputedStyle(document.documentElement).colorScheme');
    await expect.poll(scheme).toBe('dark');
    await page.evaluate(() => window.bridge.setHostContext({ theme: 'light' }));
    await expect.poll(scheme).toBe('light');
  });

  it('shows hostile names as the text that they are', async () => {
    const view = await open();
    const evil = '<img src=x onerror=alert(1)><script>alert(2)</script>\u202egnp';
    const link = '[click](javascript:alert(3)) ![x](http://evil.test/x.png)';
    const result = await session.client.callTool({ name: 'ask', arguments: { question: 'best run by f1?' } });
    const record = result.structuredContent as Record<string, unknown>;
    const text = `${evil} ${link}\n\n| ${evil} |\n|---|\n| ${link} |`;
    const choices = [{ slot: 'run', value: 'x', label: evil, question: evil }];
    const series = [
      {
        name: evil,
        points: [
          { step: 0, value: 1 },
          { step: 1, value: 'NaN' },
          { step: 2, value: 3 },
        ],
      },
    ];
    const charts = [{ id: 'c', kind: 'curve', title: evil, alt: evil, series, axis: 'step' }];
    const hostile = { ...record, text, warnings: [evil], choices, followUps: [evil], charts };
    await send({ ...result, structuredContent: hostile });
    await view.getByRole('button', { name: '<img src=x' }).first().waitFor();
    expect(await view.locator('img, a, iframe, main script').count()).toBe(0);
    expect(await view.locator('main').innerText()).not.toContain('\u202e');
    await view.locator('button.ask').first().click();
    await expect.poll(() => calls).toHaveLength(1);
    expect(calls[0]?.arguments.question).toBe(evil);
  });

  it('shows the text where there are no data', async () => {
    const view = await open();
    const refused = await session.client.callTool({ name: 'rank_runs', arguments: { metric: 'perplexity' } });
    await send(refused);
    await view.getByText('No metric').waitFor();
    expect(textOf(refused)).toContain('perplexity');
  });

  it('asked nobody but its host for anything, and nothing went wrong', () => {
    expect([...requested].sort()).toEqual(['http://host.test/', 'http://view.test/']);
    expect(faults).toEqual([]);
  });
});
