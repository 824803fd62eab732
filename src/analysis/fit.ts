/** One param's fits to a target, prepared once and tried on thousands of shuffled targets. */
import { mean } from './describe.ts';
import { rSquaredTail } from './distributions.ts';
import { codesWithMissing, type ParamColumn } from './params.ts';

export interface Fit {
  readonly form: 'line' | 'parabola' | 'category';
  /** Rows fitted: a category's missing values are a level of its own, a number's are left out. */
  readonly n: number;
  readonly r2: number;
  /** 1 − (1 − R²)(n − 1)/(n − terms − 1): one scale for every form; for categories this is ε². */
  readonly adjustedR2: number;
  /** F test. */
  readonly p: number;
}

/** What the fits of one param need, independent of the target. */
export interface FitPlan {
  readonly n: number;
  /** The rows fitted, when not all are. */
  readonly rows: Int32Array | undefined;
  readonly curve: CurvePlan | undefined;
  readonly category: CategoryPlan | undefined;
}

/** Orthonormal and orthogonal to the constant, so that each vector's share of the target's squares is its R². */
interface CurvePlan {
  readonly line: Float64Array;
  readonly bend: Float64Array | undefined;
  /** From the fit back to the param's scale. */
  readonly turningPoint: (alongLine: number, alongBend: number) => number;
  /** Distance of the fit from the target's mean, `unit` of the way from the param's middle (0) to its ends (−1 and 1). */
  readonly heightAt: (unit: number, alongLine: number, alongBend: number) => number;
  /** The param there, on its scale. */
  readonly placeAt: (unit: number) => number;
}

interface CategoryPlan {
  /** Below 0: not fitted. */
  readonly codes: Int32Array;
  readonly counts: Float64Array;
  /** Scratch, overwritten by every fit. */
  readonly sums: Float64Array;
}

/** A bent line has to explain this much more than a straight one. */
const PARABOLA_GAIN = 0.05;
const FEW_LEVELS = 5;

/** Undefined when the rows do not suffice for any fit. */
export function planFit(column: ParamColumn): FitPlan | undefined {
  if (column.kind === 'category') {
    const category = planCategory(codesWithMissing(column));
    return category && { n: column.codes.length, rows: undefined, curve: undefined, category };
  }
  const every = new Int32Array(column.codes.length).map((_, row) => row);
  const present = column.missing > 0 ? every.filter((row) => column.codes[row]! >= 0) : every;
  if (present.length < 3 || column.levels.length < 2) return undefined;
  // A level of one run fits itself perfectly: an outlier there would look like an influence.
  const category =
    column.levels.length > 2 && column.levels.length <= FEW_LEVELS ? planCategory(column.codes) : undefined;
  return {
    n: present.length,
    rows: column.missing > 0 ? present : undefined,
    curve: planCurve(column, present),
    category: category?.counts.every((count) => count > 1) ? category : undefined,
  };
}

/**
 * The best form for this target, chosen anew each time: a shuffled target must have the same choices.
 * @param target sums to 0
 * @param squares its sum of squares, which no shuffle changes
 */
export function bestFit(plan: FitPlan, target: Float64Array, squares: number): Fit {
  const total = plan.rows ? squaresAroundMean(target, plan.rows) : squares;
  const numeric = plan.curve && fitCurve(plan.curve, plan.n, target, total);
  const category = plan.category && fitCategory(plan.category, plan.n, target, total);
  if (numeric === undefined) return category!;
  // Equal fits stay numbers whatever the rounding.
  return category !== undefined && category.adjustedR2 > numeric.adjustedR2 + 1e-9 ? category : numeric;
}

/** Where the parabola through the target turns, on the param's scale, and whether that is its top or its bottom. */
export function turningPoint(plan: FitPlan, target: Float64Array): { at: number; turning: 'maximum' | 'minimum' } {
  const { line, bend, turningPoint } = plan.curve!;
  const alongBend = dot(bend!, target);
  return { at: turningPoint(dot(line, target), alongBend), turning: alongBend < 0 ? 'maximum' : 'minimum' };
}

/**
 * The line or parabola through the target at `count` places that are equally far apart on the param's scale.
 * @param target one value per row, as it is
 * @returns places on the param's scale (log10 where it is fitted on that), values in the target's unit
 */
export function fittedCurve(plan: FitPlan, form: 'line' | 'parabola', target: Float64Array, count: number) {
  const { line, bend, heightAt, placeAt } = plan.curve!;
  const middle = mean(plan.rows ? Float64Array.from(plan.rows, (row) => target[row]!) : target);
  const distances = target.map((value) => value - middle);
  const alongLine = dot(line, distances);
  const alongBend = form === 'parabola' ? dot(bend!, distances) : 0;
  return Array.from({ length: count }, (_, i) => {
    const unit = (2 * i) / (count - 1) - 1;
    return { at: placeAt(unit), value: middle + heightAt(unit, alongLine, alongBend) };
  });
}

