/** What every store must answer over the demo, held against the truth its script wrote down. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Population, Projection, TrackingStore } from '../../src/mlflow/runs/tracking-store.ts';
import type { Run } from '../../src/mlflow/runs/types.ts';
import { parseFilter, parseOrder } from '../../src/query/parse.ts';
import { readTruth, type TrueExperiment, type TrueRun } from '../support/demo.ts';

const truth = readTruth();
const everything: Projection = { metrics: 'all', params: 'all', tags: 'all', datasets: true };
const inAll = truth.experiments.flatMap((experiment) => experiment.runs.map((run) => ({ experiment, run })));
const inActive = inAll.filter(({ experiment, run }) => experiment.lifecycle === 'active' && run.lifecycle === 'active');

const sortedEntries = (record: Readonly<Record<string, string>>): string[][] => Object.entries(record).sort();
const toTime = (iso: string | null): number | undefined => (iso === null ? undefined : Date.parse(iso));
/** The truth rounds to six digits. */
const toTrueValue = (value: number): number | string =>
  Number.isFinite(value) ? Number(value.toFixed(6)) : String(value);

function describeRun(run: Run) {
  return {
    id: run.id,
    name: run.name,
    status: run.status,
    lifecycle: run.lifecycle,
    start: run.startTime,
    end: run.endTime,
    user: run.user,
    parent: run.parentId ?? null,
    datasets: run.datasets.map(({ name, digest }) => `${name}@${digest}`).sort(),
    metrics: Object.fromEntries([...run.metrics].map(([key, { value }]) => [key, toTrueValue(value)])),
    params: [...run.params].sort(),
    tags: [...run.tags].filter(([key]) => !key.startsWith('mlflow.')).sort(),
  };
}

function describeTrueRun({ run }: { run: TrueRun }) {
  const { id, name, status, lifecycle, user, parent, metrics = {} } = run;
  return {
    id,
    name,
    status,
    lifecycle,
    start: toTime(run.start),
    end: toTime(run.end),
    user,
    parent,
    datasets: [...run.datasets].sort(),
    metrics,
    params: sortedEntries(run.params ?? {}),
    tags: sortedEntries(run.tags),
  };
}

const newestFirst = (a: { run: TrueRun }, b: { run: TrueRun }): number =>
  Date.parse(b.run.start) - Date.parse(a.run.start) || (a.run.id < b.run.id ? -1 : 1);

type Where = (run: TrueRun, experiment: TrueExperiment) => boolean;
const metric = (run: TrueRun, key: string): number => Number(run.metrics?.[key] ?? undefined);
const has = (run: TrueRun, key: string): boolean => run.metrics?.[key] !== undefined;

