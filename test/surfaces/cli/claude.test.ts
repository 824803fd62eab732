/** `runsight ask` with Claude as a process of its own: what a person sees of each kind of fault. */
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeTemporaryFolder, type TemporaryFolder } from '../../support/demo.ts';
import { type MessagesApi, type Reply, startMessagesApi, text, toolUse } from '../../support/messages-api.ts';
import { type Outcome, runProgram, startProgram } from './run-program.ts';

let folder: TemporaryFolder;
let api: MessagesApi | undefined;
beforeAll(() => {
  folder = makeTemporaryFolder();
});
afterEach(async () => {
  const closing = api?.close();
  api = undefined;
  await closing;
});
afterAll(() => folder[Symbol.dispose]());

async function serve(script: readonly Reply[]): Promise<Record<string, string>> {
  api = await startMessagesApi(script);
  return { ANTHROPIC_API_KEY: 'canary', ANTHROPIC_BASE_URL: api.url, RUNSIGHT_DEBUG: '' };
}

async function ask(question: string, flags: readonly string[], script: readonly Reply[]): Promise<Outcome> {
  return runProgram(['ask', question, ...flags], { cwd: folder.path, env: await serve(script) });
}

const RANK: Reply = { content: [toolUse('t1', 'rank_runs', { metric: 'f1_score', experiment: 'churn-prediction' })] };
const BEST: Reply = { content: [text('`run-145` has the best `f1_score`: 0.7340.')] };
const CUT: Reply = { content: [text('It is run-0')], break: { after: 4, by: 'cut' } };

describe('what it costs', () => {
  it('stands under the answer and in the record, with the day of the prices', async () => {
    const shown = await ask('best?', ['--model', 'claude'], [RANK, BEST]);
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toMatch(/^run-145 has the best f1_score: 0\.7340\./);
    expect(shown.stdout.replace(/\s+/g, ' ')).toMatch(/claude-sonnet-5-5 · \$0\.0001 \(prices of 20\d\d-\d\d-\d\d\)/);
    await api?.close();
    const { usage } = JSON.parse((await ask('best?', ['--model', 'claude', '--json'], [RANK, BEST])).stdout);
    expect(usage).toMatchObject({ cost_usd: 0.00014, prices_as_of: expect.stringMatching(/^20/), requests: 2 });
  });

  it('is unknown and not nothing where no price is known', async () => {
    const env = { ...(await serve([RANK, BEST])), RUNSIGHT_CLAUDE_MODEL: 'qwen3-coder' };
    const { stdout } = await runProgram(['ask', 'best?', '--model', 'claude'], { cwd: folder.path, env });
    expect(stdout).toContain('qwen3-coder · cost unknown');
    expect(stdout).not.toContain('$');
  });
});

describe('with Claude alone, a fault is one line and status 7', () => {
  it.each<[string, readonly Reply[], RegExp]>([
    ['overloaded thrice', Array<Reply>(3).fill({ status: 529, type: 'overloaded_error' }), /overloaded/],
    ['cut off twice', [CUT, CUT], /broke off in the middle/],
    ['cut off after a finding', [RANK, CUT, CUT], /broke off in the middle/],
    ['told to wait for long', [{ status: 429, headers: { 'retry-after': '3600' } }], /asks to wait 1 h/],
    ['out of budget', [{ status: 429 }], /rate limit/],
    [
      'a server that repeats the key',
      [{ status: 401, message: 'invalid key canary' }],
      /"invalid key \*\*\*" \(HTTP 401/,
    ],
    ['a web page', [{ html: '<html>Sign in</html>' }], /cannot be read.*ANTHROPIC_BASE_URL/],
    ['sent elsewhere', [{ status: 307, headers: { location: 'http://127.0.0.1:9/' } }], /sends on to another/],
    ['an unknown model', [{ status: 404 }], /RUNSIGHT_CLAUDE_MODEL/],
    ['too long', [{ status: 413 }], /no longer fits/],
  ])('%s', async (_, script, words) => {
    const { code, stdout, stderr } = await ask('best?', ['--model', 'claude'], script);
    expect(stderr).toMatch(words);
    expect(stderr).toMatch(/^runsight: [^\n]+\n$/);
    expect(stderr).toContain('--model offline');
    expect(stderr).not.toMatch(/canary|\bat .*:\d+:\d+/);
    expect([code, stdout]).toEqual([7, '']);
  });

  it('names the request in the record', async () => {
    const { stdout } = await ask('best?', ['--model', 'claude', '--json'], [{ status: 401 }]);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 1,
      status: 'error',
      warnings: [],
      error: { code: 'bad_key', source: 'model', request_id: 'req_test' },
    });
  });

  it('but words without a finding are shown as such, status 8', async () => {
    const { code, stdout } = await ask('hello', ['--model', 'claude'], [{ content: [text('Hello.')] }]);
    expect(stdout).toMatch(/^The model's own words, with no finding behind them:\n\nHello\.\n/);
    expect(code).toBe(8);
  });

  it('but a refusal is an answer, status 5', async () => {
    const { code, stdout, stderr } = await ask('best?', ['--model', 'claude'], [{ content: [], stop: 'refusal' }]);
    expect(stdout).toMatch(/^The model declined to answer this question\./);
    expect([code, stderr]).toEqual([5, '']);
  });
});

it('in auto mode a fault leaves what offline can say, and one line of why', async () => {
  const { code, stdout, stderr } = await ask('Write me a limerick on flibber', [], [{ status: 401 }]);
  expect(stdout).toMatch(/^Not understood/);
  expect(stdout.replace(/\s+/g, ' ')).toContain('claude-sonnet-5-5 could not be asked: The API key was refused');
  expect([code, stderr]).toEqual([5, '']);
});

it('a limit ends with the best answer so far', async () => {
  const script = [RANK, RANK, RANK, { content: [text('`run-145` with 0.7340.')] }];
  const { code, stdout } = await ask('best?', ['--model', 'claude'], script);
  expect(stdout).toMatch(/^run-145 with 0\.7340\.\n\n(?:│.*\n)+\nStopped at the same tool call made 3 times/);
  expect(code).toBe(0);
});

it('Ctrl-C in mid-stream ends the request and the program, with 130', async () => {
  const env = await serve([{ content: [text('It is run-0')], break: { after: 4, by: 'stall' } }]);
  const child = startProgram(['ask', 'best?', '--model', 'claude'], { cwd: folder.path, env });
  while (api?.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  child.kill('SIGINT');
  expect(await once(child, 'close')).toEqual([130, null]);
  await api?.requests[0]?.abandoned;
});
