/** Charts of every kind for tests, made of whatever names and numbers are to be tried. */
import { describeChart } from '../../src/finding/chart-words.ts';
import type { Chart } from '../../src/finding/charts.ts';
import type { CurveDrawing, Drawing, Series } from '../../src/finding/drawing.ts';
import type { Ref } from '../../src/finding/refs.ts';

export function makeChart<D extends CurveDrawing | Drawing>(drawing: D, title = 'a title') {
  return { id: 'chart-1', title, alt: describeChart(drawing), ...drawing };
}

export const runNamed = (name: string, index = 0): Ref => ({
  kind: 'run',
  id: `${String(index).padStart(2, '0')}cdef0123456789`,
  name,
});

export function curve(name: string, values: readonly number[], more: Partial<Series> = {}): Series {
  const points = values.map((value, step) => ({ step, value }));
  return { of: runNamed(name), metric: 'training_loss', points, logged: values.length, ...more };
}

export const curves = (series: readonly Series[], title?: string) =>
  makeChart({ kind: 'curve', series, axis: 'step' }, title);

/** One chart of each kind, with the names and the numbers everywhere. */
export function chartsOfAllKinds(names: readonly string[], numbers: readonly number[], title?: string): Chart[] {
  const [name = '', other = name] = names;
  const at = (i: number) => numbers[i % Math.max(1, numbers.length)] ?? Number.NaN;
  const drawings: (CurveDrawing | Drawing)[] = [
    {
      kind: 'curve',
      axis: 'step',
      series: names.map((one) => curve(one, numbers, { metric: other, better: 'lower' })),
    },
    {
      kind: 'bars',
      value: { label: other, kind: 'metric' },
      bars: names.map((one, i) => ({ name: i % 2 === 0 ? runNamed(one, i) : one, value: at(i) })),
      total: names.length + 1,
    },
    {
      kind: 'scatter',
      x: { label: name, kind: 'param', log: true },
      y: { label: other, kind: 'metric' },
      each: 'run',
      points: numbers.flatMap((y, i) => (Number.isFinite(y) ? [{ x: 10 ** -i, y }] : [])),
      total: 99,
      fit: { form: 'line', curve: [0.001, 1].map((x) => ({ x, y: Number.isFinite(at(0)) ? at(0) : 0 })) },
    },
    {
      kind: 'impact',
      metric: name,
      bars: names.map((one, i) => ({
        params: [one, other],
        explained: i === 0 ? 0.6 : 0.05,
        verdict: i === 0 ? ('strong' as const) : ('none' as const),
      })),
      noiseFloor: 0.2,
      configurations: 40,
    },
    {
      kind: 'groups',
      by: name,
      value: { label: other, kind: 'duration' },
      statistic: 'mean',
      each: 'run',
      groups: names.map((one, i) => ({
        name: i === 2 ? undefined : one,
        n: i + 1,
        centre: at(i),
        sd: i > 0 ? 0.5 : undefined,
      })),
      total: names.length,
    },
  ];
  return drawings.map((drawing) => makeChart(drawing, title) as Chart);
}
