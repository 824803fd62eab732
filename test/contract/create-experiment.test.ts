/** The one write, on a real MLflow server: over HTTP, in a terminal, by a tenant, and what it leaves alone. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyDemo, makeTemporaryFolder } from '../support/demo.ts';
import { hasMlflowServer, type MlflowServer, SERVER_HOOK_MS, startMlflowServer } from '../support/mlflow-server.ts';
import { hasTmux, openTerminal } from '../support/terminal.ts';
import { environment, program, runProgram } from '../surfaces/cli/run-program.ts';
import { send, startTestServer, type TestServer } from '../surfaces/http/running-server.ts';
import { dataOf, isError, openSession, REVISIONS, textOf } from '../surfaces/mcp/connect.ts';

const ALLOWED = { RUNSIGHT_ALLOW_WRITES: 'true' };
const TOKENS = [
  { token: 'a-token-of-everybody', owner: 'ann' },
  { token: 'a-token-of-the-north', owner: 'ann', tenant: 'north' },
] as const;
const [{ token }, north] = TOKENS;

describe.skipIf(!hasMlflowServer('experiments that are created'))('an experiment', () => {
  const folder = makeTemporaryFolder();
  let mlflow: MlflowServer;
  let server: TestServer;
  beforeAll(async () => {
    mlflow = await startMlflowServer(copyDemo(folder.path));
    server = await startTestServer({ uri: mlflow.url, tokens: [...TOKENS], env: ALLOWED });
  }, SERVER_HOOK_MS);
  afterAll(async () => {
    await server?.drain();
    await mlflow?.stop();
    folder[Symbol.dispose]();
  });

  const create = (body: object, { key, by = token }: { key?: string; by?: string } = {}) =>
    send(`${server.url}/api/v1/ml/experiments`, {
      body,
      token: by,
      headers: key === undefined ? {} : { 'Idempotency-Key': key },
    });
  /** As MLflow has it. */
  async function kept(name: string) {
    const url = `${mlflow.url}/api/2.0/mlflow/experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`;
    const { experiment } = (await (await fetch(url)).json()) as {
      experiment?: { experiment_id: string; tags: { key: string; value: string }[] };
    };
    if (experiment === undefined) return undefined;
    const tags = Object.fromEntries(experiment.tags.map(({ key, value }) => [key, value]));
    delete tags['runsight.request'];
    return { id: experiment.experiment_id, tags };
  }
  async function countExperiments(): Promise<number> {
    const body = JSON.stringify({ max_results: 1_000, view_type: 'ALL' });
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${mlflow.url}/api/2.0/mlflow/experiments/search`, { method: 'POST', headers, body });
    return ((await response.json()) as { experiments: unknown[] }).experiments.length;
  }

  test('is made with its description and tags, and is asked about at once', async () => {
    const name = 'Überwachung / 2026 “new”';
    const made = await create({ name, description: '# What *for*', tags: { wanted_by: 'growth' } });
    expect(made).toMatchObject({ status: 201, body: { id: expect.stringMatching(/^\d+$/), name } });
    expect(await kept(name)).toEqual({
      id: made.body.id,
      tags: { wanted_by: 'growth', 'mlflow.note.content': '# What *for*' },
    });
    const { body } = await send(`${server.url}/api/v1/ml/experiments?tag=wanted_by=growth`, { token });
    expect(body.experiments).toMatchObject([{ id: made.body.id, name, run_count: 0, best_metric: null }]);
  });

  test('is made once for a key, however often it is asked for', async () => {
    const before = await countExperiments();
    const body = { name: 'asked twenty times', tags: { a: 'b' } };
    const all = await Promise.all(Array.from({ length: 20 }, () => create(body, { key: 'one-key' })));
    expect(new Set(all.map(({ status, body: { id } }) => JSON.stringify([status, id]))).size).toBe(1);
    expect(all[0]?.status).toBe(201);
    expect((await create(body, { key: 'one-key' })).body).toEqual(all[0]?.body);
    expect(await create({ ...body, name: 'another' }, { key: 'one-key' })).toMatchObject({
      status: 422,
      body: { error: { code: 'key_reused' } },
    });
    // The same key of somebody else is another.
    expect((await create({ name: 'of the north' }, { key: 'one-key', by: north.token })).status).toBe(201);
    expect(await countExperiments()).toBe(before + 2);
  });

  test('is not made where there is one of its name, deleted ones too', async () => {
    const { body } = await create({ name: 'soon gone' });
    expect(await create({ name: 'soon gone' })).toMatchObject({
      status: 409,
      body: { error: { code: 'already_exists', hint: `Its id is ${body.id}.` } },
    });
    await fetch(`${mlflow.url}/api/2.0/mlflow/experiments/delete`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ experiment_id: body.id }),
    });
    const again = await create({ name: 'soon gone' });
    expect(again).toMatchObject({ status: 409, body: { error: { message: expect.stringContaining('was deleted') } } });
  });

  test('of a tenant bears its tag, and no other’s', async () => {
    expect((await create({ name: 'in the north' }, { by: north.token })).status).toBe(201);
    expect((await kept('in the north'))?.tags).toEqual({ tenant_id: 'north' });
    const { body } = await send(`${server.url}/api/v1/ml/experiments`, { token: north.token });
    expect(body.experiments.map(({ name }: { name: string }) => name)).toContain('in the north');
    const foreign = await create({ name: 'in the south', tags: { tenant_id: 'south' } }, { by: north.token });
    expect(foreign).toMatchObject({ status: 422, body: { error: { code: 'invalid_request' } } });
    expect(await kept('in the south')).toBeUndefined();
  });

  test.runIf(hasTmux)('is shown whole in a terminal, and made by a yes alone', { timeout: 60_000 }, async () => {
    const home = makeTemporaryFolder();
    const say = async (word: string) => {
      const words = [
        'create-experiment',
        'from a terminal',
        '--description',
        'why\u001b[31m not',
        '--tag',
        'team=core',
      ];
      const terminal = openTerminal({
        columns: 100,
        command: [...program, ...words, '--uri', mlflow.url],
        env: environment(home.path),
        folder: home.path,
      });
      const shown = await terminal.until(/Create it\? \[y\/N\]/);
      terminal.enter(word);
      const { code } = await terminal.end();
      terminal.close();
      return { shown, code };
    };
    const { shown, code } = await say('no');
    expect(shown).toMatch(
      /New experiment on http:\/\/127\.0\.0\.1:\d+\n +name +from a terminal\n +description +why.* not\n +tag +team = core/,
    );
    expect([code, await kept('from a terminal')]).toEqual([5, undefined]);
    expect((await say('')).code).toBe(5);
    expect((await say('yes')).code).toBe(0);
    expect((await kept('from a terminal'))?.tags).toMatchObject({ team: 'core' });
    home[Symbol.dispose]();
  });

  test.runIf(hasTmux)('is shown in the chat, and made when that is confirmed', { timeout: 60_000 }, async () => {
    const home = makeTemporaryFolder();
    const command = [...program, 'chat', '--model', 'offline', '--uri', mlflow.url];
    const terminal = openTerminal({ columns: 100, command, env: environment(home.path), folder: home.path });
    await terminal.untilPrompt();
    terminal.enter('/confirm');
    await terminal.until(/nothing waits to be confirmed/);
    terminal.enter('/create "from the chat" "a try"');
    await terminal.until(/name +from the chat\n +description +a try/);
    expect(await kept('from the chat')).toBeUndefined();
    terminal.enter('/confirm');
    await terminal.until(/Created experiment \d+: from the chat/);
    expect((await kept('from the chat'))?.tags).toEqual({ 'mlflow.note.content': 'a try' });
    terminal.close();
    home[Symbol.dispose]();
  });

  describe.each(REVISIONS)('over MCP, %s', (revision) => {
    const uri = () => mlflow.url;
    const wanted = (name: string) => ({ name: 'create_experiment', arguments: { name, tags: { by: 'an agent' } } });
    const elicitation = { capabilities: { elicitation: {} } };

    test('is made by the person’s yes alone, to all of what is shown', async () => {
      const name = `over MCP ${revision}`;
      await using session = await openSession(revision, { uri: uri(), env: ALLOWED, client: elicitation });
      const shown: string[] = [];
      let says: 'no' | 'later' | 'yes' = 'no';
      session.client.setRequestHandler('elicitation/create', ({ params }) => {
        shown.push(String(params.message));
        return says === 'later' ? { action: 'decline' } : { action: 'accept', content: { create: says === 'yes' } };
      });
      for (says of ['no', 'later'] as const) {
        expect(isError(await session.client.callTool(wanted(name)))).toBe(true);
        expect(await kept(name)).toBeUndefined();
      }
      says = 'yes';
      const made = await session.client.callTool(wanted(name));
      expect(shown).toHaveLength(3);
      expect(shown[0]).toContain(`name         ${name}\n  tag          by = an agent`);
      expect(await kept(name)).toEqual({ id: dataOf<{ id: string }>(made).id, tags: { by: 'an agent' } });
    });

    test('is not made where the client cannot ask, and not offered where nobody allowed it', async () => {
      await using session = await openSession(revision, { uri: uri(), env: ALLOWED });
      const { tools } = await session.client.listTools();
      const tool = tools.find((one) => one.name === 'create_experiment');
      expect(tool?.annotations).toMatchObject({ readOnlyHint: false, destructiveHint: false });
      const result = await session.client.callTool(wanted('unasked over MCP'));
      expect([isError(result), textOf(result)]).toEqual([true, expect.stringContaining('cannot ask the person')]);
      await using reader = await openSession(revision, { uri: uri() });
      expect((await reader.client.listTools()).tools.map((one) => one.name)).not.toContain('create_experiment');
      expect(await kept('unasked over MCP')).toBeUndefined();
    });
  });

  test('is not made where nobody can be asked, or where nobody allowed it', async () => {
    const { code, stderr } = await runProgram(['create-experiment', 'unasked', '--uri', mlflow.url], {
      cwd: folder.path,
      stdin: 'y\n',
    });
    expect([code, stderr.trim().split('\n').length]).toEqual([2, 1]);
    const reader = await startTestServer({ uri: mlflow.url });
    const refused = await send(`${reader.url}/api/v1/ml/experiments`, { body: { name: 'unasked' } });
    expect(refused).toMatchObject({ status: 403, body: { error: { code: 'writes_not_allowed' } } });
    const { body } = await send(`${reader.url}/api/v1/ask`, {
      body: { question: 'create an experiment called unasked' },
    });
    expect(body.status).toBe('cannot');
    await reader.drain();
    expect(await kept('unasked')).toBeUndefined();
  });
});
