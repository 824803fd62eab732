/** Thirteen secrets in the environment, the config file and addresses, through real faults: none shows in any output. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CANARIES, findCanary, quote, SECRET_ENVIRONMENT } from '../support/canaries.ts';
import { copyDemo, demoPath, makeTemporaryFolder, type TemporaryFolder } from '../support/demo.ts';
import { type HttpDouble, type SeenRequest, startHttpDouble } from '../support/http-double.ts';
import { startMessagesApi, text, toolUse } from '../support/messages-api.ts';
import { hasMlflowServer, type MlflowServer, SERVER_HOOK_MS, startMlflowServer } from '../support/mlflow-server.ts';
import { answers, startProxyDouble } from '../support/proxy-double.ts';
import { hasTmux, openTerminal } from '../support/terminal.ts';
import { environment, type Outcome, program, runProgram } from './cli/run-program.ts';

const QUESTION = 'Which run had the highest F1 score?';
type Way = readonly [args: readonly string[], stdin?: string];
/** Where a fault comes to an output, with what is typed into it. */
const ASK: readonly Way[] = [[['ask', QUESTION]], [['ask', QUESTION, '--json']]];
const WAYS: readonly Way[] = [...ASK, [['doctor']], [['config', '--json']], [['chat'], `${QUESTION}\n/why\n`]];
/** Where an answer does. */
const ANSWER_WAYS: readonly Way[] = [
  [['doctor']],
  [['config']],
  [['ask', QUESTION, '--json']],
  [['ask', QUESTION, '--why', '--plot', 'answer.svg']],
  [['ask', QUESTION, '--format', 'md']],
  [['chat'], `${QUESTION}\n/why\n/export answer.json\n`],
];

let home: TemporaryFolder;
beforeAll(() => {
  home = makeTemporaryFolder();
});
afterAll(() => home[Symbol.dispose]());

const state = () => path.join(home.path, 'state');

type Env = Readonly<Record<string, string>>;

const run = ([args, stdin]: Way, env: Env, secrets: Env = SECRET_ENVIRONMENT): Promise<Outcome> =>
  runProgram(args, {
    cwd: home.path,
    stdin,
    env: { ...secrets, RUNSIGHT_DEBUG: '1', XDG_STATE_HOME: state(), ...env },
  });

function expectNoCanary({ stdout, stderr }: Outcome): void {
  // What says nothing could hide nothing either.
  expect(stdout + stderr).not.toBe('');
  expect(findCanary(stdout + stderr)).toBeUndefined();
}

async function expectSilence(ways: readonly Way[], env: Env, secrets?: Env): Promise<void> {
  for (const way of ways) expectNoCanary(await run(way, env, secrets));
}

const encode = encodeURIComponent;
const inAddress = (base: string, secret = encode(CANARIES.passwordInAddress)) => base.replace('//', `//ann:${secret}@`);

