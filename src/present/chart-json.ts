/** A chart in the answer record: curves as `series`, other kinds as what they draw, at full precision. */
import type { Chart } from '../finding/charts.ts';
import type { Series, SeriesPoint, XY } from '../finding/drawing.ts';
import { isRef, type Ref, refOf } from '../finding/refs.ts';
import { labelText, seriesLabel } from './series-label.ts';

/** JSON-ready: NaN, ±Infinity and integers beyond 2^53 are strings, what is missing has no key. */
export function chartJson(chart: Chart): Record<string, unknown> {
  const { id, title, alt, kind } = chart;
  const series = chart.kind === 'curve' ? chart.series.map(seriesJson) : [];
  return { id, kind, title, alt, series, ...drawingJson(chart) };
}

function drawingJson(chart: Chart): Record<string, unknown> {
  switch (chart.kind) {
    case 'curve':
      return { axis: chart.axis };
    case 'bars': {
      const bars = chart.bars.map(({ name, value, sd }) => ({
        ...nameJson(name),
        value: numberJson(value),
        ...(sd !== undefined && { sd: numberJson(sd) }),
      }));
      return { value: chart.value, bars, total: chart.total };
    }
    case 'scatter': {
      const { x, y, each, total, fit } = chart;
      const curve = fit && { fit: { form: fit.form, curve: fit.curve.map(xyJson) } };
      return { x, y, each, points: chart.points.map(xyJson), total, ...curve };
    }
    case 'impact': {
      const { metric, bars, noiseFloor, configurations } = chart;
      return { metric, bars, noiseFloor, configurations };
    }
    case 'groups': {
      const groups = chart.groups.map(({ name, n, centre, sd }) => ({
        ...(name !== undefined && { name }),
        n,
        centre: numberJson(centre),
        ...(sd !== undefined && { sd: numberJson(sd) }),
      }));
      return {
        by: chart.by,
        value: chart.value,
        statistic: chart.statistic,
        each: chart.each,
        groups,
        total: chart.total,
      };
    }
  }
}

const numberJson = (value: number): number | string => (Number.isFinite(value) ? value : String(value));
const xyJson = ({ x, y }: XY) => ({ x: numberJson(x), y: numberJson(y) });
const nameJson = (name: Ref | string) => (isRef(name) ? refOf(name.kind, name) : { name });

function seriesJson(series: Series): Record<string, unknown> {
  return { name: labelText(seriesLabel(series)), points: series.points.map(pointJson) };
}

function pointJson({ step, value, at }: SeriesPoint): Record<string, unknown> {
  return {
    step: typeof step === 'bigint' ? String(step) : step,
    value: numberJson(value),
    ...(at !== undefined && { at: numberJson(at) }),
  };
}
