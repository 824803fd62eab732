/** The tools over real public stores, where they lie beside this checkout; figures counted from the databases by hand. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cells, runNames, ToolRig } from './ask-tool.ts';

const folder = join(import.meta.dirname, '../../../shared/evals/stores');
const here = existsSync(folder);

describe.skipIf(!here)(`public stores${here ? '' : ' (not beside this checkout: left out)'}`, () => {
  let ride: ToolRig;
  let iforest: ToolRig;
  const small = 'MINLP Tweaking Small';
  const after = 'MINLP Tweaking Small after debugging';

  beforeAll(async () => {
    ride = await ToolRig.open(join(folder, 'ride/mlflow.db'));
    iforest = await ToolRig.open(join(folder, 'iforest/mlflow.db'));
  });
  afterAll(() => Promise.all([ride?.store.close(), iforest?.store.close()]));

  test('a three-way tie is named whole', async () => {
    const found = await ride.ask('rank_runs', { metric: 'rmse' });
    expect(found.data.facts).toMatchObject({ value: 5.335419588556921, ties: 3 });
    for (const id of ['2c129e13', '2171fb35', 'd127a3da']) expect(found.summary).toContain(id);
  });

  test('half the runs tie, and how many is said', async () => {
    const found = await iforest.ask('rank_runs', { metric: 'average f_hat', order: 'highest', experiment: small });
    expect(found.summary).toMatch(/^16 runs tie for the highest `average f_hat` in `MINLP Tweaking Small`, 0\.350916 /);
  });

  test('an experiment whose name begins another keeps to itself, deleted runs keep out', async () => {
    const count = async (input: object) =>
      (await iforest.ask('find_runs', { ...input, count_only: true })).data.facts?.count;
    expect(await count({ experiment: small })).toBe(64);
    expect(await count({ experiment: after })).toBe(73);
    expect(await count({ experiment: after, lifecycle: 'deleted' })).toBe(8);
    expect(
      await count({ experiment: small, filter: "params.dimension = 4 AND params.`initial pattern` = 'maximal'" }),
    ).toBe(16);
    const slowest = await iforest.ask('rank_runs', { metric: 'time', order: 'highest', top: 3, experiment: after });
    expect(runNames(slowest)).toEqual(['big-wren-518', 'welcoming-croc-159', 'bittersweet-mule-290']);
  });

  test('means by a param, and by experiment', async () => {
    const byDimension = await iforest.ask('summarize_metrics', {
      metrics: ['time'],
      group_by: 'dimension',
      experiment: after,
    });
    expect(cells(byDimension, 'params.dimension')).toEqual(['2', '3', '4']);
    const [two, , four] = cells(byDimension, 'mean');
    expect(two).toBeCloseTo(61.835580945014954, 9);
    expect(four).toBeCloseTo(1035.030669291814, 9);
    const both = await iforest.ask('summarize_metrics', { metrics: ['time'], experiment: [small, after] });
    expect(cells(both, 'mean').map((mean) => (mean as number).toFixed(6))).toEqual(['11.880564', '171.445016']);
  });

  test('what was never logged is refused with what there is', async () => {
    expect(await ride.refusal('rank_runs', { experiment: 'random-forest-best-models' })).toMatchObject({
      code: 'no_data',
    });
    expect((await iforest.refusal('rank_runs', { metric: 'accuracy', experiment: small })).message).toContain(
      '`average f_hat`',
    );
    expect(await iforest.refusal('rank_runs', { metric: 'optimal count' })).toMatchObject({
      code: 'ambiguous_direction',
    });
    expect(await ride.refusal('analyze_parameter_impact', { metric: 'rmse' })).toMatchObject({ code: 'no_data' });
    expect(await ride.refusal('get_run', { run: 'lyrical-crow-354', keys: ['r2'] })).toMatchObject({ code: 'no_data' });
  });

  test('a factorial design: one param explains the metric, the others are noise', async () => {
    const found = await iforest.ask('analyze_parameter_impact', { metric: 'time', experiment: small });
    expect(found.summary).toMatch(
      /^Across 64 configurations in `MINLP Tweaking Small`, `dimension` is associated with most/,
    );
    expect(cells(found, 'verdict').slice(1)).toEqual(
      cells(found, 'verdict')
        .slice(1)
        .map(() => 'noise'),
    );
    const pair = await iforest.ask('analyze_parameter_impact', {
      metric: 'time',
      with: 'average f_hat',
      experiment: after,
    });
    expect(pair.data.facts?.pearson).toBeCloseTo(-0.40974931123715447, 9);
    expect(pair.data.facts?.spearman).toBeCloseTo(-0.8285705418239321, 9);
  });

  test('one point is no curve', async () => {
    const found = await ride.ask('get_metric_history', { runs: ['zealous-duck-48'], metrics: ['rmse'] });
    expect(found.summary).toContain('has only one point');
    expect(found.data.series).toEqual([]);
  });
});
