/** Which tracking URIs open what, and what the others are told. */
import { realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { openStore } from '../../src/mlflow/open-store.ts';
import { demoPath, makeTemporaryFolder } from '../support/demo.ts';
import { writeExperiment } from '../support/mlruns.ts';

test.each([`sqlite:///${relative(process.cwd(), demoPath)}`, `sqlite:///${demoPath}`, demoPath, `file://${demoPath}`])(
  'opens %s',
  async (uri) => {
    const store = await openStore(uri);
    expect(store.capabilities).toMatchObject({ kind: 'sqlite', location: demoPath });
    await store.close();
  },
);

test.each<[string, (folder: string) => string]>([
  ['/abs', (folder) => folder],
  ['rel', (folder) => relative(process.cwd(), folder)],
  ['file:///abs', (folder) => `file://${folder}`],
  ['file:rel', (folder) => `file:${relative(process.cwd(), folder)}`],
  ['file://localhost/abs, percent-encoded', (folder) => `file://localhost${folder.replace('m', '%6D')}`],
])('opens an mlruns folder as %s', async (_form, toUri) => {
  using temporary = makeTemporaryFolder();
  const folder = join(realpathSync(temporary.path), 'my runs 100%', 'mlruns');
  writeExperiment(folder, '1', 'first');
  const uri = toUri(folder).replace('100%', (text) => (toUri(folder).startsWith('file:') ? '100%25' : text));
  const store = await openStore(uri);
  expect(store.capabilities).toMatchObject({ kind: 'files', location: folder });
  await store.close();
});

test('the drive of a file URI is where its path begins', async () => {
  const error = await openStore('file:///C:/data/none.db').catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'not_found', message: expect.not.stringMatching(/ \/C:/) });
});

test.each([
  ['mlrun', 'not_found', /no database or mlruns folder at .*mlrun$/, /relative/],
  ['file:mlrun', 'not_found', /no database or mlruns folder at .*mlrun$/, /relative/],
  ['sqlite:///none.db', 'not_found', /no database at .*none\.db$/, /sqlite:\/\/\/\/data/],
  ['sqlite:///file.db/none.db', 'not_found', /no database at .*none\.db$/, /sqlite:\/\/\/\/data/],
  ['loop', 'database_unreadable', /cannot read .*loop$/, /Check the path/],
])('%s leads to nothing that can be read', async (uri, code, message, hint) => {
  using folder = makeTemporaryFolder();
  symlinkSync('loop', join(folder.path, 'loop'));
  writeFileSync(join(folder.path, 'file.db'), '');
  const [, scheme = '', path = ''] = /^(\w+:(?:\/\/\/)?)?(.*)$/.exec(uri) ?? [];
  await expect(openStore(`${scheme}${join(folder.path, path)}`)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
    hint: expect.stringMatching(hint),
  });
});

test('a server keeps its path, and its address shows no password', async () => {
  const store = await openStore('https://me:secret@example.org/mlflow/?x=1');
  expect(store.capabilities).toMatchObject({
    kind: 'rest',
    location: 'https://example.org/mlflow',
    uiUrl: 'https://example.org/mlflow/#',
  });
  await store.close();
});

test('an @ in the path of a server is no password', async () => {
  const store = await openStore('https://example.org/user/me@example.org/proxy');
  expect(store.capabilities.location).toBe('https://example.org/user/me@example.org/proxy');
  await store.close();
});

test.each<[string, RegExp, RegExp]>([
  ['mssql+pyodbc://me:secret@db/mlflow', /SQL Server databases are not read/, /mlflow server/],
  ['postgresql://me:se/cret@db/mlflow', /the postgresql address cannot be read/, /%2F/],
  ['postgresql://me:100%secret@db/mlflow', /has a % that begins no character code/, /%25/],
  ['postgresql://me:secret@db/mlflow?sslmode=sometimes', /sslmode=sometimes is not known/, /verify-full/],
  ['file://host/mlruns', /names no folder or file on this machine/, /file:mlruns/],
  ['file:%', /names no folder or file/, /file:mlruns/],
  ['databricks-uc', /model registry/, /databricks:\/\/PROFILE/],
  ['databricks', /no Databricks config file/, /DATABRICKS_HOST and DATABRICKS_TOKEN/],
  ['databricks://', /names no profile/, /databricks:\/\/PROFILE/],
  ['databricks://scope:prefix', /secret scope/, /DATABRICKS_TOKEN/],
  ['localhost:5000', /localhost:5000 does not begin with a scheme/, /http:\/\/localhost:5000 /],
  ['127.0.0.1:5000/prefix', /does not begin with a scheme/, /http:\/\/127\.0\.0\.1:5000\/prefix /],
  ['s3://bucket/x', /s3: is no kind of store/, /sqlite:\/\/\/mlflow\.db/],
  ['sqlite://', /names no database file/, /sqlite:\/\/\/mlflow\.db/],
  ['http://', /is no address/, /What works/],
  ['http://me:123/secret@host', /^http:\/\/me:\*\*\*@host is no address/, /%2F/],
  ['http://me:123?secret@host', /is no address/, /%3F/],
  ['http://me:1#secret@host', /is no address/, /%23/],
  ['postgresql://me:123/secret@db/mlflow', /^postgresql:\/\/me:\*\*\*@db\/mlflow is no address/, /%2F/],
  ['postgresql:me:secret@db/mlflow', /is no address/, /Begin it with scheme:\/\//],
  ['mysql+pymysql://me:123?secret@db/mlflow', /is no address/, /%3F/],
  ['"http://me:secret@host"', /neither a path nor an address/, /any quote or space/],
  [' http://me:secret@host', /neither a path nor an address/, /any quote or space/],
  ['http//me:secret@host', /neither a path nor an address/, /What works/],
])('refuses %s', async (uri, message, hint) => {
  const error = await openStore(uri).catch((caught: unknown) => caught);
  expect(error).toMatchObject({
    code: 'unsupported_source',
    message: expect.stringMatching(message),
    hint: expect.stringMatching(hint),
  });
  expect(inspect(error, { depth: 9 }).replaceAll(/^ +at .*$/gm, '')).not.toMatch(/secret(?! scope)|123/);
});
