/** Curves with terminal characters: smoothed ones over their faint points, gaps where nothing is finite, the best marked. */
import type { CurveDrawing, Series } from '../../finding/drawing.ts';
import { countOf } from '../../finding/format.ts';
import { type Axis, chooseAxis } from '../axis.ts';
import {
  type Break,
  bestPoint,
  breakOf,
  breaksText,
  type CurvePlaces,
  curvePlaces,
  highlighted,
  isSmoothed,
  SMOOTHED_TEXT,
} from '../curve-marks.ts';
import { fitLabel, type Label, labelText, plainLabel, refLabel, seriesLabel } from '../series-label.ts';
import { paint, type Screen } from '../style.ts';
import { type Canvas, dotAt, drawLine, FAINT_PEN, type Pen, penSample, seriesPen, setDot, setGlyph } from './canvas.ts';
import { createFrame, noteLines } from './frame.ts';
import { drawSparklines } from './sparkline.ts';

const ROWS = 12;
/** Below this a drawing with axes says less than one line per series. */
const MINIMUM_WIDTH = 60;

const UNICODE_MARKS = { nan: '×', above: '▲', below: '▼', best: '◆' } as const;
const ASCII_MARKS = { nan: '!', above: '^', below: 'v', best: 'B' } as const;

/** @param values every finite value of the curves; at least one */
export function drawCurves(chart: CurveDrawing, values: readonly number[], screen: Screen): string[] {
  const { series } = chart;
  if (screen.width < MINIMUM_WIDTH) return drawSparklines(series, screen);
  const places = curvePlaces(chart);
  const along = series.flatMap((one) => one.points.map(places.place)).filter(Number.isFinite);
  const [x, y] = [chooseAxis(along, 'linear'), chooseAxis(values, 'by span')];
  const frame = createFrame(x, y, places.label, ROWS, screen);
  const marks = screen.unicode ? UNICODE_MARKS : ASCII_MARKS;
  const bright = highlighted(series);
  const field: Field = { canvas: frame.canvas, x, y, places, marks };
  const pens = series.map((_, index) =>
    bright.has(index) ? seriesPen([...bright].sort((a, b) => a - b).indexOf(index)) : FAINT_PEN,
  );
  const drawn = series.map((one, index) => ({ one, pen: pens[index] ?? FAINT_PEN, bright: bright.has(index) }));
  // What is faint first, so that nothing bright is hidden by it.
  for (const [index, { one, pen, bright }] of drawn.entries()) if (!bright) drawCurve(field, one, pen, index);
  for (const { one, bright } of drawn) if (bright && isSmoothed(one)) drawPoints(field, one);
  for (const { one, pen, bright } of drawn) if (bright) drawCurve(field, one, pen);
  for (const { one, pen, bright } of drawn) if (bright) markCurve(field, one, pen);
  return [...frame.lines(), ...legend(drawn, screen), ...noteLines(notes(series, y, marks), screen)];
}

interface Field {
  readonly canvas: Canvas;
  readonly x: Axis;
  readonly y: Axis;
  readonly places: CurvePlaces;
  readonly marks: Readonly<Record<Break | 'best', string>>;
}

function drawCurve({ canvas, x, y, places }: Field, { points }: Series, pen: Pen, phase = 0): void {
  const dots = points.map((point) => {
    const at = places.place(point);
    const value = point.smoothed ?? point.value;
    return Number.isFinite(value) && Number.isFinite(at) ? dotAt(canvas, x, y, at, value) : undefined;
  });
  drawLine(canvas, dots, pen, phase);
}

function drawPoints({ canvas, x, y, places }: Field, { points }: Series): void {
  for (const point of points)
    if (Number.isFinite(point.value) && Number.isFinite(places.place(point)))
      setDot(canvas, dotAt(canvas, x, y, places.place(point), point.value), FAINT_PEN);
}

function markCurve({ canvas, x, y, places, marks }: Field, series: Series, pen: Pen): void {
  const best = bestPoint(series);
  if (best !== undefined && series.points.length > 1)
    setGlyph(canvas, dotAt(canvas, x, y, places.place(best), best.value), marks.best, pen.tone);
  for (const point of series.points) {
    const kind = breakOf(point.value);
    if (kind === undefined || !Number.isFinite(places.place(point))) continue;
    const [column] = dotAt(canvas, x, y, places.place(point), y.minimum);
    const edge = kind === 'above' ? 0 : canvas.height * canvas.down - 1;
    setGlyph(canvas, [column, edge], marks[kind], pen.tone);
  }
}

interface Drawn {
  readonly one: Series;
  readonly pen: Pen;
  readonly bright: boolean;
}

function legend(drawn: readonly Drawn[], screen: Screen): string[] {
  const line = (label: Label, pen: Pen) => {
    const sample = penSample(pen, screen);
    return `${paint(screen, pen.tone, sample)} ${fitLabel(label, screen.width - sample.length - 1, screen)}`;
  };
  const grey = drawn.filter(({ bright }) => !bright).map(({ one }) => labelText(refLabel(one.of)));
  return [
    ...drawn.filter(({ bright }) => bright).map(({ one, pen }) => line(seriesLabel(one), pen)),
    ...(grey.length === 0
      ? []
      : [line(plainLabel(`${countOf(grey.length, 'more curve')}, faint: ${grey.join(', ')}`), FAINT_PEN)]),
  ];
}

function notes(series: readonly Series[], y: Axis, marks: Field['marks']): (string | undefined)[] {
  return [
    y.log ? 'logarithmic scale' : '',
    series.some(isSmoothed) ? SMOOTHED_TEXT : '',
    series.some((one) => one.points.length > 1 && bestPoint(one) !== undefined) ? `${marks.best} best` : '',
    breaksText(series, marks),
  ];
}
