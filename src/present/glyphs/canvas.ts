/** A field of terminal cells to draw lines and marks on: braille dots (2 × 4 to a cell), or one ASCII character to a cell. */
import type { Axis } from '../axis.ts';
import { paint, type Screen, seriesTone, type Tone } from '../style.ts';

export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** Dots per cell across and down. */
  readonly across: number;
  readonly down: number;
  readonly cells: readonly { glyph: string; bits: number; tone: Tone | undefined }[][];
}

/** How a line is drawn: in colour, by its dashes, and in ASCII by its character. */
export interface Pen {
  readonly tone: Tone;
  /** Dots on and off, in turn. */
  readonly dash: readonly number[];
  readonly marker: string;
}

type Dot = readonly [column: number, row: number];

const MARKERS = '*+ox#@%&';
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

export function seriesPen(index: number): Pen {
  return {
    tone: seriesTone(index),
    dash: DASHES[index % DASHES.length] ?? DASHES[0],
    marker: MARKERS[index % MARKERS.length] ?? '*',
  };
}

/** What is to stay in the background. */
export const FAINT_PEN: Pen = { tone: 'dim', dash: [1, 5], marker: '.' };

export function createCanvas(width: number, height: number, screen: Screen): Canvas {
  const cells = Array.from({ length: height }, () =>
    Array.from({ length: width }, () => ({ glyph: '', bits: 0, tone: undefined })),
  );
  const [across, down] = screen.unicode ? [2, 4] : [1, 1];
  return { width, height, across, down, cells };
}

/** The dot of a place on two axes. */
export function dotAt(canvas: Canvas, x: Axis, y: Axis, atX: number, atY: number): Dot {
  return [
    Math.round(x.place(atX) * (canvas.width * canvas.across - 1)),
    Math.round((1 - y.place(atY)) * (canvas.height * canvas.down - 1)),
  ];
}

export function setDot(canvas: Canvas, [column, row]: Dot, pen: Pen): void {
  const cell = canvas.cells[Math.floor(row / canvas.down)]?.[Math.floor(column / canvas.across)];
  if (cell === undefined) return;
  cell.bits |= BRAILLE_BITS[row % canvas.down]?.[column % canvas.across] ?? 0;
  cell.tone = pen.tone;
  if (canvas.down === 1) cell.glyph = pen.marker;
}

/** Puts a character into the cell of a dot, over whatever is there. */
export function setGlyph(canvas: Canvas, [column, row]: Dot, glyph: string, tone: Tone): void {
  const cell = canvas.cells[Math.floor(row / canvas.down)]?.[Math.floor(column / canvas.across)];
  if (cell !== undefined) Object.assign(cell, { glyph, tone });
}

/** A line through dots, broken where there is none; a dot alone is drawn as it is. `phase`: where in the dashes it begins. */
export function drawLine(canvas: Canvas, dots: readonly (Dot | undefined)[], pen: Pen, phase = 0): void {
  let previous: Dot | undefined;
  let drawn = phase;
  for (const dot of dots) {
    if (dot !== undefined) drawn = drawSegment(canvas, previous ?? dot, dot, pen, drawn);
    previous = dot;
  }
}

/** Bresenham's line, dashed by the number of dots drawn so far. Returns that number. */
function drawSegment(canvas: Canvas, from: Dot, to: Dot, pen: Pen, drawn: number): number {
  const length = Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1]));
  for (let dot = length === 0 ? 0 : 1; dot <= length; dot++) {
    const share = length === 0 ? 0 : dot / length;
    if (canvas.down > 1 && !isDashOn(pen.dash, drawn + dot)) continue;
    const along = (axis: 0 | 1) => Math.round(from[axis] + share * (to[axis] - from[axis]));
    setDot(canvas, [along(0), along(1)], pen);
  }
  return drawn + length;
}

function isDashOn(dash: readonly number[], dot: number): boolean {
  // A whole line needs no counting, and has the most dots.
  if (dash[1] === 0) return true;
  let rest = dot % dash.reduce((sum, length) => sum + length, 0);
  for (const [index, length] of dash.entries()) {
    if (rest < length) return index % 2 === 0;
    rest -= length;
  }
  return true;
}

/** A canvas row as text. */
export function paintRow(canvas: Canvas, row: number, screen: Screen): string {
  const cells = canvas.cells[row] ?? [];
  return cells
    .map((cell) => {
      const glyph = cell.glyph || (cell.bits === 0 ? ' ' : String.fromCharCode(BRAILLE_BASE + cell.bits));
      return glyph === ' ' ? glyph : paint(screen, cell.tone, glyph);
    })
    .join('');
}

/** A short piece of the pen's line, for a legend. */
export function penSample(pen: Pen, screen: Screen): string {
  if (!screen.unicode) return pen.marker;
  const dots = Array.from({ length: 8 }, (_, dot) => isDashOn(pen.dash, dot));
  return [0, 2, 4, 6]
    .map((dot) => String.fromCharCode(BRAILLE_BASE + (dots[dot] ? 0x04 : 0) + (dots[dot + 1] ? 0x20 : 0)))
    .join('');
}
