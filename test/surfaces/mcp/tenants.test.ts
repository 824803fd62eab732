/** Two tenants of one process: what is completed, listed and read over MCP is each one's own. */
import { DatabaseSync } from 'node:sqlite';
import { type Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/config/config.ts';
import { createMemoryConversationStore } from '../../../src/conversations/memory.ts';
import { mountForCallers } from '../../../src/surfaces/mcp/mount-callers.ts';
import { copyDemo, makeTemporaryFolder } from '../../support/demo.ts';
import { blocksOf, createClient, dataOf, REVISIONS, textOf } from './connect.ts';

const EXPERIMENTS = { north: [1, 2, 4, 6], south: [3, 7, 9] } as const;
type Tenant = keyof typeof EXPERIMENTS;
const RUN = { ref: { type: 'ref/resource', uri: 'runsight://runs/{run}' }, name: 'run' } as const;

const folder = makeTemporaryFolder();
let mount: ReturnType<typeof mountForCallers>;
let runs: Readonly<Record<Tenant, readonly { readonly run_uuid: string; readonly name: string }[]>>;

beforeAll(() => {
  const uri = copyDemo(folder.path);
  using database = new DatabaseSync(uri);
  const read = (tenant: Tenant) => {
    const ids = EXPERIMENTS[tenant].join(', ');
    database.exec(`UPDATE experiments SET name = name || '-of-${tenant}' WHERE experiment_id IN (${ids})`);
    database.exec(`UPDATE runs SET name = name || '-of-${tenant}' WHERE experiment_id IN (${ids})`);
    database.exec(`INSERT INTO experiment_tags (key, value, experiment_id)
      SELECT 'tenant_id', '${tenant}', experiment_id FROM experiments WHERE experiment_id IN (${ids})`);
    database.exec(`INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid)
      SELECT 'metric-of-${tenant}', 0.5, 1, 0, 0, run_uuid FROM runs WHERE experiment_id IN (${ids})`);
    const listed = database.prepare(`SELECT run_uuid, name FROM runs WHERE experiment_id IN (${ids})`).all();
    return listed as { run_uuid: string; name: string }[];
  };
  runs = { north: read('north'), south: read('south') };
  const config = readConfig({ HOME: folder.path, TZ: 'UTC' }, { model: 'offline', uri });
  mount = mountForCallers(config, createMemoryConversationStore());
});
afterAll(() => folder[Symbol.dispose]());

describe.each(REVISIONS)('clients of revision %s', (revision) => {
  const clients = new Map<Tenant, Client>();
  const of = (tenant: Tenant) => clients.get(tenant) as Client;
  beforeAll(async () => {
    for (const tenant of ['north', 'south'] as const) {
      const client = createClient(revision);
      // One name in both: it is the tenant that tells them apart.
      const fetch = (url: URL | string, init?: RequestInit) => mount(new Request(url, init), { owner: 'ann', tenant });
      await client.connect(new StreamableHTTPClientTransport(new URL('http://localhost/mcp'), { fetch }));
      clients.set(tenant, client);
    }
  });
  afterAll(() => Promise.all([...clients.values()].map((client) => client.close())));

  describe.each([
    ['north', 'south'],
    ['south', 'north'],
  ] as const)('%s', (own, other) => {
    const complete = async (ref: typeof RUN.ref | { type: 'ref/prompt'; name: string }, name: string, value: string) =>
      (await of(own).complete({ ref, argument: { name, value } })).completion.values;

    it.each([
      ['experiment', 'best_run'],
      ['metric', 'best_run'],
      ['run', 'training_curve'],
      ['other', 'compare_two_runs'],
    ])('is completed no other %s than its own', async (name, prompt) => {
      const values = await complete({ type: 'ref/prompt', name: prompt }, name, '');
      expect(values.length).toBeGreaterThan(2);
      expect(values.join('\n')).toContain(`-of-${own}`);
      expect(values.join('\n')).not.toContain(`-of-${other}`);
      const [wanted] = runs[other];
      const theirs = { experiment: 'churn', metric: `metric-of-${other}`, run: wanted?.name, other: wanted?.name }[
        name
      ];
      for (const value of await complete({ type: 'ref/prompt', name: prompt }, name, theirs ?? ''))
        expect(value).not.toContain(other);
    });

    it('reads no other run than its own, by name or by id', async () => {
      const [mine, theirs] = [runs[own][0]!, runs[other][0]!];
      const read = async (run: string) => (await of(own).readResource({ uri: `runsight://runs/${run}` })).contents;
      expect(JSON.stringify(await read(mine.run_uuid))).toContain(mine.run_uuid);
      for (const run of [theirs.run_uuid, theirs.name]) {
        const refusal = await read(run).then(JSON.stringify, (error: Error) => error.message);
        expect(refusal).toMatch(/no run/i);
        expect(refusal.replaceAll(run, '')).not.toContain(other);
      }
      expect(await complete(RUN.ref, RUN.name, theirs.name)).toEqual([]);
    });

    it('reads nothing that the other was told', async () => {
      const question = 'how many runs are there?';
      const told = await of(own).callTool({ name: 'ask', arguments: { question } });
      expect(textOf(told)).not.toContain(`-of-${other}`);
      const uris = blocksOf(told).flatMap(({ uri }) => (uri?.startsWith('runsight:') ? uri : []));
      expect(uris.length).toBeGreaterThan(0);
      const { resources } = await of(other).listResources();
      const listed = resources.map(({ uri }) => uri);
      for (const uri of uris) {
        expect((await of(own).readResource({ uri })).contents).toHaveLength(1);
        expect(listed).not.toContain(uri);
        await expect(of(other).readResource({ uri })).rejects.toThrow('no such finding');
      }
      expect(dataOf(told)).toMatchObject({ status: 'answered' });
    });
  });
});
