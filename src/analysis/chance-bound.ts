/**
 * What chance alone reaches among many fits, without shuffling. Where nothing has to do with the target, the F
 * distribution tells how often one fit does so well; the sum over all fits (Bonferroni) bounds how often any of them
 * does, however the params are linked. Close to shuffling over thousands of rows, and never by much below it.
 */
import { rSquaredTail } from './distributions.ts';
import { bestFit, dot, type FitPlan } from './fit.ts';
import type { ChanceTest, Tested } from './permutation.ts';

/** Over fewer rows shuffling costs little. */
const FEWEST_ROWS = 5_000;
/**
 * The F distribution holds while no row decides a fit alone, be it by its value (its share of the target's squares) or
 * by its place (its leverage: 1 / rows in its level, or how far out it lies on a line). Else only shuffling tells.
 */
const LARGEST_SHARE = 0.02;

const FLOOR_SHARE = 0.05;
/** Smaller tails of the distribution are rounding. */
const LEAST_P = 1e-15;

interface Form {
  readonly terms: number;
  readonly n: number;
}

/** @param target sums to 0 */
export function isBoundable(plans: ReadonlyMap<string, FitPlan>, target: Float64Array): boolean {
  if (target.length < FEWEST_ROWS || largestSquare(target) > LARGEST_SHARE * dot(target, target)) return false;
  return plans.values().every(({ curve, category }) => {
    const isSpread = category === undefined || category.counts.every((count) => count * LARGEST_SHARE >= 1);
    return isSpread && (curve === undefined || largestSquare(curve.line) <= LARGEST_SHARE);
  });
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
