/** Curves and points as SVG, in the colours of the theme, with the value under the pointer in words. */
import { formatNumber } from '../../../finding/format.ts';
import { type Axis, axisTicks, chooseAxis, formatTick } from '../../../present/axis.ts';
import { chooseUnit, quantityLabel } from '../../../present/units.ts';
import { element, shape } from './element.ts';
import type { ChartRecord, JsonNumber, PointRecord, XYRecord } from './record.ts';

const WIDTH = 640;
const HEIGHT = 260;
const LEFT = 56;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 36;
const COLOURS = 6;

interface Spot {
  readonly x: number;
  readonly y: number;
  readonly words: string;
}

/** One line or one cloud of points; a gap stands where a value is not finite. */
interface Trace {
  readonly name: string;
  readonly spots: readonly (Spot | undefined)[];
  readonly isLine: boolean;
  readonly colour: number;
}

interface Plot {
  readonly traces: readonly Trace[];
  readonly x: { readonly axis: Axis; readonly label: string };
  readonly y: { readonly axis: Axis; readonly label: string };
}

export function chartFigure(chart: ChartRecord): HTMLElement {
  const plot = chart.kind === 'curve' ? curvePlot(chart) : scatterPlot(chart);
  const caption = element('figcaption', { class: 'quiet' }, chart.title);
  const words = element('p', { class: 'quiet' }, chart.alt);
  if (plot === undefined) return element('figure', {}, caption, words);
  const readout = element('p', { class: 'quiet', 'aria-hidden': 'true' }, '\u00a0');
  const drawing = draw(plot, chart.alt);
  drawing.addEventListener('pointermove', (event) => {
    const nearest = nearestSpot(plot, drawing, event);
    readout.textContent = nearest === undefined ? '\u00a0' : nearest.words;
  });
  return element('figure', {}, caption, drawing, ...legend(plot), readout);
}

const AXIS_LABELS = { step: 'step', epoch: 'epoch', time: 'seconds', order: 'point' } as const;

function curvePlot({ series, axis = 'step' }: Extract<ChartRecord, { kind: 'curve' }>): Plot | undefined {
  const label = AXIS_LABELS[axis];
  const place = ({ step, at }: PointRecord) =>
    at === undefined ? Number(step) : Number(at) / (axis === 'time' ? 1000 : 1);
  const traces = series.map(({ name, points }, colour) => ({
    name,
    spots: points.map((point) =>
      spot(place(point), point.value, (x, y) => `${name}: ${formatNumber(y)} at ${label} ${formatNumber(x)}`),
    ),
    isLine: true,
    colour,
  }));
  return plotOf(traces, { label, scale: 'linear' }, { label: '', scale: 'by span' });
}

function scatterPlot({ x, y, points, fit }: Extract<ChartRecord, { kind: 'scatter' }>): Plot | undefined {
  const numbers = (of: 'x' | 'y') => points.map((point) => Number(point[of]));
  const [unitX, unitY] = [chooseUnit(numbers('x'), x.kind), chooseUnit(numbers('y'), y.kind)];
  const [labelX, labelY] = [quantityLabel(x, unitX), quantityLabel(y, unitY)];
  const toSpot = (point: XYRecord) =>
    spot(
      Number(point.x) / unitX.per,
      Number(point.y) / unitY.per,
      (a, b) => `${labelX} ${formatNumber(a)}, ${labelY} ${formatNumber(b)}`,
    );
  const fitted = fit === undefined ? [] : [{ name: 'fit', spots: fit.curve.map(toSpot), isLine: true, colour: 1 }];
  return plotOf(
    [{ name: labelY, spots: points.map(toSpot), isLine: false, colour: 0 }, ...fitted],
    { label: labelX, scale: x.log ? 'log' : 'linear' },
    { label: labelY, scale: 'linear' },
  );
}

function spot(x: number, value: JsonNumber, words: (x: number, y: number) => string): Spot | undefined {
  const y = Number(value);
  return Number.isFinite(x) && Number.isFinite(y) ? { x, y, words: words(x, y) } : undefined;
}

