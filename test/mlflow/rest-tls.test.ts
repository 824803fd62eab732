/** Certificates: only MLflow's own variables change what is trusted and shown. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRestStore } from '../../src/mlflow/rest/rest-store.ts';
import type { TransportOptions } from '../../src/mlflow/rest/transport.ts';
import { hasOpenssl } from '../support/certificates.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../support/demo.ts';
import { type HttpDouble, startHttpDouble } from '../support/http-double.ts';

describe.skipIf(!hasOpenssl('servers with certificates of their own'))('a server with a certificate of its own', () => {
  const { signal } = new AbortController();
  let folder: TemporaryFolder;
  let double: HttpDouble;
  const file = (name: string) => join(folder.path, name);

  function makeCertificate(name: string, subject: string): void {
    const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const files = ['-keyout', file(`${name}.key`), '-out', file(`${name}.pem`), '-days', '2'];
    const names = ['-subj', '/CN=runsight-test', '-addext', `subjectAltName=${subject}`];
    execFileSync('openssl', [...request, ...files, ...names], { stdio: 'ignore' });
  }
  const pair = (name: string) => ({
    key: readFileSync(file(`${name}.key`), 'utf8'),
    cert: readFileSync(file(`${name}.pem`), 'utf8'),
  });

  beforeAll(async () => {
    folder = makeTemporaryFolder();
    makeCertificate('right', 'IP:127.0.0.1');
    makeCertificate('wrong', 'DNS:elsewhere.example');
    double = await startHttpDouble(pair('right'));
    double.script([{ body: {} }], true);
  });
  afterAll(async () => {
    await double?.stop();
    folder?.[Symbol.dispose]();
  });

  async function ask(options: TransportOptions, url = double.url): Promise<unknown> {
    const store = openRestStore(url, { token: 't', ...options });
    try {
      return await store.searchExperiments({}, signal);
    } finally {
      await store.close();
    }
  }

  test('is not trusted, and is told no token', async () => {
    const seen = double.requests.length;
    await expect(ask({})).rejects.toMatchObject({
      code: 'tls_error',
      retryable: false,
      hint: expect.stringContaining('MLFLOW_TRACKING_SERVER_CERT_PATH'),
    });
    expect(double.requests).toHaveLength(seen);
  });

  test('is trusted where its certificate is named, or where nothing is checked', async () => {
    expect(await ask({ caPath: file('right.pem') })).toEqual([]);
    expect(await ask({ insecureTls: true })).toEqual([]);
  });

  test('is not trusted under another name, though its certificate is named', async () => {
    const other = await startHttpDouble(pair('wrong'));
    await expect(ask({ caPath: file('wrong.pem') }, other.url)).rejects.toMatchObject({ code: 'tls_error' });
    expect(other.requests).toHaveLength(0);
    await other.stop();
  });

  test('names the scheme where it is spoken to without encryption', async () => {
    const asked = ask({}, double.url.replace('https:', 'http:'));
    await expect(asked).rejects.toMatchObject({
      code: 'source_unreachable',
      hint: expect.stringContaining('https://'),
    });
  });

  test('that asks for one of ours gets the one that is named, and says so where there is none', async () => {
    const client = file('client.pem');
    writeFileSync(client, readFileSync(file('wrong.key'), 'utf8') + readFileSync(file('wrong.pem'), 'utf8'));
    const ca = readFileSync(file('wrong.pem'), 'utf8');
    // With TLS 1.3 a client is told only later, and may find the connection closed first.
    const asking = { ca, requestCert: true, rejectUnauthorized: true, maxVersion: 'TLSv1.2' } as const;
    const other = await startHttpDouble({ ...pair('right'), ...asking });
    other.script([{ body: {} }]);
    const caPath = file('right.pem');
    await expect(ask({ caPath }, other.url)).rejects.toMatchObject({
      code: 'tls_error',
      hint: expect.stringContaining('MLFLOW_TRACKING_CLIENT_CERT_PATH'),
    });
    expect(await ask({ caPath, clientCertPath: client }, other.url)).toEqual([]);
    await other.stop();
  });

  test('both variables at once, and a file that is not there, are refused', () => {
    const open = (options: TransportOptions) => () => openRestStore(double.url, options);
    expect(open({ caPath: file('right.pem'), insecureTls: true })).toThrow(/are both set/);
    expect(open({ caPath: file('none.pem') })).toThrow(/cannot read the certificates/);
    expect(open({ caPath: '/dev/null' })).toThrow(/cannot read the certificates/);
    expect(open({ clientCertPath: file('right.pem') })).toThrow(/holds no certificate with its key/);
  });
});
