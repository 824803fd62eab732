/** The axes around a terminal drawing, and the lines below it. */
import { type Axis, axisTicks, formatTick } from '../axis.ts';
import { paintSpans, wrapSpans } from '../spans.ts';
import { paint, type Screen } from '../style.ts';
import { padEnd, padStart } from '../width.ts';
import { type Canvas, createCanvas, paintRow } from './canvas.ts';

const MAXIMUM_WIDTH = 120;

export interface GlyphFrame {
  readonly canvas: Canvas;
  /** The drawn rows with both axes. */
  lines(): string[];
}

/** An empty canvas beside a y axis; no line of it is wider than the screen, nor than 120 columns. */
export function createFrame(x: Axis, y: Axis, xLabel: string, rows: number, screen: Screen): GlyphFrame {
  const ticks = axisTicks(y).map((value) => ({
    row: Math.round((1 - y.place(value)) * (rows - 1)),
    label: formatTick(value, y),
  }));
  const gutter = ticks.reduce((most, { label }) => Math.max(most, label.length), 0) + 1;
  const canvas = createCanvas(Math.min(screen.width, MAXIMUM_WIDTH) - gutter - 2, rows, screen);
  const [plain, ticked] = screen.unicode ? ['│', '┤'] : ['|', '+'];
  const lines = () => [
    ...canvas.cells.map((_, row) => {
      const tick = ticks.find((candidate) => candidate.row === row);
      const axis = `${padStart(tick?.label ?? '', gutter)} ${tick === undefined ? plain : ticked}`;
      return (paint(screen, 'dim', axis) + paintRow(canvas, row, screen)).trimEnd();
    }),
    ...xAxisRows(x, canvas.width, gutter + 1, xLabel, screen),
  ];
  return { canvas, lines };
}

/** The rule below a drawing with its ticks, and their labels with the axis's own behind where there is room. */
export function xAxisRows(x: Axis, width: number, gutter: number, label: string, screen: Screen): string[] {
  const [corner, line, mark] = screen.unicode ? ['└', '─', '┬'] : ['+', '-', '+'];
  const rule = Array.from({ length: width }, () => line);
  let labels = '';
  for (const value of axisTicks(x)) {
    const text = formatTick(value, x);
    const column = Math.round(x.place(value) * (width - 1));
    const start = Math.min(Math.max(0, column - Math.floor(text.length / 2)), width - text.length);
    if (start < labels.length + (labels === '' ? 0 : 1)) continue;
    rule[column] = mark;
    labels = padEnd(labels, start) + text;
  }
  const indent = ' '.repeat(gutter);
  const rows = [`${indent}${corner}${rule.join('')}`, `${indent} ${labels}`];
  const fits = labels.length + label.length + 2 <= width;
  const caption = fits ? `${rows[1]}  ${label}` : rows[1];
  // A step goes without saying; what else lies along the axis does not.
  const below = fits || label === 'step' || label === '' ? [] : noteLines([`along x: ${label}`], screen);
  return [...[rows[0], caption?.trimEnd()].map((row) => paint(screen, 'dim', row ?? '')), ...below];
}

/** Remarks below a drawing, on as many lines as they need. */
export function noteLines(notes: readonly (string | undefined)[], screen: Screen): string[] {
  const text = notes.filter((note) => note !== undefined && note !== '').join(screen.unicode ? ' · ' : '; ');
  return text === '' ? [] : wrapSpans([{ text, tone: 'dim' }], screen.width).map((line) => paintSpans(screen, line));
}
