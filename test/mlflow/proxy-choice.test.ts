/** Which proxy is chosen, from the environment on. Where a row names no other, MLflow's client (requests) chooses the same. */
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { chooseProxy } from '../../src/mlflow/rest/proxy-choice.ts';

type Env = Readonly<Record<string, string>>;

const choose = (uri: string, env: Env) =>
  chooseProxy(new URL(uri), readConfig({ HOME: '/nonexistent', ...env }, {}, '/').proxies ?? {});
const P = 'http://proxy:3128';
const Q = 'http://other:3128';

describe('the variable', () => {
  test.each<[string, string, Env, string | undefined]>([
    ['for http', 'http://mlflow.test', { HTTP_PROXY: P, HTTPS_PROXY: Q }, P],
    ['for https', 'https://mlflow.test', { HTTP_PROXY: Q, HTTPS_PROXY: P }, P],
    ['for either', 'https://mlflow.test', { HTTP_PROXY: Q, ALL_PROXY: P }, P],
    ['for another scheme', 'https://mlflow.test', { HTTP_PROXY: Q }, undefined],
    ['in small letters', 'http://mlflow.test', { HTTP_PROXY: Q, http_proxy: P }, P],
    ['in small letters, empty', 'http://mlflow.test', { HTTP_PROXY: Q, http_proxy: '' }, undefined],
    ['empty, of a scheme', 'http://mlflow.test', { http_proxy: '', ALL_PROXY: P }, P],
    ['without a scheme', 'http://mlflow.test', { HTTP_PROXY: 'proxy:3128' }, P],
    ['with a slash', 'http://mlflow.test', { HTTP_PROXY: `${P}/` }, P],
    ['that speaks TLS', 'https://mlflow.test', { HTTPS_PROXY: 'https://proxy' }, 'https://proxy'],
    ['for this machine, where requests would ask the proxy', 'http://localhost:5000', { HTTP_PROXY: P }, undefined],
    ['for this machine by address', 'http://127.0.0.9:5000', { ALL_PROXY: P }, undefined],
    ['for this machine by IPv6', 'http://[::1]:5000', { ALL_PROXY: P }, undefined],
    ['for this machine, as servers print it', 'http://0.0.0.0:5000', { ALL_PROXY: P }, undefined],
    ['for a name that only begins so', 'http://localhost.test', { ALL_PROXY: P }, P],
  ])('%s', (_name, uri, env, origin) => expect(choose(uri, env)?.origin).toBe(origin));

  test('nothing of proxies is kept where none is named', () => {
    expect(readConfig({ HOME: '/nonexistent', NO_PROXY: '*' }, {}, '/').proxies).toBeUndefined();
  });

  test('is named as it is written, with the list that is read beside it', () => {
    expect(choose('http://mlflow.test', { http_proxy: P })).toMatchObject({
      variable: 'http_proxy',
      goPast: 'write mlflow.test into no_proxy to go without',
    });
    expect(choose('http://mlflow.test', { HTTP_PROXY: P, no_proxy: 'x' })?.goPast).toContain('no_proxy');
    expect(choose('http://mlflow.test', { HTTP_PROXY: P })?.goPast).toContain('NO_PROXY');
  });

  test('gives user and password, decoded', () => {
    expect(choose('http://mlflow.test', { HTTP_PROXY: 'http://me:p%40ss%zz@proxy:3128' })).toMatchObject({
      origin: P,
      username: 'me',
      password: 'p%40ss%zz',
    });
    expect(choose('http://mlflow.test', { HTTP_PROXY: 'me:p%40ss@proxy:3128' })?.password).toBe('p@ss');
  });
});

describe('NO_PROXY', () => {
  test.each<[uri: string, list: string, isDirect: boolean]>([
    ['http://mlflow.example:5000', 'example', true],
    ['http://mlflow.example', '.example', true],
    ['http://mlflow.example', 'mlflow.example', true],
    ['http://MLflow.Example', 'a, mlflow.EXAMPLE ,b', true],
    ['http://notexample', 'example', false],
    ['http://example', '.example', true],
    ['http://mlflow.example:5000', 'mlflow.example:5000', true],
    ['http://a.mlflow.example:5000', 'mlflow.example:5000', true],
    ['http://mlflow.example:5001', 'mlflow.example:5000', false],
    ['http://mlflow.example', '*', true],
    ['http://10.1.2.3:5000', '10.0.0.0/8', true],
    ['http://11.1.2.3:5000', '10.0.0.0/8', false],
    ['http://10.1.2.3', '10.1.2.0/33', false],
    ['http://10.1.2.3', '10.1.2.0/x', false],
    ['http://10.1.2.3:5000', '10.1.2.3', true],
    ['http://mlflow.example', '10.0.0.0/8', false],
    ['http://[fd00::1]:5000', 'fd00::1', true],
    ['http://mlflow.example', '', false],
    ['http://mlflow.example', ',', false],
  ])('%s with %s', (uri, list, isDirect) => {
    expect(choose(uri, { HTTP_PROXY: P, NO_PROXY: list }) === undefined).toBe(isDirect);
  });

  test.each<[uri: string, list: string]>([
    ['https://mlflow.example', 'mlflow.example:443'],
    ['http://mlflow.example', 'a,*'],
    ['http://mlflow.example', '*.example'],
    ['http://mlflow.example', 'a.test mlflow.example'],
    ['http://10.1.2.3:5000', '10.1.2.3:5000'],
    ['http://[fd00::1]:5000', '[fd00::1]:5000'],
    ['http://[fd00::1]', '[fd00::1]'],
    ['http://[fd00::1]', 'fd00::/8'],
    ['http://mlflow.example.', 'mlflow.example'],
  ])('%s with %s, which other programs take and requests does not', (uri, list) => {
    expect(choose(uri, { ALL_PROXY: P, NO_PROXY: list })).toBeUndefined();
  });
});

describe('what is no proxy', () => {
  test.each([
    ['http://proxy:port', /^HTTP_PROXY is http:\/\/proxy:port, which is no address/],
    ['http:/proxy:3128', /which is no address/],
    ['ftp://proxy', /which is no address/],
    ['http://proxy:3128/path', /which is no address/],
    ['http://me:can/ary#@proxy:3128', /^HTTP_PROXY is http:\/\/me:\*\*\*@proxy:3128, which is no address/],
    ['http://me:1/canary@proxy:3128', /^HTTP_PROXY is http:\/\/me:\*\*\*@proxy:3128, which is no address/],
    ['m:can/ary@proxy:3128', /^HTTP_PROXY is http:\/\/m:\*\*\*@proxy:3128, which is no address/],
    ['socks5h://me:canary@proxy:1080', /^HTTP_PROXY is socks5h:\/\/me:\*\*\*@proxy:1080, and SOCKS is not supported$/],
  ])('%s is named with its mend, without its password', (address, message) => {
    const error = (() => {
      try {
        return choose('http://mlflow.test', { HTTP_PROXY: address });
      } catch (caught) {
        return caught;
      }
    })();
    expect(error).toMatchObject({ message: expect.stringMatching(message), hint: expect.stringMatching(/NO_PROXY/) });
  });

  test('is no fault where it is not needed', () => {
    const env = { HTTP_PROXY: 'socks5://proxy', HTTPS_PROXY: P };
    expect(choose('https://mlflow.test', env)?.origin).toBe(P);
    expect(choose('http://127.0.0.1:5000', env)).toBeUndefined();
  });
});
