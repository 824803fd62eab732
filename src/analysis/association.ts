/** How strongly two columns go together. */
import { mean } from './describe.ts';
import { chiSquareTail, rSquaredTail, tTwoSided, Z95 } from './distributions.ts';
import type { ParamColumn } from './params.ts';
import { positionIn } from './sorted.ts';

export type Interval = readonly [low: number, high: number];

/** Undefined where it does not exist: a constant side, or too few pairs (2 for a value, 3 for p, 4 for an interval). */
export interface Correlation {
  readonly n: number;
  readonly value: number | undefined;
  /** 95 %. */
  readonly interval: Interval | undefined;
  /** Two-sided t test. */
  readonly p: number | undefined;
}

export interface CategoryEffect {
  readonly n: number;
  readonly levels: number;
  /** SS between levels / SS total; like the rest undefined for a constant number, and unless some level repeats. */
  readonly etaSquared: number | undefined;
  /** ε²: η² without what the number of levels alone would give; may be negative. */
  readonly epsilonSquared: number | undefined;
  /** One-way F test. */
  readonly p: number | undefined;
}

export interface CategoryAssociation {
  readonly n: number;
  /** Cramér's V, plain and with the bias of small tables taken out (Bergsma 2013). */
  readonly cramersV: number | undefined;
  readonly corrected: number | undefined;
  /** χ² test without continuity correction. */
  readonly p: number | undefined;
}

export type Association =
  | { readonly kind: 'numbers'; readonly n: number; readonly pearson: Correlation; readonly spearman: Correlation }
  | ({ readonly kind: 'number by category' } & CategoryEffect)
  | ({ readonly kind: 'categories' } & CategoryAssociation);

/** A column to associate: a typed param, or numbers (a metric) whose non-finite values count as missing. */
export type AssociationColumn = ParamColumn | readonly number[];

/** Over the pairs where both sides are finite. Interval by Fisher's z. */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): Correlation {
  const [a, b] = finitePairs(x, y);
  return correlation(centredCorrelation(centred(a), centred(b)), a.length, () => 1);
}

/** Pearson on average ranks. Interval by Bonett & Wright 2000. */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): Correlation {
  const [a, b] = finitePairs(x, y);
  return spearmanOfRanks(averageRanks(a), averageRanks(b));
}

/** Spearman where the ranks are known already. */
export function spearmanOfRanks(x: Float64Array, y: Float64Array): Correlation {
  return correlation(centredCorrelation(centred(x), centred(y)), x.length, (rho) => 1 + rho ** 2 / 2);
}

/** A number by the category it falls in. Codes below 0 and non-finite numbers are left out. */
export function categoryEffect(codes: ArrayLike<number>, values: ArrayLike<number>): CategoryEffect {
  const present = new Float64Array(codes.length);
  const presentCodes = new Int32Array(codes.length);
  let n = 0;
  for (let row = 0; row < codes.length; row++) {
    if (codes[row]! < 0 || !Number.isFinite(values[row])) continue;
    present[n] = values[row]!;
    presentCodes[n] = codes[row]!;
    n += 1;
  }
  return effectOfDistances(presentCodes.subarray(0, n), centred(present.subarray(0, n)));
}

/** The same where no code is below 0, of the distances that `centred` gave. */
export function effectOfDistances(codes: Int32Array, distances: Float64Array): CategoryEffect {
  const codesEnd = codes.reduce((most, code) => Math.max(most, code + 1), 0);
  const sums = new Float64Array(codesEnd);
  const counts = new Int32Array(codesEnd);
  let total = 0;
  for (let row = 0; row < codes.length; row++) {
    const [code, distance] = [codes[row]!, distances[row]!];
    sums[code]! += distance;
    counts[code]! += 1;
    total += distance * distance;
  }
  let [levels, between] = [0, 0];
  for (let code = 0; code < codesEnd; code++) {
    if (counts[code] === 0) continue;
    levels += 1;
    between += sums[code]! ** 2 / counts[code]!;
  }
  return effectOf(codes.length, levels, total > 0 ? Math.min(1, between / total) : undefined);
}

