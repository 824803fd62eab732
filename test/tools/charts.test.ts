import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Chart, chartOf, chartsOf } from '../../src/finding/charts.ts';
import { findingText } from '../../src/finding/text.ts';
import { chartJson } from '../../src/present/chart-json.ts';
import { pairDrawing } from '../../src/tools/population/drawings.ts';
import { demoPath, readTruth } from '../support/demo.ts';
import { type Asked, cells, ToolRig } from './ask-tool.ts';

const churn = readTruth().experiments.find(({ name }) => name === 'churn-prediction');
const parents = new Set(churn?.runs.map(({ parent }) => parent));
/** Finished leaf runs. */
const finished = (churn?.runs ?? []).filter(
  ({ id, status, lifecycle }) => status === 'FINISHED' && lifecycle === 'active' && !parents.has(id),
);

const SCHEMA = JSON.parse(readFileSync(join(import.meta.dirname, '../../schema/answer.schema.json'), 'utf8'));
const chartSchema = z.fromJSONSchema({ ...SCHEMA.properties.charts.items, $defs: SCHEMA.$defs });

let rig: ToolRig;
beforeAll(async () => {
  rig = await ToolRig.open(demoPath);
});
afterAll(() => rig.store.close());

const asFinding = (asked: Asked, tool: string) => ({ ...asked, handle: '#3', tool });

/** The chart of a kind that a call's finding supports. */
async function draw<K extends Chart['kind']>(
  kind: K,
  tool: string,
  input: Record<string, unknown>,
): Promise<{ chart: Extract<Chart, { kind: K }>; asked: Asked }> {
  const asked = await rig.ask(tool, input);
  const chart = chartOf(asFinding(asked, tool));
  if (chart?.kind !== kind) throw new Error(`${tool} draws ${chart?.kind}, not ${kind}`);
  return { chart: chart as Extract<Chart, { kind: K }>, asked };
}

const IN_CHURN = { experiment: 'churn-prediction' };

