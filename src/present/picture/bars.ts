/** Ranked bars from 0, and the shares of params against the noise floor, as pictures. */
import { shareText } from '../../finding/chart-words.ts';
import type { BarsDrawing, ImpactDrawing } from '../../finding/drawing.ts';
import { formatAlike, formatCount, formatNumber, formatPercent } from '../../finding/format.ts';
import { chooseAxis } from '../axis.ts';
import { type Label, nameLabels, plainLabel } from '../series-label.ts';
import { chooseUnit, largeUnit, quantityLabel } from '../units.ts';
import { shippedFont } from './font.ts';
import { fitText, pictureLabel, pictureText } from './picture-text.ts';
import { createScale, type Layer, pixel, type Scale, type Sketch, textLayer } from './sketch.ts';
import { COLOURS, GREY, INK, PLOT_WIDTH, TEXT_SIZE } from './theme.ts';

const ROW = 28;
const BAR = 18;
/** Names take at most as much room as fits beside the plot. */
const MOST_LEFT = 300;
/** More bars would not fit a page; what is left out is said. */
const MOST_BARS = 50;
const MARGIN = 10;

interface Bar {
  /** Sanitised. */
  readonly name: Label;
  /** In the axis's unit. */
  readonly value: number;
  readonly text: string;
  readonly color: string;
}

/** Undefined where no value is finite. */
export function sketchBars({ value, bars, total }: BarsDrawing): Sketch | undefined {
  const shown = bars.slice(0, MOST_BARS);
  const values = shown.map((bar) => bar.value);
  const [unit, large] = [chooseUnit(values, value.kind), largeUnit(values)];
  const texts = formatAlike(values, value.kind);
  const names = nameLabels(shown.map(({ name }) => name));
  const rows = shown.map(({ value, sd }, i): Bar => {
    const spread = sd === undefined ? '' : ` ± ${formatNumber(sd, 3)}`;
    const text = pictureText(`${texts[i]}${spread}`);
    return {
      name: pictureLabel(names[i] as Label),
      value: value / unit.per / large.per,
      text,
      color: COLOURS[0],
    };
  });
  const more = total > shown.length ? `${formatCount(shown.length)} of ${formatCount(total)} shown` : '';
  const title = `${pictureText(quantityLabel(value, unit))}${large.name}`;
  return sketchRows(rows, { title, line: undefined, notes: [more], whole: value.kind === 'count' });
}

export function sketchImpact({ metric, bars, noiseFloor, configurations }: ImpactDrawing): Sketch | undefined {
  const shown = bars.slice(0, MOST_BARS);
  const rows = shown.map(({ params, explained, verdict }): Bar => {
    return {
      name: pictureLabel(plainLabel(params.join(' + '))),
      value: explained * 100,
      text: shareText(explained, verdict),
      color: verdict === 'none' ? GREY : COLOURS[0],
    };
  });
  const notes = [
    `over ${formatCount(configurations)} configurations`,
    'association, not cause',
    bars.length > shown.length ? `${formatCount(shown.length)} of ${formatCount(bars.length)} parameters shown` : '',
  ];
  const title = `variance of ${pictureText(metric)} explained, adjusted (%)`;
  const text = `noise floor ${formatPercent(noiseFloor)}: what chance reaches in 95% of cases`;
  return sketchRows(rows, { title, line: { at: noiseFloor * 100, text }, notes, whole: false });
}

interface RowOptions {
  readonly title: string;
  /** A value marked across all bars. */
  readonly line: { readonly at: number; readonly text: string } | undefined;
  readonly notes: readonly string[];
  readonly whole: boolean;
}

function sketchRows(rows: readonly Bar[], { title, line, notes, whole }: RowOptions): Sketch | undefined {
  const finite = rows.map(({ value }) => value).filter(Number.isFinite);
  if (finite.length === 0) return undefined;
  const height = rows.length * ROW;
  const axis = chooseAxis([0, ...finite, ...(line === undefined ? [] : [line.at])], 'linear');
  const scale = createScale(axis, { title, side: 'x', room: PLOT_WIDTH, zero: true, whole });
  const middle = (i: number) => i * ROW + ROW / 2;
  const placed = rows.map(({ value, color, text }, i) => ({
    zero: 0,
    value: Number.isFinite(value) ? value : 0,
    end: Number.isFinite(value) ? Math.max(0, value) : 0,
    top: middle(i) - BAR / 2,
    bottom: middle(i) + BAR / 2,
    middle: middle(i),
    color,
    text,
  }));
  const { names, left } = nameLayer(rows.map(({ name }, i) => ({ name, y: middle(i) })));
  return {
    layers: [
      barLayer(placed, scale),
      ...names,
      ...(line === undefined ? [] : [floorLayer(line.at, height, scale)]),
      valueLayer(placed, scale),
    ],
    height,
    left,
    legend:
      line === undefined
        ? []
        : [{ text: line.text, sample: [{ type: 'line', color: COLOURS[1], dash: [5, 3], width: 2 }] }],
    notes,
  };
}

type Placed = Readonly<Record<string, string | number>>;

const along = (field: string, scale: Scale): Layer => ({ field, type: 'quantitative', ...scale });

function barLayer(rows: readonly Placed[], scale: Scale): Layer {
  const encoding = {
    x: along('zero', scale),
    x2: { field: 'value' },
    y: pixel('top'),
    y2: { field: 'bottom' },
    color: { field: 'color', type: 'nominal', scale: null },
  };
  return { data: { values: rows }, mark: { type: 'rect' }, encoding };
}

/** Values behind the ends of their bars, on white so that no line crosses them. */
function valueLayer(rows: readonly Placed[], scale: Scale): Layer {
  const encoding = { x: along('end', scale), y: pixel('middle'), text: { field: 'text', type: 'nominal' } };
  return {
    data: { values: rows },
    mark: { type: 'text', align: 'left', baseline: 'middle', dx: 6, color: INK },
    encoding,
  };
}

function floorLayer(at: number, height: number, scale: Scale): Layer {
  const encoding = { x: along('value', scale), y: pixel('top'), y2: { field: 'bottom' } };
  const mark = { type: 'rule', color: COLOURS[1], strokeWidth: 2, strokeDash: [5, 3] };
  return { data: { values: [{ value: at, top: 0, bottom: height }] }, mark, encoding };
}

/** Names to the left of their rows, cut to what fits there. */
export function nameLayer(rows: readonly { readonly name: Label; readonly y: number }[]) {
  const font = shippedFont();
  const fitted = rows.map(({ name, y }) => ({ text: fitText(name, MOST_LEFT, TEXT_SIZE), x: -MARGIN, y }));
  const left = fitted.reduce((most, { text }) => Math.max(most, font.width(text, TEXT_SIZE)), 0) + MARGIN;
  return { names: textLayer(fitted, { align: 'right' }), left };
}