/** Filter text beside what it means, written out again over the truth. */
const FILTERS: readonly (readonly [string, Where])[] = [
  ['', () => true],
  ["status = 'FAILED'", (run) => run.status === 'FAILED'],
  ["status != 'FINISHED' AND status <> 'KILLED'", (run) => run.status !== 'FINISHED' && run.status !== 'KILLED'],
  ["params.algorithm = 'random_forest'", (run) => run.params?.algorithm === 'random_forest'],
  ["params.algorithm != 'random_forest'", (run) => (run.params?.algorithm ?? 'random_forest') !== 'random_forest'],
  ["NOT params.algorithm = 'random_forest'", (run) => run.params?.algorithm !== 'random_forest'],
  ["params.algorithm IN ('random_forest', 'none')", (run) => run.params?.algorithm === 'random_forest'],
  ["params.algorithm NOT LIKE '%forest'", (run) => /^(?!.*forest$)/.test(run.params?.algorithm ?? 'forest')],
  ["params.algorithm ILIKE 'RANDOM%'", (run) => run.params?.algorithm?.startsWith('random') === true],
  ['params.learning_rate > 0.02', (run) => Number(run.params?.learning_rate ?? Number.NaN) > 0.02],
  ['params.algorithm > 0', () => false],
  ['metrics.f1_score >= 0.7', (run) => metric(run, 'f1_score') >= 0.7],
  ['metrics.train_loss != 0.5', (run) => has(run, 'train_loss') && metric(run, 'train_loss') !== 0.5],
  ['metrics.`top-5 error` > 1e300', (run) => metric(run, 'top-5 error') > 1e300],
  ['metrics.train_loss IS NOT NULL', (run) => has(run, 'train_loss')],
  ['metrics.train_loss IS NULL AND status IS NOT NULL', (run) => !has(run, 'train_loss')],
  [
    'NOT (metrics.train_loss < 10 OR metrics.f1_score > 0)',
    (run) => !(metric(run, 'train_loss') < 10 || metric(run, 'f1_score') > 0),
  ],
  [
    "tags.`model.name` = 'tern-mini' AND tags.region = 'eu'",
    (run) => run.tags['model.name'] === 'tern-mini' && run.tags.region === 'eu',
  ],
  ["tags.`mlflow.user` = 'ana' OR user_id = 'bo'", (run) => ['ana', 'bo'].includes(run.user)],
  ["run_name LIKE 'run-01_'", (run) => /^run-01.$/u.test(run.name)],
  [
    "start_time >= '2026-11-10' AND start_time < '2026-11-12T12:00+00:00'",
    (run) => run.start >= '2026-11-10' && run.start < '2026-11-12T12:00',
  ],
  ['end_time IS NULL', (run) => run.end === null],
  ['duration > 600000', (run) => Date.parse(run.end ?? run.start) - Date.parse(run.start) > 600_000],
  ['parent_run_id IS NOT NULL', (run) => run.parent !== null],
  ["datasets.name LIKE '%holdout'", (run) => run.datasets.some((dataset) => /holdout@/.test(dataset))],
  ['datasets.context IS NOT NULL', (run) => run.datasets.length > 0],
  ["datasets.digest = '298ffb32'", (run) => run.datasets.some((dataset) => dataset.endsWith('@298ffb32'))],
];

