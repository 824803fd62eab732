/** What is met in real mlruns folders: old layouts, odd lines, files half written, links out, and changes under way. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs, {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createShare } from '../../src/mlflow/files/check-slices.ts';
import { Folder } from '../../src/mlflow/files/folder.ts';
import { FolderIndex } from '../../src/mlflow/files/folder-index.ts';
import { isUnchanged, StampTaker } from '../../src/mlflow/files/stamp.ts';
import { openStore } from '../../src/mlflow/open-store.ts';
import type { TrackingStore } from '../../src/mlflow/runs/tracking-store.ts';
import type { Run } from '../../src/mlflow/runs/types.ts';
import { EVERYTHING, toRuns } from '../../src/mlflow/table/run-row.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../support/demo.ts';
import { writeExperiment, writeRun, writeText } from '../support/mlruns.ts';
import { ToolRig } from '../tools/ask-tool.ts';

const { signal } = new AbortController();
const everything = { metrics: 'all', params: 'all', tags: 'all', datasets: true } as const;
const EXPERIMENT = '123456789012345678';
const idOf = (n: number): string => n.toString(16).padStart(32, '0');

let temporary: TemporaryFolder;
let mlruns: string;
let experiment: string;
beforeEach(() => {
  temporary = makeTemporaryFolder();
  mlruns = join(temporary.path, 'mlruns');
  experiment = writeExperiment(mlruns, EXPERIMENT, 'churn');
});
afterEach(() => temporary[Symbol.dispose]());

const open = (): Promise<TrackingStore> => openStore(mlruns);
async function readRuns(store: TrackingStore): Promise<Run[]> {
  return (await Array.fromAsync(store.searchRuns({}, everything, signal))).flat();
}
async function readRun(n: number): Promise<Run> {
  return (await (await open()).getRuns([idOf(n)], signal))[0]!;
}
async function readProblems(): Promise<Record<string, string>> {
  const unreadable = (await (await open()).unreadable?.(signal)) ?? [];
  return Object.fromEntries(unreadable.map(({ id, reason }) => [id, reason]));
}

/** Everything below a folder with its bytes and times. */
function fingerprint(folder: string): string {
  return execFileSync('find', [folder, '-printf', '%p %y %m %T@ %s\n'], { encoding: 'utf8' });
}

