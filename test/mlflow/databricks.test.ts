/** Databricks, over a double of what its documentation says of it: nothing here was tried against Databricks itself. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStore } from '../../src/mlflow/open-store.ts';
import { type DatabricksSettings, readSections } from '../../src/mlflow/rest/databricks.ts';
import type { TrackingStore } from '../../src/mlflow/runs/tracking-store.ts';
import { parseFilter } from '../../src/query/parse.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../support/demo.ts';
import { type HttpDouble, type ScriptedReply, startHttpDouble } from '../support/http-double.ts';

const { signal } = new AbortController();
const TOKEN = 'dapi-canary-51c2';
/** More than the double gives at once. */
const RUNS = 450;
const MOST_AT_ONCE = 200;

let double: HttpDouble;
let folder: TemporaryFolder;
let stores: TrackingStore[];

beforeEach(async () => {
  double = await startHttpDouble();
  folder = makeTemporaryFolder();
  stores = [];
});
afterEach(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await double.stop();
  folder[Symbol.dispose]();
});

async function open(uri: string, databricks: DatabricksSettings, more = {}): Promise<TrackingStore> {
  const store = await openStore(uri, { databricks, ...more });
  stores.push(store);
  return store;
}

const refusal = (code: string, message: string) => JSON.stringify({ error_code: code, message });

/** Integers of 64 bits are text; limits and unknown endpoints are answered in JSON; there is no /version. */
const workspace: ScriptedReply = (response, { method, path, headers, body }) => {
  response.setHeader('content-type', 'application/json');
  const answer = (status: number, text: string) => response.writeHead(status).end(text);
  if (headers.authorization !== `Bearer ${TOKEN}`) return answer(401, refusal('UNAUTHENTICATED', 'no'));
  const fields = method === 'POST' ? JSON.parse(body) : {};
  if (path === '/api/2.0/mlflow/experiments/search')
    return answer(
      200,
      '{"experiments": [{"experiment_id": "1234567890123456789", "name": "one", "creation_time": "5"}]}',
    );
  if (path !== '/api/2.0/mlflow/runs/search') return answer(404, refusal('ENDPOINT_NOT_FOUND', `no ${path}`));
  if (fields.max_results > MOST_AT_ONCE) return answer(400, refusal('INVALID_PARAMETER_VALUE', 'too many at once'));
  if (/ILIKE/.test(fields.filter ?? '')) return answer(400, refusal('INVALID_PARAMETER_VALUE', 'no such operator'));
  const from = Number(fields.page_token ?? 0);
  const to = Math.min(RUNS, from + fields.max_results);
  const runs = Array.from({ length: to - from }, (_, index) => toRun(from + index));
  return answer(200, JSON.stringify({ runs, ...(to < RUNS && { next_page_token: String(to) }) }));
};

function toRun(index: number) {
  const id = index.toString(16).padStart(32, '0');
  return {
    info: { run_id: id, experiment_id: '1234567890123456789', status: 'FINISHED', start_time: String(9_000 - index) },
    data: { metrics: [{ key: 'm', value: index, timestamp: '7', step: '9007199254740993' }] },
  };
}

function writeProfiles(): string {
  const path = join(folder.path, 'profiles.cfg');
  writeFileSync(
    path,
    `; mine\n[DEFAULT]\nhost = ${double.url}/\ntoken: ${TOKEN}\n\n[other]\nhost=https://other.example\ntoken=x\n[half]\nhost=https://half.example\nclient_id=c\n`,
  );
  return path;
}