interface Along {
  readonly label: string;
  readonly scale: Parameters<typeof chooseAxis>[1];
}

/** Undefined where nothing is finite. */
function plotOf(traces: readonly Trace[], x: Along, y: Along): Plot | undefined {
  const spots = traces.flatMap((trace) => trace.spots.filter((one) => one !== undefined));
  if (spots.length === 0) return undefined;
  const axisOf = ({ label, scale }: Along, values: readonly number[]) => ({ label, axis: chooseAxis(values, scale) });
  return {
    traces,
    x: axisOf(
      x,
      spots.map((one) => one.x),
    ),
    y: axisOf(
      y,
      spots.map((one) => one.y),
    ),
  };
}

const placeX = ({ x }: Plot, value: number): number => LEFT + x.axis.place(value) * (WIDTH - LEFT - RIGHT);
const placeY = ({ y }: Plot, value: number): number => HEIGHT - BOTTOM - y.axis.place(value) * (HEIGHT - TOP - BOTTOM);
const pixels = (value: number): string => value.toFixed(1);

function draw(plot: Plot, alt: string): SVGSVGElement {
  const { x, y } = plot;
  const ticksX = axisTicks(x.axis).map((tick) => {
    const at = pixels(placeX(plot, tick));
    return shape('text', { x: at, y: HEIGHT - BOTTOM + 16, 'text-anchor': 'middle' }, formatTick(tick, x.axis));
  });
  const ticksY = axisTicks(y.axis).flatMap((tick) => {
    const at = pixels(placeY(plot, tick));
    return [
      shape('line', { class: 'axis', x1: LEFT, x2: WIDTH - RIGHT, y1: at, y2: at }),
      shape('text', { x: LEFT - 6, y: at, dy: '0.35em', 'text-anchor': 'end' }, formatTick(tick, y.axis)),
    ];
  });
  const name = shape('text', { x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 4, 'text-anchor': 'middle' }, x.label);
  const made = shape('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img' }, ...ticksY, ...ticksX, name);
  made.append(shape('title', {}, alt), ...plot.traces.flatMap((trace) => drawTrace(plot, trace)));
  return made;
}

function drawTrace(plot: Plot, { spots, isLine, colour }: Trace): SVGElement[] {
  const shade = `c${colour % COLOURS}`;
  const dot = ({ x, y }: Spot) =>
    shape('circle', { class: `dot ${shade}`, r: 2.5, cx: pixels(placeX(plot, x)), cy: pixels(placeY(plot, y)) });
  const finite = spots.filter((one) => one !== undefined);
  if (!isLine || finite.length === 1) return finite.map(dot);
  const steps = spots.map((one, at) => {
    if (one === undefined) return '';
    const from = at === 0 || spots[at - 1] === undefined ? 'M' : 'L';
    return `${from}${pixels(placeX(plot, one.x))},${pixels(placeY(plot, one.y))}`;
  });
  return [shape('path', { class: `curve ${shade}`, d: steps.join('') })];
}

function legend({ traces }: Plot): HTMLElement[] {
  if (traces.length < 2) return [];
  const entries = traces.flatMap(({ name, colour }) => [
    element('span', { class: `legend c${colour % COLOURS}` }, '■ '),
    element('span', {}, `${name}  `),
  ]);
  return [element('p', { class: 'quiet' }, ...entries)];
}

function nearestSpot(plot: Plot, drawing: SVGSVGElement, { clientX, clientY }: PointerEvent): Spot | undefined {
  const { left, top, width } = drawing.getBoundingClientRect();
  const scale = WIDTH / width;
  const far = ({ x, y }: Spot) =>
    Math.hypot(placeX(plot, x) - (clientX - left) * scale, placeY(plot, y) - (clientY - top) * scale);
  const spots = plot.traces.flatMap((trace) => trace.spots.filter((one) => one !== undefined));
  return spots.reduce<Spot | undefined>(
    (nearest, one) => (nearest === undefined || far(one) < far(nearest) ? one : nearest),
    undefined,
  );
}
