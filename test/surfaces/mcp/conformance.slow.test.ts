/**
 * The official conformance suite at its two newest revisions, against our own way in over HTTP, with the suite's tools
 * beside ours in the same factory. The suite is installed into the cache once.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createRequestStateCodec } from '@modelcontextprotocol/server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type App, createApp } from '../../../src/app/create-app.ts';
import { readConfig } from '../../../src/config/config.ts';
import { createMcpFactory } from '../../../src/surfaces/mcp/factory.ts';
import { type Listening, listen } from '../../../src/surfaces/mcp/http.ts';
import { type McpMount, mountMcp } from '../../../src/surfaces/mcp/mount.ts';
import { makeTemporaryFolder } from '../../support/demo.ts';
import { INSTALL_MS, installPackage } from '../../support/install-package.ts';
import { addConformanceTools } from './conformance-tools.ts';
import { REVISIONS } from './connect.ts';

const run = promisify(execFile);

let suite: string;
let app: App;
let mount: McpMount;
let server: Listening;

beforeAll(async () => {
  const folder = await installPackage('@modelcontextprotocol/conformance@0.2.0-alpha.12');
  suite = join(folder, 'dist/index.js');
  const config = readConfig({ HOME: '/nowhere', RUNSIGHT_MODEL: 'offline' }, {}, '/');
  const states = createRequestStateCodec({ key: 'of this test alone, and long enough' });
  app = createApp(config, { surface: 'mcp' });
  const factory = createMcpFactory(app, config, { states });
  mount = mountMcp({
    close: factory.close,
    create(context) {
      const own = factory.create(context);
      addConformanceTools(own, states);
      return own;
    },
  });
  server = await listen(mount, { host: '127.0.0.1', port: 0, token: undefined });
}, INSTALL_MS);
afterAll(async () => {
  await Promise.all([mount.close(), server.close()]);
  await app.close();
});

it.each(REVISIONS)(
  'passes all that revision %s requires',
  async (revision) => {
    using folder = makeTemporaryFolder();
    const args = [suite, 'server', '--url', server.url, '--requirements', revision, '-o', folder.path];
    const { stdout, code } = await run(process.execPath, args, { cwd: folder.path, maxBuffer: 64 << 20 }).then(
      (ended) => ({ ...ended, code: 0 }),
      (error: { stdout: string; code: number }) => error,
    );
    expect(code, stdout.slice(-6000)).toBe(0);
  },
  INSTALL_MS,
);
