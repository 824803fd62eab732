/** Two tenants on one server: whatever is asked of any route, nothing of the one reaches the other. */
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyDemo, makeTemporaryFolder } from '../../support/demo.ts';
import { readEvents, send, startTestServer, type TestServer } from './running-server.ts';

const REQUESTS = 500;
const SEED = Number(process.env.RUNSIGHT_TENANTS_SEED ?? 1);

interface Tenant {
  readonly name: string;
  readonly token: string;
  readonly experimentIds: readonly number[];
  /** Ids, names and keys that only this one has. */
  secrets: string[];
  conversations: string[];
  /** Secrets of what it shared. */
  shares: string[];
  /** All that it has asked: its conversations hold it. */
  said: string;
}

const tenants: Tenant[] = [
  {
    name: 'north',
    token: 'a-token-of-north-123',
    experimentIds: [1, 2, 4, 6],
    secrets: [],
    conversations: [],
    shares: [],
    said: '',
  },
  {
    name: 'south',
    token: 'a-token-of-south-123',
    experimentIds: [3, 7, 9],
    secrets: [],
    conversations: [],
    shares: [],
    said: '',
  },
];
const folder = makeTemporaryFolder();
let server: TestServer;

beforeAll(async () => {
  const uri = copyDemo(folder.path);
  const database = new DatabaseSync(uri);
  const names = (text: string, ids: readonly number[]) =>
    database
      .prepare(text.replace('?', ids.join(', ')))
      .all()
      .map((row) => String(Object.values(row)[0]));
  for (const { name, experimentIds } of tenants) {
    for (const id of experimentIds) {
      const tag = database.prepare('INSERT INTO experiment_tags (key, value, experiment_id) VALUES (?, ?, ?)');
      tag.run('tenant_id', name, id);
      tag.run('owner_note', `note-of-${name}`, id);
      database.prepare('UPDATE experiments SET name = ? WHERE experiment_id = ?').run(`${name} canary ${id}`, id);
    }
    const ids = experimentIds.join(', ');
    // Names that the other could come upon: the same letters, the same numbers, another ending.
    database.exec(`UPDATE runs SET name = name || '-of-${name}' WHERE experiment_id IN (${ids})`);
    database.exec(
      `INSERT INTO params (key, value, run_uuid) SELECT 'canary_${name}', 'value-of-${name}', run_uuid FROM runs WHERE experiment_id IN (${ids})`,
    );
    database.exec(
      `INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid) SELECT 'metric_${name}', 0.5, 1, 0, 0, run_uuid FROM runs WHERE experiment_id IN (${ids})`,
    );
    database.exec(
      `INSERT INTO metrics (key, value, timestamp, step, is_nan, run_uuid) SELECT 'metric_${name}', 0.5, 1, 0, 0, run_uuid FROM runs WHERE experiment_id IN (${ids})`,
    );
  }
  for (const { name, experimentIds } of tenants) {
    const ids = experimentIds.join(', ');
    // What nobody ever asks for by its name.
    database.exec(
      `INSERT INTO params (key, value, run_uuid) SELECT 'hidden_param_${name}', 'hidden-value-${name}', run_uuid FROM runs WHERE experiment_id IN (${ids})`,
    );
    database.exec(
      `INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid) SELECT 'hidden_metric_${name}', 0.25, 1, 0, 0, run_uuid FROM runs WHERE experiment_id IN (${ids})`,
    );
  }
  for (const tenant of tenants) {
    const { name, experimentIds } = tenant;
    const runIds = names('SELECT run_uuid FROM runs WHERE experiment_id IN (?)', experimentIds);
    tenant.secrets = [
      `${name} canary`,
      `-of-${name}`,
      `canary_${name}`,
      `metric_${name}`,
      `hidden_param_${name}`,
      `hidden-value-${name}`,
      `hidden_metric_${name}`,
      `note-of-${name}`,
      ...runIds,
      ...runIds.map((id) => id.slice(0, 8)),
    ];
  }
  database.close();
  server = await startTestServer({
    uri,
    tokens: tenants.map(({ token, name }) => ({ token, owner: 'ana', tenant: name })),
  });
});
afterAll(async () => {
  await server.drain();
  folder[Symbol.dispose]();
});

