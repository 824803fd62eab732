/** A database file that is read by another process: the same answers, and no statement that cannot be ended. */
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, copyFileSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../../src/mlflow/open-store.ts';
import type { TrackingStore } from '../../src/mlflow/runs/tracking-store.ts';
import { IsolatedDatabase } from '../../src/mlflow/sql/isolated-database.ts';
import { openSqlStore } from '../../src/mlflow/sql/sql-store.ts';
import { isSoonRead } from '../../src/mlflow/sql/sqlite-pages.ts';
import { demoPath, makeTemporaryFolder, type TemporaryFolder } from '../support/demo.ts';
import { ENDLESS_TREES, HOSTILE, writeSmallDatabase } from '../support/hostile-databases.ts';

const { signal } = new AbortController();
const everything = { metrics: 'all', params: 'all', tags: 'all', datasets: true } as const;
const MOST_GAP_MS = 250;

let folder: TemporaryFolder;
let small: string;
beforeAll(() => {
  folder = makeTemporaryFolder();
  small = join(folder.path, 'small.db');
  writeSmallDatabase(small);
});
afterAll(() => folder[Symbol.dispose]());

/** A copy with pages of `runs` that lead to one another without end. */
function writeEndless(name: string): string {
  const path = join(folder.path, `${name}.db`);
  copyFileSync(small, path);
  ENDLESS_TREES.find((one) => one.name.includes('of runs'))!.make(path);
  return path;
}

function isSoon(path: string): boolean {
  const handle = openSync(path, 'r');
  try {
    return isSoonRead(handle, statSync(path).size);
  } finally {
    closeSync(handle);
  }
}

/** The processes that one has started. */
function childrenOf(pid: number | undefined): number[] {
  try {
    return execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map(Number);
  } catch {
    return [];
  }
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

async function isGoneWithin(pids: readonly number[], ms: number): Promise<boolean> {
  const until = performance.now() + ms;
  while (pids.some(isAlive) && performance.now() < until) await setTimeout(20);
  return !pids.some(isAlive);
}

/** The longest that timers had to wait while something went on. */
async function gapDuring(work: () => Promise<unknown>): Promise<number> {
  let [last, longest] = [performance.now(), 0];
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 5);
  await work();
  clearInterval(timer);
  return longest;
}

const readRuns = (store: TrackingStore, own = signal) => store.columns({}, {}, own);
const countExperiments = async (store: TrackingStore) => (await store.searchExperiments({}, signal)).length;

test('answers as one that is read here', async () => {
  const stores = [await openStore(demoPath), await openStore(demoPath, { isolation: 'always' })];
  const [here, there] = await Promise.all(
    stores.map((store) =>
      store.snapshot(async (state) => {
        const { ids, names, ...columns } = await state.columns({ lifecycle: 'all' }, everything, signal);
        const { runs } = await state.topRuns({}, [], 20, everything, signal);
        const history = await Array.fromAsync(state.metricHistory([runs[0]!.id], [...runs[0]!.metrics.keys()], signal));
        return [[...ids], [...names], columns, runs, history, await state.lookup({ keys: true }, signal)];
      }),
    ),
  );
  expect(there).toEqual(here);
  expect(stores[1]?.capabilities).toMatchObject({ kind: 'sqlite', location: demoPath });
  for (const store of stores) await store.close();
});

test('its faults and what it cannot read come over as they are', async () => {
  for (const name of ['a harmless view', 'a metric that is text']) {
    const path = join(folder.path, `${name}.db`);
    copyFileSync(small, path);
    HOSTILE.find((one) => one.name === name)!.make(path);
    const tell = async (isolation: 'always' | 'never') => {
      try {
        const store = await openStore(path, { isolation });
        const unreadable = await store.unreadable!(signal);
        await store.close();
        return unreadable;
      } catch (error) {
        return { ...(error as Error), message: (error as Error).message, cause: undefined };
      }
    };
    expect(await tell('always')).toEqual(await tell('never'));
  }
});

test('pages that name one another are told from all others', () => {
  expect([isSoon(demoPath), isSoon(small)]).toEqual([true, true]);
  for (const { name, make } of ENDLESS_TREES) {
    const path = join(folder.path, `${name}.db`);
    copyFileSync(small, path);
    make(path);
    expect(isSoon(path), name).toBe(false);
  }
});

test('a statement without end is ended, nothing stands still meanwhile, and the next question is answered', async () => {
  const path = writeEndless('endless');
  const store = await openSqlStore(new IsolatedDatabase(path, [], 1_000));
  const gap = await gapDuring(async () => {
    await expect(readRuns(store)).rejects.toMatchObject({
      code: 'source_timeout',
      message: expect.stringContaining(`a read of ${path} was ended after 1 s`),
    });
  });
  expect(gap).toBeLessThan(MOST_GAP_MS);
  expect(await countExperiments(store)).toBeGreaterThan(0);
  await store.close();
});

test('a question that is cancelled is over at once, and its process soon', async () => {
  const store = await openStore(writeEndless('cancelled'));
  const before = childrenOf(process.pid);
  expect(before.length).toBeGreaterThan(0);
  const cancel = new AbortController();
  const reading = readRuns(store, cancel.signal);
  await setTimeout(300);
  const started = performance.now();
  cancel.abort(new Error('cancelled'));
  await expect(reading).rejects.toThrow('cancelled');
  expect(performance.now() - started).toBeLessThan(100);
  await setTimeout(300);
  expect(await countExperiments(store)).toBeGreaterThan(0);
  await store.close();
  expect(await isGoneWithin(before, 1_000)).toBe(true);
});

test('nobody is left reading where the one that asked was killed', { timeout: 20_000 }, async () => {
  const script = `
    const { openStore } = await import(${JSON.stringify(join(import.meta.dirname, '../../src/mlflow/open-store.ts'))});
    const store = await openStore(${JSON.stringify(writeEndless('orphaned'))});
    console.log('open');
    await store.columns({}, {}, new AbortController().signal);`;
  const asking = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise((resolve) => asking.stdout.once('data', resolve));
  await setTimeout(300);
  const reading = childrenOf(asking.pid);
  expect(reading).toHaveLength(1);
  asking.kill('SIGKILL');
  expect(await isGoneWithin(reading, 5_000)).toBe(true);
});
