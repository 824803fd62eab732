/** What terminal drawings and pictures agree on about curves: places, the best point, what is not finite, how many to tell apart. */
import { SMOOTHING } from '../finding/charts.ts';
import type { CurveAxis, CurveDrawing, Series, SeriesPoint } from '../finding/drawing.ts';
import { formatCount, formatNumber } from '../finding/format.ts';
import { chooseUnit, type Unit } from './units.ts';

/** More curves than this cannot be told apart by colour and dash. */
const MOST_ALIKE = 8;
const HIGHLIGHTED = 5;

/** The x axis: its heading, and where a point lies on it. */
export interface CurvePlaces {
  readonly label: string;
  place(point: SeriesPoint): number;
}

const LABELS: Readonly<Record<CurveAxis, string>> = {
  step: 'step',
  epoch: 'epoch',
  time: 'time since first point',
  order: 'log order',
};

export function curvePlaces({ axis, series }: CurveDrawing): CurvePlaces {
  const isStep = axis === 'step' || axis === 'order';
  const raw = (point: SeriesPoint) => (isStep ? Number(point.step) : (point.at ?? Number.NaN));
  const unit: Unit =
    axis === 'time'
      ? chooseUnit(
          series.flatMap((one) => one.points.map(raw)),
          'duration',
        )
      : { name: '', per: 1 };
  return {
    label: unit.name === '' ? LABELS[axis] : `${LABELS[axis]} (${unit.name})`,
    place: (point) => raw(point) / unit.per,
  };
}

/** The metric that all curves are of, or what stands for several. */
export function curveValueLabel({ series }: CurveDrawing): string {
  const metrics = new Set(series.map(({ metric }) => metric));
  const [only = ''] = metrics;
  return metrics.size === 1 ? only : 'value';
}

/** The earliest of the best; undefined where no direction is known, or nothing is finite. */
export function bestPoint({ points, better }: Series): SeriesPoint | undefined {
  if (better === undefined) return undefined;
  const sign = better === 'higher' ? -1 : 1;
  let best: SeriesPoint | undefined;
  for (const point of points)
    if (Number.isFinite(point.value) && (best === undefined || sign * (point.value - best.value) < 0)) best = point;
  return best;
}

/** `best 0.0206 at step 59`; undefined as `bestPoint`. */
export function bestText(series: Series): string | undefined {
  const best = bestPoint(series);
  return best && `best ${formatNumber(best.value, 4)} at step ${formatCount(best.step)}`;
}

/**
 * Of up to eight curves all; of more the five that came out best, or where that is not known the first five: their
 * indices. The others are drawn grey.
 */
export function highlighted(series: readonly Series[]): ReadonlySet<number> {
  const all = [...series.keys()];
  if (series.length <= MOST_ALIKE) return new Set(all);
  const [first] = series;
  const comparable = series.every(({ metric }) => metric === first?.metric) && first?.better !== undefined;
  if (!comparable) return new Set(all.slice(0, HIGHLIGHTED));
  const sign = first.better === 'higher' ? -1 : 1;
  const values = series.map((one) => sign * (bestPoint(one)?.value ?? Number.POSITIVE_INFINITY * sign));
  return new Set(all.toSorted((a, b) => compare(values[a]!, values[b]!) || a - b).slice(0, HIGHLIGHTED));
}

const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);

export type Break = 'nan' | 'above' | 'below';

/** How a value that is not finite is marked: NaN and −Infinity at the bottom, +Infinity at the top. */
export function breakOf(value: number): Break | undefined {
  if (Number.isFinite(value)) return undefined;
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'above' : 'below';
}

/** `× NaN, ▲ +Infinity (21 points)`; undefined where every point is finite. `glyphs` has the marks. */
export function breaksText(series: readonly Series[], glyphs: Readonly<Record<Break, string>>): string | undefined {
  const found = new Set(series.flatMap(({ points }) => points.flatMap(({ value }) => breakOf(value) ?? [])));
  if (found.size === 0) return undefined;
  const count = series.reduce((sum, one) => sum + countBreaks(one), 0);
  const names = { nan: 'NaN', above: '+Infinity', below: '-Infinity' } as const;
  const marks = (['nan', 'above', 'below'] as const).filter((kind) => found.has(kind));
  return `${marks.map((kind) => `${glyphs[kind]} ${names[kind]}`).join(', ')} (${formatCount(count)})`;
}

function countBreaks({ points, nonFinite }: Series): number {
  return nonFinite ?? points.reduce((sum, { value }) => sum + (Number.isFinite(value) ? 0 : 1), 0);
}

export const SMOOTHED_TEXT = `smoothed (EMA ${SMOOTHING}), as logged faint behind`;

export const isSmoothed = ({ points }: Series): boolean => points.some(({ smoothed }) => smoothed !== undefined);
