/** Curves as a picture: faint as logged behind smoothed, gaps and marks where a value is not finite, the best point marked. */
import { downsample } from '../../analysis/curve.ts';
import type { CurveDrawing, Series, SeriesPoint } from '../../finding/drawing.ts';
import { countOf } from '../../finding/format.ts';
import { chooseAxis } from '../axis.ts';
import {
  type Break,
  bestPoint,
  bestText,
  breakOf,
  breaksText,
  type CurvePlaces,
  curvePlaces,
  curveValueLabel,
  highlighted,
  isSmoothed,
  SMOOTHED_TEXT,
} from '../curve-marks.ts';
import { labelText, refLabel, seriesLabel } from '../series-label.ts';
import { largeUnit } from '../units.ts';
import { pictureLabel, pictureText } from './picture-text.ts';
import { createScale, type Layer, type LegendRow, pixel, type Scale, type Sketch } from './sketch.ts';
import { COLOURS, DASHES, GREY, PLOT_HEIGHT, PLOT_WIDTH, SHAPES } from './theme.ts';

/** Two points to a pixel show all that can be seen. */
const MOST_POINTS = 2 * PLOT_WIDTH;
/** Up to here every point is marked: the shapes tell curves apart as the dashes do. */
const FEW_POINTS = 40;

const BREAK_GLYPHS = { nan: '×', above: '▲', below: '▼' } as const;
const BREAK_SHAPES: Readonly<Record<Break, string>> = {
  nan: 'M-1,-1L1,1M-1,1L1,-1',
  above: 'triangle-up',
  below: 'triangle-down',
};

interface Drawn {
  readonly one: Series;
  readonly color: string;
  readonly dash: readonly number[];
  readonly shape: string;
  readonly bright: boolean;
}

/** Undefined where no value is finite. */
export function sketchCurves(chart: CurveDrawing): Sketch | undefined {
  const thinned = chart.series.map((one) => thinSeries(one, MOST_POINTS));
  const drawing = { ...chart, series: thinned };
  const places = curvePlaces(drawing);
  const shown = thinned.flatMap(({ points }) => points.filter((point) => isDrawn(point, places)));
  if (shown.length === 0) return undefined;
  const along = thinned.flatMap(({ points }) => points.map(places.place)).filter(Number.isFinite);
  const axisX = chooseAxis(along, 'linear');
  const values = shown.map(({ value }) => value);
  const unit = largeUnit(values);
  const y = chooseAxis(
    values.map((value) => value / unit.per),
    'by span',
  );
  const label = `${pictureText(curveValueLabel(drawing))}${unit.name}`;
  const scales = {
    x: createScale(axisX, {
      title: places.label,
      side: 'x',
      room: PLOT_WIDTH,
      whole: chart.axis !== 'time',
    }),
    y: createScale(y, { title: `${label}${y.log ? ' (log scale)' : ''}`, side: 'y', room: PLOT_HEIGHT }),
  };
  const drawn = chooseLooks(thinned);
  const ordered = drawn.toSorted((a, b) => Number(a.bright) - Number(b.bright));
  const span = axisX.maximum - axisX.minimum;
  const field = { places, scales, per: unit.per, pixelsPerX: span > 0 ? PLOT_WIDTH / span : 0 };
  const broken = drawn.filter(({ one, bright }) => bright && one.points.some(({ value }) => !Number.isFinite(value)));
  const rowsOfBreaks = new Map(broken.map((one, row) => [one, row]));
  const layers = [
    ...ordered.flatMap((one) => rawLayers(one, field)),
    ...ordered.flatMap((one) => lineLayers(one, field)),
    ...ordered.flatMap((one) => markLayers(one, rowsOfBreaks.get(one) ?? 0, field)),
  ];
  return { layers, height: PLOT_HEIGHT, left: 0, legend: legendRows(drawn), notes: curveNotes(drawn) };
}

interface Field {
  readonly places: CurvePlaces;
  readonly scales: { readonly x: Scale; readonly y: Scale };
  readonly per: number;
  readonly pixelsPerX: number;
}

const isDrawn = (point: SeriesPoint, { place }: CurvePlaces): boolean =>
  Number.isFinite(point.value) && Number.isFinite(place(point));

function chooseLooks(series: readonly Series[]): Drawn[] {
  const bright = [...highlighted(series)].sort((a, b) => a - b);
  return series.map((one, index) => {
    const look = bright.indexOf(index);
    if (look < 0) return { one, color: GREY, dash: [1, 0], shape: 'circle', bright: false };
    const [color = GREY, dash = [1, 0], shape = 'circle'] = [COLOURS[look], DASHES[look], SHAPES[look]];
    return { one, color, dash, shape, bright: true };
  });
}

/** Points in stretches without a gap. */
function stretches({ points }: Series, field: Field, read: (point: SeriesPoint) => number) {
  let stretch = 0;
  return points.flatMap((point) => {
    if (!isDrawn(point, field.places)) {
      stretch += 1;
      return [];
    }
    return [{ x: field.places.place(point), y: read(point) / field.per, g: stretch }];
  });
}

function encode({ scales }: Field): Layer {
  return {
    x: { field: 'x', type: 'quantitative', ...scales.x },
    y: { field: 'y', type: 'quantitative', ...scales.y },
  };
}

const lineEncoding = (field: Field): Layer => ({
  ...encode(field),
  detail: { field: 'g', type: 'nominal' },
  order: { field: 'x', type: 'quantitative' },
});