describe('layouts', () => {
  test('ids beyond 2^53 stay text, quoted or not; what is beside the experiments and runs is neither', async () => {
    writeText(
      join(mlruns, '2', 'meta.yaml'),
      'artifact_location: ./mlruns/2\nexperiment_id: 2\nlifecycle_stage: active\nname: "old: one"\n',
    );
    writeText(
      join(mlruns, '987654321098765432', 'meta.yaml'),
      'experiment_id: 987654321098765432\nname: 0x10\nlifecycle_stage: active\n',
    );
    writeText(join(mlruns, 'models', 'm', 'meta.yaml'), 'name: m\n');
    writeText(join(mlruns, '7', idOf(7), 'artifacts', 'model.pkl'), '');
    writeText(join(mlruns, '.trash', '5', 'meta.yaml'), "experiment_id: '5'\nname: gone\nlifecycle_stage: active\n");
    for (const name of ['tags', 'datasets', 'traces', 'models'])
      mkdirSync(join(experiment, name, 'x'), { recursive: true });
    writeText(join(experiment, '.DS_Store'), 'x');
    writeText(join(experiment, idOf(9), 'artifacts', 'of-a-database.txt'), 'x');
    const store = await open();
    const experiments = await store.searchExperiments({ lifecycle: 'all' }, signal);
    expect(experiments.map(({ id, name, lifecycle }) => [id, name, lifecycle])).toEqual(
      [
        [EXPERIMENT, 'churn', 'active'],
        ['2', 'old: one', 'active'],
        ['5', 'gone', 'deleted'],
        ['987654321098765432', '0x10', 'active'],
      ].sort(
        ([a], [b]) => Number(a === EXPERIMENT ? -1 : 0) - Number(b === EXPERIMENT ? -1 : 0) || a!.length - b!.length,
      ),
    );
    expect(await readRuns(store)).toEqual([]);
    expect(await readProblems()).toEqual({});
  });

  test('a run of MLflow 1: run_uuid, int experiment id, name only in a tag, two-field metrics, a stale relative URI', async () => {
    const run = join(experiment, idOf(1));
    writeText(
      join(run, 'meta.yaml'),
      `artifact_uri: ./mlruns/${EXPERIMENT}/${idOf(1)}/artifacts\nend_time: null\nexperiment_id: ${EXPERIMENT}\nname: ''\nrun_uuid: ${idOf(1)}\nsource_type: 4\nstart_time: 1500000000000\nstatus: 4\ntags: []\nuser_id: bo\n`,
    );
    writeText(join(run, 'tags', 'mlflow.runName'), 'ancient');
    writeText(join(run, 'metrics', 'loss'), '1500000000000 0.5\n1500000001000 0.25\n');
    expect(await readRun(1)).toMatchObject({
      name: 'ancient',
      experimentId: EXPERIMENT,
      status: 'FAILED',
      lifecycle: 'active',
      user: 'bo',
      artifactUri: `./mlruns/${EXPERIMENT}/${idOf(1)}/artifacts`,
      metrics: new Map([['loss', { value: 0.25, step: 0, timestamp: 1_500_000_001_000 }]]),
    });
  });

  test('from Windows: a drive in the URI, CRLF line ends', async () => {
    const run = writeRun(experiment, idOf(1), { metrics: { loss: '1 0.5 1\r\n2 nan 2\r\n' } });
    const meta = readFileSync(join(run, 'meta.yaml'), 'utf8').replace(
      /artifact_uri: .*/,
      'artifact_uri: file:///C:/mlruns/x',
    );
    writeFileSync(join(run, 'meta.yaml'), meta.replaceAll('\n', '\r\n'));
    const read = await readRun(1);
    expect([read.artifactUri, read.metrics.get('loss')]).toEqual([
      'file:///C:/mlruns/x',
      { value: Number.NaN, step: 2, timestamp: 2 },
    ]);
  });

  test('keys with slashes are folders, `__proto__` is a key, params span lines, an empty file is an empty text', async () => {
    writeRun(experiment, idOf(1), {
      metrics: { 'train/loss': '1 1 1\n', 'train/deep/er': '1 2 1\n', __proto__x: '1 3 1\n' },
      params: { code: 'a\n b\n', empty: '', '.DS_Store': 'litter' },
    });
    writeText(join(experiment, idOf(1), 'tags', '__proto__'), 'polluted');
    const run = await readRun(1);
    expect([...run.metrics.keys()]).toEqual(['__proto__x', 'train/deep/er', 'train/loss']);
    expect([...run.params]).toEqual([
      ['code', 'a\n b\n'],
      ['empty', ''],
    ]);
    expect([...run.tags]).toEqual([['__proto__', 'polluted']]);
    expect('polluted' in {}).toBe(false);
  });

  test('datasets by name, digest and context; an input that is a model is none', async () => {
    const run = writeRun(experiment, idOf(1));
    writeText(
      join(experiment, 'datasets', 'ab12', 'meta.yaml'),
      "digest: '298ffb32'\nname: holdout\nprofile: '{}'\nschema: '{}'\nsource: x\nsource_type: local\n",
    );
    writeText(
      join(run, 'inputs', 'cd34', 'meta.yaml'),
      'destination_id: ab12\ndestination_type: RUN\nsource_id: ab12\nsource_type: DATASET\ntags:\n  mlflow.data.context: test\n',
    );
    writeText(
      join(run, 'inputs', 'ef56', 'meta.yaml'),
      'destination_type: RUN\nsource_id: m-1\nsource_type: MODEL\ntags: {}\n',
    );
    expect((await readRun(1)).datasets).toEqual([{ name: 'holdout', digest: '298ffb32', context: 'test' }]);
    renameSync(join(experiment, 'datasets'), join(temporary.path, 'datasets'));
    expect(await readProblems()).toEqual({ [idOf(1)]: 'datasets/ab12/meta.yaml is missing' });
    symlinkSync(join(temporary.path, 'datasets'), join(experiment, 'datasets'));
    expect(await readProblems()).toEqual({ [idOf(1)]: 'datasets/ab12/meta.yaml is behind a link out of the folder' });
  });
});

