import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTemporaryFolder, type TemporaryFolder } from '../../support/demo.ts';
import { startMessagesApi } from '../../support/messages-api.ts';
import { type Outcome, runProgram, startProgram } from './run-program.ts';

const QUESTION = 'Which run had the highest F1 score?';

let folder: TemporaryFolder;
beforeAll(() => {
  folder = makeTemporaryFolder();
  writeFileSync(path.join(folder.path, 'zero.db'), '');
  writeFileSync(
    path.join(folder.path, 'notes.db'),
    'not a database at all, but longer than its header would be\n'.repeat(9),
  );
  mkdirSync(path.join(folder.path, 'nothing'));
  const foreign = new DatabaseSync(path.join(folder.path, 'foreign.db'));
  foreign.exec('CREATE TABLE cats (name TEXT)');
  foreign.close();
});
afterAll(() => folder[Symbol.dispose]());

const run = (args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> =>
  runProgram(args, { cwd: folder.path, env });

/** One line on stderr, nothing on stdout, no stack. */
function expectOneLine({ code, stdout, stderr }: Outcome, exit: number, words: RegExp): void {
  expect(stderr).toMatch(words);
  expect(stderr).toMatch(/^runsight: [^\n]+\n$/);
  expect(stderr).not.toMatch(/\bat .*:\d+:\d+/);
  expect([code, stdout]).toEqual([exit, '']);
}

describe('faults are one line with a mend and a documented exit code', () => {
  it.each([
    ['no such file', 'none.db', 3, /no database or mlruns folder at .*none\.db/],
    ['a zero-byte file', 'zero.db', 4, /zero\.db is empty/],
    ['a file that is no database', 'notes.db', 4, /notes\.db is not a SQLite database/],
    ["a database that is not MLflow's", 'sqlite:///foreign.db', 4, /foreign\.db/],
    ['an empty folder', 'nothing', 4, /nothing holds no MLflow experiment/],
    ['an unreachable server', 'http://127.0.0.1:1', 3, /127\.0\.0\.1:1/],
    ['an unknown kind of store', 'gopher://x', 2, /gopher/],
  ])('%s', async (_, uri, exit, words) => {
    expectOneLine(await run(['ask', QUESTION, '--uri', uri]), exit, words);
  });

  it.each([
    ['an unknown command', ['chatter'], /unknown command "chatter"/],
    ['an unknown flag', ['ask', QUESTION, '--nope'], /--nope/],
    ['nothing asked', ['ask'], /nothing was asked/],
    ['an unknown model', ['ask', QUESTION, '--model', 'gpt'], /model "gpt"/],
    ['an impossible width', ['ask', QUESTION, '--width', 'wide'], /--width/],
  ])('%s', async (_, args, words) => {
    expectOneLine(await run(args), 2, words);
  });

  it('an impossible clock or limit', async () => {
    expectOneLine(await run(['ask', QUESTION], { RUNSIGHT_NOW: 'yesterday' }), 2, /RUNSIGHT_NOW is "yesterday"/);
    expectOneLine(await run(['ask', QUESTION], { TRACKING_MAX_RUNS_PER_QUERY: '0' }), 2, /TRACKING_MAX_RUNS_PER_QUERY/);
  });

  it('an address of the model that holds a password, without showing it', async () => {
    const outcome = await run(['ask', QUESTION], { ANTHROPIC_BASE_URL: 'http://me:canary@127.0.0.1:1' });
    expectOneLine(outcome, 2, /ANTHROPIC_BASE_URL holds .*ANTHROPIC_AUTH_TOKEN/);
    expect(outcome.stderr).not.toContain('canary');
  });

  it('a config file with a key that does not exist', async () => {
    using home = makeTemporaryFolder();
    mkdirSync(path.join(home.path, 'runsight'));
    writeFileSync(path.join(home.path, 'runsight/config.json'), '{ "traking_uri": "x.db" }');
    expectOneLine(await run(['ask', QUESTION], { XDG_CONFIG_HOME: home.path }), 2, /unknown key "traking_uri"/);
  });

  it('no key for Claude', async () => {
    expectOneLine(await run(['ask', QUESTION, '--model', 'claude']), 7, /ANTHROPIC_API_KEY/);
  });

  it('a wrong key', async () => {
    const api = await startMessagesApi([{ status: 401, type: 'authentication_error' }]);
    const env = { ANTHROPIC_API_KEY: 'canary-key', ANTHROPIC_BASE_URL: api.url };
    const outcome = await run(['ask', QUESTION, '--model', 'claude'], env);
    expectOneLine(outcome, 7, /key/);
    expect(outcome.stderr).not.toContain('canary');
    await api.close();
  });

  it('an unknown experiment and an unknown metric are answers that name the nearest', async () => {
    const experiment = await run(['ask', QUESTION, '--experiment', 'churn-predicton']);
    expect(experiment.stdout).toMatch(/churn-predicton/);
    expect(experiment.stdout).toMatch(/churn-prediction/);
    expect(experiment.stdout).toMatch(/The\s+question\s+names\s+none:.*MLFLOW_EXPERIMENT_NAME/s);
    expect([experiment.code, experiment.stderr]).toEqual([5, '']);
    const metric = await run(['ask', 'best run by perplexity']);
    expect(metric.stdout).toMatch(/perplexity/);
    expect(metric.code).toBe(5);
  });

  it('shows the stack where RUNSIGHT_DEBUG asks for it', async () => {
    const { stderr } = await run(['ask'], { RUNSIGHT_DEBUG: '1' });
    expect(stderr).toMatch(/ConfigError: nothing was asked[\s\S]*at /);
  });
});

describe('secrets', () => {
  const CANARIES = {
    MLFLOW_TRACKING_PASSWORD: 'canary-1',
    MLFLOW_TRACKING_TOKEN: 'canary-2',
    ANTHROPIC_API_KEY: 'canary-3',
  };

  it.each([
    ['doctor', '--uri', 'http://user:canary-4@127.0.0.1:1'],
    ['ask', QUESTION, '--uri', 'http://user:canary-4@127.0.0.1:1'],
    ['ask', QUESTION, '--json', '--uri', 'http://user:canary-4@127.0.0.1:1'],
    ['ask', QUESTION, '--uri', 'postgresql://user:canary-4@db/mlflow'],
  ])('%s %s shows none', async (...args) => {
    const { stdout, stderr } = await run(args, { ...CANARIES, RUNSIGHT_DEBUG: '1' });
    expect(stdout + stderr).not.toContain('canary');
  });
});

describe('Ctrl-C', () => {
  it('ends a question that waits for a server, with 130', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const child = startProgram(['ask', QUESTION, '--uri', `http://127.0.0.1:${port}`], { cwd: folder.path });
    const [socket] = await once(server, 'connection');
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([130, null]);
    socket.destroy();
    server.close();
  });
});