describe('an address that leads nowhere', () => {
  test.each([
    ['a dead port', inAddress('http://127.0.0.1:1')],
    ['a password that is not encoded', inAddress('http://127.0.0.1:1', CANARIES.passwordInAddress)],
    ['in quotes', `"${inAddress('http://127.0.0.1:1')}"`],
    ['behind one slash', inAddress('http://127.0.0.1:1').replace('//', '/')],
    ['a password that looks like a port', inAddress('http://127.0.0.1:1', `1/${CANARIES.passwordInAddress}`)],
    ['without a scheme', inAddress('//127.0.0.1:1')],
    ['an ODBC string', `mssql+pyodbc:///?odbc_connect=${encode(`UID=sa;PWD=${CANARIES.passwordInMysql}`)}`],
    ['a secret in the query', `http://127.0.0.1:1/?api_key=${encode(CANARIES.passwordInQuery)}`],
    ['PostgreSQL', inAddress('postgresql+psycopg2://127.0.0.1:1/mlflow', encode(CANARIES.passwordInPostgres))],
    ['PostgreSQL, not encoded', inAddress('postgresql://127.0.0.1:1/mlflow', CANARIES.passwordInPostgres)],
    ['PostgreSQL, in the query', `postgresql://127.0.0.1:1/m?user=ann&password=${encode(CANARIES.passwordInQuery)}`],
    ['MySQL', inAddress('mysql+pymysql://127.0.0.1:1/mlflow', encode(CANARIES.passwordInMysql))],
    ['MySQL, not encoded', inAddress('mysql://127.0.0.1:1/mlflow', CANARIES.passwordInMysql)],
    ['SQL Server', inAddress('mssql+pyodbc://127.0.0.1:1/mlflow', CANARIES.passwordInMysql)],
    ['Databricks', 'databricks'],
    ['Databricks with a password', inAddress('databricks://profile')],
    ['a registry with a password', inAddress('databricks-uc://profile')],
    ['a scheme that nobody knows', inAddress('gopher://127.0.0.1:1')],
    ['SQLite with a host', inAddress('sqlite://127.0.0.1/x.db')],
    ['a folder on a host', inAddress('file://elsewhere/mlruns')],
  ])('%s', { timeout: 120_000 }, async (_name, uri) => {
    await expectSilence([...WAYS, [['ask', QUESTION, '--uri', uri]]], { MLFLOW_TRACKING_URI: uri });
  });
});

describe('a server that quotes what it was sent', () => {
  const authorizationOf = ({ headers: { authorization = '' } }: SeenRequest): string => {
    const sent = authorization.slice(authorization.indexOf(' ') + 1);
    return authorization.startsWith('Basic') ? Buffer.from(sent, 'base64').toString().slice('ann:'.length) : sent;
  };
  const sendError = (response: ServerResponse, status: number, code: string, message: string) =>
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify({ error_code: code, message }));

  const REPLIES: Readonly<Record<string, (response: ServerResponse, secret: string, header: string) => unknown>> = {
    'a 401 in words': (response, secret, header) =>
      response.writeHead(401, { 'content-type': 'text/html' }).end(`${quote(secret)} ${header} is wrong`),
    'a 401 in JSON': (response, secret, header) =>
      sendError(response, 401, 'INVALID_PARAMETER_VALUE', `${quote(secret)} ${header} is wrong`),
    'a 404 cut short in the middle of it': (response, secret) =>
      sendError(response, 404, 'RESOURCE_DOES_NOT_EXIST', `${'-'.repeat(190)}${secret}`),
    'a 500 with it as code': (response, secret) => sendError(response, 500, secret, quote(secret)),
    'a page of a type called so': (response, secret) =>
      response.writeHead(200, { 'content-type': `text/${encode(secret)}` }).end('<html>'),
    'a redirect with it': (response, secret) =>
      response.writeHead(302, { location: `http://elsewhere.example/?token=${encode(secret)}` }).end(),
  };
  const { MLFLOW_TRACKING_PASSWORD: _, ...withToken } = SECRET_ENVIRONMENT;
  const { MLFLOW_TRACKING_TOKEN: __, ...withNeither } = withToken;
  const SENT: Readonly<Record<string, readonly [secrets: Env, toEnv: (url: string) => Env]>> = {
    MLFLOW_TRACKING_PASSWORD: [SECRET_ENVIRONMENT, (url) => ({ MLFLOW_TRACKING_URI: url })],
    MLFLOW_TRACKING_TOKEN: [withToken, (url) => ({ MLFLOW_TRACKING_URI: url })],
    'the password of the address': [withNeither, (url) => ({ MLFLOW_TRACKING_URI: inAddress(url) })],
    DATABRICKS_TOKEN: [withNeither, (url) => ({ MLFLOW_TRACKING_URI: 'databricks', DATABRICKS_HOST: url })],
  };

  let double: HttpDouble;
  beforeAll(async () => {
    double = await startHttpDouble();
  });
  afterAll(() => double?.stop());

  test.each(Object.keys(REPLIES).flatMap((reply) => Object.keys(SENT).map((sent) => [reply, sent] as const)))(
    '%s: %s',
    { timeout: 60_000 },
    async (reply, sent) => {
      const [secrets, toEnv] = SENT[sent]!;
      let quoted = 0;
      double.script(
        [
          (response, request) => {
            const secret = authorizationOf(request);
            quoted += Number(findCanary(secret) !== undefined);
            REPLIES[reply]?.(response, secret, request.headers.authorization ?? '');
          },
        ],
        true,
      );
      const env = toEnv(double.url);
      for (const way of WAYS.filter(([[command]]) => command !== 'config'))
        expectNoCanary(await run(way, env, secrets));
      expect(quoted).toBeGreaterThan(0);
    },
  );
});

