/** Metric histories: what they hold, what went wrong in them, and how to draw them in fewer points. */
import type { Int64, MetricPoint } from '../query/point.ts';
import {
  asErrors,
  bestIndex,
  endsWorse,
  findSpike,
  generalizationLoss,
  lateImprovement,
  risesVisibly,
  stillFalling,
} from './curve-rules.ts';

export interface CurveSummary {
  /** Points logged. */
  readonly n: number;
  readonly distinctSteps: number;
  /** In order of step, then timestamp; may be non-finite. */
  readonly first: MetricPoint | undefined;
  readonly last: MetricPoint | undefined;
  /** Over finite values; the earliest of equals. */
  readonly min: MetricPoint | undefined;
  readonly max: MetricPoint | undefined;
  readonly nonFinite: number;
  readonly firstNonFinite: MetricPoint | undefined;
  /** Steps logged more than once (a resumed run, or a step that was never set). */
  readonly repeatedSteps: number;
}

interface At {
  readonly step: Int64;
}

export type CurveDiagnosis =
  /** `step` and `value` of the first NaN or ±Infinity; `count` of `of` points are. */
  | (At & { readonly kind: 'non-finite'; readonly value: number; readonly count: number; readonly of: number })
  /** Ended non-finite (`last` is that value), or far worse than it began; it was best at `step`. */
  | (At & { readonly kind: 'diverged'; readonly first: number; readonly best: number; readonly last: number })
  /** The largest of `count` points at least 7 sd worse than the window before them; `share` is of all points. */
  | (At & {
      readonly kind: 'spike';
      readonly value: number;
      readonly deviations: number;
      readonly count: number;
      readonly share: number;
    })
  /** Stopping at `step` would have given `best`. `generalizationLoss` is the error's rise since, in per cent. */
  | (At & {
      readonly kind: 'overfitting';
      readonly best: number;
      readonly last: number;
      readonly generalizationLoss: number;
    })
  /** Best at `step`; `improvement` is the error's relative gain over the last fifth of the points. */
  | (At & { readonly kind: 'plateau' | 'still-improving'; readonly best: number; readonly improvement: number })
  /** Fewer than 10 finite evaluations, the last at `step`: no verdict on the shape. */
  | (At & { readonly kind: 'too-short'; readonly evaluations: number });

export interface DiagnoseOptions {
  /** Undefined: only what needs no direction is judged. */
  readonly direction: 'higher' | 'lower' | undefined;
  /** The same quantity on the training data: without it overfitting is not judged. */
  readonly train?: readonly MetricPoint[] | undefined;
}

interface Plottable {
  readonly step: Int64;
  readonly value: number;
}

export function summarizeCurve(points: readonly MetricPoint[]): CurveSummary {
  const ordered = orderPoints(points);
  const timesLogged = new Map<Int64, number>();
  for (const { step } of ordered) timesLogged.set(step, (timesLogged.get(step) ?? 0) + 1);
  const finite = ordered.filter((point) => Number.isFinite(point.value));
  return {
    n: ordered.length,
    distinctSteps: timesLogged.size,
    first: ordered[0],
    last: ordered.at(-1),
    min: finite[extremeIndex(finite, (value, least) => value < least)],
    max: finite[extremeIndex(finite, (value, most) => value > most)],
    nonFinite: ordered.length - finite.length,
    firstNonFinite: ordered.find((point) => !Number.isFinite(point.value)),
    repeatedSteps: timesLogged.values().reduce((count, times) => (times > 1 ? count + 1 : count), 0),
  };
}

/** By step, then timestamp, then as given. */
export function orderPoints<T extends MetricPoint>(points: readonly T[]): T[] {
  return points.toSorted((a, b) => (a.step < b.step ? -1 : a.step > b.step ? 1 : a.timestamp - b.timestamp));
}