describe('metric lines', () => {
  const LINES: readonly (readonly [string, string, number, number | bigint])[] = [
    ['the largest step, whatever the order', '1 0.1 5\n2 0.2 9\n3 0.3 1\n', 0.2, 9],
    ['at one step the latest', '5 0.1 1\n9 0.2 1\n7 0.3 1\n', 0.2, 1],
    ['at one time the largest, never NaN', '1 nan 1\n1 0.2 1\n1 0.1 1\n', 0.2, 1],
    ['NaN', '1 nan 0\n', Number.NaN, 0],
    ['infinity', '1 inf 0\n', Number.POSITIVE_INFINITY, 0],
    ['minus infinity', '1 -inf 3\n', Number.NEGATIVE_INFINITY, 3],
    ['exponents', '1 1e-05 0\n', 1e-5, 0],
    ['of five fields the third is the step', '1 0.5 7 my data 298ffb32\n', 0.5, 7],
    ['a step beyond 2^53', '1 0.5 9223372036854775807\n', 0.5, 9223372036854775807n],
    ['a negative step', '1 0.5 -2\n', 0.5, -2],
    ['a last line that is cut off in its value', '1 0.5 1\n2 0.', 0.5, 1],
    ['a last line that is cut off before its step', '1 0.5 1\n2 0.7', 0.5, 1],
    ['a last line that is cut off in its step', '1 0.5 1\n2 0.7 12', 0.5, 1],
  ];

  test.each(LINES)('%s', async (_what, lines, value, step) => {
    writeRun(experiment, idOf(1), { metrics: { m: lines } });
    expect((await readRun(1)).metrics.get('m')).toMatchObject({ value, step });
    expect(await readProblems()).toEqual({});
  });

  test('a last line that only lacks its end, in a file that nobody writes any more', async () => {
    writeRun(experiment, idOf(1), { metrics: { m: '1 0.5 1\n2 0.7 2' } });
    await setTimeout(2_100);
    expect((await readRun(1)).metrics.get('m')).toMatchObject({ value: 0.7, step: 2 });
  });

  test('histories hold every point by step; a line that is none is named and costs no other', async () => {
    const many = Array.from({ length: 20_000 }, (_, n) => `${n} ${n / 2} ${19_999 - n}`).join('\n');
    writeRun(experiment, idOf(1), { metrics: { m: `${many}\nnonsense\n`, ok: '1 1 1\n' } });
    const store = await open();
    const [series, other] = await Array.fromAsync(store.metricHistory([idOf(1)], ['m', 'none', 'ok'], signal));
    expect([series?.points.length, series?.points[0], other?.key]).toEqual([
      20_000,
      { value: 9999.5, step: 0, timestamp: 19_999 },
      'ok',
    ]);
    expect(await readProblems()).toEqual({ [idOf(1)]: 'metrics/m has a line that is no point' });
  });
});

