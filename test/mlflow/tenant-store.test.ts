/** What a tenant's store gives: what one over its experiments alone would, whatever is asked of it. */
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore } from '../../src/mlflow/open-store.ts';
import type { TrackingStore } from '../../src/mlflow/runs/tracking-store.ts';
import { boundToTenant } from '../../src/mlflow/tenant-store.ts';
import { copyDemo, makeTemporaryFolder } from '../support/demo.ts';

const { signal } = new AbortController();
const everything = { metrics: 'all', params: 'all', tags: 'all' } as const;
/** One is deleted. */
const OWN = ['1', '2', '6'];
const folder = makeTemporaryFolder();
let whole: TrackingStore;
let store: TrackingStore;

beforeAll(async () => {
  const path = copyDemo(folder.path);
  const database = new DatabaseSync(path);
  const tag = database.prepare("INSERT INTO experiment_tags (key, value, experiment_id) VALUES ('tenant_id', ?, ?)");
  for (const id of OWN) tag.run('north', Number(id));
  tag.run('south', 3);
  database.close();
  whole = await openStore(path);
  store = boundToTenant(whole, 'north');
});
afterAll(async () => {
  await store.close();
  folder[Symbol.dispose]();
});

describe('a tenant', () => {
  test('has the experiments that bear its tag, and their runs', async () => {
    const experiments = await store.searchExperiments({ lifecycle: 'all' }, signal);
    expect(experiments.map(({ id }) => id).sort()).toEqual(OWN);
    const counts = await whole.countRuns({ experimentIds: ['2', '6'] }, signal);
    expect(await store.countRuns({}, signal)).toEqual(counts);
    expect(await store.keyStats({}, signal)).toEqual(await whole.keyStats({ experimentIds: ['2', '6'] }, signal));
    const columns = await store.columns({ lifecycle: 'all' }, everything, signal);
    expect(new Set(columns.experimentIds)).toEqual(new Set(['2', '6']));
    const pages = (await Array.fromAsync(store.searchRuns({}, {}, signal))).flat();
    expect(new Set(pages.map(({ experimentId }) => experimentId))).toEqual(new Set(['2', '6']));
  });

  test('gets nothing of another by naming its experiments, runs or names', async () => {
    const others = ['0', '3', '7'];
    const foreign = await whole.columns({ experimentIds: others }, {}, signal);
    const ids = [...foreign.ids];
    expect(ids.length).toBeGreaterThan(100);
    expect(await store.countRuns({ experimentIds: others }, signal)).toEqual([]);
    expect(await store.topRuns({ experimentIds: others }, [], 10, everything, signal)).toEqual({
      runs: [],
      matched: 0,
    });
    expect(await store.getRuns(ids.slice(0, 5), signal)).toEqual([]);
    const history = store.metricHistory(ids, ['training_loss', 'loss', 'accuracy'], signal);
    expect(await Array.fromAsync(history)).toEqual([]);
    const found = await store.lookup({ keys: true, runs: ids.slice(0, 5), experimentIds: others }, signal);
    expect(found).toEqual({ keys: [], values: [], runs: [] });
    const own = await whole.lookup({ keys: true, experimentIds: ['2', '6'] }, signal);
    expect((await store.lookup({ keys: true }, signal)).keys).toEqual(own.keys);
    expect((await store.lookup({ runs: ids.slice(0, 5) }, signal)).runs).toEqual([]);
  });

  test('keeps its own runs in the order asked for', async () => {
    const { ids } = await whole.columns({ experimentIds: ['2'] }, {}, signal);
    const asked = [ids.at(5)!, 'nothing', ids.at(2)!];
    expect((await store.getRuns(asked, signal)).map(({ id }) => id)).toEqual([asked[0], asked[2]]);
  });

  test('is bounded in a snapshot too, and hears nothing of when others write', async () => {
    const inside = await store.snapshot((state) => state.searchExperiments({}, signal));
    expect(inside.map(({ id }) => id).sort()).toEqual(['2', '6']);
    expect(store.capabilities.revision()).toBeUndefined();
  });

  test('of whom nothing bears the tag has nothing', async () => {
    const nobody = boundToTenant(whole, '');
    expect(await nobody.searchExperiments({ lifecycle: 'all' }, signal)).toEqual([]);
    expect(await nobody.countRuns({}, signal)).toEqual([]);
    expect((await nobody.columns({}, everything, signal)).length).toBe(0);
    expect(await nobody.lookup({ keys: true, runs: ['run-017'] }, signal)).toEqual({ keys: [], values: [], runs: [] });
  });
});
