/** The contract over what older releases of MLflow keep and serve: their database files, and their servers on them. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore } from '../../src/mlflow/open-store.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../support/demo.ts';
import { copyDemoTo } from '../support/demo-copies.ts';
import { hasMlflowServer, type MlflowServer, SERVER_HOOK_MS, startMlflowServer } from '../support/mlflow-server.ts';
import { testSameAnswers } from './same-answers.ts';
import { describeStore } from './tracking-store.contract.ts';

/** Older releases with the schema that each makes and serves. */
const SCHEMAS = { '2.22.5': '0584bdc529eb', '3.1.4': 'bda7b8c39065' } as const;
const RELEASES = Object.keys(SCHEMAS) as (keyof typeof SCHEMAS)[];

const isPossible = hasMlflowServer('the stores of older MLflow releases', RELEASES);

describe.skipIf(!isPossible).each(RELEASES)('MLflow %s', (release) => {
  let folder: TemporaryFolder;
  let server: MlflowServer;
  let path: string;

  beforeAll(async () => {
    folder = makeTemporaryFolder();
    path = join(folder.path, 'mlflow.db');
    await copyDemoTo(`sqlite:///${path}`, release);
    server = await startMlflowServer(path, { release });
  }, SERVER_HOOK_MS);
  afterAll(async () => {
    await server?.stop();
    folder?.[Symbol.dispose]();
  });

  test('database and server are its own', async () => {
    const store = await openStore(path);
    expect(store.capabilities.version).toBe(`schema ${SCHEMAS[release]}`);
    await store.close();
    expect(await (await fetch(`${server.url}/version`)).text()).toBe(release);
  });

  describeStore('SQLite', () => openStore(path));
  describe('SQLite beside the demo', () => testSameAnswers(() => openStore(path)));
  describeStore('REST', () => openStore(server.url));
  describe('REST beside the demo', () => testSameAnswers(() => openStore(server.url)));
});
