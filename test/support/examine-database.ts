/** What becomes of a database when everything is asked of it, and what it looks like from outside. */
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../../src/mlflow/errors.ts';
import { openStore } from '../../src/mlflow/open-store.ts';
import type { TrackingStore, Unreadable } from '../../src/mlflow/runs/tracking-store.ts';
import { parseOrder } from '../../src/query/parse.ts';
import { BEST } from './hostile-databases.ts';

const everything = { metrics: 'all', params: 'all', tags: 'all', datasets: true } as const;
const MOST_HASHED = 30_000_000;

/** Every file in a folder with what is in it, where it is one that can be read. */
export function listFiles(path: string): string[] {
  return readdirSync(path).map((name) => {
    const file = join(path, name);
    const stat = lstatSync(file);
    if (!stat.isFile() || stat.size > MOST_HASHED) return `${name} ${stat.mtimeMs}`;
    return `${name} ${createHash('sha256').update(readFileSync(file)).digest('hex')}`;
  });
}

/** The fault that it ends with, or what could not be read of it while the rest answered. */
export async function examine(path: string): Promise<StoreError | readonly Unreadable[]> {
  let store: TrackingStore | undefined;
  try {
    store = await openStore(path);
    return await readAll(store, AbortSignal.timeout(30_000));
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  } finally {
    await store?.close();
  }
}

/** Once in SQL's own order, once whole. */
function readAll(store: TrackingStore, signal: AbortSignal): Promise<readonly Unreadable[]> {
  return store.snapshot(async (state) => {
    await state.searchExperiments({ lifecycle: 'all' }, signal);
    await state.countRuns({}, signal);
    await state.lookup({ keys: true, values: ['0.1'], runs: [BEST], lastNumbers: [7] }, signal);
    await state.keyStats({ lifecycle: 'all' }, signal);
    const order = [parseOrder('metrics.f1_score DESC')];
    const { runs } = await state.topRuns({ experimentIds: ['2'] }, order, 3, everything, signal);
    await state.columns({ lifecycle: 'all' }, everything, signal);
    const ids = runs.map(({ id }) => id);
    await Array.fromAsync(state.metricHistory(ids, ['f1_score'], signal));
    return state.unreadable!(signal);
  });
}