describe('what cannot be read is named, and the rest answers', () => {
  test.each<[string, (run: string) => void, string]>([
    ['missing', (run) => rmSync(join(run, 'meta.yaml')), 'meta.yaml is missing'],
    ['empty', (run) => writeFileSync(join(run, 'meta.yaml'), ''), 'meta.yaml is empty'],
    ['no YAML', (run) => writeFileSync(join(run, 'meta.yaml'), 'a: [1\nb: }'), 'meta.yaml is no YAML'],
    ['nested without end', (run) => writeFileSync(join(run, 'meta.yaml'), '['.repeat(100_000)), 'meta.yaml is no YAML'],
    [
      'cut off',
      (run) => writeFileSync(join(run, 'meta.yaml'), `experiment_id: '${EXPERIMENT}'\nrun_id: ${idOf(2)}\n`),
      'meta.yaml has no status',
    ],
    [
      'too large',
      (run) => writeFileSync(join(run, 'meta.yaml'), 'x'.repeat(17 << 20)),
      'meta.yaml is larger than 16 MiB',
    ],
    [
      'a status that is none',
      (run) =>
        writeFileSync(
          join(run, 'meta.yaml'),
          readFileSync(join(run, 'meta.yaml'), 'utf8').replace('status: 3', 'status: 9'),
        ),
      'meta.yaml has a status that is none of 1 to 5',
    ],
    [
      'a copy of another run',
      (run) => writeFileSync(join(run, 'meta.yaml'), readFileSync(join(experiment, idOf(1), 'meta.yaml'))),
      'meta.yaml belongs to another run',
    ],
    [
      'a link out',
      (run) => {
        rmSync(join(run, 'meta.yaml'));
        symlinkSync('/etc/hostname', join(run, 'meta.yaml'));
      },
      'meta.yaml is a link out of the folder',
    ],
    [
      'a FIFO',
      (run) => {
        rmSync(join(run, 'meta.yaml'));
        execFileSync('mkfifo', [join(run, 'meta.yaml')]);
      },
      'meta.yaml is no regular file',
    ],
  ])('a run whose meta.yaml is %s', async (_what, spoil, reason) => {
    writeRun(experiment, idOf(1), { metrics: { f1: '1 0.5 1\n' } });
    spoil(writeRun(experiment, idOf(2), { metrics: { f1: '1 0.9 1\n' } }));
    const rig = new ToolRig(await open());
    const best = await rig.ask('rank_runs', { metric: 'f1' });
    expect(best.coverage).toMatchObject({ matched: 1, complete: false });
    expect(best.caveats[0]).toEqual({
      code: 'UNREADABLE',
      text: `1 run could not be read: \`${idOf(2)}\` (${reason})`,
    });
    expect(best.text).toContain('1 run, incomplete');
    const about = await rig.ask('get_run', { run: idOf(1) });
    expect(about.coverage.complete).toBe(true);
    const refusal = await rig.refusal('get_run', { run: idOf(2) });
    expect(refusal.hint).toContain(`1 run could not be read: \`${idOf(2)}\``);
  });

  test('a file of a run: its other keys stay, and no link, device or folder behind one is followed', async () => {
    const secret = join(temporary.path, 'mlruns-secret');
    writeText(join(secret, 'key'), 'secret');
    const run = writeRun(experiment, idOf(1), {
      metrics: { ok: '1 1 1\n' },
      params: { ok: 'yes' },
      tags: { ok: 'yes' },
    });
    symlinkSync(join(secret, 'key'), join(run, 'params', 'out'));
    symlinkSync(join(run, 'params', 'ok'), join(run, 'params', 'within'));
    symlinkSync('../..', join(run, 'params', 'loop'));
    symlinkSync(secret, join(run, 'tags', 'folder'));
    symlinkSync('/dev/zero', join(run, 'metrics', 'zero'));
    execFileSync('mkfifo', [join(run, 'tags', 'fifo')]);
    writeFileSync(join(run, 'tags', 'large'), 'x'.repeat((1 << 20) + 1));
    const read = await readRun(1);
    expect([...read.params]).toEqual([
      ['ok', 'yes'],
      ['within', 'yes'],
    ]);
    expect([[...read.tags.keys()], [...read.metrics.keys()]]).toEqual([['ok'], ['ok']]);
    expect((await readProblems())[idOf(1)]?.split(', ').sort()).toEqual([
      'metrics/zero is a link out of the folder',
      'params/loop is a link to a folder',
      'params/out is a link out of the folder',
      'tags/fifo is no regular file',
      'tags/folder is a link out of the folder',
      'tags/large is larger than 1 MiB',
    ]);
  });

  test('experiments: an id that is another, none at all around runs, a link to another disk', async () => {
    writeRun(experiment, idOf(1));
    writeRun(writeExperiment(mlruns, '5', 'five'), idOf(5));
    renameSync(join(mlruns, '5'), join(mlruns, '6'));
    writeRun(join(mlruns, '8'), idOf(8));
    const elsewhere = join(temporary.path, 'elsewhere');
    writeExperiment(elsewhere, '9', 'nine');
    symlinkSync(join(elsewhere, '9'), join(mlruns, '9'));
    const rig = new ToolRig(await open());
    expect(await readProblems()).toMatchObject({
      '6': 'meta.yaml names another experiment',
      '8': 'meta.yaml is missing',
      '9': 'is a link out of the folder',
    });
    const all = await rig.ask('list_experiments', {});
    expect(all.text).toMatch(/3 experiments could not be read: 6 |3 experiments could not be read: `6`/);
    expect((await rig.ask('find_runs', { experiment: 'churn' })).coverage.complete).toBe(true);
  });

  test.runIf(process.getuid?.() !== 0)('a file without the right to read it', async () => {
    const run = writeRun(experiment, idOf(1), { params: { a: '1' } });
    chmodSync(join(run, 'params', 'a'), 0);
    expect(await readProblems()).toEqual({ [idOf(1)]: 'params/a may not be read' });
  });

  test.runIf(process.getuid?.() !== 0)('a run and an experiment without the right to look into them', async () => {
    const run = writeRun(experiment, idOf(1));
    const other = writeExperiment(mlruns, '5', 'five');
    for (const folder of [run, other]) chmodSync(folder, 0);
    const problems = await readProblems();
    for (const folder of [run, other]) chmodSync(folder, 0o700);
    expect(problems).toEqual({ [idOf(1)]: 'meta.yaml may not be read', '5': 'meta.yaml may not be read' });
  });

  test('a meta.yaml that is empty for a moment is read when it is whole', async () => {
    const run = writeRun(experiment, idOf(1), { status: 1 });
    const whole = readFileSync(join(run, 'meta.yaml'));
    writeFileSync(join(run, 'meta.yaml'), '');
    const reading = open().then(readRuns);
    await setTimeout(30);
    writeFileSync(join(run, 'meta.yaml'), whole);
    expect((await reading).map(({ id }) => id)).toEqual([idOf(1)]);
  });
});

