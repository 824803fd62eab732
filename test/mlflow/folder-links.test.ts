/** Links of all kinds in an mlruns folder: what lies in it is read, what lies elsewhere never. */
import { linkSync, mkdirSync, realpathSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Folder } from '../../src/mlflow/files/folder.ts';
import { openStore } from '../../src/mlflow/open-store.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../support/demo.ts';
import { writeExperiment, writeRun } from '../support/mlruns.ts';

const { signal } = new AbortController();
const idOf = (n: number): string => n.toString(16).padStart(32, '0');
const METRIC = '1 0.5 0\n2 0.7 1\n';

let temporary: TemporaryFolder;
let runs: string[];
beforeEach(() => {
  temporary = makeTemporaryFolder();
  const experiment = writeExperiment(join(temporary.path, 'mlruns'), '1', 'churn');
  runs = [1, 2].map((n) => writeRun(experiment, idOf(n), { metrics: { loss: METRIC }, params: { lr: '0.1' } }));
  writeFileSync(join(temporary.path, 'secret.txt'), '1 0.987654 1\n');
});
afterEach(() => temporary[Symbol.dispose]());

async function look() {
  const store = await openStore(join(temporary.path, 'mlruns'), { cacheFolder: join(temporary.path, 'cache') });
  const found = await store.getRuns([idOf(1), idOf(2)], signal);
  const problems = (await store.unreadable?.(signal)) ?? [];
  const series = await Array.fromAsync(store.metricHistory([idOf(1)], ['loss', 'linked'], signal));
  return {
    params: found.map(({ params }) => Object.fromEntries(params)),
    metrics: found.map(({ metrics }) => [...metrics.keys()]),
    problems: problems.map(({ id, reason }) => `${Number(`0x${id}`)}: ${reason}`),
    points: series.map(({ key, points }) => `${key}: ${points.length}`),
  };
}

const LINKED = 'is a hard link that may lead out of the folder (a copy of the folder can be read)';

test('a file whose names all lie in the folder is read, and its curve too', async () => {
  linkSync(join(runs[1]!, 'params', 'lr'), join(runs[0]!, 'params', 'shared'));
  linkSync(join(runs[1]!, 'metrics', 'loss'), join(runs[0]!, 'metrics', 'linked'));
  const seen = await look();
  expect(seen).toEqual({
    params: [{ lr: '0.1', shared: '0.1' }, { lr: '0.1' }],
    metrics: [['linked', 'loss'], ['loss']],
    problems: [],
    points: ['loss: 2', 'linked: 2'],
  });
});

test('a file with a name elsewhere is not, be there others in the folder', async () => {
  linkSync(join(temporary.path, 'secret.txt'), join(runs[0]!, 'params', 'hard'));
  linkSync(join(temporary.path, 'secret.txt'), join(runs[0]!, 'metrics', 'linked'));
  expect(await look()).toEqual({
    params: [{ lr: '0.1' }, { lr: '0.1' }],
    metrics: [['loss'], ['loss']],
    problems: [`1: metrics/linked ${LINKED}, params/hard ${LINKED}`],
    points: ['loss: 2'],
  });
});

test('a name that comes up elsewhere later is noticed', async () => {
  linkSync(join(runs[1]!, 'params', 'lr'), join(runs[0]!, 'params', 'shared'));
  const store = await openStore(join(temporary.path, 'mlruns'));
  expect(await store.unreadable?.(signal)).toEqual([]);
  linkSync(join(runs[1]!, 'params', 'lr'), join(temporary.path, 'elsewhere'));
  expect((await store.unreadable?.(signal))?.map(({ id }) => id)).toEqual([idOf(1), idOf(2)]);
});

test('a folder that was swapped for a link out since it was looked at', () => {
  const folder = new Folder(realpathSync(join(temporary.path, 'mlruns')));
  const params = join(runs[0]!, 'params');
  expect(folder.list(`1/${idOf(1)}/params`)).toHaveLength(1);
  renameSync(params, `${params}-gone`);
  mkdirSync(join(temporary.path, 'outside'));
  writeFileSync(join(temporary.path, 'outside', 'lr'), 'canary');
  symlinkSync(join(temporary.path, 'outside'), params);
  expect(() => folder.read(`1/${idOf(1)}/params/lr`, 100)).toThrow('is a link out of the folder');
  expect(() => [...folder.scan(`1/${idOf(1)}/params/lr`, 100)]).toThrow('is a link out of the folder');
});
