import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { demoPath, makeTemporaryFolder } from '../../support/demo.ts';
import { startHttpDouble } from '../../support/http-double.ts';
import { runProgram } from '../cli/run-program.ts';
import { readEvents, send } from './running-server.ts';
import { startServe } from './serve-process.ts';

describe('the process', () => {
  test('prints its address in one line, logs a line of JSON for each request, and ends when it is told', async () => {
    using folder = makeTemporaryFolder();
    const { url, child, stdout, stderr, ended } = await startServe(folder.path, ['--uri', demoPath]);
    const { body } = await send(`${url}/api/v1/ask`, { body: { question: 'Which run had the highest F1 score?' } });
    expect(body.text).toContain('run-145');
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(stdout()).toBe(`runsight serves at ${url}\n`);
    const lines = (await stderr)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual([
      expect.objectContaining({ owner: 'local', method: 'POST', route: '/api/v1/ask', status: 200 }),
    ]);
    const file = join(folder.path, '.local/state/runsight/conversations.db');
    expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
    const again = await startServe(folder.path, ['--uri', demoPath]);
    const going = { question: 'and the second?', conversation: body.conversation };
    expect((await send(`${again.url}/api/v1/ask`, { body: going })).body.status).toBe('answered');
    again.child.kill('SIGINT');
    expect(await again.ended).toBe(0);
  });

  test('two of them share conversations, and take turns', async () => {
    using folder = makeTemporaryFolder();
    const servers = await Promise.all([1, 2].map(() => startServe(folder.path, ['--uri', demoPath])));
    const ask = async (at: number, body: unknown) => (await send(`${servers[at]!.url}/api/v1/ask`, { body })).body;
    const { conversation } = await ask(0, { question: 'top 3 runs by auc_roc' });
    const questions = ['and by f1_score?', 'and by accuracy?', 'plot training loss for all three', 'compare them'];
    for (const [at, question] of questions.entries())
      expect((await ask((at + 1) % 2, { question, conversation })).status).toBe('answered');
    const together = await Promise.all(
      [0, 1, 0, 1].map((at) => ask(at, { question: 'top 3 runs by auc_roc', conversation })),
    );
    expect(together.every(({ status }) => status === 'answered')).toBe(true);
    const read = await send(`${servers[1]!.url}/api/v1/conversations/${conversation}`);
    expect(read.body.turns).toBe(9);
  });

  test('streams, hears a cancel and a client that leaves, and is cut where it must end', async () => {
    using folder = makeTemporaryFolder();
    const store = await startHttpDouble();
    const left: number[] = [];
    store.script([(response) => response.once('close', () => left.push(performance.now()))], true);
    const { url, child, ended } = await startServe(folder.path, ['--uri', store.url]);
    const streamOf = (id: string, signal?: AbortSignal) =>
      fetch(`${url}/api/v1/ask`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
        body: JSON.stringify({ question: 'best run by f1', id }),
        ...(signal && { signal }),
      });
    const events = readEvents(await streamOf('question-1'));
    expect((await events.next()).value).toMatchObject({ type: 'RUN_STARTED' });
    while (store.requests.length < 1) await setTimeout(10);
    const cancelledAt = performance.now();
    await send(`${url}/api/v1/ask/question-1/cancel`, { method: 'POST' });
    expect((await Array.fromAsync(events)).at(-1)).toMatchObject({ outcome: { type: 'cancelled' } });
    while (left.length < 1) await setTimeout(10);
    expect(left[0]! - cancelledAt).toBeLessThan(500);

    const leave = new AbortController();
    await streamOf('question-2', leave.signal);
    while (store.requests.length < 2) await setTimeout(10);
    const leftAt = performance.now();
    leave.abort();
    while (left.length < 2) await setTimeout(10);
    expect(left[1]! - leftAt).toBeLessThan(500);

    const cut = send(`${url}/api/v1/ask`, { body: { question: 'best run by f1' } });
    while (store.requests.length < 3) await setTimeout(10);
    child.kill('SIGTERM');
    expect([(await cut).status, await ended]).toEqual([503, 143]);
    await store.stop();
  });

  test('refuses what it cannot serve', async () => {
    using folder = makeTemporaryFolder();
    const outcomeOf = async (...args: string[]) => {
      const { code, stderr } = await runProgram(['serve', ...args], { cwd: folder.path });
      return [code, stderr];
    };
    expect(await outcomeOf('--host', '0.0.0.0')).toEqual([
      2,
      expect.stringMatching(/^runsight: --host 0\.0\.0\.0 .*RUNSIGHT_TOKENS.*\n$/),
    ]);
    expect(await outcomeOf('--port', 'x')).toEqual([2, expect.stringContaining('--port')]);
    const database = { RUNSIGHT_CONVERSATIONS: 'postgresql://ana:s3cret@127.0.0.1:1/none' };
    const { code, stderr } = await runProgram(['serve', '--port', '0'], { cwd: folder.path, env: database });
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(/^runsight: conversations cannot be kept in postgresql:\/\/(?!.*s3cret)/),
    ]);
    expect(await outcomeOf('now')).toEqual([2, expect.stringContaining('serve takes no "now"')]);
    expect(await outcomeOf('--host', '203.0.113.1.invalid')).toEqual([2, expect.any(String)]);
  });

  test('alone loads what it needs to serve', async () => {
    using folder = makeTemporaryFolder();
    const probe = new URL('../cli/list-loads.mjs', import.meta.url);
    const env = { NODE_OPTIONS: `--import=${probe}` };
    const { stderr } = await runProgram(['ask', 'best run by f1_score', '--uri', demoPath, '--model', 'offline'], {
      cwd: folder.path,
      env,
    });
    expect(stderr).not.toMatch(/hono|node-server|conversations\.db|chunks\/serve/);
  });
});

test('200 questions at once are each answered or told to wait', { timeout: 120_000 }, async () => {
  using folder = makeTemporaryFolder();
  const { url, child } = await startServe(folder.path, ['--uri', demoPath]);
  const took: number[] = [];
  const statuses = await Promise.all(
    Array.from({ length: 200 }, async (_, turn) => {
      const began = performance.now();
      const { status, body, headers } = await send(`${url}/api/v1/ask`, {
        body: { question: `top ${(turn % 9) + 1} runs by f1_score` },
      });
      took.push(performance.now() - began);
      if (status === 200) expect(body.status).toBe('answered');
      else expect([status, Number(headers.get('retry-after')) > 0]).toEqual([429, true]);
      return status;
    }),
  );
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(32);
  const p99 = took.sort((a, b) => a - b)[Math.floor(took.length * 0.99)]!;
  expect(p99).toBeLessThan(10_000);
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
  expect(Number(peak)).toBeLessThan(512 * 1024);
  const answered = statuses.filter((status) => status === 200).length;
  const figures = `${answered} of 200 answered, p99 ${p99.toFixed(0)} ms, ${Math.round(Number(peak) / 1024)} MB`;
  process.stderr.write(`questions at once: ${figures}\n`);
});
