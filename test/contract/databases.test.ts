/** The contract over the demo's data in PostgreSQL and MariaDB, in the tables that MLflow itself makes there. */
import { afterAll, beforeAll, describe, test } from 'vitest';
import { openStore } from '../../src/mlflow/open-store.ts';
import { createServerDatabase, findDatabaseServers, type ServerDatabase } from '../support/database-servers.ts';
import { copyDemoTo } from '../support/demo-copies.ts';
import { SERVER_HOOK_MS } from '../support/mlflow-server.ts';
import { testSameAnswers } from './same-answers.ts';
import { describeStore } from './tracking-store.contract.ts';

const servers = await findDatabaseServers('the contract');

describe.each([
  ['PostgreSQL', 'postgresql'],
  ['MariaDB', 'mysql'],
] as const)('%s', (name, kind) => {
  if (!servers.includes(kind)) return void test.skip('the contract', () => {});
  let database: ServerDatabase;
  beforeAll(async () => {
    database = await createServerDatabase(kind);
    await copyDemoTo(database.mlflowUri);
  }, SERVER_HOOK_MS);
  afterAll(() => database?.drop());

  describeStore(name, () => openStore(database.uri));
  describe('beside the demo', () => testSameAnswers(() => openStore(database.uri)));
});
