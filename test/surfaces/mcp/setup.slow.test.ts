/** Setting clients up in a home of its own: what is shown, written, kept and undone, and what is left alone. */
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse as parseJson } from 'jsonc-parser';
import { parse as parseToml } from 'smol-toml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CLIENT_NAMES, type ClientName, findClient } from '../../../src/surfaces/mcp/setup/clients.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../../support/demo.ts';
import { runProgram } from '../cli/run-program.ts';

let home: TemporaryFolder;
beforeEach(() => {
  home = makeTemporaryFolder();
});
afterEach(() => home[Symbol.dispose]());

const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runProgram(['mcp', 'setup', ...args], { cwd: home.path, env });
const fileOf = (client: ClientName) => findClient(client, { HOME: home.path }, 'linux').file;

function write(client: ClientName, text: string): string {
  const file = fileOf(client);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

const read = (client: ClientName): Record<string, Record<string, unknown>> => {
  const text = readFileSync(fileOf(client), 'utf8');
  return (client === 'codex' ? parseToml(text) : parseJson(text)) as never;
};
const LISTS = { vscode: 'servers', codex: 'mcp_servers' } as const;
const listOf = (client: ClientName) => (LISTS as Partial<Record<ClientName, string>>)[client] ?? 'mcpServers';

/** As people have them: comments, other servers, tabs, the ends of Windows' lines. */
const FILES: Readonly<Record<ClientName, string>> = {
  'claude-code':
    '{\n  "numStartups": 3,\n  "mcpServers": {\n    "other": { "command": "other" }\n  },\n  "projects": { "/a": {} }\n}\n',
  'claude-desktop': '{"globalShortcut":"","mcpServers":{"other":{"command":"other"}}}',
  cursor: '{\r\n\t// mine\r\n\t"mcpServers": {\r\n\t\t"other": { "command": "other", }, // stays\r\n\t},\r\n}\r\n',
  vscode:
    '// the head\n{\n    "servers": {\n        "other": { "command": "other" }\n    },\n    "inputs": [] /* none */\n}\n',
  codex:
    '# mine\nmodel = "o"\n\n[mcp_servers.other]\ncommand = "other" # stays\n\n# of the profile\n[profiles.a]\nmodel = "x"\n',
};

describe.each(CLIENT_NAMES)('%s', (client) => {
  it('shows what it would change, and writes nothing unasked', async () => {
    const { code, stdout } = await run([client]);
    expect(code).toBe(0);
    expect(stdout).toContain(fileOf(client));
    expect(stdout).toMatch(/^\+ .*runsight/m);
    expect(stdout).toContain('Nothing was written');
    expect(existsSync(fileOf(client))).toBe(false);
  });

  it('writes a new file, says so already, and takes it out again', async () => {
    const first = await run([client, '--yes', '--uri', 'sqlite:///runs.db', '--tools', 'run']);
    expect([first.code, first.stderr]).toEqual([0, '']);
    const entry = read(client)[listOf(client)]?.runsight as { command: string; args: string[] };
    expect(entry.command).toBe(process.execPath);
    expect(entry.args.slice(1)).toEqual(['mcp', '--uri', `sqlite:///${home.path}/runs.db`, '--tools', 'run']);
    expect((await run([client, '--yes', '--uri', 'sqlite:///runs.db', '--tools', 'run'])).stdout).toContain(
      'says so already',
    );
    expect((await run([client, '--remove', '--yes'])).code).toBe(0);
    expect(read(client)[listOf(client)]?.runsight).toBeUndefined();
    expect((await run([client, '--remove', '--yes'])).stdout).toContain('does not name runsight');
  });

  it('leaves all the rest as it is, keeps a copy, and is undone', async () => {
    const file = write(client, FILES[client]);
    await run([client, '--yes', '--model', 'offline']);
    const servers = read(client)[listOf(client)];
    expect(Object.keys(servers ?? {})).toEqual(['other', 'runsight']);
    expect(readFileSync(`${file}.before-runsight`, 'utf8')).toBe(FILES[client]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const written = readFileSync(file, 'utf8');
    for (const comment of FILES[client].match(/(?:\/\/|\/\*|#) [\w ]+/g) ?? []) expect(written).toContain(comment);
    // Written anew, it stands there once.
    await run([client, '--yes', '--model', 'auto']);
    expect(JSON.stringify(read(client)).match(/"runsight"/g)).toHaveLength(1);
    await run([client, '--remove', '--yes']);
    expect(read(client)).toEqual(client === 'codex' ? parseToml(FILES[client]) : parseJson(FILES[client]));
  });

  it.each([
    ['cut off', '{"mcpServers": {"a": '],
    ['of another shape', client === 'codex' ? 'mcp_servers = 3\n' : '{"mcpServers": 3, "servers": []}'],
    ['no text', '\u0000\u0001{{{'],
  ])('does not touch a file that is %s', async (_, text) => {
    const file = write(client, text);
    const { code, stderr } = await run([client, '--yes']);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^runsight: .* was not changed: [^\n]*\n$/)]);
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(existsSync(`${file}.before-runsight`)).toBe(false);
  });

  it('does not follow a link', async () => {
    const file = write(client, client === 'codex' ? '' : '{}');
    const other = path.join(home.path, 'other');
    renameSync(file, other);
    symlinkSync(other, file);
    const { code, stderr } = await run([client, '--yes']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('symbolic link')]);
  });
});

it('takes a table out that has tables in it', async () => {
  const file = write(
    'codex',
    '[mcp_servers.runsight]\ncommand = "old"\n\n[mcp_servers.runsight.env]\nA = "1"\n\n# next\n[tui]\nx = 1\n',
  );
  await run(['codex', '--remove', '--yes']);
  expect(readFileSync(file, 'utf8')).toBe('\n# next\n[tui]\nx = 1\n');
});

it('does not change a table that is written on one line', async () => {
  const text = 'mcp_servers = { other = { command = "other" } }\n';
  const file = write('codex', text);
  const { code, stderr } = await run(['codex', '--yes']);
  expect([code, stderr, readFileSync(file, 'utf8')]).toEqual([
    2,
    expect.stringContaining('cannot be changed safely'),
    text,
  ]);
});

it('writes what only this shell knows, and no secret', async () => {
  const env = {
    MLFLOW_TRACKING_URI: 'http://localhost:5000',
    MLFLOW_EXPERIMENT_NAME: 'churn',
    ANTHROPIC_API_KEY: 'sk-kanari',
  };
  await run(['cursor', '--yes'], env);
  const text = readFileSync(fileOf('cursor'), 'utf8');
  expect(text).toContain('http://localhost:5000');
  expect(text).toContain('churn');
  expect(text).not.toContain('kanari');
  const { code, stderr } = await run(['vscode', '--yes', '--uri', 'postgresql://me:kanari@db/mlflow']);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/holds a password/)]);
  expect(stderr).not.toContain('kanari');
  expect(existsSync(fileOf('vscode'))).toBe(false);
});

it.each([
  [['emacs'], /knows no client "emacs"; the clients are claude-code, claude-desktop/],
  [[], /needs a client; the clients are/],
  [['cursor', 'vscode'], /"vscode" is one more/],
])('refuses %j', async (args, words) => {
  const { code, stderr } = await run(args);
  expect([code, stderr]).toEqual([2, expect.stringMatching(words)]);
});

it('knows where clients look on other systems', () => {
  const mac = findClient('claude-desktop', { HOME: '/h' }, 'darwin').file;
  const windows = findClient('vscode', { HOME: '/h', APPDATA: '/roaming' }, 'win32').file;
  expect([mac, windows]).toEqual([
    '/h/Library/Application Support/Claude/claude_desktop_config.json',
    '/roaming/Code/User/mcp.json',
  ]);
  expect(findClient('codex', { HOME: '/h', CODEX_HOME: '/c' }, 'linux').file).toBe('/c/config.toml');
});
