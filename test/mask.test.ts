/** What people are shown of an address, however it was mistyped, and of what a server quotes. */
import { expect, test } from 'vitest';
import { createMask, maskUri } from '../src/mask.ts';

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
  'https://hub.example.com/user/me@example.com/proxy/5000',
  'sqlite:////data/mlflow.db',
  'databricks://profile',
  '/home/me@work/mlruns',
  'C:\\me@work\\mlruns',
  './mlflow.db',
])('%s is shown as it is', (uri) => {
  expect(maskUri(uri)).toBe(uri);
});

const SECRET = `p!s's(wörd)/x y&<"`;
test.each([
  ['as it is', SECRET],
  ['by JavaScript in an address', encodeURIComponent(SECRET)],
  ['by Python in an address', 'p%21s%27s%28w%C3%B6rd%29/x%20y%26%3C%22'],
  ['in a form', 'p%21s%27s%28w%c3%b6rd%29%2fx+y%26%3c%22'],
  ['by Python in JSON', `p!s's(w\\u00f6rd)/x y&<\\"`],
  ['in HTML', 'p!s&#x27;s(wörd)/x y&amp;&lt;&#34;'],
  ['in base64 beside a name', Buffer.from(`a:${SECRET}`).toString('base64').slice(3)],
])('a secret quoted %s', (_form, quoted) => {
  expect(createMask([SECRET])(`<${quoted}>`)).toBe('<***>');
});

test('what is no secret stays', () => {
  expect(createMask(['a+b', '', undefined])('a b aab ab')).toBe('a b aab ab');
});