describe('a proxy', () => {
  const SERVER = { MLFLOW_TRACKING_URI: 'http://mlflow.test:5000' };
  const password = encode(CANARIES.passwordOfProxy);

  test.each([
    ['that is not there', inAddress('http://127.0.0.1:1', password)],
    ['with a password that is not encoded', inAddress('http://127.0.0.1:1', CANARIES.passwordOfProxy)],
    ['with a password that looks like a port', inAddress('http://127.0.0.1:1', `1/${CANARIES.passwordOfProxy}`)],
    ['without a scheme', `ann:${password}@127.0.0.1:1`],
    ['without a scheme, for a user of one letter', `a:${CANARIES.passwordOfProxy}@127.0.0.1:1`],
    ['for a token alone', `http://${password}@127.0.0.1:1`],
    ['of SOCKS', inAddress('socks5://127.0.0.1:1', password)],
    ['of nothing known', inAddress('gopher://127.0.0.1:1', password)],
  ])('%s', { timeout: 60_000 }, async (_name, address) => {
    await expectSilence(WAYS, { ...SERVER, HTTP_PROXY: address });
    await expectSilence([[['doctor']]], { MLFLOW_TRACKING_URI: 'https://mlflow.test', HTTPS_PROXY: address });
  });

  test('that quotes what it was sent', { timeout: 60_000 }, async () => {
    const proxy = await startProxyDouble(() => '');
    const body = (secret: string, header: string) => `${quote(secret)} ${header} is wrong`;
    const toError = (text: string) => JSON.stringify({ error_code: 'INVALID_PARAMETER_VALUE', message: text });
    for (const [status, make] of [
      [407, body],
      [403, body],
      [400, (secret: string, header: string) => toError(body(secret, header))],
    ] as const) {
      proxy.script(
        [
          (socket, request) => {
            const header = request.headers['proxy-authorization'] ?? '';
            const secret = Buffer.from(header.slice('Basic '.length), 'base64').toString().slice('ann:'.length);
            answers(status, make(secret, header))(socket, request);
          },
        ],
        true,
      );
      for (const [scheme, variable] of [
        ['http', 'HTTP_PROXY'],
        ['https', 'HTTPS_PROXY'],
      ] as const) {
        const env = { MLFLOW_TRACKING_URI: `${scheme}://mlflow.test`, [variable]: inAddress(proxy.url, password) };
        await expectSilence([[['doctor']], [['ask', QUESTION, '--json']]], env);
      }
    }
    expect(proxy.seen.every(({ headers }) => findCanary(headers['proxy-authorization'] ?? '') !== undefined)).toBe(
      true,
    );
    await proxy.stop();
  });
});

describe('Claude', () => {
  test.each(['anthropicKey', 'anthropicToken'] as const)('a refused %s is not repeated', async (name) => {
    const message = `${quote(CANARIES[name])} ${'-'.repeat(100)} ${CANARIES[name]} is no key`;
    const api = await startMessagesApi(ASK.map(() => ({ status: 401, message })));
    const env = { ANTHROPIC_BASE_URL: api.url, RUNSIGHT_MODEL: 'claude' };
    const secrets = { [name === 'anthropicKey' ? 'ANTHROPIC_API_KEY' : 'ANTHROPIC_AUTH_TOKEN']: CANARIES[name] };
    await expectSilence(ASK, env, secrets);
    await api.close();
  });
});

