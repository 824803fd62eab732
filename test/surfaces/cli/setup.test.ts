/** Setup in a real terminal, as a person types it. */
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demoPath, makeTemporaryFolder, type TemporaryFolder } from '../../support/demo.ts';
import { startMessagesApi, text } from '../../support/messages-api.ts';
import { hasTmux, openTerminal, type Terminal } from '../../support/terminal.ts';
import { environment, program, runProgram } from './run-program.ts';

if (!hasTmux) console.warn('tmux is not installed: setup is not tried in a terminal');

const CANARY = 'canary-key-77';
const STORE = /Where your runs are/;
const KEY = /not shown\.\n\[.*\] >$/;
const EXPERIMENT = /The experiment that is meant.*\n\[.*\] >$/;

let home: TemporaryFolder;
let terminal: Terminal | undefined;
beforeEach(() => {
  home = makeTemporaryFolder();
});
afterEach(() => {
  terminal?.close();
  terminal = undefined;
  home[Symbol.dispose]();
});

const configFile = () => path.join(home.path, '.config/runsight/config.json');
const readConfigFile = () => JSON.parse(readFileSync(configFile(), 'utf8'));
const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);

async function start(env: Record<string, string> = {}, columns = 100): Promise<Terminal> {
  const command = [...program, 'setup'];
  terminal = openTerminal({
    columns,
    rows: 60,
    command,
    env: { ...environment(home.path), ...env },
    folder: home.path,
  });
  await terminal.until(STORE);
  await terminal.untilPrompt();
  return terminal;
}

/** Neither on the screen, nor scrolled away, nor ever sent to the terminal. */
function expectNoCanary(shown: Terminal): void {
  expect(shown.everything() + shown.written()).not.toContain('canary');
}

