/** Ways to be let into real MLflow servers: under a path, with a password, into a workspace; and how each refuses. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSession } from '../../src/app/session.ts';
import { readConfig } from '../../src/config/config.ts';
import { openStore, type StoreOptions } from '../../src/mlflow/open-store.ts';
import type { TrackingStore } from '../../src/mlflow/runs/tracking-store.ts';
import { copyDemo, makeTemporaryFolder, type TemporaryFolder } from '../support/demo.ts';
import { mlflowPython } from '../support/mlflow-python.ts';
import { hasMlflowServer, type MlflowServer, SERVER_HOOK_MS, startMlflowServer } from '../support/mlflow-server.ts';

const PASSWORD = 'correct-horse-7';
const FLASK_WTF = ['flask-wtf==1.3.0', 'wtforms==3.3.2'];

/** What MLflow's login needs beside MLflow, in a folder of its own: the Python may be somebody's. */
async function installFlaskWtf(): Promise<string> {
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'runsight-test', 'flask-wtf-1.3.0');
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--target', folder];
  if (!existsSync(join(folder, 'wtforms'))) await promisify(execFile)(await mlflowPython(), [...pip, ...FLASK_WTF]);
  return folder;
}

describe.skipIf(!hasMlflowServer('servers with a login, under a path, with workspaces'))('access', () => {
  const { signal } = new AbortController();
  const folders: TemporaryFolder[] = [];
  let stores: TrackingStore[] = [];
  let guarded: MlflowServer;
  let shared: MlflowServer;

  const copy = (): string => {
    const folder = makeTemporaryFolder();
    folders.push(folder);
    return copyDemo(folder.path);
  };
  const open = async (uri: string, options?: StoreOptions): Promise<TrackingStore> => {
    const store = await openStore(uri, options);
    stores.push(store);
    return store;
  };
  const names = async (store: TrackingStore) =>
    (await store.searchExperiments({}, signal)).map(({ name }) => name).sort();

  beforeAll(async () => {
    guarded = await startMlflowServer(copy(), {
      flags: ['--app-name', 'basic-auth'],
      env: {
        MLFLOW_AUTH_ADMIN_PASSWORD: PASSWORD,
        MLFLOW_FLASK_SERVER_SECRET_KEY: 'of this test',
        PYTHONPATH: await installFlaskWtf(),
      },
      staticPrefix: '/ml/flow',
    });
    shared = await startMlflowServer(copy(), { flags: ['--enable-workspaces'] });
    const post = (path: string, body: object, headers = {}) =>
      fetch(`${shared.url}/api/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
    await post('3.0/mlflow/workspaces', { name: 'team-a' });
    const inTeam = { 'x-mlflow-workspace': 'team-a' };
    await post('2.0/mlflow/experiments/create', { name: 'only-ours' }, inTeam);
    const tags = [{ key: 'tenant_id', value: 'north' }];
    await post('2.0/mlflow/experiments/create', { name: 'theirs', tags }, inTeam);
  }, SERVER_HOOK_MS);
  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()));
    stores = [];
    await Promise.all([guarded?.stop(), shared?.stop()]);
    for (const folder of folders) folder[Symbol.dispose]();
  });

  test('under a path, with user and password as options and in the address', async () => {
    const store = await open(`${guarded.url}/`, { username: 'admin', password: PASSWORD });
    const inAddress = await open(guarded.url.replace('//', `//admin:${PASSWORD}@`));
    expect(await names(store)).toContain('churn-prediction');
    expect(await inAddress.countRuns({}, signal)).toEqual(await store.countRuns({}, signal));
    expect(inAddress.capabilities).toMatchObject({ location: guarded.url, uiUrl: `${guarded.url}/#` });
  });

  test('says its release when it is asked, not before', async () => {
    const store = await open(guarded.url, { username: 'admin', password: PASSWORD });
    await names(store);
    expect(store.capabilities.version).toBeUndefined();
    await store.readVersion?.(signal);
    expect(store.capabilities.version).toBe('MLflow 3.17.2');
  });

  test.each<[string, StoreOptions]>([
    ['no password', {}],
    ['a wrong one', { username: 'admin', password: 'wrong' }],
    ['a token, which this login does not take', { token: 't' }],
  ])('%s is refused', async (_name, options) => {
    await expect(names(await open(guarded.url, options))).rejects.toMatchObject({
      code: 'unauthorized',
      message: `${guarded.url} answered 401`,
      hint: expect.stringContaining('MLFLOW_TRACKING_PASSWORD'),
    });
  });

  test('another path of the same server is refused', async () => {
    const store = await open(`${guarded.url}/elsewhere`, { username: 'admin', password: PASSWORD });
    await expect(names(store)).rejects.toMatchObject({
      code: 'not_mlflow',
      hint: expect.stringContaining('its path must be the one MLflow is served under'),
    });
  });

  test('a workspace shows its own experiments, and links into itself', async () => {
    const store = await open(shared.url, { workspace: 'team-a' });
    expect(await names(store)).toEqual(['only-ours', 'theirs']);
    expect(store.capabilities.workspace).toBe('team-a');
    expect(await names(await open(shared.url))).toContain('churn-prediction');
  });

  test('an unknown workspace, and a workspace where there are none, say how to mend it', async () => {
    await expect(names(await open(shared.url, { workspace: 'nowhere' }))).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining("Workspace 'nowhere' not found"),
      hint: 'The workspace asked for is nowhere (MLFLOW_WORKSPACE, or the tenant).',
    });
    const options = { username: 'admin', password: PASSWORD, workspace: 'team-a' };
    await expect(names(await open(guarded.url, options))).rejects.toMatchObject({
      code: 'server_error',
      hint: 'Unset MLFLOW_WORKSPACE, or start the server with --enable-workspaces.',
    });
  });

  describe('a tenant', () => {
    const seenBy = async (tenant: string, env: Readonly<Record<string, string>> = {}) => {
      const config = readConfig({ HOME: '/nonexistent', ...env }, { uri: shared.url });
      const { store } = await openSession(config, { tables: [], isolated: true, tenant });
      stores.push(store);
      return names(store);
    };

    test('is the workspace of that name', async () => {
      expect(await seenBy('team-a')).toEqual(['only-ours', 'theirs']);
      expect(await seenBy('default')).toContain('churn-prediction');
    });

    test('without one sees nothing', async () => {
      await expect(seenBy('nowhere')).rejects.toMatchObject({ code: 'not_found' });
      await expect(seenBy('North & Sons 团队')).rejects.toMatchObject({ code: 'invalid_request' });
    });

    test('is told by tags in the workspace that was chosen for all', async () => {
      expect(await seenBy('team-a', { MLFLOW_WORKSPACE: 'team-a' })).toEqual([]);
      expect(await seenBy('north', { MLFLOW_WORKSPACE: 'team-a' })).toEqual(['theirs']);
    });
  });

  test('runs of another workspace are not there', async () => {
    const [run] = (await (await open(shared.url)).topRuns({}, [], 1, {}, signal)).runs;
    expect(await (await open(shared.url, { workspace: 'team-a' })).getRuns([run!.id], signal)).toEqual([]);
  });
});