test('a run that is written while it is read is always one that was', async () => {
  const run = writeRun(experiment, idOf(1), { metrics: { loss: '0 0 0\n' } });
  const store = await open();
  let last = -1;
  for (let step = 1; step <= 40; step++) {
    appendFileSync(join(run, 'metrics', 'loss'), `${step} ${step} ${Math.floor(step / 10)}`);
    const [half] = await readRuns(store);
    appendFileSync(join(run, 'metrics', 'loss'), `${step % 10}\n`);
    const [whole] = await readRuns(store);
    expect([half?.metrics.get('loss')?.step, whole?.metrics.get('loss')?.step]).toEqual([step - 1, step]);
    last = step;
  }
  expect([last, await readProblems()]).toEqual([40, {}]);
});

describe('the index in the cache', () => {
  const RUNS = 60;
  const YEARS_AGO = new Date('2020-01-01T00:00:00Z');
  let cacheFolder: string;

  beforeEach(() => {
    cacheFolder = join(temporary.path, 'cache');
    for (let n = 0; n < RUNS; n++)
      writeRun(experiment, idOf(n), {
        name: `run-${n}`,
        start: 1_700_000_000_000 + n,
        metrics: { f1: `1 ${n} 1\n`, big: '1 nan 9223372036854775807\n' },
        params: { lr: `${n}` },
        tags: { team: 'a' },
      });
  });

  const openCached = (): Promise<TrackingStore> => openStore(mlruns, { cacheFolder });
  const indexPath = (): string => join(cacheFolder, 'mlruns', readdirSync(join(cacheFolder, 'mlruns'))[0]!);
  /** As if the folder had been left alone for long: its times alone do not tell, so the index is made after a while. */
  async function settle(): Promise<void> {
    await setTimeout(2_100);
    await readRuns(await openCached());
  }

  test('is one private file that answers as the folder does, and nothing is written beside the runs', async () => {
    const before = fingerprint(mlruns);
    await settle();
    expect(readdirSync(join(cacheFolder, 'mlruns'))).toHaveLength(1);
    expect(statSync(indexPath()).mode & 0o777).toBe(0o600);
    expect(await readRuns(await openCached())).toEqual(await readRuns(await open()));
    expect(fingerprint(mlruns)).toBe(before);
  });

  test('spares the next program the files of the runs', async () => {
    await settle();
    const opened = vi.spyOn(fs, 'openSync');
    const again = await readRuns(await openCached());
    expect(opened.mock.calls.map(([path]) => String(path)).filter((path) => path.startsWith(mlruns))).toEqual([]);
    opened.mockRestore();
    expect(again).toEqual(await readRuns(await open()));
  });

  test('is made for few runs too, where reading them takes long', async () => {
    rmSync(experiment, { recursive: true });
    experiment = writeExperiment(mlruns, EXPERIMENT, 'churn');
    const long = Array.from({ length: 400_000 }, (_, n) => `${n} ${n} ${n}`).join('\n');
    for (let n = 0; n < 4; n++) writeRun(experiment, idOf(n), { metrics: { a: `${long}\n`, b: `${long}\n` } });
    await settle();
    expect(existsSync(indexPath())).toBe(true);
  });

  test('is not written again for runs that it cannot hold', async () => {
    for (let n = 0; n < RUNS; n++) appendFileSync(join(experiment, idOf(n), 'metrics', 'f1'), 'nonsense\n');
    for (let n = 0; n < RUNS; n++) writeRun(experiment, idOf(RUNS + n));
    await settle();
    const { mtimeMs } = statSync(indexPath());
    expect(await readRuns(await openCached())).toHaveLength(2 * RUNS);
    expect(statSync(indexPath()).mtimeMs).toBe(mtimeMs);
  });

  test('a change after it was made is seen, whatever changed', async () => {
    utimesSync(join(experiment, idOf(4), 'params', 'lr'), YEARS_AGO, YEARS_AGO);
    const writeDataset = (name: string) =>
      writeText(join(experiment, 'datasets', 'ab', 'meta.yaml'), `digest: d\nname: ${name}\n`);
    writeDataset('first');
    writeText(join(experiment, idOf(8), 'inputs', 'cd', 'meta.yaml'), 'source_id: ab\nsource_type: DATASET\n');
    await settle();
    const run = (n: number, ...rest: string[]): string => join(experiment, idOf(n), ...rest);
    appendFileSync(run(1, 'metrics', 'f1'), '2 99 2\n');
    writeFileSync(run(2, 'tags', 'team'), 'b');
    writeFileSync(run(3, 'params', 'lr'), '9');
    // The same size, and the time set back: what copying tools do.
    writeFileSync(run(4, 'params', 'lr'), '7');
    utimesSync(run(4, 'params', 'lr'), YEARS_AGO, YEARS_AGO);
    writeDataset('other');
    writeFileSync(run(5, 'meta.yaml'), readFileSync(run(5, 'meta.yaml'), 'utf8').replace('status: 3', 'status: 5'));
    writeText(run(6, 'metrics', 'val', 'f1'), '1 6 1\n');
    rmSync(run(7), { recursive: true });
    writeRun(experiment, idOf(RUNS), { name: 'new' });
    const runs = new Map((await readRuns(await openCached())).map((one) => [one.id, one]));
    const at = (n: number): Run => runs.get(idOf(n))!;
    expect(at(1).metrics.get('f1')).toEqual({ value: 99, step: 2, timestamp: 2 });
    expect(at(8).datasets).toEqual([{ name: 'other', digest: 'd' }]);
    expect([at(2).tags.get('team'), at(3).params.get('lr'), at(4).params.get('lr')]).toEqual(['b', '9', '7']);
    expect([at(5).status, at(6).metrics.get('val/f1')?.value, at(RUNS).name, runs.has(idOf(7))]).toEqual([
      'KILLED',
      6,
      'new',
      false,
    ]);
    expect(runs.size).toBe(RUNS);
  });

  test.each<[string, (path: string) => void]>([
    ['deleted', (path) => rmSync(path)],
    ['cut off', (path) => writeFileSync(path, readFileSync(path).subarray(0, 500))],
    [
      'damaged',
      (path) => {
        const bytes = readFileSync(path);
        const at = bytes.indexOf('run-17');
        expect(at).toBeGreaterThan(0);
        bytes.write('run-71', at);
        writeFileSync(path, bytes);
      },
    ],
    [
      'of another version',
      (path) => {
        const bytes = readFileSync(path);
        bytes.writeUInt32LE(9_999, 0);
        writeFileSync(path, bytes);
      },
    ],
    [
      'a folder',
      (path) => {
        rmSync(path);
        mkdirSync(path);
      },
    ],
  ])('%s: made anew without a word', async (_what, spoil) => {
    await settle();
    spoil(indexPath());
    expect(await readRuns(await openCached())).toEqual(await readRuns(await open()));
    expect(await readProblems()).toEqual({});
  });

  test('a cache that cannot be written costs only time', async () => {
    writeFileSync(cacheFolder, 'no folder');
    expect((await readRuns(await openCached())).length).toBe(RUNS);
  });
});

