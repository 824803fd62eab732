/** The demo's questions over a real MLflow server: the same answers as from the file. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { answerJson } from '../../src/present/json.ts';
import { copyDemo, makeTemporaryFolder, type TemporaryFolder } from '../support/demo.ts';
import { hasMlflowServer, type MlflowServer, SERVER_HOOK_MS, startMlflowServer } from '../support/mlflow-server.ts';
import { answerOf, createOfflineApp } from './asking.ts';
import { demoCases } from './demo-cases.ts';

interface AnswerRecord {
  readonly receipt: unknown;
  readonly timing_ms: unknown;
  readonly findings: readonly { readonly links: unknown }[];
}

describe.skipIf(!hasMlflowServer('the demo questions over a real MLflow server'))('over HTTP', () => {
  let folder: TemporaryFolder;
  let server: MlflowServer;
  let file: App;
  let rest: App;

  beforeAll(async () => {
    folder = makeTemporaryFolder();
    server = await startMlflowServer(copyDemo(folder.path));
    file = createOfflineApp();
    rest = createOfflineApp(server.url);
  }, SERVER_HOOK_MS);
  afterAll(async () => {
    await Promise.all([file?.close(), rest?.close()]);
    await server?.stop();
    folder?.[Symbol.dispose]();
  });

  /** Links, receipt and timing name the store; everything else is the answer. */
  async function essenceOf(app: App, question: string): Promise<unknown> {
    const { receipt, timing_ms, findings, ...rest } = answerJson(
      await answerOf(app, question),
    ) as unknown as AnswerRecord;
    return { ...rest, findings: findings.map(({ links, ...finding }) => finding) };
  }

  for (const { wordings } of demoCases) {
    const [question = ''] = wordings;
    test(question, async () => {
      expect(await essenceOf(rest, question)).toEqual(await essenceOf(file, question));
    });
  }
});