describe('chartOf', () => {
  it('ranks the table’s own values as bars, and says how many there are', async () => {
    const { chart, asked } = await draw('bars', 'rank_runs', { ...IN_CHURN, metric: 'f1_score', top: 7 });
    expect(chart.bars.map(({ value }) => value)).toEqual(cells(asked, 'metrics.f1_score'));
    expect(chart.total).toBe(asked.data.tables[0]?.total);
    expect(chart).toMatchObject({ id: 'chart-3', title: 'Runs by f1_score', value: { label: 'f1_score' } });
    const [best] = finished.toSorted((a, b) => Number(b.metrics.f1_score ?? 0) - Number(a.metrics.f1_score ?? 0));
    expect(chart.alt).toContain(`\`${best?.name}\` (${best?.id.slice(0, 8)}) 0.733968;`);
    expect(chart.alt).toMatch(/; and 146 more\.$/);
  });

  it('draws durations and counts, and no bars of times', async () => {
    const { chart } = await draw('bars', 'rank_runs', { ...IN_CHURN, metric: 'attributes.duration', order: 'highest' });
    expect(chart.value).toEqual({ label: 'duration', kind: 'duration' });
    const { chart: counts } = await draw('bars', 'find_runs', { count_only: true, count_by: 'status' });
    expect(counts.bars.map(({ name }) => name)).toContain('FAILED');
    const newest = await rig.ask('rank_runs', { ...IN_CHURN, metric: 'attributes.start_time', order: 'highest' });
    expect(chartOf(asFinding(newest, 'rank_runs'))).toBeUndefined();
  });

  it('draws a single param against the metric, one point to a configuration, with the fit that was tested', async () => {
    const { chart } = await draw('scatter', 'analyze_parameter_impact', {
      ...IN_CHURN,
      metric: 'f1_score',
      params: ['learning_rate'],
    });
    expect(chart).toMatchObject({ each: 'configuration', total: 39, x: { label: 'learning_rate', log: true } });
    expect(chart.title).toBe('learning_rate and f1_score');
    const logged = new Set(finished.flatMap(({ params }) => params.learning_rate ?? []).map(Number));
    expect(chart.points.every(({ x }) => logged.has(x))).toBe(true);
    expect(chart.fit?.form).toBe('parabola');
    const curve = chart.fit?.curve ?? [];
    const top = curve.reduce((high, point) => (point.y > high.y ? point : high));
    // The summary says "highest near 0.29".
    expect(Math.abs(Math.log10(top.x) - Math.log10(0.29))).toBeLessThan(0.05);
    expect(curve.map(({ x }) => x)).toEqual(curve.map(({ x }) => x).toSorted((a, b) => a - b));
  });

  it('draws a single category by its levels, with n and spread', async () => {
    const { chart } = await draw('groups', 'analyze_parameter_impact', {
      ...IN_CHURN,
      metric: 'f1_score',
      params: ['algorithm'],
    });
    expect(chart.groups.map(({ name, n }) => [name, n])).toEqual([
      ['gradient_boosting', 39],
      ['logistic_regression', 12],
      ['random_forest', 15],
    ]);
    expect(chart.groups.every(({ sd }) => sd !== undefined && sd > 0)).toBe(true);
  });

  it('draws two columns run by run, through the least-squares line', async () => {
    const { chart, asked } = await draw('scatter', 'analyze_parameter_impact', {
      ...IN_CHURN,
      metric: 'f1_score',
      with: 'accuracy',
    });
    expect([chart.x.label, chart.y.label, chart.each]).toEqual(['accuracy', 'f1_score', 'run']);
    expect(chart.total).toBe(asked.data.facts?.n);
    const runs = finished.filter(({ metrics }) =>
      chart.points.some(({ y }) => Math.abs(y - Number(metrics.f1_score)) < 1e-6),
    );
    expect(runs.length).toBeGreaterThanOrEqual(chart.points.length);
    // The line goes through the means.
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const [middleX, middleY] = [mean(chart.points.map(({ x }) => x)), mean(chart.points.map(({ y }) => y))];
    const [from, to] = [chart.fit?.curve[0], chart.fit?.curve.at(-1)];
    if (from === undefined || to === undefined) throw new Error('no line');
    const share = (middleX - from.x) / (to.x - from.x);
    expect(from.y + share * (to.y - from.y)).toBeCloseTo(middleY, 9);
  });

  it('draws all params against the noise floor that the finding states', async () => {
    const { chart, asked } = await draw('impact', 'analyze_parameter_impact', { ...IN_CHURN, metric: 'f1_score' });
    expect(chart.noiseFloor).toBe(asked.data.facts?.noiseFloor);
    expect(chart.bars.map(({ explained }) => explained)).toEqual(cells(asked, 'explained'));
    expect(chart.bars.filter(({ verdict }) => verdict === 'none').map(({ params }) => params[0])).toEqual([
      'loader_workers',
    ]);
  });

  it('draws groups with mean, sd and n of the table', async () => {
    const { chart, asked } = await draw('groups', 'summarize_metrics', {
      ...IN_CHURN,
      metrics: ['f1_score'],
      group_by: 'algorithm',
    });
    expect(chart.groups.map(({ centre }) => centre)).toEqual(cells(asked, 'mean'));
    expect(chart.groups.map(({ sd }) => sd)).toEqual(cells(asked, 'sd'));
    expect(chart.groups.map(({ n }) => n)).toEqual(cells(asked, 'count'));
  });

  it('gives no spread to what is no mean', async () => {
    const { chart } = await draw('groups', 'summarize_metrics', {
      ...IN_CHURN,
      metrics: ['f1_score'],
      group_by: 'algorithm',
      statistic: 'median',
    });
    expect(chart.statistic).toBe('median');
    expect(chart.groups.map(({ sd }) => sd)).toEqual([undefined, undefined, undefined]);
  });

  it('draws curves over steps or time, smoothed from 50 points on, with the end that is better', async () => {
    const input = { runs: ['run-017'], metrics: ['training_loss'] };
    const { chart } = await draw('curve', 'get_metric_history', input);
    const [series] = chart.series;
    expect(chart.axis).toBe('step');
    expect(series?.better).toBe('lower');
    expect(series?.points[0]?.smoothed).toBe(series?.points[0]?.value);
    expect(series?.points[1]?.smoothed).not.toBe(series?.points[1]?.value);
    expect(chart.alt).toMatch(/lowest 0\.020635 at step 59 \(best\), highest 0\.557364 at step 0\.$/);
    const { chart: timed } = await draw('curve', 'get_metric_history', { ...input, x: 'time' });
    expect(timed.axis).toBe('time');
    expect(timed.series[0]?.points.slice(0, 2).map(({ at }) => at)).toEqual([0, 2000]);
    const refusal = await rig.refusal('get_metric_history', { ...input, x: 'epoch' });
    expect(refusal.message).toContain('logged no metric `epoch`');
  });

  it('draws compared runs by what they were compared by', async () => {
    const { chart } = await draw('bars', 'compare_runs', { ...IN_CHURN, last: 3, metrics: ['f1_score'] });
    expect(chart.value.label).toBe('f1_score');
    expect(chart.bars).toHaveLength(3);
  });

  it.each([
    ['describe_experiment', IN_CHURN],
    ['get_run', { run: 'run-017' }],
    ['summarize_metrics', { ...IN_CHURN, metrics: ['f1_score'] }],
    ['find_runs', { ...IN_CHURN, filter: "params.algorithm = 'none such'" }],
  ])('%s: nothing to draw', async (tool, input) => {
    expect(chartOf(asFinding(await rig.ask(tool, input), tool))).toBeUndefined();
  });

  it('adds nothing to what a model reads, and its record is as the schema says', async () => {
    const calls: [string, Record<string, unknown>][] = [
      ['rank_runs', { ...IN_CHURN, metric: 'f1_score', value: 'mean_over_seeds' }],
      ['analyze_parameter_impact', { ...IN_CHURN, metric: 'f1_score' }],
      ['analyze_parameter_impact', { ...IN_CHURN, metric: 'f1_score', params: ['learning_rate'] }],
      ['summarize_metrics', { ...IN_CHURN, metrics: ['f1_score'], group_by: 'algorithm' }],
      ['get_metric_history', { experiment: 'digits-mlp', diagnosis: 'diverged' }],
      ['list_experiments', {}],
    ];
    for (const [tool, input] of calls) {
      const asked = await rig.ask(tool, input);
      const chart = chartOf(asFinding(asked, tool));
      if (chart === undefined) throw new Error(`${tool} draws nothing`);
      expect(chartSchema.safeParse(JSON.parse(JSON.stringify(chartJson(chart)))).error).toBeUndefined();
      const { drawing: _, ...bare } = asked.data;
      expect(findingText({ ...asked, data: bare })).toBe(asked.text);
    }
  });
});

