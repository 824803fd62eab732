/**
 * What chance alone reaches among many fits, without shuffling. Where nothing has to do with the target, the F
 * distribution tells how often one fit does so well; the sum over all fits (Bonferroni) bounds how often any of them
 * does, however the params are linked. Close to shuffling over thousands of rows, on either side.
 */
import { rSquaredTail } from './distributions.ts';
import { bestFit, dot, type FitPlan } from './fit.ts';
import type { ChanceTest, Tested } from './permutation.ts';

/** Over fewer rows shuffling costs little. */
const FEWEST_ROWS = 5_000;
/** No row may decide a fit by its place alone: 1 / rows in its level, or how far out it lies on a line. */
const LARGEST_LEVERAGE = 0.02;
/** Kurtosis × leverage: how far a level's mean of so heavy-tailed a target is from normal. Else only shuffling tells. */
const LARGEST_TAIL = 0.1;

const FLOOR_SHARE = 0.05;
/** Smaller tails of the distribution are rounding. */
const LEAST_P = 1e-15;

interface Form {
  readonly terms: number;
  readonly n: number;
}

/** @param target sums to 0 */
export function isBoundable(plans: ReadonlyMap<string, FitPlan>, target: Float64Array): boolean {
  if (target.length < FEWEST_ROWS) return false;
  const most = Math.min(LARGEST_LEVERAGE, LARGEST_TAIL / kurtosis(target));
  return plans.values().every(({ curve, category }) => {
    const isSpread = category === undefined || category.counts.every((count) => count * most >= 1);
    return isSpread && (curve === undefined || largestSquare(curve.line) <= most);
  });
}

/** 3 of a normal target; 1 where all its squares are equal, or it is constant. */
function kurtosis(target: Float64Array): number {
  const squares = target.map((value) => value * value);
  const sum = squares.reduce((total, square) => total + square, 0);
  return sum > 0 ? (target.length * dot(squares, squares)) / sum ** 2 : 1;
}

function largestSquare(values: Float64Array): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, value * value);
  return largest;
}

/** A parabola must gain more over the line than chance gives over thousands of rows: it needs no allowance. */
function formsOf({ n, curve, category }: FitPlan): Form[] {
  return [...(curve ? [{ n, terms: 1 }] : []), ...(category ? [{ n, terms: category.counts.length - 1 }] : [])];
}

/** @param target sums to 0 */
export function chanceBound(plans: ReadonlyMap<string, FitPlan>, target: Float64Array): ChanceTest {
  const squares = dot(target, target);
  const forms = plans.values().toArray().flatMap(formsOf);
  const tested = Array.from(plans, ([param, plan]): [string, Tested] => {
    const fit = bestFit(plan, target, squares);
    return [param, { plan, fit, pAdjusted: Math.min(1, Math.max(LEAST_P, forms.length * fit.p)) }];
  });
  return { tested: new Map(tested), noiseFloor: forms.length > 0 ? floorOf(forms) : undefined, shuffles: 0 };
}

/** The adjusted R² that any of the fits passes in at most one case of twenty. */
function floorOf(forms: readonly Form[]): number {
  const passes = (adjusted: number) =>
    forms.reduce((sum, { n, terms }) => {
      const rest = n - terms - 1;
      return sum + rSquaredTail(1 - ((1 - adjusted) * rest) / (n - 1), terms, rest);
    }, 0);
  let [low, high] = [0, 1];
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (passes(middle) > FLOOR_SHARE) low = middle;
    else high = middle;
  }
  return high;
}