describe('which workspace is meant', () => {
  const environment = { host: 'my.cloud.databricks.com', token: 'e' };
  test.each<[string, string, DatabricksSettings, string]>([
    ['host and token of the environment', 'databricks', environment, 'https://my.cloud.databricks.com'],
    ['the profile of the URI before them', 'databricks://other', environment, 'https://other.example'],
    ['a profile with more behind it', 'databricks://other/scope', {}, 'https://other.example'],
    ['the profile of the environment', 'databricks', { profile: 'other' }, 'https://other.example'],
    ['the default profile', 'databricks', { host: 'only.example' }, 'DOUBLE'],
  ])('%s', async (_name, uri, settings, location) => {
    const store = await open(uri, { configFile: writeProfiles(), ...settings });
    const expected = location === 'DOUBLE' ? double.url : location;
    expect(store.capabilities).toMatchObject({ kind: 'databricks', location: expected, uiUrl: `${expected}/ml` });
  });

  test.each<[string, DatabricksSettings, RegExp]>([
    ['databricks://none', {}, /has no profile none/],
    ['databricks://50%ff', {}, /has no profile 50%ff/],
    ['databricks://half', {}, /profile half .* has no token/],
    ['databricks', { host: 'https://me:secret@x.example', token: 't' }, /the host of DATABRICKS_HOST is no address/],
    ['databricks', { configFile: 'nowhere.cfg' }, /nowhere\.cfg cannot be read/],
  ])('%s is refused with what is missing', async (uri, settings, message) => {
    await expect(open(uri, { configFile: writeProfiles(), ...settings })).rejects.toMatchObject({
      code: 'unsupported_source',
      message: expect.stringMatching(message),
    });
  });

  test('sections, comments and both kinds of signs', () => {
    const sections = readSections('\ufeff# c\n[a]\nHost : x=y\n ;token = no\n[b]\r\ntoken= t \r\n[a]\ntoken=u');
    expect([...sections].map(([name, section]) => [name, Object.fromEntries(section)])).toEqual([
      ['a', { host: 'x=y', token: 'u' }],
      ['b', { token: 't' }],
    ]);
  });
});

describe('over the double', () => {
  const settings = () => ({ host: double.url, token: TOKEN });

  test('pages shrink until they are taken, and every run comes once', async () => {
    double.script([workspace], true);
    const store = await open('databricks', settings());
    const columns = await store.columns({}, { metrics: 'all' }, signal);
    expect(columns.metrics.get('m')).toEqual(Array.from({ length: RUNS }, (_, index) => index));
    expect(columns.startTimes[0]).toBe(9_000);
    const asked = double.requests.filter(({ path }) => path.endsWith('runs/search'));
    expect(asked.map(({ body }) => JSON.parse(body).max_results)).toEqual([500, 250, 125, 125, 125, 125]);
  });

  test('a filter that it refuses is evaluated here', async () => {
    double.script([workspace], true);
    const store = await open('databricks', settings());
    const filter = parseFilter("run_id ILIKE '%1C1'");
    expect((await store.topRuns({ filter }, [], 5, {}, signal)).matched).toBe(1);
  });

  test('an endpoint that it lacks is not taken for a run that does not exist', async () => {
    double.script([workspace], true);
    const store = await open('databricks', settings());
    await expect(store.getRuns(['a'], signal)).rejects.toMatchObject({ code: 'not_mlflow' });
  });

  test('its token goes to its host only, shows itself nowhere, and credentials of MLflow servers stay away', async () => {
    const elsewhere = await startHttpDouble();
    double.script([{ status: 302, headers: { location: elsewhere.url } }, workspace], true);
    const others = { username: 'u', password: 'p', token: 'other', workspace: 'w' };
    const store = await open('databricks', settings(), others);
    const error = await store.searchExperiments({}, signal).catch((caught: unknown) => caught);
    await store.searchExperiments({}, signal);
    expect(double.requests.map(({ headers }) => headers.authorization)).toEqual(Array(2).fill(`Bearer ${TOKEN}`));
    expect(double.requests[0]?.headers).not.toHaveProperty('x-mlflow-workspace');
    expect(elsewhere.requests).toHaveLength(0);
    for (const text of [inspect(error, { depth: 9 }), JSON.stringify(store), inspect(store, { depth: 9 })])
      expect(text).not.toContain(TOKEN);
    await elsewhere.stop();
  });

  test('a refused token says where it came from', async () => {
    double.script([workspace], true);
    const store = await open('databricks', { ...settings(), token: 'old' });
    await expect(store.searchExperiments({}, signal)).rejects.toMatchObject({
      code: 'unauthorized',
      hint: 'Renew the token in DATABRICKS_HOST and DATABRICKS_TOKEN.',
    });
  });

  test('so does a wrong one that is forbidden, but not a want of permission', async () => {
    double.script([
      { status: 403, body: { error_code: '403', message: 'Invalid access token.' } },
      { status: 403, body: { error_code: 'PERMISSION_DENIED', message: 'no' } },
    ]);
    const store = await open('databricks', settings());
    for (const hint of ['Renew the token in DATABRICKS_HOST and DATABRICKS_TOKEN.', 'Ask for the READ permission.'])
      await expect(store.searchExperiments({}, signal)).rejects.toMatchObject({ code: 'forbidden', hint });
  });
});