/** The last point logged at each step, in order. When all share one step it was never set: then all, in log order. */
export function onePointPerStep<T extends MetricPoint>(points: readonly T[]): T[] {
  const ordered = orderPoints(points);
  if (ordered[0]?.step === ordered.at(-1)?.step) return ordered;
  return ordered.filter((point, i) => point.step !== ordered[i + 1]?.step);
}

export const FEWEST_EVALUATIONS = 10;
const OVERFITTING_LOSS = 5;
const STAGNATION = 0.01;

/** Findings on the history of one metric, facts before judgements. Of repeated steps the last point counts. */
export function diagnoseCurve(points: readonly MetricPoint[], options: DiagnoseOptions): CurveDiagnosis[] {
  const curve = onePointPerStep(points);
  const finite = curve.filter((point) => Number.isFinite(point.value));
  const facts = findNonFinite(curve);
  if (curve.length === 0) return [];
  if (options.direction === undefined || finite.length === 0) return [...facts, ...findTooShort(curve, finite)];
  const errors = asErrors(
    finite.map((point) => point.value),
    options.direction,
  );
  const best = finite[bestIndex(errors)]!;
  const last = curve.at(-1)!;
  const longEnough = finite.length >= FEWEST_EVALUATIONS;
  if (!Number.isFinite(last.value) || (longEnough && endsWorse(errors))) {
    facts.push({ kind: 'diverged', step: best.step, first: finite[0]!.value, best: best.value, last: last.value });
  }
  if (!longEnough) return [...facts, ...findTooShort(curve, finite)];
  const spike = findSpike(errors);
  if (spike) {
    const { index, ...size } = spike;
    const { step, value } = finite[index]!;
    facts.push({ kind: 'spike', step, value, ...size, share: spike.count / finite.length });
  }
  return facts.some(({ kind }) => kind === 'diverged') ? facts : [...facts, ...judgeShape(finite, errors, options)];
}

/** What keeps a curve from showing something, in the order in which it is looked for. */
export type CurveObstacle = 'without a training curve' | 'of unknown direction' | 'with too few points';

/** Why a curve can neither show a kind of diagnosis nor be said not to; undefined where it was judged. */
export function findObstacle(
  points: readonly MetricPoint[],
  { direction, train }: DiagnoseOptions,
  kind: CurveDiagnosis['kind'],
): CurveObstacle | undefined {
  if (kind === 'overfitting' && train === undefined) return 'without a training curve';
  if (direction === undefined) return 'of unknown direction';
  const curves = (kind === 'overfitting' ? [points, train ?? []] : [points]).map(finiteValues);
  if (curves.every(({ length }) => length >= FEWEST_EVALUATIONS)) return undefined;
  const [first = 0, last = 0] = asErrors(endsOf(finiteValues(points)), direction);
  // However short, what ends no worse than it began has not diverged.
  return kind === 'diverged' && last <= first ? undefined : 'with too few points';
}

const endsOf = (values: readonly number[]): number[] => [values[0], values.at(-1)].filter((one) => one !== undefined);

/** Of repeated steps the last. */
export function finiteValues(points: readonly MetricPoint[]): number[] {
  return onePointPerStep(points)
    .map((point) => point.value)
    .filter(Number.isFinite);
}

function findNonFinite(curve: readonly MetricPoint[]): CurveDiagnosis[] {
  const bad = curve.filter((point) => !Number.isFinite(point.value));
  return bad
    .slice(0, 1)
    .map(({ step, value }) => ({ kind: 'non-finite', step, value, count: bad.length, of: curve.length }));
}

function findTooShort(curve: readonly MetricPoint[], finite: readonly MetricPoint[]): CurveDiagnosis[] {
  if (finite.length >= FEWEST_EVALUATIONS) return [];
  return [{ kind: 'too-short', step: curve.at(-1)!.step, evaluations: finite.length }];
}