describe.skipIf(!hasMlflowServer('secrets beside answers of a real server'))('answers of a server', () => {
  let folder: TemporaryFolder;
  let server: MlflowServer;
  beforeAll(async () => {
    folder = makeTemporaryFolder();
    server = await startMlflowServer(copyDemo(folder.path));
  }, SERVER_HOOK_MS);
  afterAll(async () => {
    await server?.stop();
    folder?.[Symbol.dispose]();
  });

  test('show none, with their receipts, exports and drawings', { timeout: 120_000 }, async () => {
    const uri = `${inAddress(server.url)}?token=${encode(CANARIES.passwordInQuery)}`;
    await expectSilence(ANSWER_WAYS, { MLFLOW_TRACKING_URI: uri, RUNSIGHT_MODEL: 'offline' });
    expect(readdirSync(home.path)).toEqual(expect.arrayContaining(['answer.svg', 'answer.json']));
  });

  test('tell Claude none', async () => {
    const api = await startMessagesApi([
      { content: [toolUse('1', 'list_experiments', {})], stop: 'tool_use' },
      { content: [text('There they are.')] },
    ]);
    const env = { ANTHROPIC_BASE_URL: api.url, MLFLOW_TRACKING_URI: inAddress(server.url), RUNSIGHT_MODEL: 'claude' };
    expectNoCanary(await run([['ask', 'what is there?', '--json']], env));
    expect(api.requests).toHaveLength(2);
    expect(findCanary(JSON.stringify(api.requests.map(({ body }) => body)))).toBeUndefined();
    await api.close();
  });
});

describe('the config file', () => {
  test('keeps its secrets to itself, also where it is broken', { timeout: 60_000 }, async () => {
    using own = makeTemporaryFolder();
    const file = path.join(own.path, 'runsight/config.json');
    mkdirSync(path.dirname(file));
    const tracking_uri = inAddress('http://127.0.0.1:1', CANARIES.addressInFile);
    const settings = { tracking_uri, anthropic_api_key: CANARIES.keyInFile };
    for (const written of [
      JSON.stringify(settings),
      JSON.stringify(settings).slice(0, -1),
      JSON.stringify({ ...settings, api_key: CANARIES.keyInFile }),
      JSON.stringify({ ...settings, anthropic_api_key: [CANARIES.keyInFile] }),
    ]) {
      writeFileSync(file, written, { mode: 0o600 });
      await expectSilence(WAYS, { XDG_CONFIG_HOME: own.path }, {});
    }
  });
});

describe.skipIf(!hasTmux)('a chat in a terminal', () => {
  test('remembers the questions that hold none', async () => {
    using seen = makeTemporaryFolder();
    const chat = openTerminal({
      columns: 200,
      command: [...program, 'chat', '--model', 'offline', '--uri', demoPath],
      env: { ...environment(home.path), ...SECRET_ENVIRONMENT, XDG_STATE_HOME: state() },
      folder: seen.path,
    });
    try {
      await chat.untilPrompt();
      const { trackingPassword, trackingToken, anthropicKey } = CANARIES;
      for (const secret of [trackingPassword, quote(trackingToken), encode(anthropicKey)]) {
        chat.enter(`is ${secret} the best run?`);
        await chat.untilPrompt();
      }
      chat.enter('how many runs failed?');
      await chat.until(/FAILED/);
      chat.press('C-d');
      await chat.end();
    } finally {
      chat.close();
    }
    expect(readFileSync(path.join(state(), 'runsight/history'), 'utf8')).toBe('how many runs failed?\n');
  });
});

test('no file that was left behind holds one', () => {
  const files = readdirSync(home.path, { recursive: true, encoding: 'utf8' }).map((name) => path.join(home.path, name));
  const left = files.filter((file) => statSync(file).isFile());
  expect(left.length).toBeGreaterThan(0);
  for (const file of left) expect([file, findCanary(readFileSync(file, 'latin1'))]).toEqual([file, undefined]);
});
