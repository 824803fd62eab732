/** The contract over an mlruns folder that MLflow wrote, where a second reading takes its runs from the index. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore } from '../../src/mlflow/open-store.ts';
import { copyDemo, makeTemporaryFolder, type TemporaryFolder } from '../support/demo.ts';
import { hasMlflowServer, SERVER_HOOK_MS } from '../support/mlflow-server.ts';
import { writeMlruns } from '../support/mlruns.ts';
import { testSameAnswers } from './same-answers.ts';
import { describeStore } from './tracking-store.contract.ts';

describe.skipIf(!hasMlflowServer('the file store over a folder that MLflow wrote'))('over a real folder', () => {
  const { signal } = new AbortController();
  let folder: TemporaryFolder;
  let mlruns: string;

  beforeAll(async () => {
    folder = makeTemporaryFolder();
    mlruns = await writeMlruns(copyDemo(folder.path), folder.path);
  }, SERVER_HOOK_MS);
  afterAll(() => folder?.[Symbol.dispose]());

  const openFromIndex = async () => {
    const cacheFolder = `${folder.path}/cache`;
    await (await openStore(mlruns, { cacheFolder })).searchExperiments({}, signal);
    return openStore(mlruns, { cacheFolder });
  };
  describeStore('from the index', openFromIndex);
  testSameAnswers(openFromIndex);

  test('nothing is unreadable', async () => {
    const store = await openStore(mlruns);
    expect(await store.unreadable?.(signal)).toEqual([]);
    await store.close();
  });
});
