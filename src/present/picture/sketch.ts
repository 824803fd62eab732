/** The parts that pictures are made of, as Vega-Lite layers over inline rows; no name from a store is ever a field or an expression. */
import { type Axis, axisTicks } from '../axis.ts';
import type { Label } from '../series-label.ts';
import { fitText, pictureText, wrapText } from './picture-text.ts';
import { CONFIG, INK, NOTE_SIZE, PLOT_WIDTH, SOFT_INK, TEXT_SIZE, TITLE_SIZE } from './theme.ts';

export type Layer = Readonly<Record<string, unknown>>;
type Row = Readonly<Record<string, string | number>>;

/** A drawing without its title, and how far it reaches. */
export interface Sketch {
  readonly layers: readonly Layer[];
  readonly height: number;
  /** Pixels that names take left of the plot. */
  readonly left: number;
  /** Rows of the legend: a sample of what is drawn and its words. */
  readonly legend: readonly LegendRow[];
  readonly notes: readonly string[];
}

export interface LegendRow {
  readonly text: string | Label;
  readonly sample: readonly SketchMark[];
}

/** Drawn in a legend row's 32 × 18 pixels. */
export type SketchMark =
  | { readonly type: 'line'; readonly color: string; readonly dash: readonly number[]; readonly width: number }
  | { readonly type: 'point'; readonly color: string; readonly shape: string; readonly filled: boolean };

/** The x axis's title and labels lie between a plot and its legend. */
const BELOW_PLOT = 58;
const LEGEND_ROW = 20;
const SAMPLE_WIDTH = 32;
const TITLE_LINES = 3;

/** @param title as it is; the sketch's texts are already sanitised */
export function sketchSpec(sketch: Sketch, title: string): Layer {
  const { height, left, layers, legend, notes } = sketch;
  const width = PLOT_WIDTH + left;
  const titles = wrapText(pictureText(title), width, TITLE_SIZE, TITLE_LINES);
  const noteText = notes.filter((note) => note !== '').join(' · ');
  const noteLines = noteText === '' ? [] : wrapText(noteText, width, NOTE_SIZE, TITLE_LINES);
  const legendTop = height + BELOW_PLOT;
  const notesTop = legendTop + legend.length * LEGEND_ROW + 2;
  const headed = titles.map((text, i) => ({ text, x: -left, y: -18 - (titles.length - 1 - i) * (TITLE_SIZE + 4) }));
  const noted = noteLines.map((text, i) => ({ text, x: -left, y: notesTop + i * (NOTE_SIZE + 5) }));
  const room = width - SAMPLE_WIDTH - 8;
  const named = legend.map(({ text }, i) => ({
    text: fitText(text, room, TEXT_SIZE),
    x: -left + SAMPLE_WIDTH + 8,
    y: legendTop + i * LEGEND_ROW,
  }));
  return {
    width: PLOT_WIDTH,
    height,
    background: 'white',
    padding: 16,
    config: CONFIG,
    layer: [
      ...layers,
      ...textLayer(headed, { fontSize: TITLE_SIZE }),
      ...legend.flatMap(({ sample }, i) => sample.map((mark) => sampleLayer(mark, -left, legendTop + i * LEGEND_ROW))),
      ...textLayer(named, {}),
      ...textLayer(noted, { fontSize: NOTE_SIZE, color: SOFT_INK }),
    ],
  };
}

/** A place in pixels from the plot's upper left corner. */
export const pixel = (field: string) => ({ field, type: 'quantitative', scale: null, axis: null }) as const;

/** Texts at places in pixels. */
export function textLayer(rows: readonly (Row & { readonly text: string })[], mark: Layer): Layer[] {
  if (rows.length === 0) return [];
  const encoding = { x: pixel('x'), y: pixel('y'), text: { field: 'text', type: 'nominal' } };
  return [{ data: { values: rows }, mark: { type: 'text', align: 'left', baseline: 'middle', ...mark }, encoding }];
}

function sampleLayer(mark: SketchMark, x: number, y: number): Layer {
  if (mark.type === 'point') {
    const { color, shape, filled } = mark;
    const at = { x: x + SAMPLE_WIDTH / 2, y };
    return {
      data: { values: [at] },
      mark: { type: 'point', color, shape, filled, size: 55, opacity: 1, strokeWidth: 1.5 },
      encoding: { x: pixel('x'), y: pixel('y') },
    };
  }
  const { color, dash, width } = mark;
  return {
    data: { values: [{ x, x2: x + SAMPLE_WIDTH, y }] },
    mark: { type: 'rule', color, strokeDash: dash, strokeWidth: width, opacity: 1 },
    encoding: { x: pixel('x'), x2: { field: 'x2' }, y: pixel('y') },
  };
}

/** An axis of numbers from one end to the other, both given in the numbers that rows have. */
export interface Scale {
  readonly scale: Layer;
  readonly axis: Layer;
}

export interface ScaleOptions {
  readonly title: string;
  readonly side: 'x' | 'y';
  /** Pixels that the title has. */
  readonly room: number;
  /** Begin at 0. */
  readonly zero?: boolean | undefined;
  /** Only whole numbers are marked. */
  readonly whole?: boolean | undefined;
}

/** Whether ticks written out would be mostly zeros; not where they differ late, which six digits would hide. */
function isFarFromOne({ minimum, maximum }: Axis): boolean {
  const largest = Math.max(Math.abs(minimum), Math.abs(maximum));
  return (largest < 1e-4 || largest >= 1e9) && (maximum - minimum) / largest > 1e-4;
}

export function createScale(axis: Axis, { title, side, room, zero = false, whole = false }: ScaleOptions): Scale {
  const { minimum, maximum, log } = axis;
  const isPoint = minimum === maximum;
  const spread = isPoint ? Math.abs(minimum) * 0.1 || 1 : 0;
  // Rounding a logarithmic axis to decades would leave much of it empty; a little room keeps marks off its ends.
  const stretch = log ? (isPoint ? 1.1 : (maximum / minimum) ** 0.03) : 1;
  const domain = log ? [minimum / stretch, maximum * stretch] : [minimum - spread, maximum + spread];
  return {
    scale: { type: log ? 'log' : 'linear', domain, nice: !log, ...(!log && { zero }) },
    axis: {
      title: title === '' ? null : fitText(title, room, TEXT_SIZE + 1),
      titleColor: INK,
      tickCount: side === 'x' ? 8 : 6,
      grid: true,
      ...(log && { values: axisTicks(axis) }),
      ...((log || isFarFromOne(axis)) && { format: '~g' }),
      ...(whole && { tickMinStep: 1 }),
    },
  };
}
