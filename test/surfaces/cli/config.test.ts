import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/config/config.ts';
import { maskUri } from '../../../src/mask.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../../support/demo.ts';
import { type Outcome, runProgram } from './run-program.ts';

const QUESTION = 'Which run had the highest F1 score?';

let home: TemporaryFolder;
beforeEach(() => {
  home = makeTemporaryFolder();
});
afterEach(() => home[Symbol.dispose]());

function writeConfig(content: unknown, mode = 0o600): string {
  const file = path.join(home.path, '.config/runsight/config.json');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  chmodSync(file, mode);
  return file;
}

const run = (args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> =>
  runProgram(args, { cwd: home.path, env });

describe('runsight config', () => {
  // Root may read everything.
  it.skipIf(process.getuid?.() === 0)(
    'takes an ./mlruns that may not be read for the store, which then says so',
    () => {
      mkdirSync(path.join(home.path, 'mlruns'), { mode: 0o000 });
      expect(readConfig({ HOME: home.path }, {}, home.path).store.source).toBe('./mlruns');
    },
  );

  it('names what made each setting: flag, variable, config file, default', async () => {
    writeConfig({ tracking_uri: 'http://file:5000', experiment: 'from-file', claude_model: 'claude-file' });
    const env = { MLFLOW_EXPERIMENT_ID: '7', RUNSIGHT_MODEL: 'claude', MLFLOW_EXPERIMENT_NAME: '' };
    const { code, stdout } = await run(['config', '--model', 'offline', '--width', '160'], env);
    expect(stdout).toMatch(/^tracking_uri +http:\/\/file:5000 \("tracking_uri" in the config file\)$/m);
    expect(stdout).toMatch(/^experiment +7 \(MLFLOW_EXPERIMENT_ID\)$/m);
    expect(stdout).toMatch(/^model +offline \(--model\)$/m);
    expect(stdout).toMatch(/^claude_model +claude-file \(/m);
    expect(stdout).toMatch(/^max_runs_per_query +100 \(default\)$/m);
    expect(stdout).toMatch(/^now +not set$/m);
    expect(stdout).toMatch(/^config file +\S+config\.json \(found\)$/m);
    expect(code).toBe(0);
  });

  it('says how the store was found where nobody named one', async () => {
    expect((await run(['config'])).stdout).toMatch(/default:\s+the\s+bundled\s+demo/);
  });

  it.each([40, 60, 80])('fits %i columns', async (width) => {
    const { stdout } = await run(['config', '--width', String(width)]);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
  });

  it('is a record too, in which what is not set has no value', async () => {
    const { stdout } = await run(['config', '--json'], { ANTHROPIC_API_KEY: 'canary' });
    const { settings, config_file } = JSON.parse(stdout);
    const named = (name: string) => settings.find((setting: { name: string }) => setting.name === name);
    expect(named('anthropic_api_key')).toEqual({
      name: 'anthropic_api_key',
      value: '***',
      source: 'environment',
      from: 'ANTHROPIC_API_KEY',
    });
    expect(named('now')).toEqual({ name: 'now' });
    expect(config_file).toEqual({ path: path.join(home.path, '.config/runsight/config.json'), found: false });
  });

  it.each([
    ['a bad variable', {}, { RUNSIGHT_NOW: 'yesterday' }, /RUNSIGHT_NOW is "yesterday"/],
    ['a bad key of the file', { anthropic_base_url: 'here' }, {}, /"anthropic_base_url" in the config file is not/],
    ['an unknown key', { api_key: 'canary' }, {}, /unknown key "api_key"/],
    ['a file that is not JSON', '{ "anthropic_api_key": canary-key }', {}, /config\.json is not valid JSON/],
    [
      'a password in the address of Claude',
      {},
      { ANTHROPIC_BASE_URL: 'http://u:canary@h' },
      /ANTHROPIC_BASE_URL holds/,
    ],
  ])('names %s with exit 2', async (_, file, env, words) => {
    writeConfig(file);
    const { code, stdout, stderr } = await run(['config'], { ...env, RUNSIGHT_DEBUG: '1' });
    expect(stderr).toMatch(words);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).not.toContain('canary');
  });
});

describe('secrets of the config file', () => {
  const SECRETS = { anthropic_api_key: 'canary-1', tracking_uri: 'http://ann:canary-2@127.0.0.1:1' };

  it.each([['config'], ['config', '--json'], ['doctor'], ['ask', QUESTION], ['ask', QUESTION, '--json']])(
    '%s %s shows none',
    async (...args) => {
      writeConfig(SECRETS);
      const env = { MLFLOW_TRACKING_PASSWORD: 'canary-3', MLFLOW_TRACKING_TOKEN: 'canary-4', RUNSIGHT_DEBUG: '1' };
      const { stdout, stderr } = await run(args, env);
      expect(stdout + stderr).not.toContain('canary');
    },
  );

  it('are told to be readable by others, with the mend', async () => {
    const file = writeConfig({ anthropic_api_key: 'canary' }, 0o644);
    const exposed = await run(['doctor', '--width', '200']);
    expect(exposed.stdout).toContain(`Others can read the key or password in it: chmod 600 ${file}`);
    expect(exposed.code).toBe(2);
    writeConfig({ experiment: 'digits-mlp' }, 0o644);
    expect((await run(['doctor'])).code).toBe(0);
  });
});

describe('a key in the config file', () => {
  const read = (file: unknown, env: Record<string, string> = {}) => {
    writeConfig(file);
    return readConfig({ HOME: home.path, ...env }, {}, '/').anthropic;
  };

  it('is used, and yields to the environment', () => {
    expect(read({ anthropic_api_key: 'file' }).key?.reveal()).toBe('file');
    expect(read({ anthropic_api_key: 'file' }, { ANTHROPIC_API_KEY: 'env' }).key?.reveal()).toBe('env');
  });

  it('goes to no other server than the one it was stored with', () => {
    const elsewhere = { ANTHROPIC_BASE_URL: 'http://localhost:1234' };
    const local = { anthropic_api_key: 'file', anthropic_base_url: 'http://localhost:1234/v1' };
    expect(read({ anthropic_api_key: 'file' }, elsewhere)).toMatchObject({ key: undefined, isKeyKeptBack: true });
    expect(read(local, elsewhere).key?.reveal()).toBe('file');
    expect(read(local, { ANTHROPIC_BASE_URL: 'https://api.anthropic.com' }).key).toBeUndefined();
  });

  it('that is kept back is told by doctor and config', async () => {
    writeConfig({ anthropic_api_key: 'canary' });
    const env = { ANTHROPIC_BASE_URL: 'http://localhost:1234' };
    const doctor = await run(['doctor', '--width', '300'], env);
    expect(doctor.stdout).toMatch(
      /claude: no key, http:\/\/localhost:1234\. The key in the config file was stored for/,
    );
    expect(doctor.code).toBe(2);
    expect((await run(['config', '--width', '200'], env)).stdout).toMatch(
      /\*\*\* \(.*kept back: stored for another server/,
    );
  });
});

describe('the folder that the program is started in', () => {
  it('gives no configuration, whatever lies in it', () => {
    const hostile = path.join(home.path, 'hostile');
    for (const folder of ['runsight', '.config/runsight', '.runsight', '.']) {
      mkdirSync(path.join(hostile, folder), { recursive: true });
      writeFileSync(path.join(hostile, folder, 'config.json'), '{ "tracking_uri": "http://evil" }');
    }
    const here = process.cwd();
    process.chdir(hostile);
    try {
      for (const folder of ['', '.', './.config'])
        expect(readConfig({ HOME: home.path, XDG_CONFIG_HOME: folder }).store.source).toBe('demo');
    } finally {
      process.chdir(here);
    }
  });
});

describe('maskUri', () => {
  it.each([
    ['http://ann:pw@host:5000/x', 'http://ann:***@host:5000/x'],
    ['https://token@host', 'https://***@host'],
    ['postgresql+psycopg2://ann:p@ss/w@db/mlflow', 'postgresql+psycopg2://ann:***@db/mlflow'],
    ['postgresql://db/mlflow?user=ann&sslpassword=pw&x=1', 'postgresql://db/mlflow?user=ann&sslpassword=***&x=1'],
    ['postgresql://ann:p?s#w@db/mlflow?sslmode=require', 'postgresql://ann:***@db/mlflow?sslmode=require'],
    ['http://host/x?mail=a@b', 'http://host/x?mail=a@b'],
    ['sqlite:////data/mlflow.db', 'sqlite:////data/mlflow.db'],
    ['/data/a@b.db', '/data/a@b.db'],
  ])('%s', (uri, masked) => expect(maskUri(uri)).toBe(masked));
});
