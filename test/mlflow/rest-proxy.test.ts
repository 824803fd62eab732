/** The ways through a proxy, to servers with TLS and without. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openStore } from '../../src/mlflow/open-store.ts';
import { BehindProxy, basic, EXPERIMENTS, HTTP, HTTPS, proxiesAt } from '../support/behind-proxy.ts';
import { hasOpenssl, makeAuthority, makeCertificate } from '../support/certificates.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../support/demo.ts';
import { startHttpDouble } from '../support/http-double.ts';
import { startProxyDouble } from '../support/proxy-double.ts';

const { signal } = new AbortController();
const behind = new BehindProxy();

describe('a server without TLS', () => {
  test('is asked for in absolute form, with its own path, query and credentials', async () => {
    behind.server.script([EXPERIMENTS, { body: { run: { info: { run_id: 'a', experiment_id: '1' } } } }]);
    const store = behind.open(`${HTTP}/base`, { token: 't' });
    expect(await store.searchExperiments({}, signal)).toHaveLength(1);
    await store.getRuns(['a'], signal);
    expect(behind.proxy.seen.map(({ method, target }) => `${method} ${target}`)).toEqual([
      `POST ${HTTP}/base/api/2.0/mlflow/experiments/search`,
      `GET ${HTTP}/base/api/2.0/mlflow/runs/get?run_id=a`,
    ]);
    expect(behind.server.requests[0]?.headers).toMatchObject({ host: 'mlflow.test:5000', authorization: 'Bearer t' });
    expect(store.capabilities).toMatchObject({
      location: `${HTTP}/base`,
      route: `the proxy ${behind.proxy.url} (HTTP_PROXY)`,
    });
  });

  test('is told nothing of the credentials for the proxy', async () => {
    behind.server.script([EXPERIMENTS]);
    await behind.open(HTTP, {}, proxiesAt(behind.withLogin('me:p%40ss'))).searchExperiments({}, signal);
    expect(behind.proxy.seen[0]?.headers['proxy-authorization']).toBe(basic('me:p@ss'));
    expect(JSON.stringify(behind.server.requests)).not.toMatch(/proxy-authorization/i);
  });

  test('of Databricks goes the same way', async () => {
    behind.server.script([EXPERIMENTS]);
    const databricks = { host: 'http://workspace.test', token: 't' };
    const store = await openStore('databricks', { databricks, proxies: proxiesAt(behind.proxy.url) });
    behind.stores.push(store);
    expect(await store.searchExperiments({}, signal)).toHaveLength(1);
    expect(behind.proxy.seen).toHaveLength(1);
  });

  test('that NO_PROXY lists is reached without', async () => {
    const store = behind.open(HTTP, {}, { ...proxiesAt(behind.proxy.url), none: { name: 'NO_PROXY', value: '.test' } });
    expect(store.capabilities.route).toBeUndefined();
    await expect(store.searchExperiments({}, signal)).rejects.toMatchObject({ code: 'source_unreachable' });
    expect(behind.proxy.seen).toEqual([]);
  });

  test('on this machine is reached without', async () => {
    behind.server.script([EXPERIMENTS]);
    expect(await behind.open(behind.server.url).searchExperiments({}, signal)).toHaveLength(1);
    expect(behind.proxy.seen).toEqual([]);
  });

  test('is asked by four connections at most', async () => {
    let asking = 0;
    let most = 0;
    behind.server.script(
      [
        (response) => {
          most = Math.max(most, ++asking);
          setTimeout(() => {
            asking--;
            response.end(JSON.stringify({ metrics: [] }));
            // Long enough for four to be asked on a busy machine.
          }, 150);
        },
      ],
      true,
    );
    const keys = Array.from({ length: 12 }, (_, index) => `m${index}`);
    await Array.fromAsync(behind.open(HTTP).metricHistory(['a'], keys, signal));
    expect(most).toBe(4);
  });
});

describe.skipIf(!hasOpenssl('proxies before servers with TLS'))('a server with TLS', () => {
  let folder: TemporaryFolder;
  let pair: { readonly key: string; readonly cert: string };
  let other: typeof pair;
  let caPath: string;
  let client: string;
  const read = (certificate: { readonly key: string; readonly cert: string }) => ({
    key: readFileSync(certificate.key, 'utf8'),
    cert: readFileSync(certificate.cert, 'utf8'),
  });

  beforeAll(() => {
    folder = makeTemporaryFolder();
    const authority = makeAuthority(folder.path, 'authority');
    caPath = authority.cert;
    pair = read(makeCertificate(folder.path, 'server', authority, 'DNS:mlflow.test,DNS:localhost,IP:127.0.0.1'));
    other = read(makeCertificate(folder.path, 'other', authority, 'DNS:elsewhere.test'));
    const shown = read(makeCertificate(folder.path, 'client', authority));
    client = join(folder.path, 'both.pem');
    writeFileSync(client, shown.key + shown.cert);
  });
  afterAll(() => folder?.[Symbol.dispose]());
  beforeEach(async () => {
    await behind.server.stop();
    behind.server = await startHttpDouble(pair);
  });

  test('is asked through tunnels that last, at whose mouth its credentials are not shown', async () => {
    behind.server.script([EXPERIMENTS], true);
    const store = behind.open(HTTPS, { caPath, token: 'canary' }, proxiesAt(behind.withLogin('me:pass')));
    for (let times = 0; times < 3; times++) expect(await store.searchExperiments({}, signal)).toHaveLength(1);
    const { length } = behind.proxy.seen;
    expect(length).toBeLessThan(3);
    const headers = { host: 'mlflow.test', 'proxy-authorization': basic('me:pass') };
    expect(behind.proxy.seen).toMatchObject(
      Array(length).fill({ method: 'CONNECT', target: 'mlflow.test:443', headers }),
    );
    expect(JSON.stringify(behind.proxy.seen)).not.toContain('canary');
    expect(behind.server.requests[2]?.headers).toMatchObject({ host: 'mlflow.test', authorization: 'Bearer canary' });
    expect(JSON.stringify(behind.server.requests)).not.toMatch(/proxy-/);
  });

  test('is not trusted through it either, and is told no token', async () => {
    expect(await behind.fail(HTTPS, { token: 't' })).toMatchObject({
      code: 'tls_error',
      message: expect.stringContaining(`no secure connection to ${HTTPS}`),
      hint: expect.stringContaining('MLFLOW_TRACKING_SERVER_CERT_PATH'),
    });
    expect(await behind.fail('https://other.test', { caPath })).toMatchObject({ code: 'tls_error' });
    expect(behind.server.requests).toEqual([]);
  });

  test('is trusted where nothing is checked', async () => {
    behind.server.script([EXPERIMENTS]);
    expect(await behind.open(HTTPS, { insecureTls: true }).searchExperiments({}, signal)).toHaveLength(1);
  });

  test('is shown our certificate, which the proxy is not', async () => {
    await behind.server.stop();
    const ca = readFileSync(caPath, 'utf8');
    behind.server = await startHttpDouble({ ...pair, ca, requestCert: true, rejectUnauthorized: true });
    behind.server.script([EXPERIMENTS]);
    expect(await behind.open(HTTPS, { caPath, clientCertPath: client }).searchExperiments({}, signal)).toHaveLength(1);
  });

  test.each(['localhost', '127.0.0.1'])('is reached by a proxy with TLS of its own at %s', async (host) => {
    const secure = await startProxyDouble(() => behind.server.url, pair);
    const address = secure.url.replace('127.0.0.1', host);
    behind.server.script([EXPERIMENTS]);
    expect(await behind.open(HTTPS, { caPath }, proxiesAt(address)).searchExperiments({}, signal)).toHaveLength(1);
    expect(secure.seen).toHaveLength(1);
    const stranger = await behind.fail(HTTPS, {}, proxiesAt(address));
    expect(stranger).toMatchObject({ code: 'tls_error', hint: expect.stringContaining('SERVER_CERT_PATH') });
    expect(stranger.message).toContain(`no secure connection to the proxy ${address} (HTTPS_PROXY): `);
    await secure.stop();
  });

  test.each([HTTP, HTTPS])('is not asked for, %s, by a proxy whose certificate is for another name', async (uri) => {
    const secure = await startProxyDouble(() => behind.server.url, other);
    expect(await behind.fail(uri, { caPath }, proxiesAt(secure.url))).toMatchObject({
      code: 'tls_error',
      message: expect.stringMatching(/^no secure connection to the proxy .*ERR_TLS_CERT_ALTNAME_INVALID$/),
      hint: expect.stringContaining('another name'),
    });
    expect(secure.seen).toEqual([]);
    await secure.stop();
  });
});