it('adds curves and scatters to an answer unasked, nothing else', async () => {
  const findings = await Promise.all([
    rig.ask('rank_runs', { ...IN_CHURN, metric: 'f1_score' }),
    rig.ask('get_metric_history', { runs: ['run-017'], metrics: ['training_loss'] }),
    rig.ask('analyze_parameter_impact', { ...IN_CHURN, metric: 'f1_score', params: ['learning_rate'] }),
    rig.ask('analyze_parameter_impact', { ...IN_CHURN, metric: 'f1_score' }),
  ]);
  const charts = chartsOf(findings.map((asked) => asFinding(asked, 'any')));
  expect(charts.map(({ kind }) => kind)).toEqual(['curve', 'scatter']);
});

it('keeps some 2,000 of very many points, the same whatever their order, and the extremes', () => {
  const ys = Array.from({ length: 9_000 }, (_, i) => Math.sin(i * 12.9898) + (i === 4321 ? 100 : 0));
  const xs = ys.map((_, i) => i % 977);
  const side = (label: string, values: readonly number[]) => ({ label, kind: 'metric' as const, values });
  const drawing = pairDrawing(side('a', xs), side('b', ys));
  const turned = pairDrawing(side('a', xs.toReversed()), side('b', ys.toReversed()));
  expect(drawing?.points.length).toBeGreaterThan(1_990);
  expect(drawing?.points.length).toBeLessThanOrEqual(2_000);
  expect(drawing?.total).toBe(9_000);
  expect(drawing?.points.some(({ y }) => y > 99)).toBe(true);
  expect(turned?.points).toEqual(drawing?.points);
});
