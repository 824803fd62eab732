/** One param's fits to a target, prepared once and tried on thousands of shuffled targets. */
import { mean } from './describe.ts';
import { rSquaredTail } from './distributions.ts';
import type { ParamColumn } from './params.ts';

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
  readonly curve: CurvePlan | undefined;
  readonly category: CategoryPlan | undefined;
}

/** Orthonormal and orthogonal to the constant, so that each vector's share of the target's squares is its R². */
interface CurvePlan {
  readonly n: number;
  /** Rows that have the param, when not all do. */
  readonly rows: Int32Array | undefined;
  readonly line: Float64Array;
  readonly bend: Float64Array | undefined;
  /** From the fit back to the param's scale. */
  readonly turningPoint: (alongLine: number, alongBend: number) => number;
}

interface CategoryPlan {
  /** Missing is a level of its own. */
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
  const curve = column.kind === 'number' ? planCurve(column) : undefined;
  const numberAsWell = column.levels.length <= FEW_LEVELS && (column.levels.length > 2 || column.missing > 0);
  const category = curve === undefined || numberAsWell ? planCategory(column) : undefined;
  if (curve === undefined && category === undefined) return undefined;
  return { curve, category };
}

/**
 * The best form for this target, chosen anew each time: a shuffled target must have the same choices.
 * @param target sums to 0
 * @param squares its sum of squares, which no shuffle changes
 */
export function bestFit(plan: FitPlan, target: Float64Array, squares: number): Fit {
  const numeric = plan.curve && fitCurve(plan.curve, target, squares);
  const category = plan.category && fitCategory(plan.category, target, squares);
  if (numeric === undefined) return category!;
  // Equal fits stay numbers whatever the rounding.
  return category !== undefined && category.adjustedR2 > numeric.adjustedR2 + 1e-9 ? category : numeric;
}

/** Where the parabola through the target turns, on the param's scale, and whether upwards is before it. */
export function turningPoint(plan: FitPlan, target: Float64Array): { at: number; turning: 'maximum' | 'minimum' } {
  const { line, bend, turningPoint } = plan.curve!;
  const alongBend = dot(bend!, target);
  return { at: turningPoint(dot(line, target), alongBend), turning: alongBend < 0 ? 'maximum' : 'minimum' };
}

function fitCurve(curve: CurvePlan, target: Float64Array, squares: number): Fit {
  const total = curve.rows ? squaresAroundMean(target, curve.rows) : squares;
  const linear = total > 0 ? dot(curve.line, target) ** 2 / total : 0;
  const line = fitOf('line', linear, 1, curve.n);
  if (curve.bend === undefined || total === 0) return line;
  const parabola = fitOf('parabola', linear + dot(curve.bend, target) ** 2 / total, 2, curve.n);
  return parabola.adjustedR2 > line.adjustedR2 + PARABOLA_GAIN ? parabola : line;
}

function fitCategory({ codes, counts, sums }: CategoryPlan, target: Float64Array, squares: number): Fit {
  sums.fill(0);
  for (let row = 0; row < codes.length; row++) sums[codes[row]!]! += target[row]!;
  let between = 0;
  for (let level = 0; level < sums.length; level++) between += sums[level]! ** 2 / counts[level]!;
  return fitOf('category', squares > 0 ? between / squares : 0, counts.length - 1, codes.length);
}

function fitOf(form: Fit['form'], share: number, terms: number, n: number): Fit {
  const r2 = Math.min(1, share);
  const rest = n - terms - 1;
  return { form, n, r2, adjustedR2: 1 - ((1 - r2) * (n - 1)) / rest, p: rSquaredTail(r2, terms, rest) };
}

function planCurve(column: ParamColumn): CurvePlan | undefined {
  const rows = column.codes.map((_, row) => row).filter((row) => column.codes[row]! >= 0);
  if (rows.length < 3 || column.levels.length < 2) return undefined;
  const x = new Float64Array(rows.length).map((_, i) => scaleValue(column, column.numbers![rows[i]!]!));
  const [low, high] = [scaleValue(column, Number(column.levels[0])), scaleValue(column, Number(column.levels.at(-1)))];
  const [middle, half] = [low / 2 + high / 2, high / 2 - low / 2];
  // On [−1, 1] the squares stay well apart from the line.
  const unit = x.map((value) => (value - middle) / half);
  const line = away(unit);
  const lineLength = normalise(line);
  const bend = away(unit.map((value) => value * value));
  const overlap = dot(bend, line);
  for (let i = 0; i < bend.length; i++) bend[i]! -= overlap * line[i]!;
  const bendLength = normalise(bend);
  const bends = column.levels.length >= 4 && rows.length >= 8 && bendLength > 1e-8;
  const spread = (vector: Float64Array) => (column.missing > 0 ? scatter(vector, rows, column.codes.length) : vector);
  return {
    n: rows.length,
    rows: column.missing > 0 ? rows : undefined,
    line: spread(line),
    bend: bends ? spread(bend) : undefined,
    turningPoint(alongLine, alongBend) {
      const square = alongBend / bendLength;
      return middle + (half * -(alongLine - overlap * square)) / lineLength / (2 * square);
    },
  };
}

function planCategory(column: ParamColumn): CategoryPlan | undefined {
  const missingLevel = column.levels.length;
  const codes = column.codes.map((code) => (code < 0 ? missingLevel : code));
  const counts = new Float64Array(column.levels.length + (column.missing > 0 ? 1 : 0));
  for (const code of codes) counts[code]! += 1;
  if (counts.length < 2 || codes.length <= counts.length) return undefined;
  return { codes, counts, sums: new Float64Array(counts.length) };
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
  return squares - (sum * sum) / rows.length;
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