/** Numbers from a seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly stream?: boolean;
}

/** Any request, most often naming what is the other's. */
function anyRequest(random: () => number, own: Tenant, other: Tenant): Asked {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const who = () => (random() < 0.7 ? other : own);
  const experiment = () => {
    const { name, experimentIds } = who();
    const id = pick(experimentIds);
    return pick([String(id), `${name} canary ${id}`, `${name} canary`, `canary ${id}`, '0', '5', 'Default']);
  };
  const run = () => pick(who().secrets.slice(8));
  const metric = () => pick([`metric_${who().name}`, 'metric_', 'f1_score', 'training_loss', 'error_rate', 'val_loss']);
  const param = () => pick([`canary_${who().name}`, 'learning_rate', 'canary']);
  const at = (text: string) => encodeURIComponent(text);
  const filter = () =>
    pick([
      `params.\`${param()}\` = 'value-of-${who().name}'`,
      `metrics.\`${metric()}\` > 0`,
      `tags.tenant_id = '${other.name}'`,
      `attributes.run_id = '${run()}'`,
      "attributes.status != 'X' OR attributes.run_name LIKE '%'",
    ]);
  const question = () =>
    pick([
      () => `best run by ${metric()}`,
      () => `best run by ${metric()} in "${experiment()}"`,
      () => 'how many runs are there?',
      () => 'list all experiments',
      () => 'how many experiments are there?',
      () => `describe "${experiment()}"`,
      () => `show run ${run()}`,
      () => `compare ${run()} and ${run()}`,
      () => `plot ${metric()} of run ${run()}`,
      () => `runs with ${param()} = value-of-${who().name}`,
      () => `which parameters matter most for ${metric()}?`,
      () => 'which metrics are there?',
      () => 'runs of the last week',
      () => `average ${metric()} by ${param()}`,
      () => `top 5 runs by ${metric()}`,
      () => 'compare the last 3 runs',
      () => `runs with tag tenant_id ${other.name}`,
      () => 'which run took longest?',
      () => 'run 17',
    ])();
  const conversation = () => pick([...own.conversations, ...other.conversations, 'nothing']);
  const tool = (): [string, unknown] =>
    pick<() => [string, unknown]>([
      () => [
        'list_experiments',
        pick([{}, { text: other.name }, { tag: `tenant_id=${other.name}` }, { lifecycle: 'all' }]),
      ],
      () => ['describe_experiment', { experiment: experiment() }],
      () => ['find_runs', pick([{ filter: filter() }, { experiment: experiment() }, {}, { lifecycle: 'all' }])],
      () => ['get_run', { run: run() }],
      () => ['rank_runs', { metric: metric(), ...(random() < 0.5 && { experiment: experiment() }) }],
      () => ['compare_runs', { runs: [run(), run()] }],
      () => ['compare_runs', { last: 3 }],
      () => ['get_metric_history', { runs: [run()], metrics: [metric()] }],
      () => ['summarize_metrics', { metrics: [metric()] }],
      () => ['analyze_parameter_impact', { metric: metric() }],
    ])();
  return pick<() => Asked>([
    () => ({ method: 'POST', path: '/api/v1/ask', body: { question: question() } }),
    () => ({ method: 'POST', path: '/api/v1/ask', body: { question: question() }, stream: true }),
    () => ({
      method: 'POST',
      path: '/api/v1/ask',
      body: { question: pick(['and the second?', question()]), conversation: conversation() },
    }),
    () => {
      const [name, input] = tool();
      return { method: 'POST', path: `/api/v1/tools/${name}`, body: input };
    },
    () => {
      const [name, input] = tool();
      return { method: 'POST', path: `/api/v1/tools/${name}`, body: input };
    },
    () => ({
      method: 'GET',
      path: `/api/v1/ml/experiments${pick(['', `?tenant_id=${other.name}`, `?tenant_id=${own.name}`, `?name=${at(experiment())}`, '?tag=tenant_id', `?metric=${metric()}`])}`,
    }),
    () => ({
      method: 'GET',
      path: `/api/v1/ml/experiments/${at(experiment())}/runs?sort_by=${at(pick([`metrics.${metric()}`, 'created_at', `params.${param()}`]))}&filter=${at(filter())}`,
    }),
    () => ({
      method: 'GET',
      path: `/api/v1/ml/experiments/${at(experiment())}/runs/${at(run())}/metrics/${at(metric())}`,
    }),
    () => ({
      method: 'POST',
      path: `/api/v1/ml/experiments/${at(experiment())}/compare`,
      body: { run_ids: [run(), run()], metrics: [metric()], parameters: [param()] },
    }),
    () => ({ method: 'GET', path: pick(['/api/v1/conversations', `/api/v1/conversations/${conversation()}`]) }),
    () => ({
      method: pick(['PATCH', 'POST']),
      path: `/api/v1/conversations/${conversation()}${pick(['', '/branch'])}`,
      body: { title: 'mine' },
    }),
    () => ({ method: pick(['GET', 'POST', 'POST', 'DELETE']), path: `/api/v1/conversations/${conversation()}/share` }),
    () => {
      const shared = pick([...own.shares, ...other.shares, 'nothing']);
      const place = pick([`conversations/${conversation()}`, `shared/${shared}`]);
      const format = pick(['csv', 'md', 'json', 'py', 'svg']);
      return {
        method: 'GET',
        path: `/api/v1/${place}${pick(['', `/findings/${pick([1, 2])}/export?format=${format}`])}`,
      };
    },
    () => ({ method: 'GET', path: pick(['/', '/api/v1/session']) }),
    () => ({ method: 'GET', path: pick(['/metrics', '/api/v1/tools', '/openapi.json', '/readyz']) }),
  ])();
}

