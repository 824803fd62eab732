/** The contract over a real server on a copy of the demo, and its answers beside those of the file. */
import { afterAll, beforeAll, describe } from 'vitest';
import { openStore } from '../../src/mlflow/open-store.ts';
import type { TrackingStore } from '../../src/mlflow/tracking-store.ts';
import { copyDemo, demoPath, makeTemporaryFolder, type TemporaryFolder } from '../support/demo.ts';
import { hasMlflowServer, type MlflowServer, SERVER_HOOK_MS, startMlflowServer } from '../support/mlflow-server.ts';
import { testAgreement } from './agreement.ts';
import { describeStore } from './tracking-store.contract.ts';

describe.skipIf(!hasMlflowServer('the REST store against a real MLflow server'))('over a real server', () => {
  let folder: TemporaryFolder;
  let server: MlflowServer;
  let file: TrackingStore;
  let rest: TrackingStore;

  beforeAll(async () => {
    folder = makeTemporaryFolder();
    server = await startMlflowServer(copyDemo(folder.path));
    file = await openStore(demoPath);
    rest = await openStore(server.url);
  }, SERVER_HOOK_MS);
  afterAll(async () => {
    await Promise.all([file?.close(), rest?.close()]);
    await server?.stop();
    folder?.[Symbol.dispose]();
  });

  describeStore('REST', () => openStore(server.url));

  testAgreement(() => ({ file, other: rest }));
});