describe.skipIf(!hasTmux)('runsight setup', () => {
  it('tries each answer, asks again for what is wrong, and writes a private file', async () => {
    const api = await startMessagesApi([{ content: [text('Hello')] }]);
    const shown = await start({ ANTHROPIC_BASE_URL: api.url });
    shown.enter('none.db');
    await shown.until(/✗ no database or mlruns folder at .*none\.db/);
    shown.enter(demoPath);
    await shown.until(/✓ sqlite .*mlflow\.db: 9 experiments, 422 runs/);
    await shown.until(KEY);
    shown.enter(CANARY);
    await shown.until(/✓ claude-\S+ answers/);
    await shown.until(EXPERIMENT);
    shown.enter('churn-predicton');
    await shown.until(/✗ No experiment is called .* Nearest: `churn-prediction`/);
    shown.enter('churn-prediction');
    const last = await shown.until(/→ Which run has the best .* in "churn-prediction"\?/);

    expect(await shown.end()).toMatchObject({ code: 0 });
    expect(last).toMatch(/anthropic_api_key +\*\*\* \("anthropic_api_key" in the config file\)/);
    expect(readConfigFile()).toEqual({
      tracking_uri: demoPath,
      anthropic_api_key: CANARY,
      anthropic_base_url: api.url,
      experiment: 'churn-prediction',
    });
    expect([modeOf(configFile()), modeOf(path.dirname(configFile()))]).toEqual(['600', '700']);
    expect(JSON.stringify(api.requests[0]?.headers)).toContain(CANARY);
    expectNoCanary(shown);
    await api.close();
  });

  it('skips a key that is refused, keeps what the file had, and takes it away from others', async () => {
    const before = { tracking_uri: demoPath, model: 'offline', claude_model: 'claude-x', experiment: 'digits-mlp' };
    mkdirSync(path.dirname(configFile()), { recursive: true });
    writeFileSync(configFile(), JSON.stringify(before));
    chmodSync(configFile(), 0o644);
    const api = await startMessagesApi([{ status: 401, type: 'authentication_error' }]);
    const shown = await start({ ANTHROPIC_BASE_URL: api.url });
    shown.press('Enter');
    await shown.until(KEY);
    shown.enter(CANARY);
    await shown.until(/✗ The API key was refused.*[\s\S]*again, or s to skip/);
    shown.enter('s');
    await shown.until(EXPERIMENT);
    shown.press('Enter');
    await shown.until(/✓ digits-mlp/);
    expect(await shown.end()).toMatchObject({ code: 0 });
    expect(readConfigFile()).toEqual(before);
    expect(modeOf(configFile())).toBe('600');
    expectNoCanary(shown);
    await api.close();
  });

  it('says which variable wins over what was typed', async () => {
    const shown = await start({ MLFLOW_EXPERIMENT_NAME: 'digits-mlp' });
    shown.press('Enter');
    await shown.until(KEY);
    shown.press('Enter');
    await shown.until(EXPERIMENT);
    shown.enter('churn-prediction');
    await shown.until(/✗ MLFLOW_EXPERIMENT_NAME is set and wins over experiment in the file/);
    expect(await shown.end()).toMatchObject({ code: 0 });
    expect(readConfigFile()).toEqual({ experiment: 'churn-prediction' });
  });

  it('shows nothing of two pasted lines, and leaves with 130 and nothing written on Ctrl-C', async () => {
    const api = await startMessagesApi([{ status: 401, type: 'authentication_error' }]);
    const shown = await start({ ANTHROPIC_BASE_URL: api.url });
    shown.press('Enter');
    await shown.until(KEY);
    shown.paste('canary-1\rcanary-2');
    await shown.until(/again, or s to skip/);
    shown.enter('s');
    await shown.until(EXPERIMENT);
    shown.press('C-c');
    expect(await shown.end()).toMatchObject({ code: 130 });
    expect(shown.screen()).toMatch(/Left without a change\./);
    expect(existsSync(path.join(home.path, '.config'))).toBe(false);
    expectNoCanary(shown);
    await api.close();
  });

  it('leaves with 130 on Ctrl-D too, and on Ctrl-C while a server keeps it waiting', async () => {
    const shown = await start();
    shown.press('C-d');
    expect(await shown.end()).toMatchObject({ code: 130 });
    shown.close();

    const silent = createServer().listen(0, '127.0.0.1');
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    silent.once('connection', () => resolve());
    const waiting = await start();
    waiting.enter(`http://127.0.0.1:${(silent.address() as { port: number }).port}`);
    await asked;
    waiting.press('C-c');
    expect(await waiting.end()).toMatchObject({ code: 130 });
    expect(existsSync(path.join(home.path, '.config'))).toBe(false);
    silent.close();
  });

  it('goes on where it was after Ctrl-Z and fg, and the shell saw nothing of the key', async () => {
    const env = { ...environment(home.path), PS1: '$ ' };
    terminal = openTerminal({ columns: 100, rows: 60, command: ['bash', '--norc', '-i'], env, folder: home.path });
    terminal.enter(`clear; ${program.join(' ')} setup`);
    await terminal.until(STORE);
    await terminal.untilPrompt();
    terminal.press('Enter');
    await terminal.until(KEY);
    terminal.type(CANARY);
    terminal.press('C-z');
    await terminal.until(/Stopped/);
    terminal.enter('clear; fg');
    await terminal.until(/\n\[none\] >$/);
    terminal.press('C-u');
    terminal.press('Enter');
    await terminal.until(/no key: questions are answered offline/);
    await terminal.until(EXPERIMENT);
    terminal.press('C-c');
    await terminal.until(/Left without a change/);
    expectNoCanary(terminal);
    terminal.enter('exit');
    await terminal.end();
  });

  it('takes the password in an address off the screen, and keeps it in the file', async () => {
    // So narrow that what is typed takes two rows.
    const shown = await start({ MLFLOW_TRACKING_URI: 'postgresql://ann:canary@db/mlflow' }, 60);
    expect(shown.screen()).toContain('[postgresql://ann:***@db/mlflow] >');
    shown.enter('http://ann:canary@127.0.0.1:1');
    await shown.until(/✗ .*127\.0\.0\.1:1[\s\S]*again, or s to skip/);
    expect(shown.unwrapped()).toContain('mlflow] > http://ann:***@127.0.0.1:1');
    expect(shown.unwrapped()).not.toContain('canary');
    expect(shown.everything()).toMatch(/http\(s\):\/\/server\n\[postgres/);
  });
});

describe('runsight setup without a terminal', () => {
  it('says in one line what to do instead', async () => {
    const { code, stdout, stderr } = await runProgram(['setup'], { cwd: home.path });
    expect(stderr).toMatch(/^runsight: setup .* MLFLOW_TRACKING_URI, ANTHROPIC_API_KEY .*config\.json\n$/);
    expect([code, stdout]).toEqual([2, '']);
  });
});