function rawLayers({ one, color, bright }: Drawn, field: Field): Layer[] {
  if (!bright || !isSmoothed(one)) return [];
  const values = stretches(one, field, ({ value }) => value);
  const mark = { type: 'line', color, strokeWidth: 1, opacity: 0.3 };
  return [{ data: { values }, mark, encoding: lineEncoding(field) }];
}

function lineLayers({ one, color, dash, bright }: Drawn, field: Field): Layer[] {
  const values = stretches(one, field, ({ value, smoothed }) => smoothed ?? value);
  const mark = { type: 'line', color, strokeDash: dash, strokeWidth: bright ? 2 : 1, strokeJoin: 'round' };
  return values.length === 0 ? [] : [{ data: { values }, mark, encoding: lineEncoding(field) }];
}

function markLayers({ one, color, shape, bright }: Drawn, row: number, field: Field): Layer[] {
  const values = stretches(one, field, ({ value }) => value);
  const alone = Map.groupBy(values, ({ g }) => g)
    .values()
    .flatMap((points) => (points.length === 1 ? points : []));
  const dots = bright && values.length <= FEW_POINTS ? values : [...alone];
  const best = bright && one.points.length > 1 ? bestPoint(one) : undefined;
  const point = { type: 'point', color, opacity: 1 };
  const layers: Layer[] = [];
  if (dots.length > 0)
    layers.push({ data: { values: dots }, mark: { ...point, shape, filled: true, size: 34 }, encoding: encode(field) });
  if (best !== undefined && isDrawn(best, field.places)) {
    const at = [{ x: field.places.place(best), y: best.value / field.per }];
    const mark = {
      type: 'point',
      shape: 'diamond',
      fill: 'white',
      stroke: color,
      size: 110,
      strokeWidth: 2,
      opacity: 1,
    };
    layers.push({ data: { values: at }, mark, encoding: encode(field) });
  }
  return bright ? [...layers, ...breakLayers(one, color, row, field)] : layers;
}

/** Pixels from one mark to the next, along an edge and from curve to curve. */
const MARK_GAP = 9;

/** Marks on the plot's edges, a row to each curve: NaN and −Infinity below, +Infinity above. Where they would merge, fewer. */
function breakLayers({ points }: Series, color: string, row: number, field: Field): Layer[] {
  const broken = points.flatMap((point) => {
    const kind = breakOf(point.value);
    const x = field.places.place(point);
    return kind === undefined || !Number.isFinite(x) ? [] : [{ kind, x }];
  });
  const inset = 8 + row * MARK_GAP;
  return [...Map.groupBy(broken, ({ kind }) => kind)].map(([kind, marks]) => ({
    data: {
      values: spaced(
        marks.map(({ x }) => x),
        field.pixelsPerX,
      ).map((x) => ({ x, y: kind === 'above' ? inset : PLOT_HEIGHT - inset })),
    },
    mark: { type: 'point', shape: BREAK_SHAPES[kind], filled: false, size: 45, strokeWidth: 1.75, color, opacity: 1 },
    encoding: { x: { field: 'x', type: 'quantitative', ...field.scales.x }, y: pixel('y') },
  }));
}

/** First and last, and of those between what leaves a gap to the one before. */
function spaced(places: readonly number[], pixelsPerX: number): number[] {
  const kept: number[] = [];
  const isNear = (place: number) => (place - (kept.at(-1) ?? Number.NEGATIVE_INFINITY)) * pixelsPerX < MARK_GAP;
  for (const place of places) if (!isNear(place)) kept.push(place);
  const last = places.at(-1);
  if (last === undefined || last === kept.at(-1)) return kept;
  return [...(kept.length > 1 ? kept.slice(0, -1) : kept), last];
}

function legendRows(drawn: readonly Drawn[]): LegendRow[] {
  const rows = drawn
    .filter(({ bright }) => bright)
    .map(({ one, color, dash, shape }): LegendRow => {
      const best = one.points.length > 1 ? bestText(one) : undefined;
      const line = { type: 'line', color, dash, width: 2 } as const;
      const point = { type: 'point', color, shape, filled: true } as const;
      const { head, tail } = pictureLabel(seriesLabel(one));
      const text = { head, tail: best === undefined ? tail : `${tail} · ${best}` };
      return { text, sample: one.points.length <= FEW_POINTS ? [line, point] : [line] };
    });
  const grey = drawn.filter(({ bright }) => !bright).map(({ one }) => labelText(refLabel(one.of)));
  if (grey.length === 0) return rows;
  const text = pictureText(`${countOf(grey.length, 'more curve')}, grey: ${grey.join(', ')}`);
  return [...rows, { text, sample: [{ type: 'line', color: GREY, dash: [1, 0], width: 1 }] }];
}

function curveNotes(drawn: readonly Drawn[]): string[] {
  const bright = drawn.filter((one) => one.bright).map(({ one }) => one);
  const hasBest = bright.some((one) => one.points.length > 1 && bestPoint(one) !== undefined);
  return [
    bright.some(isSmoothed) ? SMOOTHED_TEXT : '',
    hasBest ? 'diamond: best value as logged' : '',
    breaksText(bright, BREAK_GLYPHS) ?? '',
  ];
}

/** A curve in about `budget` points: first, last, extremes, so also the best, and the ends of gaps are kept. */
function thinSeries(series: Series, budget: number): Series {
  const { points } = series;
  if (points.length <= budget) return series;
  const nonFinite = series.nonFinite ?? points.filter(({ value }) => !Number.isFinite(value)).length;
  return { ...series, points: downsample(points, budget), nonFinite };
}
