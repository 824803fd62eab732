/** The contract over a real server on a copy of the demo, and its answers beside those of the file. */
import { afterAll, beforeAll, describe } from 'vitest';
import { openStore } from '../../src/mlflow/open-store.ts';
import { copyDemo, makeTemporaryFolder, type TemporaryFolder } from '../support/demo.ts';
import { hasMlflowServer, type MlflowServer, SERVER_HOOK_MS, startMlflowServer } from '../support/mlflow-server.ts';
import { testSameAnswers } from './same-answers.ts';
import { describeStore } from './tracking-store.contract.ts';

describe.skipIf(!hasMlflowServer('the REST store against a real MLflow server'))('over a real server', () => {
  let folder: TemporaryFolder;
  let server: MlflowServer;

  beforeAll(async () => {
    folder = makeTemporaryFolder();
    server = await startMlflowServer(copyDemo(folder.path));
  }, SERVER_HOOK_MS);
  afterAll(async () => {
    await server?.stop();
    folder?.[Symbol.dispose]();
  });

  describeStore('REST', () => openStore(server.url));
  testSameAnswers(() => openStore(server.url));
});
