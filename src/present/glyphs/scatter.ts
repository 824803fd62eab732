/** A param or a metric against a metric with terminal characters: points, and the fitted curve as a line of dots. */
import type { ScatterDrawing } from '../../finding/drawing.ts';
import { countOf, formatCount } from '../../finding/format.ts';
import { type Axis, chooseAxis } from '../axis.ts';
import { sanitizeLine } from '../sanitize.ts';
import { paint, type Screen } from '../style.ts';
import { chooseUnit, quantityLabel } from '../units.ts';
import { type Canvas, dotAt, drawLine, penSample, seriesPen, setDot, setGlyph } from './canvas.ts';
import { createFrame, noteLines } from './frame.ts';

const ROWS = 14;
/** More points than this would fill their cells: they are drawn as dots. */
const MOST_MARKS = 150;

export function drawScatter({ x, y, each, points, total, fit }: ScatterDrawing, screen: Screen): string[] {
  const [unitX, unitY] = [unitOf(points, 'x', x.kind), unitOf(points, 'y', y.kind)];
  const place = (point: { readonly x: number; readonly y: number }) => ({
    x: point.x / unitX.per,
    y: point.y / unitY.per,
  });
  const [placed, curve] = [points.map(place), (fit?.curve ?? []).map(place)];
  if (placed.length === 0) return ['no finite value to draw'];
  const all = [...placed, ...curve];
  const axisX = chooseAxis(
    all.map((point) => point.x),
    x.log ? 'log' : 'linear',
  );
  const axisY = chooseAxis(
    all.map((point) => point.y),
    'linear',
  );
  const scale = axisX.log ? ', log scale' : '';
  const frame = createFrame(axisX, axisY, '', ROWS, screen);
  const [pointPen, curvePen] = [seriesPen(0), seriesPen(1)];
  drawLine(
    frame.canvas,
    curve.map((point) => dotAt(frame.canvas, axisX, axisY, point.x, point.y)),
    {
      ...curvePen,
      dash: [1, 0],
      marker: '.',
    },
  );
  drawMarks(frame.canvas, axisX, axisY, placed, screen);
  const marks = screen.unicode ? '•' : 'o';
  const sampled = total > points.length ? `, ${formatCount(points.length)} drawn` : '';
  const legend = [
    `${paint(screen, pointPen.tone, marks)} ${countOf(total, each)}${sampled}`,
    fit === undefined
      ? ''
      : `${paint(screen, curvePen.tone, penSample({ ...curvePen, dash: [1, 0], marker: '.' }, screen))} fitted ${fit.form}`,
  ].filter((text) => text !== '');
  return [
    ...frame.lines(),
    legend.join('  '),
    ...noteLines(
      [
        `along x: ${sanitizeLine(quantityLabel(x, unitX))}${scale}`,
        `along y: ${sanitizeLine(quantityLabel(y, unitY))}`,
      ],
      screen,
    ),
  ];
}

function unitOf(points: ScatterDrawing['points'], side: 'x' | 'y', kind: ScatterDrawing['y']['kind']) {
  return chooseUnit(
    points.map((point) => point[side]),
    kind,
  );
}

function drawMarks(canvas: Canvas, x: Axis, y: Axis, points: ScatterDrawing['points'], screen: Screen): void {
  const pen = seriesPen(0);
  for (const point of points) {
    const dot = dotAt(canvas, x, y, point.x, point.y);
    if (points.length > MOST_MARKS && screen.unicode) setDot(canvas, dot, pen);
    else setGlyph(canvas, dot, screen.unicode ? '•' : 'o', pen.tone);
  }
}
