/** The contract over an mlruns folder that MLflow wrote with the demo's runs, and its answers beside those of the file. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore } from '../../src/mlflow/open-store.ts';
import type { TrackingStore } from '../../src/mlflow/tracking-store.ts';
import { copyDemo, demoPath, makeTemporaryFolder, type TemporaryFolder } from '../support/demo.ts';
import { hasMlflowServer, SERVER_HOOK_MS } from '../support/mlflow-server.ts';
import { writeMlruns } from '../support/mlruns.ts';
import { testAgreement } from './agreement.ts';
import { describeStore } from './tracking-store.contract.ts';

describe.skipIf(!hasMlflowServer('the file store over a folder that MLflow wrote'))('over a real folder', () => {
  const { signal } = new AbortController();
  let folder: TemporaryFolder;
  let mlruns: string;
  let file: TrackingStore;
  let files: TrackingStore;

  beforeAll(async () => {
    folder = makeTemporaryFolder();
    mlruns = await writeMlruns(copyDemo(folder.path), folder.path);
    file = await openStore(demoPath);
    files = await openStore(mlruns);
  }, SERVER_HOOK_MS);
  afterAll(async () => {
    await Promise.all([file?.close(), files?.close()]);
    folder?.[Symbol.dispose]();
  });

  describeStore('files', () => openStore(mlruns));
  describeStore('files, from the index', async () => {
    const cacheFolder = `${folder.path}/cache`;
    await (await openStore(mlruns, { cacheFolder })).searchExperiments({}, signal);
    return openStore(mlruns, { cacheFolder });
  });
  testAgreement(() => ({ file, other: files }));

  test('nothing is unreadable', async () => {
    expect(await files.unreadable?.(signal)).toEqual([]);
  });
});
