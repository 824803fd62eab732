/** The official inspector's command line lists and calls every tool of the built program. It is installed into the cache once. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tools } from '../../../src/tools/index.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../../support/demo.ts';
import { INSTALL_MS, installPackage } from '../../support/install-package.ts';
import { environment, program } from '../cli/run-program.ts';
import { CALLS } from './calls.ts';

let inspector: string;
let home: TemporaryFolder;
beforeAll(async () => {
  home = makeTemporaryFolder();
  inspector = join(await installPackage('@modelcontextprotocol/inspector@2.12.0'), 'clients/launcher/build/index.js');
}, INSTALL_MS);
afterAll(() => home[Symbol.dispose]());

interface Said {
  readonly tools: readonly { readonly name: string }[];
  readonly isError?: boolean;
  readonly content: readonly { readonly text?: string }[];
  readonly structuredContent: Record<string, unknown>;
}

async function inspect(...args: readonly string[]): Promise<Said> {
  const env = { ...environment(home.path), PATH: process.env.PATH ?? '', RUNSIGHT_MODEL: 'offline' };
  const all = [inspector, '--cli', ...program, 'mcp', ...args];
  const { stdout } = await promisify(execFile)(process.execPath, all, { cwd: home.path, env, maxBuffer: 64 << 20 });
  return JSON.parse(stdout);
}

const call = (name: string, input: Record<string, unknown>) =>
  inspect(
    ...['--method', 'tools/call', '--tool-name', name],
    ...Object.entries(input).flatMap(([key, value]) => [
      '--tool-arg',
      `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    ]),
  );

it('lists every tool', async () => {
  const listed = (await inspect('--method', 'tools/list')).tools.map(({ name }) => name);
  expect(listed).toEqual(['ask', 'get_answer', ...tools.map(({ name }) => name), 'query']);
});

it.each(Object.entries(CALLS))('calls %s', async (name, input) => {
  expect((await call(name, input)).structuredContent).toMatchObject({ tool: name, handle: '#1' });
});

it('calls ask, query and get_answer', async () => {
  const answer = (await call('ask', { question: 'best run by f1?' })).structuredContent;
  expect(answer).toMatchObject({ status: 'answered', text: expect.stringContaining('run-145') });
  const counted = await call('query', { verb: 'count', from: { kind: 'run' } });
  expect(counted.structuredContent).toMatchObject({ findings: [{ handle: '#1' }] });
  // One connection a call: no handle outlives it.
  const gone = await call('get_answer', { handle: 'none' }).catch(({ stdout }) => JSON.parse(stdout) as Said);
  expect([gone.isError, gone.content[0]?.text]).toEqual([true, expect.stringContaining('no question with handle')]);
});