test.each<[string, RegExp]>([
  ['nothing', /holds no MLflow experiment/],
  ['artifacts/0/abc', /holds no MLflow experiment/],
])('a folder without experiments is refused: %s', async (name, message) => {
  mkdirSync(join(temporary.path, 'other', name), { recursive: true });
  await expect(openStore(join(temporary.path, 'other'))).rejects.toMatchObject({
    code: 'not_mlflow',
    message: expect.stringMatching(message),
  });
});

test('the folder of an experiment is refused with the one above', async () => {
  await expect(openStore(experiment)).rejects.toMatchObject({
    code: 'not_mlflow',
    hint: `Did you mean ${dirname(experiment)}?`,
  });
});

test('the folder around mlruns is refused with the one that is meant', async () => {
  await expect(openStore(temporary.path)).rejects.toMatchObject({
    code: 'not_mlflow',
    hint: expect.stringContaining('mlruns?'),
  });
});

test('what changed a moment ago may change again within the same tick', () => {
  writeRun(experiment, idOf(1));
  const folder = new Folder(realpathSync(mlruns));
  const stamp = new StampTaker();
  stamp.add('meta.yaml', folder.stat(`${EXPERIMENT}/meta.yaml`));
  const taken = stamp.finish();
  expect(taken.settled).toBe(false);
  expect(isUnchanged(folder, EXPERIMENT, taken)).toBe(false);
  expect(isUnchanged(folder, EXPERIMENT, { ...taken, settled: true })).toBe(true);
});

