/** The page in a real browser, over a real server and the demo. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { findChromium, startChromium } from '../../support/chromium.ts';
import { createDatabase, insertLatest, insertRun } from '../../support/databases.ts';
import { demoPath, makeTemporaryFolder } from '../../support/demo.ts';
import { startTestServer, type TestServer, type TestServerOptions } from './running-server.ts';

const program = findChromium();
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const NOW = { RUNSIGHT_NOW: '2026-11-20T18:00:00Z' };
const BEST = 'Which run had the highest f1_score?';

/** What axe leaves on the page, for code that runs there. */
declare const axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };

describe.skipIf(program === undefined)('the page', { timeout: 60_000 }, () => {
  let browser: Browser;
  let contexts: BrowserContext[] = [];
  let servers: TestServer[] = [];
  /** What went wrong in any page, and every address that one asked for. */
  let faults: string[] = [];
  let requested: URL[] = [];
  beforeAll(async () => {
    browser = await startChromium(program ?? '');
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    const own = servers.map(({ url }) => new URL(url).host);
    const foreign = requested.filter(({ protocol, host }) => protocol.startsWith('http') && !own.includes(host));
    expect({ faults, foreign }).toEqual({ faults: [], foreign: [] });
    await Promise.all(contexts.map((context) => context.close()));
    await Promise.all(servers.map((server) => server.drain()));
    [contexts, servers, faults, requested] = [[], [], [], []];
  });

  async function serve(options: TestServerOptions = {}): Promise<TestServer> {
    const server = await startTestServer({ uri: demoPath, env: NOW, ...options });
    servers.push(server);
    return server;
  }

  async function openPage(url: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width: 1200, height: 850 },
      acceptDownloads: true,
      ...options,
    });
    contexts.push(context);
    const page = await context.newPage();
    page.on('request', (request) => requested.push(new URL(request.url())));
    page.on(
      'console',
      (message) => message.type() === 'error' && faults.push(`${message.text()} ${message.location().url}`),
    );
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('dialog', (dialog) => {
      faults.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.goto(url);
    return page;
  }

  const answered = (page: Page) => page.locator('.exchange:not([aria-busy]) .answer');
  async function ask(page: Page, question: string) {
    const before = await answered(page).count();
    await page.fill('#question', question);
    await page.keyboard.press('Enter');
    await answered(page).nth(before).waitFor();
    return answered(page).nth(before);
  }

  test('asks, follows up, sorts, and shows what an answer stands on', async () => {
    const { url } = await serve();
    const page = await openPage(url);
    await page.getByRole('button', { name: 'Which run has the best "accuracy" in "churn-prediction"?' }).waitFor();
    const first = await ask(page, BEST);
    expect(await first.innerText()).toMatch(/run-145.*has the highest f1_score.*0\.733968/);
    const cells = (n: number) => first.locator(`tbody td:nth-child(${n})`).allInnerTexts();
    const order = await cells(1);
    const head = first.getByRole('button', { name: 'f1_score', exact: true });
    await head.click();
    expect(await cells(1)).toEqual(order.toReversed());
    expect(await first.locator('th').nth(1).getAttribute('aria-sort')).toBe('ascending');
    await head.click();
    await head.click();
    expect(await cells(1)).toEqual(order);
    // All digits are there for who looks.
    expect(await first.locator('td.number').first().getAttribute('title')).toBe('0.733968');
    await first.locator('.evidence > summary').click();
    expect(await first.locator('.finding').innerText()).toMatch(/153 of 166 runs used/);
    await first.getByRole('list', { name: 'Ask next' }).getByRole('button').first().click();
    await answered(page).nth(1).waitFor();
    expect(await page.locator('.question h2').nth(1).innerText()).toMatch(/Which parameters matter most/);
    const third = await ask(page, 'and the worst one?');
    expect(await third.innerText()).toMatch(/tie for the worst f1_score/);
    await page.keyboard.press('ArrowUp');
    expect(await page.inputValue('#question')).toBe('and the worst one?');
  });

  test('asks back, and takes a choice', async () => {
    const { url } = await serve();
    const page = await openPage(url);
    const first = await ask(page, 'what is the best run?');
    const choices = first.getByRole('list', { name: 'Choices' }).getByRole('button');
    if ((await choices.count()) === 0) expect(await first.innerText()).toMatch(/By which metric/);
    else {
      await choices.first().click();
      await answered(page).nth(1).waitFor();
    }
    expect(await first.locator('.state').innerText()).toBe('Which is meant?');
  });

  test('draws curves that can be read, looked at closely and taken away', async () => {
    const { url } = await serve();
    const page = await openPage(url);
    const first = await ask(page, 'plot the training loss of run 17');
    const chart = first.locator('.chart svg');
    await chart.focus();
    await page.keyboard.press('End');
    expect(await first.locator('.reading').innerText()).toBe(
      'training_loss of run-017 (45b58f3a): 0.020635 at step 59',
    );
    const box = (await chart.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.5, box.y + 80);
    expect(await first.locator('.reading').innerText()).toMatch(/at step (2[5-9]|3[0-2])$/);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.8, box.y + 90, { steps: 4 });
    await page.mouse.up();
    await chart.focus();
    await page.keyboard.press('Home');
    expect(await first.locator('.reading').innerText()).toMatch(/at step (2[5-9]|3[0-2])$/);
    await first.getByRole('button', { name: 'Whole curve' }).click();
    await first.locator('.evidence > summary').click();
    const download = async (name: string) => {
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        first.getByRole('link', { name, exact: true }).click(),
      ]);
      return readFileSync((await file.path())!);
    };
    const csv = (await download('CSV')).toString('utf8').trim().split(/\r?\n/);
    expect([csv.length, csv.at(-1)]).toEqual([61, expect.stringContaining('0.020635')]);
    expect((await download('PNG')).subarray(1, 4).toString()).toBe('PNG');
    expect((await download('SVG')).toString('utf8')).toMatch(/^<svg/);
    expect((await download('Python')).toString('utf8')).toMatch(/^import mlflow/);
  });

  test('shows a long answer from its question on, and never moves the frame', async () => {
    const { url } = await serve();
    const page = await openPage(url, { viewport: { width: 1200, height: 600 } });
    await ask(page, 'list the experiments');
    await ask(page, 'plot learning_rate against accuracy in churn-prediction');
    const frame = (await page.locator('.bar').boundingBox())!;
    expect(frame.y).toBe(0);
    const [question, thread] = await Promise.all([
      page.locator('.question').nth(1).boundingBox(),
      page.locator('.thread').boundingBox(),
    ]);
    expect(question!.y - thread!.y).toBeGreaterThanOrEqual(0);
    expect(question!.y - thread!.y).toBeLessThan(40);
  });

  test('asks and copies where it is served without https', async () => {
    const { url } = await serve();
    const page = await openPage('about:blank');
    // What a browser keeps from a page that came by http from another machine.
    await page.addInitScript(
      'delete Crypto.prototype.randomUUID; Object.defineProperty(Navigator.prototype, "clipboard", { value: undefined })',
    );
    await page.goto(url);
    const first = await ask(page, BEST);
    await first.locator('.evidence > summary').click();
    await first.getByText("The same through MLflow's own client").click();
    await first.getByRole('button', { name: 'Copy' }).click();
    await first.getByRole('button', { name: 'Copied' }).waitFor();
    await page.focus('#question');
    await page.keyboard.press('Control+V');
    expect(await page.inputValue('#question')).toMatch(/^import mlflow/);
  });

  test('says when to ask again where too much was asked', async () => {
    const { url } = await serve({ limits: { burst: 4, perSecond: 0.01 } });
    const page = await openPage(url);
    for (let n = 0; n < 6 && (await page.getByRole('alert').count()) === 0; n++) {
      await page.fill('#question', 'list the experiments');
      await page.keyboard.press('Enter');
      await page.locator('.exchange:not([aria-busy]) .answer, [role=alert]').nth(n).waitFor();
    }
    expect(await page.getByRole('alert').innerText()).toMatch(/Try again in \d+ s\.$/);
    faults = faults.filter((text) => !text.includes('429'));
  });

  test('stops a question before it has arrived', async () => {
    const { url } = await serve();
    const page = await openPage(url);
    const arrives = Promise.withResolvers<void>();
    await page.route('**/api/v1/ask', async (route) => {
      await arrives.promise;
      await route.continue();
    });
    await page.fill('#question', BEST);
    await page.keyboard.press('Enter');
    const stopped = page.waitForResponse(/\/cancel$/);
    await page.getByRole('button', { name: 'Stop' }).click();
    await stopped;
    arrives.resolve();
    await page.getByText('Stopped. Nothing of it was kept.').waitFor();
    expect(await answered(page).count()).toBe(0);
  });

  test('comes back to a question whose connection broke, and to one that was asked before a reload', async () => {
    const { url } = await serve();
    const page = await openPage(url);
    await page.route('**/api/v1/ask', async (route) => {
      await route.fetch();
      await route.abort('connectionreset');
    });
    await ask(page, BEST);
    // What was asked arrived, and its answer was followed afterwards.
    expect(requested.filter(({ pathname }) => pathname.endsWith('/events'))).toHaveLength(1);
    faults = faults.filter((text) => !text.includes('ERR_CONNECTION_RESET'));
    await page.unrouteAll();
    const held = Promise.withResolvers<void>();
    await page.route('**/api/v1/ask', async (route) => {
      await route.fetch();
      held.resolve();
    });
    await page.fill('#question', 'and the second?');
    await page.keyboard.press('Enter');
    await held.promise;
    await page.reload();
    await page.locator('.exchange:not([aria-busy]) h2', { hasText: 'and the second?' }).waitFor();
    expect(await answered(page).count()).toBe(2);
    expect(await answered(page).nth(1).innerText()).toMatch(/run-009/);
  });

  test('keeps conversations: reloads, renames, branches, goes back, deletes', async () => {
    const { url } = await serve();
    const page = await openPage(url);
    await ask(page, BEST);
    await ask(page, 'and the second?');
    await page.reload();
    await answered(page).nth(1).waitFor();
    expect(await answered(page).first().locator('tbody tr').count()).toBe(5);
    await page.getByRole('button', { name: 'Branch after question 1' }).click();
    await expect.poll(() => page.locator('.conversations li').count()).toBe(2);
    await expect.poll(() => answered(page).count()).toBe(1);
    await page.goBack();
    await expect.poll(() => answered(page).count()).toBe(2);
    const current = page.locator('.conversations li.current');
    await current.hover();
    await current.getByRole('button', { name: /^Rename/ }).click();
    await page.getByLabel('Title').fill('What won');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'What won' }).waitFor();
    await current.hover();
    await current.getByRole('button', { name: /^Delete/ }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await expect.poll(() => page.locator('.conversations li').count()).toBe(1);
    expect(await answered(page).count()).toBe(0);
  });

  test('signs in once, and shares a conversation until the link is withdrawn', async () => {
    const tokens = [
      { token: 'the-token-of-ann-1', owner: 'ann', tenant: 'a' },
      { token: 'the-token-of-ben-1', owner: 'ben', tenant: 'a' },
    ];
    const { url } = await serve({ tokens });
    const signIn = async (page: Page, token: string) => {
      await page.getByLabel('Your token').fill(token);
      await page.keyboard.press('Enter');
    };
    const ann = await openPage(url);
    await signIn(ann, 'no-such-token-at-all');
    await ann.getByRole('alert').waitFor();
    faults = faults.filter((text) => !text.includes('401'));
    await signIn(ann, 'the-token-of-ann-1');
    await ask(ann, BEST);
    expect(await ann.evaluate(() => (globalThis as unknown as { document: { cookie: string } }).document.cookie)).toBe(
      '',
    );
    await ann.locator('.share > summary').click();
    await ann.getByRole('button', { name: 'Make a link' }).click();
    const link = await ann.getByLabel('Link').inputValue();
    const ben = await openPage(link);
    await signIn(ben, 'the-token-of-ben-1');
    await ben.getByRole('heading', { name: BEST }).first().waitFor();
    expect(await ben.locator('#question, .questions, .branch').count()).toBe(0);
    await ann.keyboard.press('Escape');
    expect(await ann.getByRole('button', { name: 'Withdraw' }).isVisible()).toBe(false);
    await ann.keyboard.press('Enter');
    await ann.getByRole('button', { name: 'Withdraw' }).click();
    await ann.getByText('The link leads nowhere any more.').waitFor();
    await ben.reload();
    await ben.getByRole('alert').waitFor();
    faults = faults.filter((text) => !text.includes('404'));
    await ann.getByRole('button', { name: 'Sign out' }).click();
    await ann.getByLabel('Your token').waitFor();
  });

  test('draws hostile names as text', async () => {
    using folder = makeTemporaryFolder();
    const path = `${folder.path}/hostile.db`;
    const database = createDatabase(path, '3');
    const names = [
      '<img src=x onerror=alert(1)>',
      '[a](javascript:alert(2))',
      '`</code><script>alert(3)</script>',
      '\u202egnp.exe',
      '![x](http://elsewhere.test/x.png)',
    ];
    for (const [at, name] of names.entries()) {
      const id = at.toString(16).padStart(32, '0');
      insertRun(database, { id, name, start: at, params: { '"><svg onload=alert(4)>': 'x' } });
      insertLatest(database, id, '<b>f1</b>', at / 10);
    }
    database.close();
    const { url } = await serve({ uri: path });
    const page = await openPage(url);
    const first = await ask(page, 'list the last 5 runs');
    expect(await first.innerText()).toContain('<img src=x onerror=alert(1)>');
    await first.locator('.evidence > summary').click();
    expect(await page.locator('#app :is(img, script, b, [onload], [onerror], a[href^="javascript"])').count()).toBe(0);
  });

  test.each([
    ['dark', 1200],
    ['light', 1200],
    ['dark', 380],
    ['light', 380],
  ] as const)('is without serious faults of access: %s, %d wide', async (colorScheme, width) => {
    const { url } = await serve();
    const page = await openPage(url, { colorScheme, viewport: { width, height: 800 } });
    const check = async () => {
      await page.evaluate(AXE);
      const { violations } = await page.evaluate(() => axe.run());
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    };
    expect(await check()).toEqual([]);
    await ask(page, 'average accuracy by algorithm in churn-prediction');
    await ask(page, 'plot the training loss of run 17');
    await page.locator('.evidence > summary').last().click();
    expect(await check()).toEqual([]);
    const [inner, outer] = await page.evaluate(() => {
      const { document, innerWidth } = globalThis as unknown as {
        document: { documentElement: { scrollWidth: number } };
        innerWidth: number;
      };
      return [document.documentElement.scrollWidth, innerWidth] as const;
    });
    expect(inner).toBeLessThanOrEqual(outer);
  });
});
