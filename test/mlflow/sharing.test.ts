/** A database file is read while others write to it: nobody waits for long, and what is read in steps says so. */
import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { openStore } from '../../src/mlflow/open-store.ts';
import type { TrackingStore } from '../../src/mlflow/runs/tracking-store.ts';
import { defineTool } from '../../src/tools/define/tool.ts';
import { scoreBody } from '../agent/doubles.ts';
import { createDatabase, insertLatest, insertRun } from '../support/databases.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../support/demo.ts';
import { ToolRig } from '../tools/ask-tool.ts';

const { signal } = new AbortController();
const RUNS = 20_000;
/** Commits in a process of its own: locks of one process do not keep it out. */
const COMMIT = `
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=float(sys.argv[2]), isolation_level=None)
try:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE experiments SET name = name")
    connection.execute("COMMIT")
    print("committed")
except sqlite3.OperationalError as error:
    print(error)
`;

let folder: TemporaryFolder;
let path: string;
let writer: DatabaseSync;
beforeEach(() => {
  folder = makeTemporaryFolder();
  path = join(folder.path, 'mlflow.db');
  writer = createDatabase(path, '3');
});
afterEach(() => {
  writer.close();
  folder[Symbol.dispose]();
});

/** Without waiting, while nothing else happens here. */
const commit = (): string => execFileSync('python3', ['-c', COMMIT, path, '0'], { encoding: 'utf8' }).trim();
async function commitWithin(seconds: number): Promise<string> {
  return (await promisify(execFile)('python3', ['-c', COMMIT, path, String(seconds)])).stdout.trim();
}
const count = async (store: TrackingStore): Promise<number> => (await store.topRuns({}, [], 1, {}, signal)).matched;

function fill(): void {
  writer.exec('BEGIN');
  for (let at = 0; at < RUNS; at++) {
    const id = at.toString(16).padStart(32, '0');
    insertRun(writer, { id, name: `run-${at}`, start: at, params: { lr: String(at % 7) } });
    insertLatest(writer, id, 'f1', at % 100);
  }
  writer.exec('COMMIT');
}

describe('the lock', () => {
  test('is held no longer than reads follow one another at once', async () => {
    const store = await openStore(path);
    // The first read learns the tables: on a busy machine it takes longer than a window is open.
    await count(store);
    await store.snapshot(async (state) => {
      await count(state);
      expect(commit()).toBe('database is locked');
      await setImmediate();
      expect(commit()).toBe('committed');
    });
    await store.close();
  });

  test('is not given up by a look at the revision, nor by another store that opens and closes', async () => {
    const store = await openStore(path);
    await store.snapshot(async (state) => {
      await count(state);
      store.capabilities.revision();
      expect(commit()).toBe('database is locked');
    });
    const other = await openStore(path);
    await store.snapshot(async (state) => {
      await count(state);
      await other.close();
      expect(commit()).toBe('database is locked');
    });
    expect(commit()).toBe('committed');
    await store.close();
  });

  test('is not held while what was read of many runs is worked on', async () => {
    fill();
    const store = await openStore(path);
    await store.snapshot(async (state) => {
      // A quick machine reads so many in little more than the time that counts as short.
      for (let time = 0; time < 3; time++) await state.columns({}, { metrics: 'all', params: 'all' }, signal);
      expect(commit()).toBe('committed');
    });
    await store.close();
  });

  test('is not handed from one call to the next, of one store or of several', async () => {
    const [first, second] = [await openStore(path), await openStore(path)];
    let isOver = false;
    let reads = 0;
    const asking = [first, first, second].map(async (store, at) => {
      await setTimeout(at * 30);
      await store.snapshot(async (state) => {
        for (; !isOver; reads++) {
          expect(await count(state)).toBe(0);
          await setTimeout(2);
        }
      });
    });
    await setTimeout(100);
    for (let time = 0; time < 3; time++) expect(await commitWithin(1)).toBe('committed');
    isOver = true;
    await Promise.all(asking);
    expect(reads).toBeGreaterThan(10);
    await Promise.all([first.close(), second.close()]);
  });
});

describe('a call whose data changed between its steps', () => {
  /** Reads in two windows, between which `between` happens, as often as it is run. */
  const inTwoSteps = (between: () => void) => {
    const work = vi.fn(async (store: TrackingStore) => {
      const first = await count(store);
      await setImmediate();
      between();
      return [first, await count(store)];
    });
    return { work, attempts: () => work.mock.calls.length };
  };
  let added = 0;
  const addRun = () => insertRun(writer, { id: `added-${added++}` });

  test('runs once where nothing changed', async () => {
    const store = await openStore(path);
    const { work, attempts } = inTwoSteps(() => {});
    expect([await store.snapshot(work), attempts()]).toEqual([[0, 0], 1]);
    await store.close();
  });

  test.each(['delete', 'wal'])('starts again once, then answers from one state: %s', async (mode) => {
    writer.exec(`PRAGMA journal_mode = ${mode}`);
    const store = await openStore(path);
    let left = 1;
    const { work, attempts } = inTwoSteps(() => {
      if (left-- > 0) addRun();
    });
    const seen: boolean[] = [];
    const counts = await store.snapshot(async (state) => {
      const result = await work(state);
      seen.push(state.hasChanged?.() ?? false);
      return result;
    });
    expect([counts, attempts(), seen]).toEqual([[1, 1], 2, [false]]);
    await store.close();
  });

  test('and again in the second attempt: it answers, and the finding says so', async () => {
    const store = await openStore(path);
    const { work, attempts } = inTwoSteps(addRun);
    const tool = defineTool({
      name: 'read_twice',
      title: 'Read twice',
      description: '',
      input: z.strictObject({}),
      kind: 'run',
      readOnly: true,
      async run(_input, context) {
        await work(context.store);
        return scoreBody();
      },
    });
    const { caveats } = await tool.run({}, new ToolRig(store).context());
    expect(caveats).toMatchObject([{ code: 'CHANGED', text: expect.stringContaining('written to while it was read') }]);
    expect(attempts()).toBe(2);
    await store.close();
  });

  test('leaves the first attempt at once, also where the work swallows that', async () => {
    const store = await openStore(path);
    let left = 1;
    const after = vi.fn();
    const result = await store.snapshot(async (state) => {
      const first = await count(state);
      await setImmediate();
      if (left-- > 0) addRun();
      const second = await count(state).catch(() => 'swallowed');
      after(second);
      return [first, second];
    });
    expect([result, after.mock.calls]).toEqual([
      [1, 1],
      [['swallowed'], [1]],
    ]);
    await store.close();
  });
});

test('a store opens while a writer holds the file, and waits for it', async () => {
  writer.exec('BEGIN EXCLUSIVE');
  const opening = openStore(path);
  await setTimeout(100);
  writer.exec('COMMIT');
  await (await opening).close();
});