/** Runs the suite over a store on the demo database. */
export function describeStore(name: string, open: () => Promise<TrackingStore>, hookMs?: number): void {
  describe(name, () => {
    const { signal } = new AbortController();
    let store: TrackingStore;
    beforeAll(async () => {
      store = await open();
    }, hookMs);
    afterAll(() => store?.close());

    const readAll = async (population: Population, projection = everything): Promise<Run[]> =>
      (await Array.fromAsync(store.searchRuns(population, projection, signal))).flat();
    const readIds = async (population: Population) => (await readAll(population, {})).map((run) => run.id);

    test('experiments: all with their tags, and the active ones by default', async () => {
      const all = await store.searchExperiments({ lifecycle: 'all' }, signal);
      const described = all.map(({ id, name, lifecycle, tags }) => ({
        id,
        name,
        lifecycle,
        tags: [...tags].filter(([key]) => key !== 'mlflow.note.content').sort(),
      }));
      const expected = truth.experiments.map(({ id, name, lifecycle, tags }) => ({
        id,
        name,
        lifecycle,
        tags: sortedEntries(tags),
      }));
      expect(described.sort((a, b) => Number(a.id) - Number(b.id))).toEqual(
        expected.sort((a, b) => Number(a.id) - Number(b.id)),
      );
      expect(await store.searchExperiments({}, signal)).toEqual(all.filter(({ lifecycle }) => lifecycle === 'active'));
    });

    test('every run is as it was logged, newest first', async () => {
      const experimentIds = truth.experiments.map(({ id }) => id);
      const runs = await readAll({ experimentIds, lifecycle: 'all' });
      expect(runs.map(describeRun)).toEqual(inAll.toSorted(newestFirst).map(describeTrueRun));
    });

    test('the default population is the active runs of active experiments', async () => {
      expect(await readIds({})).toEqual(inActive.toSorted(newestFirst).map(({ run }) => run.id));
    });

    test('counts by experiment, status and stage', async () => {
      const experimentIds = truth.experiments.map(({ id }) => id);
      const counts = await store.countRuns({ experimentIds, lifecycle: 'all' }, signal);
      const groups = Map.groupBy(inAll, ({ experiment, run }) => `${experiment.id} ${run.status} ${run.lifecycle}`);
      const expected = [...groups].map(([group, members]) => {
        const starts = members.map(({ run }) => Date.parse(run.start));
        const ends = members.flatMap(({ run }) => toTime(run.end) ?? []);
        return {
          group,
          count: members.length,
          firstStart: Math.min(...starts),
          lastStart: Math.max(...starts),
          ...(ends.length > 0 && { lastEnd: Math.max(...ends) }),
        };
      });
      const described = counts.map(({ experimentId, status, lifecycle, ...rest }) => ({
        group: `${experimentId} ${status} ${lifecycle}`,
        ...rest,
      }));
      expect(described).toEqual(expected.sort((a, b) => (a.group < b.group ? -1 : 1)));
    });

    test.each(FILTERS)('filter %s', async (text, where) => {
      const expected = inActive.filter(({ run, experiment }) => where(run, experiment)).toSorted(newestFirst);
      expect(await readIds({ filter: parseFilter(text) })).toEqual(expected.map(({ run }) => run.id));
    });

    test('best and worst by a metric: NaN after every number, what lacks it last, all counted', async () => {
      const key = 'top-5 error';
      const finite = inActive.filter(({ run }) => !Number.isNaN(metric(run, key)));
      const nan = inActive.filter(({ run }) => run.metrics?.[key] === 'NaN');
      expect([finite.some(({ run }) => metric(run, key) === Infinity), nan.length > 0]).toEqual([true, true]);
      for (const [direction, sign] of [
        ['ASC', 1],
        ['DESC', -1],
      ] as const) {
        const order = [parseOrder(`metrics.\`${key}\` ${direction}`)];
        const top = await store.topRuns({}, order, 1_000, { metrics: [key] }, signal);
        const values = top.runs.map((run) => run.metrics.get(key)?.value);
        const sorted = finite.map(({ run }) => metric(run, key)).sort((a, b) => (a < b ? -sign : a > b ? sign : 0));
        expect(values.slice(0, finite.length).map((value) => toTrueValue(value!))).toEqual(sorted.map(toTrueValue));
        expect(values.slice(finite.length, finite.length + nan.length)).toEqual(nan.map(() => Number.NaN));
        expect(values.slice(finite.length + nan.length).every((value) => value === undefined)).toBe(true);
        expect(top.matched).toBe(inActive.length);
      }
    });

    test('params order as numbers', async () => {
      const { runs } = await store.topRuns(
        {},
        [parseOrder('params.learning_rate DESC')],
        1_000,
        { params: ['learning_rate'] },
        signal,
      );
      const values = runs.flatMap((run) => run.params.get('learning_rate') ?? []).map(Number);
      expect(values.length).toBeGreaterThan(50);
      expect(values).toEqual(values.toSorted((a, b) => b - a));
    });

    test('a limit cuts the list, not the count; a projection leaves out what it does not name', async () => {
      const population = { filter: parseFilter('metrics.f1_score > 0') };
      const { runs, matched } = await store.topRuns(
        population,
        [parseOrder('metrics.f1_score DESC')],
        3,
        { params: ['algorithm'] },
        signal,
      );
      expect(runs).toHaveLength(3);
      expect(matched).toBe(inActive.filter(({ run }) => metric(run, 'f1_score') > 0).length);
      for (const run of runs)
        expect([run.metrics.size, run.params.size, run.tags.size, run.datasets.length]).toEqual([0, 1, 0, 0]);
    });

    test('runs by id come in the order asked for, of any stage; unknown ids are left out', async () => {
      const ids = [inAll.find(({ run }) => run.lifecycle === 'deleted')!, inActive[0]!, inActive.at(-1)!].map(
        ({ run }) => run.id,
      );
      const runs = await store.getRuns([ids[0]!, '0'.repeat(32), ids[1]!, ids[2]!], signal);
      expect(runs.map((run) => run.id)).toEqual(ids);
      expect(describeRun(runs[1]!)).toEqual(describeTrueRun(inActive[0]!));
    });

    test('columns hold what the runs hold', async () => {
      const runs = await readAll({});
      const columns = await store.columns({}, everything, signal);
      expect([...columns.ids]).toEqual(runs.map((run) => run.id));
      expect([...columns.names]).toEqual(runs.map((run) => run.name));
      expect(columns.parentIds).toEqual(runs.map((run) => run.parentId));
      expect(columns.statuses).toEqual(runs.map((run) => run.status));
      for (const [key, column] of columns.metrics)
        expect(column).toEqual(runs.map((run) => run.metrics.get(key)?.value));
      for (const [key, column] of columns.params) expect(column).toEqual(runs.map((run) => run.params.get(key)));
      for (const [key, column] of columns.tags) expect(column).toEqual(runs.map((run) => run.tags.get(key)));
      const keys = new Set(runs.flatMap((run) => [...run.metrics.keys()]));
      expect([...columns.metrics.keys()].sort()).toEqual([...keys].sort());
      const two = await store.columns({}, { metrics: ['f1_score', 'no such metric'] }, signal);
      expect([...two.metrics.keys()].sort()).toEqual(['f1_score', 'no such metric']);
      expect(two.metrics.get('f1_score')).toEqual(columns.metrics.get('f1_score'));
      expect(two.params.size + two.tags.size).toBe(0);
    });

    test('key statistics', async () => {
      const stats = await store.keyStats({}, signal);
      const values = inActive.filter(({ run }) => has(run, 'train_loss')).map(({ run }) => metric(run, 'train_loss'));
      const finite = values.filter(Number.isFinite);
      const found = stats.find((stat) => stat.kind === 'metric' && stat.key === 'train_loss');
      expect(found).toMatchObject({ runs: values.length, nonFinite: values.length - finite.length });
      expect(found).toMatchObject({
        min: expect.closeTo(Math.min(...finite), 5),
        max: expect.closeTo(Math.max(...finite), 5),
      });
      const algorithms = Map.groupBy(inActive, ({ run }) => run.params?.algorithm);
      algorithms.delete(undefined);
      const algorithm = stats.find((stat) => stat.kind === 'param' && stat.key === 'algorithm');
      const counts = [...algorithms].map(([value, members]) => ({ value, runs: members.length }));
      expect(algorithm).toEqual({
        kind: 'param',
        key: 'algorithm',
        runs: counts.reduce((sum, { runs }) => sum + runs, 0),
        distinct: counts.length,
        values: counts.sort((a, b) => b.runs - a.runs),
      });
    });

    test('histories hold every point, by step', async () => {
      const asked = inAll.filter(({ experiment }) => experiment.name === 'digits-mlp').map(({ run }) => run);
      const series = await Array.fromAsync(
        store.metricHistory(
          asked.map(({ id }) => id),
          ['train_loss', 'nothing', 'val_loss'],
          signal,
        ),
      );
      const expected = asked.flatMap((run) =>
        ['train_loss', 'val_loss'].filter((key) => run.histories[key]).map((key) => [run.id, key]),
      );
      expect(series.map(({ runId, key }) => [runId, key])).toEqual(expected);
      for (const { runId, key, points } of series) {
        const history = asked.find(({ id }) => id === runId)!.histories[key]!;
        expect([points.length, new Set(points.map(({ step }) => step)).size]).toEqual([history.n, history.steps]);
        expect([points[0]!.step, points.at(-1)!.step]).toEqual([history.first_step, history.last_step]);
        expect(points.filter(({ value }) => !Number.isFinite(value))).toHaveLength(history.nonfinite);
        expect(points.map(({ step }) => Number(step))).toEqual(
          points.map(({ step }) => Number(step)).sort((a, b) => a - b),
        );
      }
    });

    test('names of a question: keys, values whatever their case, runs by name, id or last number', async () => {
      const { run } = inActive.find(({ run }) => run.name === 'run-017')!;
      const found = await store.lookup(
        {
          keys: true,
          values: ['RANDOM_forest', 'Ana', 'run-017'],
          runs: ['RUN-017', run.id.slice(0, 8)],
          lastNumbers: [16],
        },
        signal,
      );
      expect(found.values).toEqual([
        { kind: 'param', key: 'algorithm', value: 'random_forest' },
        { kind: 'tag', key: 'mlflow.user', value: 'ana' },
      ]);
      const ofKeys = (keys: readonly string[]) =>
        store.lookup({ values: ['RANDOM_forest', 'Ana', 'run-017'], ofKeys: keys }, signal);
      expect((await ofKeys(['mlflow.user', 'Algorithm', 'nothing'])).values).toEqual([found.values[1]]);
      expect((await ofKeys(['algorithm'])).values).toEqual([found.values[0]]);
      const runs = inAll
        .filter(({ run }) => run.name === 'run-017' || /\b0*16\D*$/.test(run.name))
        .toSorted(newestFirst);
      expect(found.runs.map(({ id }) => id)).toEqual(runs.map(({ run }) => run.id));
      const metrics = new Set(inActive.flatMap(({ run }) => Object.keys(run.metrics ?? {})));
      expect(found.keys.filter(({ kind }) => kind === 'metric').map(({ key }) => key)).toEqual([...metrics].sort());
      expect(await store.lookup({ values: [], runs: [''] }, signal)).toEqual({ keys: [], values: [], runs: [] });
    });

    test('names of a question within some experiments only', async () => {
      const ids = new Set(inActive.filter(({ run }) => has(run, 'f1_score')).map(({ experiment }) => experiment.id));
      const asked = { keys: true, values: ['RANDOM_forest', 'Ana'], runs: ['run-017'], lastNumbers: [16] };
      const within = (experimentIds: readonly string[]) => store.lookup({ ...asked, experimentIds }, signal);
      const others = truth.experiments.map(({ id }) => id).filter((id) => !ids.has(id));
      const [own, rest] = [await within([...ids]), await within(others)];
      const keysOf = (found: typeof own) => found.keys.filter(({ kind }) => kind === 'metric').map(({ key }) => key);
      const logged = (isMeant: (id: string) => boolean) =>
        inActive
          .filter(({ experiment }) => isMeant(experiment.id))
          .flatMap(({ run }) => Object.keys(run.metrics ?? {}));
      expect(keysOf(own)).toEqual([...new Set(logged((id) => ids.has(id)))].sort());
      expect(keysOf(rest)).toEqual([...new Set(logged((id) => !ids.has(id)))].sort());
      expect(own.values).toContainEqual({ kind: 'param', key: 'algorithm', value: 'random_forest' });
      expect(rest.values).not.toContainEqual({ kind: 'param', key: 'algorithm', value: 'random_forest' });
      expect(own.runs.every(({ experimentId }) => ids.has(experimentId))).toBe(true);
      expect(rest.runs.some(({ experimentId }) => ids.has(experimentId))).toBe(false);
      expect(await within([])).toEqual({ keys: [], values: [], runs: [] });
    });

    test('a cancelled question ends with the reason', async () => {
      const reason = new Error('cancelled');
      await expect(store.columns({}, everything, AbortSignal.abort(reason))).rejects.toBe(reason);
      await expect(Array.fromAsync(store.searchRuns({}, everything, AbortSignal.abort(reason)))).rejects.toBe(reason);
    });

    test('snapshots may overlap and nest', async () => {
      const count = () => store.snapshot(async () => (await readIds({})).length);
      expect(await Promise.all([count(), store.snapshot(count), count()])).toEqual(Array(3).fill(inActive.length));
    });
  });
}
