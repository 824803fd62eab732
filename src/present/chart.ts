/** Curves drawn with terminal characters: braille dots (2 × 4 to a cell), or one ASCII character to a cell. */
import type { Series, SeriesPoint } from '../tools/kit/finding.ts';
import { type Axis, axisTicks, chooseAxis, formatTick } from './axis.ts';
import { sanitizeLine } from './sanitize.ts';
import { seriesLabel } from './series-label.ts';
import { paintSpans, wrapSpans } from './spans.ts';
import { drawSparklines } from './sparkline.ts';
import { paint, type Screen, seriesTone } from './style.ts';
import { padEnd, padStart, truncate } from './width.ts';

export interface ChartInput {
  readonly title: string;
  readonly series: readonly Series[];
}

const ROWS = 12;
/** Below this a drawing with axes says less than one line per series. */
const MINIMUM_WIDTH = 60;
const MAXIMUM_WIDTH = 120;
const MARKERS = '*+ox#@%&';
/** Dots on and off along a line, one pattern per series. */
const DASHES = [
  [1, 0],
  [4, 3],
  [1, 2],
  [6, 2, 1, 2],
] as const;
const BRAILLE_BASE = 0x2800;
/** Bit of each dot, by row and column of its cell. */
const BRAILLE_BITS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/** No line is wider than the screen; the drawing itself stays below 120 columns. */
export function drawChart(chart: ChartInput, screen: Screen): string[] {
  const title = wrapSpans([{ text: sanitizeLine(chart.title), tone: 'strong' }], screen.width);
  const values = chart.series.flatMap((series) => series.points.map((point) => point.value)).filter(Number.isFinite);
  if (values.length === 0) return [...title.map((line) => paintSpans(screen, line)), 'no finite value to draw'];
  const body =
    screen.width < MINIMUM_WIDTH ? drawSparklines(chart.series, screen) : drawPlot(chart.series, values, screen);
  return [...title.map((line) => paintSpans(screen, line)), ...body];
}

function drawPlot(series: readonly Series[], values: readonly number[], screen: Screen): string[] {
  const steps = series.flatMap((one) => one.points.map((point) => Number(point.step)));
  const x = chooseAxis(steps, false);
  const y = chooseAxis(values, true);
  const yTicks = axisTicks(y).map((value) => ({ row: cellRow(y, value), label: formatTick(value, y) }));
  const gutter = Math.max(...yTicks.map((tick) => tick.label.length)) + 1;
  const canvas = createCanvas(Math.min(screen.width, MAXIMUM_WIDTH) - gutter - 2, screen);
  series.forEach((one, index) => {
    drawSeries(canvas, one.points, index, x, y);
  });
  return [
    ...plotRows(canvas, yTicks, gutter, screen),
    ...xAxisRows(x, canvas.width, gutter, screen),
    ...legend(series, y, screen),
  ];
}

// ---- the canvas

interface Canvas {
  readonly width: number;
  /** Dots per cell across and down. */
  readonly across: number;
  readonly down: number;
  readonly cells: { glyph: string; bits: number; series: number }[][];
}

function createCanvas(width: number, screen: Screen): Canvas {
  const cells = Array.from({ length: ROWS }, () =>
    Array.from({ length: width }, () => ({ glyph: '', bits: 0, series: -1 })),
  );
  return screen.unicode ? { width, across: 2, down: 4, cells } : { width, across: 1, down: 1, cells };
}

function setDot(canvas: Canvas, column: number, row: number, series: number): void {
  const cell = canvas.cells[Math.floor(row / canvas.down)]?.[Math.floor(column / canvas.across)];
  if (cell === undefined) return;
  cell.bits |= BRAILLE_BITS[row % canvas.down]?.[column % canvas.across] ?? 0;
  cell.series = series;
  if (canvas.down === 1) cell.glyph = MARKERS[series % MARKERS.length] ?? '*';
}

function setGlyph(canvas: Canvas, column: number, row: number, glyph: string, series: number): void {
  const cell = canvas.cells[Math.floor(row / canvas.down)]?.[Math.floor(column / canvas.across)];
  if (cell !== undefined) Object.assign(cell, { glyph, series });
}

// ---- one series

function drawSeries(canvas: Canvas, points: readonly SeriesPoint[], index: number, x: Axis, y: Axis): void {
  const column = (point: SeriesPoint) => Math.round(x.place(Number(point.step)) * (canvas.width * canvas.across - 1));
  const row = (point: SeriesPoint) => Math.round((1 - y.place(point.value)) * (ROWS * canvas.down - 1));
  let previous: readonly [number, number] | undefined;
  let drawn = 0;
  for (const point of points) {
    if (!Number.isFinite(point.value)) {
      previous = undefined;
      continue;
    }
    const here = [column(point), row(point)] as const;
    drawn = drawSegment(canvas, previous ?? here, here, index, drawn);
    previous = here;
  }
  for (const point of points) {
    if (Number.isFinite(point.value)) continue;
    const edge = point.value === Number.POSITIVE_INFINITY ? 0 : ROWS * canvas.down - 1;
    setGlyph(canvas, column(point), edge, canvas.down === 1 ? '!' : '×', index);
  }
}

