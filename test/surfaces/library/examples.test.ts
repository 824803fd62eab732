/** Every example of the library runs and says what it should. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { makeTemporaryFolder, type TemporaryFolder } from '../../support/demo.ts';

const examples = join(import.meta.dirname, '../../../examples/library');
const SAYS: Readonly<Record<string, RegExp>> = {
  'ask.ts': /^answered .*f1_score/,
  'stream.ts': /^… .*\n.*loss/s,
  'tools.ts': /f1_score.*\n.*runs?.*\nunknown_metric/s,
  'conversations.ts': /f1_score.*Which to ship 2/s,
  'own-tool.ts': /^\d+ people started \d+ runs\.$/,
};

let folder: TemporaryFolder;
beforeAll(() => {
  folder = makeTemporaryFolder();
  vi.stubEnv('HOME', folder.path);
  vi.stubEnv('XDG_CONFIG_HOME', folder.path);
  vi.stubEnv('MLFLOW_TRACKING_URI', undefined);
  vi.stubEnv('CONVERSATIONS', join(folder.path, 'kept.db'));
});
afterAll(() => {
  vi.unstubAllEnvs();
  folder[Symbol.dispose]();
});

test.each(readdirSync(examples))('%s', async (name) => {
  const said: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((...words) => void said.push(words.join(' ')));
  await import(join(examples, name));
  log.mockRestore();
  expect(said.join('\n')).toMatch(SAYS[name] ?? /never/);
});