function effectOf(n: number, levels: number, etaSquared: number | undefined): CategoryEffect {
  const rest = n - levels;
  if (levels < 2 || rest < 1 || etaSquared === undefined) {
    return { n, levels, etaSquared: undefined, epsilonSquared: undefined, p: undefined };
  }
  const epsilonSquared = 1 - ((1 - etaSquared) * (n - 1)) / rest;
  return { n, levels, etaSquared, epsilonSquared, p: rSquaredTail(etaSquared, levels - 1, rest) };
}

/** Two categories. Codes below 0 are left out. */
export function categoryAssociation(x: ArrayLike<number>, y: ArrayLike<number>): CategoryAssociation {
  const cells = countCells(x, y);
  const rows = sumBy(cells, (cell) => cell.x);
  const columns = sumBy(cells, (cell) => cell.y);
  const n = cells.reduce((sum, cell) => sum + cell.count, 0);
  const [r, k] = [rows.size, columns.size];
  if (r < 2 || k < 2) return { n, cramersV: undefined, corrected: undefined, p: undefined };
  // χ² = n·(Σ count² / (row · column) − 1): empty cells need no visit.
  const chiSquare = n * (cells.reduce((sum, c) => sum + c.count ** 2 / (rows.get(c.x)! * columns.get(c.y)!), 0) - 1);
  const phi = Math.max(0, chiSquare / n - ((k - 1) * (r - 1)) / (n - 1));
  const shrunk = Math.min(r - (r - 1) ** 2 / (n - 1), k - (k - 1) ** 2 / (n - 1)) - 1;
  return {
    n,
    cramersV: Math.sqrt(Math.max(0, chiSquare) / (n * (Math.min(r, k) - 1))),
    corrected: shrunk > 0 ? Math.min(1, Math.sqrt(phi / shrunk)) : undefined,
    p: chiSquareTail(chiSquare, (r - 1) * (k - 1)),
  };
}

/** The measure that fits the two columns' kinds, over the runs that have both. Numbers as they are: take logs before. */
export function associate(x: AssociationColumn, y: AssociationColumn): Association {
  const [a, b] = [numbersOf(x), numbersOf(y)];
  if (a && b) {
    const linear = pearson(a, b);
    return { kind: 'numbers', n: linear.n, pearson: linear, spearman: spearman(a, b) };
  }
  if (a) return { kind: 'number by category', ...categoryEffect(codesOf(y), a) };
  if (b) return { kind: 'number by category', ...categoryEffect(codesOf(x), b) };
  return { kind: 'categories', ...categoryAssociation(codesOf(x), codesOf(y)) };
}

/** Ranks from 1; equal values share the mean of theirs. */
export function averageRanks(values: ArrayLike<number>): Float64Array {
  const sorted = Float64Array.from(values).sort();
  const ranks = new Float64Array(sorted.length);
  for (let from = 0; from < sorted.length; ) {
    let to = from + 1;
    while (to < sorted.length && sorted[to] === sorted[from]) to += 1;
    ranks.fill((from + 1 + to) / 2, from, to);
    from = to;
  }
  return sorted.map((_, i) => ranks[positionIn(sorted, values[i]!)]!);
}

/** Average ranks of a column without missing values, from its codes: they count, where others must sort. */
export function rankCodes(codes: Int32Array, levels: number): Float64Array {
  const ranks = new Float64Array(levels);
  for (const code of codes) ranks[code]! += 1;
  let below = 0;
  for (let level = 0; level < levels; level++) {
    const count = ranks[level]!;
    ranks[level] = below + (count + 1) / 2;
    below += count;
  }
  return new Float64Array(codes.length).map((_, i) => ranks[codes[i]!]!);
}

