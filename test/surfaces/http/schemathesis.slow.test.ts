/** Schemathesis against a running server: no 5xx, and no response that breaks the description. */
import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { makeTemporaryFolder } from '../../support/demo.ts';
import { startTestServer } from './running-server.ts';

const RELEASE = 'schemathesis==4.32.5';
const run = promisify(execFile);

/** Installed into the tests' cache once, in an environment of its own. */
async function installSchemathesis(): Promise<string> {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const folder = join(cache, 'runsight-test', RELEASE.replace('==', '-'));
  await run('python3', [join(import.meta.dirname, '../../support/install_mlflow.py'), folder, RELEASE]);
  return join(folder, 'bin/schemathesis');
}

test('finds no 5xx and no break of the schema', { timeout: 900_000 }, async () => {
  using folder = makeTemporaryFolder();
  const schemathesis = await installSchemathesis();
  const server = await startTestServer();
  const flags = [
    // Filters have a grammar and histories metrics: not every text that is one by its type is accepted.
    ...['--exclude-checks', 'positive_data_acceptance'],
    ...['--max-examples', '30', '--seed', '1', '--phases', 'examples,coverage,fuzzing,stateful'],
  ];
  const { stdout } = await run(schemathesis, ['run', `${server.url}/openapi.json`, ...flags], {
    cwd: folder.path,
    env: { ...process.env, NO_COLOR: '1' },
    maxBuffer: 64 << 20,
  }).catch((error: { stdout?: string }) => ({ stdout: `FAILED\n${error.stdout ?? error}` }));
  await server.drain();
  expect(stdout).not.toMatch(/^FAILED/);
  expect(server.logged.filter(({ fault }) => fault !== undefined)).toEqual([]);
  expect(stdout).toMatch(/Selected: (\d+)\/\1/);
  process.stderr.write(`schemathesis: ${/\d+ generated[^\n]*/.exec(stdout)?.[0]}\n`);
});
