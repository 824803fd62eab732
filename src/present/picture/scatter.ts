/** A param or a metric against a metric as a picture: points and the fitted curve, the x axis logarithmic where the fit is. */
import type { Quantity, ScatterDrawing, XY } from '../../finding/drawing.ts';
import { countOf, formatCount } from '../../finding/format.ts';
import { type Axis, chooseAxis } from '../axis.ts';
import { chooseUnit, largeUnit, quantityLabel } from '../units.ts';
import { pictureText } from './picture-text.ts';
import { createScale, type Layer, type LegendRow, type Scale, type Sketch } from './sketch.ts';
import { COLOURS, PLOT_HEIGHT, PLOT_WIDTH } from './theme.ts';

/** From here on points are small and pale, so that where many lie can be seen. */
const MANY_POINTS = 300;

/** Undefined where there is no point. */
export function sketchScatter({ x, y, each, points, total, fit }: ScatterDrawing): Sketch | undefined {
  if (points.length === 0) return undefined;
  const sides = { x: measure(points, fit?.curve ?? [], 'x', x), y: measure(points, fit?.curve ?? [], 'y', y) };
  const scales = {
    x: createScale(sides.x.axis, {
      title: `${sides.x.label}${sides.x.axis.log ? ' (log scale)' : ''}`,
      side: 'x',
      room: PLOT_WIDTH,
    }),
    y: createScale(sides.y.axis, { title: sides.y.label, side: 'y', room: PLOT_HEIGHT }),
  };
  const place = (point: XY): XY => ({ x: point.x / sides.x.per, y: point.y / sides.y.per });
  const many = points.length > MANY_POINTS;
  const dots = { type: 'point', shape: 'circle', filled: true, size: many ? 18 : 50, opacity: many ? 0.35 : 0.65 };
  const line = { type: 'line', color: COLOURS[1], strokeWidth: 2.5 };
  const encoding = encode(scales);
  const order = { field: 'x', type: 'quantitative' };
  return {
    layers: [
      { data: { values: points.map(place) }, mark: { ...dots, color: COLOURS[0] }, encoding },
      ...(fit === undefined
        ? []
        : [{ data: { values: fit.curve.map(place) }, mark: line, encoding: { ...encoding, order } }]),
    ],
    height: PLOT_HEIGHT,
    left: 0,
    legend: legendRows({ each, points, total, fit }),
    notes: ['association, not cause'],
  };
}

interface Measured {
  readonly axis: Axis;
  readonly label: string;
  /** What values are divided by. */
  readonly per: number;
}

function measure(
  points: readonly XY[],
  curve: readonly XY[],
  side: 'x' | 'y',
  quantity: Quantity & { log?: boolean },
): Measured {
  const values = [...points, ...curve].map((point) => point[side]);
  const [unit, large] = [chooseUnit(values, quantity.kind), largeUnit(values)];
  const per = unit.per * large.per;
  const axis = chooseAxis(
    values.map((value) => value / per),
    quantity.log === true ? 'log' : 'linear',
  );
  return { axis, per, label: `${pictureText(quantityLabel(quantity, unit))}${large.name}` };
}

function encode(scales: { readonly x: Scale; readonly y: Scale }): Layer {
  return {
    x: { field: 'x', type: 'quantitative', ...scales.x },
    y: { field: 'y', type: 'quantitative', ...scales.y },
  };
}

function legendRows({
  each,
  points,
  total,
  fit,
}: Pick<ScatterDrawing, 'each' | 'points' | 'total' | 'fit'>): LegendRow[] {
  const drawn = total > points.length ? `, of which ${formatCount(points.length)} are drawn` : '';
  const dot = { type: 'point', color: COLOURS[0], shape: 'circle', filled: true } as const;
  const rows: LegendRow[] = [{ text: `${countOf(total, each)}${drawn}`, sample: [dot] }];
  if (fit === undefined) return rows;
  return [
    ...rows,
    { text: `fitted ${fit.form}`, sample: [{ type: 'line', color: COLOURS[1], dash: [1, 0], width: 2.5 }] },
  ];
}
