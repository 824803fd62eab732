/** Which tracking URIs open what, and what the others are told. */
import { relative } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../src/mlflow/open-store.ts';
import { demoPath } from '../support/demo.ts';

test.each([`sqlite:///${relative(process.cwd(), demoPath)}`, `sqlite:///${demoPath}`, demoPath, `file://${demoPath}`])(
  'opens %s',
  async (uri) => {
    const store = await openStore(uri);
    expect(store.capabilities).toMatchObject({ kind: 'sqlite', location: demoPath });
    await store.close();
  },
);

test('a server keeps its path, and its address shows no password', async () => {
  const store = await openStore('https://me:secret@example.org/mlflow/?x=1');
  expect(store.capabilities).toMatchObject({
    kind: 'rest',
    location: 'https://example.org/mlflow',
    uiUrl: 'https://example.org/mlflow',
  });
  await store.close();
});

test.each<[string, RegExp, RegExp]>([
  [import.meta.dirname, /mlruns folders come with a later release/, /mlflow server --backend-store-uri/],
  [
    'postgresql+psycopg2://me:secret@db/mlflow',
    /postgresql stores come with a later release/,
    /--backend-store-uri postgresql\+psycopg2:\/\/me:\*\*\*@db\/mlflow/,
  ],
  ['mysql://db/mlflow', /mysql stores/, /mlflow server/],
  ['databricks', /databricks stores/, /./],
  ['s3://bucket/x', /s3: is no kind of store/, /sqlite:\/\/\/mlflow\.db/],
  ['sqlite://', /names no database file/, /sqlite:\/\/\/mlflow\.db/],
  ['http://', /is no address/, /What works/],
])('refuses %s', async (uri, message, hint) => {
  const error = await openStore(uri).catch((caught: unknown) => caught);
  expect(error).toMatchObject({
    code: 'unsupported_source',
    message: expect.stringMatching(message),
    hint: expect.stringMatching(hint),
  });
  expect(JSON.stringify(error)).not.toContain('secret');
});
