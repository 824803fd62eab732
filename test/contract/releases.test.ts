/** The contract over what older releases of MLflow keep and serve: their database files, and their servers on them. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { openStore } from '../../src/mlflow/open-store.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../support/demo.ts';
import { copyDemoTo } from '../support/demo-copies.ts';
import { OLDER_RELEASES } from '../support/mlflow-python.ts';
import { hasMlflowServer, type MlflowServer, SERVER_HOOK_MS, startMlflowServer } from '../support/mlflow-server.ts';
import { testSameAnswers } from './same-answers.ts';
import { describeStore } from './tracking-store.contract.ts';

const isPossible = hasMlflowServer('the stores of older MLflow releases');

describe.skipIf(!isPossible).each(OLDER_RELEASES)('MLflow %s', (release) => {
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

  describeStore('SQLite', () => openStore(path));
  describe('SQLite beside the demo', () => testSameAnswers(() => openStore(path)));
  describeStore('REST', () => openStore(server.url));
  describe('REST beside the demo', () => testSameAnswers(() => openStore(server.url)));
});