test('threads look at their share of a large folder', async () => {
  const folder = new Folder(realpathSync(mlruns));
  const stamp = new StampTaker();
  stamp.add('meta.yaml', folder.stat(`${EXPERIMENT}/meta.yaml`));
  const taken = { ...stamp.finish(), settled: true };
  const share = createShare(folder.root, [
    [EXPERIMENT, taken],
    [EXPERIMENT, { ...taken, sum: taken.sum + 1 }],
  ]);
  const program = new URL('../../src/mlflow/files/check-share.ts', import.meta.url);
  await once(new Worker(program, { workerData: share }), 'exit');
  expect([...share.unchanged]).toEqual([1, 0]);
});

test('what is read again before each question is not held for ever, and who still reads keeps what was', async () => {
  const RUNS = 40;
  for (let n = 0; n < RUNS; n++) writeRun(experiment, idOf(n), { metrics: { f1: `1 ${n} 1\nnonsense\n` } });
  const index = new FolderIndex(new Folder(realpathSync(mlruns)), undefined);
  const { runs: first } = await index.refresh(signal);
  const then = toRuns(first.table, first.rows, EVERYTHING);
  expect(then).toHaveLength(RUNS);
  let most = 0;
  for (let question = 0; question < 60; question++)
    most = Math.max(most, (await index.refresh(signal)).runs.table.length);
  expect([most > RUNS, most < 1_000 + 2 * RUNS]).toEqual([true, true]);
  appendFileSync(join(experiment, idOf(3), 'metrics', 'f1'), '2 99 2\n');
  const { runs: last, bases } = await index.refresh(signal);
  expect(toRuns(last.table, last.rows, EVERYTHING)).toEqual(await readRuns(await open()));
  const changed = last.rows.find((row) => last.table.ids.at(row) === idOf(3))!;
  expect([last.table.metrics.pointAt(last.table.metrics.from(changed)).value, bases.get(changed)]).toEqual([
    99,
    `${EXPERIMENT}/${idOf(3)}`,
  ]);
  expect(toRuns(first.table, first.rows, EVERYTHING)).toEqual(then);
});

