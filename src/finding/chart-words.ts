/** Charts in words: everything that a drawing shows, for those who hear it and for screens that cannot draw. */
import type {
  BarsDrawing,
  CurveDrawing,
  Drawing,
  GroupsDrawing,
  ImpactDrawing,
  ScatterDrawing,
  Series,
} from './drawing.ts';
import { countOf, formatAlike, formatCount, formatDuration, formatNumber, formatPercent, formatRef } from './format.ts';
import { quoteCell, quoteName } from './quote.ts';
import { idNeeds, isRef, type Ref } from './refs.ts';

const CURVES_DESCRIBED = 20;
const ITEMS_DESCRIBED = 40;

export function describeChart(drawing: CurveDrawing | Drawing): string {
  switch (drawing.kind) {
    case 'curve':
      return describeCurves(drawing);
    case 'bars':
      return describeBars(drawing);
    case 'scatter':
      return describeScatter(drawing);
    case 'impact':
      return describeImpact(drawing);
    case 'groups':
      return describeGroups(drawing);
  }
}

function describeCurves({ series, axis }: CurveDrawing): string {
  const described = series.slice(0, CURVES_DESCRIBED).map((one) => describeCurve(one, axis));
  const more = series.length - described.length;
  if (more > 0) described.push(`And ${countOf(more, 'more curve')}.`);
  return described.join(' ');
}

function describeCurve({ of, metric, points, better, nonFinite }: Series, axis: CurveDrawing['axis']): string {
  const name = `${quoteName(metric)} of ${formatRef(of)}`;
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return `${name}: no points.`;
  const at = (point: Series['points'][number]) => `${formatNumber(point.value)} at ${placeText(point, axis)}`;
  const finite = points.filter((point) => Number.isFinite(point.value));
  const [start] = finite;
  const broken = nonFinite ?? points.length - finite.length;
  const gaps = broken > 0 ? `; ${countOf(broken, 'point is', 'points are')} NaN or infinite` : '';
  if (start === undefined) return `${name}: no finite value from ${placeText(first, axis)} on${gaps}.`;
  const lowest = finite.reduce((low, point) => (point.value < low.value ? point : low), start);
  const highest = finite.reduce((high, point) => (point.value > high.value ? point : high), start);
  const [lowMark, highMark] = [better === 'lower' ? ' (best)' : '', better === 'higher' ? ' (best)' : ''];
  return `${name}: from ${at(first)} to ${at(last)}; lowest ${at(lowest)}${lowMark}, highest ${at(highest)}${highMark}${gaps}.`;
}

function placeText({ step, at }: Series['points'][number], axis: CurveDrawing['axis']): string {
  if (axis === 'time' && at !== undefined) return `${formatDuration(at)} (step ${step})`;
  if (axis === 'epoch' && at !== undefined) return `epoch ${formatNumber(at)} (step ${step})`;
  return axis === 'order' ? `point ${step}` : `step ${step}`;
}

function nameTexts(names: readonly (Ref | string)[]): string[] {
  const needsId = idNeeds(names);
  return names.map((name) => {
    if (!isRef(name)) return quoteCell(name);
    return name.name === '' || needsId(name) ? formatRef(name) : quoteCell(name.name);
  });
}

/** What was left unsaid of a list. */
const moreText = (more: number): string => (more > 0 ? `; and ${formatCount(more)} more` : '');

function describeBars({ value, bars, total }: BarsDrawing): string {
  const shown = bars.slice(0, ITEMS_DESCRIBED);
  const texts = formatAlike(
    shown.map((bar) => bar.value),
    value.kind,
  );
  const spreads = shown.map(({ sd }) => (sd === undefined ? '' : ` ± ${formatNumber(sd, 3)} sd`));
  const names = nameTexts(shown.map(({ name }) => name));
  const items = names.map((name, i) => `${name} ${texts[i]}${spreads[i]}`);
  return `${quoteName(value.label)} as bars: ${items.join('; ')}${moreText(total - shown.length)}.`;
}

function describeScatter({ x, y, each, points, total, fit }: ScatterDrawing): string {
  const span = (values: readonly number[], kind: ScatterDrawing['y']['kind']) => {
    const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    return formatAlike([low, high], kind).join(' to ');
  };
  const drawn = total > points.length ? `, of which ${formatCount(points.length)} are drawn` : '';
  const spanX = span(
    points.map((point) => point.x),
    x.kind,
  );
  const spanY = span(
    points.map((point) => point.y),
    y.kind,
  );
  const scale = x.log ? ', on a log scale' : '';
  return `${quoteName(y.label)} (${spanY}) against ${quoteName(x.label)} (${spanX}${scale}): ${countOf(total, each)}${drawn}${fitText(fit)}.`;
}

/** `; the fitted line goes from 0.61 at 0.001 to 0.84 at 0.1`. */
function fitText(fit: ScatterDrawing['fit']): string {
  const [first, last] = [fit?.curve[0], fit?.curve.at(-1)];
  if (fit === undefined || first === undefined || last === undefined) return '';
  const at = ({ x, y }: { x: number; y: number }) => `${formatNumber(y, 4)} at ${formatNumber(x, 3)}`;
  if (fit.form === 'line') return `; the fitted line goes from ${at(first)} to ${at(last)}`;
  const inner = fit.curve.slice(1, -1);
  const turn = inner.find(({ y }) => fit.curve.every((other) => other.y <= y)) ??
    inner.find(({ y }) => fit.curve.every((other) => other.y >= y)) ?? { x: last.x, y: last.y };
  return `; the fitted parabola goes from ${at(first)} by ${at(turn)} to ${at(last)}`;
}

function describeImpact({ metric, bars, noiseFloor, configurations }: ImpactDrawing): string {
  const shown = bars.slice(0, ITEMS_DESCRIBED);
  const items = shown.map(({ params, explained, verdict }) => {
    const names = params.map((param) => quoteName(param)).join(' with ');
    return `${names} ${shareText(explained, verdict)}`;
  });
  const head = `Share of the variance of ${quoteName(metric)} that goes with each parameter, adjusted, over ${countOf(configurations, 'configuration')}`;
  return `${head}: ${items.join('; ')}${moreText(bars.length - shown.length)}. Noise floor ${formatPercent(noiseFloor)}.`;
}

/** `76.4%`, `12% (noise)`: a share with what holds it back. */
export function shareText(explained: number, verdict: ImpactDrawing['bars'][number]['verdict']): string {
  const doubt = { none: ' (noise)', hint: ' (a hint)', tentative: ' (tentative)', supported: '', strong: '' }[verdict];
  return `${formatPercent(explained)}${doubt}`;
}

function describeGroups({ by, value, statistic, each, groups, total }: GroupsDrawing): string {
  const shown = groups.slice(0, ITEMS_DESCRIBED);
  const centres = formatAlike(
    shown.map(({ centre }) => centre),
    value.kind,
  );
  const items = shown.map(({ name, n, sd }, i) => {
    const spread =
      sd === undefined ? '' : ` ± ${value.kind === 'duration' ? formatDuration(sd) : formatNumber(sd, 3)} sd`;
    return `${name === undefined ? 'none' : quoteCell(name)} ${centres[i]}${spread} (${countOf(n, each)})`;
  });
  return `${statistic} of ${quoteName(value.label)} by ${quoteName(by)}: ${items.join('; ')}${moreText(total - shown.length)}.`;
}
