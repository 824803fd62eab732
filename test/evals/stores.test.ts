/** The demo's questions over every kind of store: the same answers as from the file. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../../src/app/create-app.ts';
import { answerJson } from '../../src/present/json.ts';
import { type DemoStore, findDemoStores } from '../support/demo-stores.ts';
import { SERVER_HOOK_MS } from '../support/mlflow-server.ts';
import { answerOf, createOfflineApp } from './asking.ts';
import { demoCases } from './demo-cases.ts';

interface AnswerRecord {
  readonly id: unknown;
  readonly conversation: unknown;
  readonly receipt: unknown;
  readonly timing_ms: unknown;
  readonly findings: readonly { readonly links: unknown }[];
}

/** Links, receipt and timing name the store, and no two answers have one id; everything else is the answer. */
async function essenceOf(app: App, question: string): Promise<unknown> {
  const { id, conversation, receipt, timing_ms, findings, ...rest } = answerJson(
    await answerOf(app, question),
  ) as unknown as AnswerRecord;
  return { ...rest, findings: findings.map(({ links, ...finding }) => finding) };
}

const kinds = await findDemoStores('the demo questions');

for (const { name, isPossible, start } of kinds)
  describe.skipIf(!isPossible)(name, () => {
    let store: DemoStore;
    let file: App;
    let other: App;

    beforeAll(async () => {
      store = await start();
      file = createOfflineApp();
      other = createOfflineApp(store.uri);
    }, SERVER_HOOK_MS);
    afterAll(async () => {
      await Promise.all([file?.close(), other?.close()]);
      await store?.stop();
    });

    for (const { wordings } of demoCases) {
      const [question = ''] = wordings;
      test(question, async () => {
        expect(await essenceOf(other, question)).toEqual(await essenceOf(file, question));
      });
    }
  });