function fitCurve({ line, bend }: CurvePlan, n: number, target: Float64Array, total: number): Fit {
  const linear = total > 0 ? dot(line, target) ** 2 / total : 0;
  const straight = fitOf('line', linear, 1, n);
  if (bend === undefined || total === 0) return straight;
  const bent = fitOf('parabola', linear + dot(bend, target) ** 2 / total, 2, n);
  return bent.adjustedR2 > straight.adjustedR2 + PARABOLA_GAIN ? bent : straight;
}

function fitCategory({ codes, counts, sums }: CategoryPlan, n: number, target: Float64Array, total: number): Fit {
  sums.fill(0);
  let sum = 0;
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!;
    if (code < 0) continue;
    sums[code]! += target[row]!;
    sum += target[row]!;
  }
  let between = (-sum * sum) / n;
  for (let level = 0; level < sums.length; level++) between += sums[level]! ** 2 / counts[level]!;
  return fitOf('category', total > 0 ? between / total : 0, counts.length - 1, n);
}

function fitOf(form: Fit['form'], share: number, terms: number, n: number): Fit {
  const r2 = Math.max(0, Math.min(1, share));
  const rest = n - terms - 1;
  return { form, n, r2, adjustedR2: 1 - ((1 - r2) * (n - 1)) / rest, p: rSquaredTail(r2, terms, rest) };
}

function planCurve(column: ParamColumn, present: Int32Array): CurvePlan {
  const x = new Float64Array(present.length).map((_, i) => scaleValue(column, column.numbers![present[i]!]!));
  const [low, high] = [scaleValue(column, Number(column.levels[0])), scaleValue(column, Number(column.levels.at(-1)))];
  const [middle, half] = [low / 2 + high / 2, high / 2 - low / 2];
  // On [−1, 1] the squares stay well apart from the line.
  const unit = x.map((value) => (value - middle) / half);
  const squared = unit.map((value) => value * value);
  const [unitMean, squaredMean] = [mean(unit), mean(squared)];
  const line = away(unit);
  const lineLength = normalise(line);
  const bend = away(squared);
  const overlap = dot(bend, line);
  for (let i = 0; i < bend.length; i++) bend[i]! -= overlap * line[i]!;
  const bendLength = normalise(bend);
  const bends = column.levels.length >= 4 && present.length >= 8 && bendLength > 1e-8;
  const spread = (vector: Float64Array) =>
    column.missing > 0 ? scatter(vector, present, column.codes.length) : vector;
  return {
    line: spread(line),
    bend: bends ? spread(bend) : undefined,
    turningPoint(alongLine, alongBend) {
      const square = alongBend / bendLength;
      return middle + (half * -(alongLine - overlap * square)) / lineLength / (2 * square);
    },
    heightAt(unit, alongLine, alongBend) {
      const straight = (unit - unitMean) / lineLength;
      const bent = alongBend === 0 ? 0 : (unit * unit - squaredMean - overlap * straight) / bendLength;
      return alongLine * straight + alongBend * bent;
    },
    placeAt: (unit) => middle + half * unit,
  };
}

function planCategory(codes: Int32Array): CategoryPlan | undefined {
  const levels = codes.reduce((most, code) => Math.max(most, code + 1), 0);
  const counts = new Float64Array(levels);
  let n = 0;
  for (const code of codes) {
    if (code < 0) continue;
    counts[code]! += 1;
    n += 1;
  }
  return levels >= 2 && n > levels ? { codes, counts, sums: new Float64Array(levels) } : undefined;
}

/** A param's number on the scale it is fitted on. */
export function scaleValue(column: ParamColumn, value: number): number {
  return column.logScale ? Math.log10(value) : value;
}

function squaresAroundMean(target: Float64Array, rows: Int32Array): number {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < rows.length; i++) {
    const value = target[rows[i]!]!;
    sum += value;
    squares += value * value;
  }
  const around = squares - (sum * sum) / rows.length;
  // Below this the difference is rounding: the rows are equal beside the outlier that set the scale.
  return around > 1e-12 * squares ? around : 0;
}

function away(values: Float64Array): Float64Array {
  const centre = mean(values);
  return values.map((value) => value - centre);
}

/** Scales to length 1 in place and gives the length it had. */
function normalise(vector: Float64Array): number {
  const length = Math.sqrt(dot(vector, vector));
  if (length > 0) for (let i = 0; i < vector.length; i++) vector[i]! /= length;
  return length;
}

function scatter(values: Float64Array, rows: Int32Array, length: number): Float64Array {
  const spread = new Float64Array(length);
  for (let i = 0; i < rows.length; i++) spread[rows[i]!] = values[i]!;
  return spread;
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