/** The least-squares line through finite pairs; undefined where x never varies. */
export function regressionLine(x: ArrayLike<number>, y: ArrayLike<number>): ((x: number) => number) | undefined {
  const [xs, ys] = finitePairs(x, y);
  const [middleX, middleY] = [mean(xs), mean(ys)];
  let [squares, products] = [0, 0];
  for (let i = 0; i < xs.length; i++) {
    squares += (xs[i]! - middleX) ** 2;
    products += (xs[i]! - middleX) * (ys[i]! - middleY);
  }
  const slope = products / squares;
  return Number.isFinite(slope) ? (at) => middleY + slope * (at - middleX) : undefined;
}

/** r of two columns that `centred` gave; undefined where one is constant. */
export function centredCorrelation(a: Float64Array, b: Float64Array): number | undefined {
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    xx += a[i]! * a[i]!;
    yy += b[i]! * b[i]!;
    xy += a[i]! * b[i]!;
  }
  if (xx === 0 || yy === 0) return undefined;
  return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
}

/**
 * Distances from the mean, scaled so that the largest value is 1: squares neither overflow nor vanish. All zero when
 * the values differ by rounding only.
 */
export function centred(values: ArrayLike<number>): Float64Array {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]!));
  if (largest === 0) return new Float64Array(values.length);
  const distances = new Float64Array(values.length);
  for (let i = 0; i < distances.length; i++) distances[i] = values[i]! / largest;
  const centre = mean(distances);
  for (let i = 0; i < distances.length; i++) distances[i]! -= centre;
  return distances.some((distance) => Math.abs(distance) > 1e-13) ? distances : distances.fill(0);
}

function correlation(value: number | undefined, n: number, widen: (value: number) => number): Correlation {
  if (value === undefined) return { n, value, interval: undefined, p: undefined };
  const half = Z95 * Math.sqrt(widen(value) / (n - 3));
  const z = Math.atanh(value);
  return {
    n,
    value,
    interval: n >= 4 ? [Math.tanh(z - half), Math.tanh(z + half)] : undefined,
    p: n >= 3 ? tTwoSided(value * Math.sqrt((n - 2) / (1 - value ** 2)), n - 2) : undefined,
  };
}

function finitePairs(x: ArrayLike<number>, y: ArrayLike<number>): [Float64Array, Float64Array] {
  const [a, b] = [new Float64Array(x.length), new Float64Array(x.length)];
  let n = 0;
  for (let i = 0; i < x.length; i++) {
    if (!Number.isFinite(x[i]) || !Number.isFinite(y[i])) continue;
    a[n] = x[i]!;
    b[n] = y[i]!;
    n += 1;
  }
  return [a.subarray(0, n), b.subarray(0, n)];
}

interface Cell {
  readonly x: number;
  readonly y: number;
  count: number;
}

function countCells(x: ArrayLike<number>, y: ArrayLike<number>): Cell[] {
  const cells = new Map<number, Cell>();
  for (let i = 0; i < x.length; i++) {
    if (x[i]! < 0 || y[i]! < 0) continue;
    const key = x[i]! * 2 ** 32 + y[i]!;
    const cell = cells.get(key);
    if (cell) cell.count += 1;
    else cells.set(key, { x: x[i]!, y: y[i]!, count: 1 });
  }
  return [...cells.values()];
}

function sumBy(cells: readonly Cell[], side: (cell: Cell) => number): Map<number, number> {
  const sums = new Map<number, number>();
  for (const cell of cells) sums.set(side(cell), (sums.get(side(cell)) ?? 0) + cell.count);
  return sums;
}

function numbersOf(column: AssociationColumn): ArrayLike<number> | undefined {
  return 'kind' in column ? column.numbers : column;
}

function codesOf(column: AssociationColumn): ArrayLike<number> {
  return 'kind' in column ? column.codes : [];
}