test('a first reading tells how far it has come', async () => {
  for (let n = 0; n < 200; n++) writeRun(experiment, idOf(n), { metrics: { f1: '1 1 1\n'.repeat(20_000) } });
  const store = await open();
  const heard: string[] = [];
  await store.snapshot(
    () => store.countRuns({}, signal),
    (message) => heard.push(message),
  );
  expect(heard.length).toBeGreaterThan(1);
  expect(heard[0]).toMatch(/^read \d+ runs$/);
});

test('a tool that is cancelled does not wait for the folder to be read', async () => {
  for (let n = 0; n < 300; n++) writeRun(experiment, idOf(n), { metrics: { f1: '1 1 1\n'.repeat(20_000) } });
  const store = await open();
  const question = new AbortController();
  const reason = new Error('cancelled');
  let isRead = false;
  const asked = store.snapshot(() => store.countRuns({}, question.signal).then(() => (isRead = true)));
  await setTimeout(20);
  question.abort(reason);
  await expect(asked).rejects.toBe(reason);
  expect(isRead).toBe(false);
  expect(await store.countRuns({}, signal)).toMatchObject([{ count: 300 }]);
});

test('a question that is cancelled does not wait for the folder to be read', async () => {
  for (let n = 0; n < 200; n++) writeRun(experiment, idOf(n), { metrics: { f1: '1 1 1\n' } });
  const store = await open();
  const question = new AbortController();
  const reason = new Error('cancelled');
  const asked = store.countRuns({}, question.signal);
  question.abort(reason);
  await expect(asked).rejects.toBe(reason);
  expect(await store.countRuns({}, signal)).toMatchObject([{ count: 200 }]);
});

test('a folder that goes away is a fault of the store', async () => {
  const store = await open();
  rmSync(mlruns, { recursive: true });
  await expect(store.countRuns({}, signal)).rejects.toMatchObject({ name: 'StoreError', code: 'database_unreadable' });
});
