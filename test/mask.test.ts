/** What people are shown of an address, however it was mistyped. */
import { expect, test } from 'vitest';
import { maskUri } from '../src/mask.ts';

test.each([
  ['http://ann:pw@host:5000/mlflow', 'http://ann:***@host:5000/mlflow'],
  ['http://pw@host', 'http://***@host'],
  ['http://ann:1/p?w#@host', 'http://ann:***@host'],
  ['"http://ann:pw@host"', '"http://ann:***@host"'],
  [' http://ann:pw@host', ' http://ann:***@host'],
  ['http:/ann:pw@host', 'http:/ann:***@host'],
  ['http:\\\\ann:pw@host', 'http:\\\\ann:***@host'],
  ['http:ann:pw@host', 'http:***@host'],
  ['ann:p:w@host', 'ann:***@host'],
  ['//ann:pw@host', '//ann:***@host'],
  ['http//ann:pw@host:1', 'http//ann:***@host:1'],
  ['http://host/?x=1&api-key=pw', 'http://host/?x=1&api-key=***'],
  ['mssql+pyodbc:///?odbc_connect=UID%3Dsa%3BPWD%3Dpw', 'mssql+pyodbc:///?odbc_connect=***'],
])('%s', (uri, shown) => {
  expect(maskUri(uri)).toBe(shown);
});

test.each([
  'http://host:5000/mlflow',
  'https://host/?mail=me@example.com',
  'sqlite:////data/mlflow.db',
  'databricks://profile',
  '/home/me@work/mlruns',
  'C:\\me@work\\mlruns',
  './mlflow.db',
])('%s is shown as it is', (uri) => {
  expect(maskUri(uri)).toBe(uri);
});