/** Bresenham's line, dashed by the number of dots drawn so far. Returns that number. */
function drawSegment(
  canvas: Canvas,
  [fromColumn, fromRow]: readonly [number, number],
  [toColumn, toRow]: readonly [number, number],
  series: number,
  drawn: number,
): number {
  const length = Math.max(Math.abs(toColumn - fromColumn), Math.abs(toRow - fromRow));
  for (let dot = length === 0 ? 0 : 1; dot <= length; dot++) {
    const share = length === 0 ? 0 : dot / length;
    if (canvas.down === 1 || isDashOn(series, drawn + dot)) {
      const column = Math.round(fromColumn + share * (toColumn - fromColumn));
      setDot(canvas, column, Math.round(fromRow + share * (toRow - fromRow)), series);
    }
  }
  return drawn + length;
}

function isDashOn(series: number, dot: number): boolean {
  const pattern = DASHES[series % DASHES.length] ?? DASHES[0];
  let rest = dot % pattern.reduce((sum: number, length) => sum + length, 0);
  for (const [index, length] of pattern.entries()) {
    if (rest < length) return index % 2 === 0;
    rest -= length;
  }
  return true;
}

// ---- axes and legend

function cellRow(y: Axis, value: number): number {
  return Math.round((1 - y.place(value)) * (ROWS - 1));
}

function plotRows(
  canvas: Canvas,
  ticks: readonly { readonly row: number; readonly label: string }[],
  gutter: number,
  screen: Screen,
): string[] {
  const [plain, ticked] = screen.unicode ? ['│', '┤'] : ['|', '+'];
  return canvas.cells.map((cells, row) => {
    const tick = ticks.find((candidate) => candidate.row === row);
    const axis = `${padStart(tick?.label ?? '', gutter)} ${tick === undefined ? plain : ticked}`;
    const drawn = cells.map((cell) => {
      const glyph = cell.glyph || (cell.bits === 0 ? ' ' : String.fromCharCode(BRAILLE_BASE + cell.bits));
      return cell.series < 0 ? glyph : paint(screen, seriesTone(cell.series), glyph);
    });
    return (paint(screen, 'dim', axis) + drawn.join('')).trimEnd();
  });
}

function xAxisRows(x: Axis, width: number, gutter: number, screen: Screen): string[] {
  const [corner, line, mark] = screen.unicode ? ['└', '─', '┬'] : ['+', '-', '+'];
  const rule = Array.from({ length: width }, () => line);
  let labels = '';
  for (const value of axisTicks(x)) {
    const label = formatTick(value, x);
    const column = Math.round(x.place(value) * (width - 1));
    const start = Math.min(Math.max(0, column - Math.floor(label.length / 2)), width - label.length);
    if (start < labels.length + (labels === '' ? 0 : 1)) continue;
    rule[column] = mark;
    labels = padEnd(labels, start) + label;
  }
  const indent = ' '.repeat(gutter + 1);
  const caption = labels.length + 6 <= width ? `${labels}  step` : labels;
  return [`${indent}${corner}${rule.join('')}`, `${indent} ${caption}`].map((row) => paint(screen, 'dim', row));
}

function legend(series: readonly Series[], y: Axis, screen: Screen): string[] {
  const lines = series.map((one, index) => {
    const sample = screen.unicode ? dashSample(index) : (MARKERS[index % MARKERS.length] ?? '*');
    return `${paint(screen, seriesTone(index), sample)} ${truncate(seriesLabel(one), screen.width - sample.length - 1)}`;
  });
  const points = series.flatMap((one) => one.points);
  const gaps = points.filter((point) => !Number.isFinite(point.value)).length;
  const notes = [
    y.log ? 'logarithmic scale' : '',
    gaps > 0 ? `${screen.unicode ? '×' : '!'} NaN or ±Infinity (${gaps})` : '',
  ].filter((note) => note !== '');
  return notes.length === 0 ? lines : [...lines, paint(screen, 'dim', notes.join(' · '))];
}

function dashSample(index: number): string {
  const dots = Array.from({ length: 8 }, (_, dot) => isDashOn(index, dot));
  return [0, 2, 4, 6]
    .map((dot) => String.fromCharCode(BRAILLE_BASE + (dots[dot] ? 0x04 : 0) + (dots[dot + 1] ? 0x20 : 0)))
    .join('');
}
