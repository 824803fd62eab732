/** The contract over the demo's data in every kind of store that MLflow itself makes, and its answers beside the demo's. */
import { afterAll, beforeAll, describe } from 'vitest';
import { openStore } from '../../src/mlflow/open-store.ts';
import { type DemoStore, findDemoStores } from '../support/demo-stores.ts';
import { SERVER_HOOK_MS } from '../support/mlflow-server.ts';
import { testSameAnswers } from './same-answers.ts';
import { describeStore } from './tracking-store.contract.ts';

for (const { name, isPossible, start } of await findDemoStores('the contract'))
  describe.skipIf(!isPossible)(name, () => {
    let store: DemoStore;
    beforeAll(async () => {
      store = await start();
    }, SERVER_HOOK_MS);
    afterAll(() => store?.stop());

    describeStore(name, () => openStore(store.uri));
    testSameAnswers(() => openStore(store.uri));
  });