/** What comes back, without what was sent: words of the asker's own are no leak. */
async function ask({ method, path, body, stream }: Asked, token: string): Promise<{ status: number; text: string }> {
  if (stream !== true) {
    const got = await send(`${server.url}${path}`, { method, token, ...(method !== 'GET' && { body }) });
    return { status: got.status, text: JSON.stringify(got.body) };
  }
  const response = await fetch(`${server.url}${path}`, {
    method,
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream', Authorization: `Bearer ${token}` },
  });
  const events = await Array.fromAsync(readEvents(response));
  return { status: response.status, text: JSON.stringify(events) };
}

function leaksIn(text: string, asked: Asked, own: Tenant, other: Tenant): string[] {
  const now = JSON.stringify([decodeURIComponent(asked.path), asked.body]);
  own.said += now;
  const isTalk = /conversations|shared/.test(asked.path) || now.includes('"conversation"');
  const said = isTalk ? own.said : now;
  return other.secrets.filter((secret) => text.includes(secret) && !said.includes(secret));
}

test('nothing of the other crosses in 500 requests', { timeout: 300_000 }, async () => {
  const random = randomFrom(SEED);
  const statuses = new Map<number, number>();
  for (let turn = 0; turn < REQUESTS; turn++) {
    const [own, other] = (random() < 0.5 ? tenants : tenants.toReversed()) as [Tenant, Tenant];
    const asked = anyRequest(random, own, other);
    const { status, text } = await ask(asked, own.token);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    expect(status, `${JSON.stringify(asked)} ${text.slice(0, 300)}`).toBeLessThan(500);
    expect(
      leaksIn(text, asked, own, other),
      `turn ${turn}: ${JSON.stringify(asked)} → ${text.slice(0, 2_000)}`,
    ).toEqual([]);
    // What belongs to nobody is nobody's.
    expect(text).not.toMatch(/"Default"|sandbox-empty|support-agent/);
    const [, secret] = /"url":"\/shared\/([^"]+)"/.exec(text) ?? [];
    if (secret !== undefined) own.shares.push(secret);
    const [, conversation] = /"conversation":"([^"]+)"/.exec(text) ?? [];
    if (conversation !== undefined && !own.conversations.includes(conversation)) own.conversations.push(conversation);
  }
  // It was answered, and not only refused.
  expect(statuses.get(200)).toBeGreaterThan(REQUESTS / 4);
  for (const { shares } of tenants) expect(shares.length).toBeGreaterThan(0);
});

test('a name of the other is as unknown as one that nobody has', async () => {
  const [north, south] = tenants as [Tenant, Tenant];
  const bare = (got: Awaited<ReturnType<typeof send>>) => [got.status, { ...got.body.error, request_id: '' }];
  const faultOf = async (path: string) => bare(await send(`${server.url}${path}`, { token: north.token }));
  const [theirs, nobodys] = [
    await faultOf('/api/v1/ml/experiments/7/runs'),
    await faultOf('/api/v1/ml/experiments/77/runs'),
  ];
  expect(JSON.stringify(theirs)).toBe(JSON.stringify(nobodys).replaceAll('77', '7'));
  const listed = await send(`${server.url}/api/v1/ml/experiments?tenant_id=south`, { token: north.token });
  expect(listed.body).toMatchObject({ experiments: [], total: 0 });
  const own = await send(`${server.url}/api/v1/ml/experiments`, { token: south.token });
  expect(own.body.experiments.map(({ id }: { id: string }) => id)).toEqual(['3', '7', '9']);
});