function judgeShape(
  finite: readonly MetricPoint[],
  errors: readonly number[],
  options: DiagnoseOptions,
): CurveDiagnosis[] {
  const best = bestIndex(errors);
  const { step, value } = finite[best]!;
  const loss = generalizationLoss(errors);
  const declines = loss > OVERFITTING_LOSS && risesVisibly(errors) && progressAt(finite, best) < 0.8;
  if (declines && trainingStillFalls(options)) {
    return [{ kind: 'overfitting', step, best: value, last: finite.at(-1)!.value, generalizationLoss: loss }];
  }
  const improvement = lateImprovement(errors);
  if (improvement < STAGNATION) return [{ kind: 'plateau', step, best: value, improvement }];
  return progressAt(finite, best) >= 0.95 ? [{ kind: 'still-improving', step, best: value, improvement }] : [];
}

function trainingStillFalls({ train = [], direction }: DiagnoseOptions): boolean {
  const values = finiteValues(train);
  return values.length >= FEWEST_EVALUATIONS && stillFalling(asErrors(values, direction!));
}

/** How far into the run a point is, 0 to 1: by step, or by position where the step was never set. */
function progressAt(curve: readonly MetricPoint[], index: number): number {
  const [first, last] = [Number(curve[0]!.step), Number(curve.at(-1)!.step)];
  return last > first ? (Number(curve[index]!.step) - first) / (last - first) : index / (curve.length - 1);
}

/**
 * A curve in about `budget` points, in the order given: first, last, and the lowest and highest of equal stretches.
 * The ends of every gap of non-finite values are kept whatever the budget, but for curves that are mostly gaps.
 */
export function downsample<T extends Plottable>(points: readonly T[], budget: number): T[] {
  if (points.length <= budget) return [...points];
  const kept = new Set([0, points.length - 1, ...gapEnds(points).slice(0, budget)]);
  const buckets = Math.max(1, Math.floor((budget - kept.size) / 2));
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = Math.floor((bucket * points.length) / buckets);
    const part = points.slice(from, Math.floor(((bucket + 1) * points.length) / buckets));
    const [low, high] = [extremeIndex(part, (a, b) => a < b), extremeIndex(part, (a, b) => a > b)];
    if (low >= 0) kept.add(from + low).add(from + high);
  }
  return points.filter((_, i) => kept.has(i));
}

/**
 * TensorBoard's exponential moving average, its start debiased. Non-finite values pass through and leave it untouched;
 * a constant curve stays as it is. For the eye only: statistics use raw values.
 * @param weight 0 (none) to 1
 */
export function smooth(values: readonly number[], weight: number): number[] {
  const keep = Number.isNaN(weight) ? 0 : Math.min(1, Math.max(0, weight));
  const finite = values.filter(Number.isFinite);
  if (finite.every((value) => value === finite[0])) return [...values];
  let average = 0;
  let unseen = 1;
  return values.map((value) => {
    if (!Number.isFinite(value)) return value;
    average = average * keep + (1 - keep) * value;
    unseen *= keep;
    return unseen === 1 ? average : average / (1 - unseen);
  });
}

/** First and last of every stretch of non-finite values, and the finite points beside it. */
function gapEnds(points: readonly Plottable[]): number[] {
  const ends = new Set<number>();
  const gap = (i: number) => i >= 0 && i < points.length && !Number.isFinite(points[i]!.value);
  for (let i = 0; i <= points.length; i++) {
    if (gap(i - 1) !== gap(i)) ends.add(Math.max(0, i - 1)).add(Math.min(i, points.length - 1));
  }
  return [...ends];
}

/** Index of the first finite value that no other beats. */
function extremeIndex(points: readonly Plottable[], beats: (value: number, best: number) => boolean): number {
  let index = -1;
  for (let i = 0; i < points.length; i++) {
    const { value } = points[i]!;
    if (Number.isFinite(value) && (index < 0 || beats(value, points[index]!.value))) index = i;
  }
  return index;
}
