/** The probability distributions behind p-values and intervals. */

/** Two-sided 95 % of the standard normal. */
export const Z95 = 1.959963984540054;

/** P(T ≤ t) of Student's t. */
export function tCdf(t: number, degrees: number): number {
  const tail = 0.5 * betaIncomplete(degrees / 2, 0.5, degrees / (degrees + t * t));
  return t > 0 ? 1 - tail : tail;
}

/** P(|T| ≥ |t|), without the cancellation of `1 − cdf`. */
export function tTwoSided(t: number, degrees: number): number {
  return betaIncomplete(degrees / 2, 0.5, degrees / (degrees + t * t));
}

/** P(F ≤ f). */
export function fCdf(f: number, numerator: number, denominator: number): number {
  return f <= 0 ? 0 : betaIncomplete(numerator / 2, denominator / 2, (numerator * f) / (numerator * f + denominator));
}

/** P(F ≥ f) of the F test of a least-squares fit: `rSquared` of it, `terms` beside the constant, `rest` = n − terms − 1. */
export function rSquaredTail(rSquared: number, terms: number, rest: number): number {
  return betaIncomplete(rest / 2, terms / 2, 1 - rSquared);
}

/** P(χ² ≥ x). */
export function chiSquareTail(x: number, degrees: number): number {
  return gammaTail(degrees / 2, x / 2);
}

/** P(Z ≤ z) of the standard normal. */
export function normalCdf(z: number): number {
  const tail = 0.5 * gammaTail(0.5, (z * z) / 2);
  return z < 0 ? tail : 1 - tail;
}

/** Regularised incomplete beta I_x(a, b): Lentz's continued fraction, mirrored to the side where it converges fast. */
export function betaIncomplete(a: number, b: number, x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaIncomplete(b, a, 1 - x);
  const front = Math.exp(logBetaFront(a, b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  return front * betaFraction(a, b, x);
}

const frontCache = new Map<number, Map<number, number>>();

/** −ln B(a, b); cached because permutation tests ask for the same few pairs many thousand times. */
function logBetaFront(a: number, b: number): number {
  let ofA = frontCache.get(a);
  if (ofA === undefined) {
    if (frontCache.size > 1000) frontCache.clear();
    ofA = new Map();
    frontCache.set(a, ofA);
  }
  let front = ofA.get(b);
  if (front === undefined) {
    front = logGamma(a + b) - logGamma(a) - logGamma(b);
    ofA.set(b, front);
  }
  return front;
}

const TINY = 1e-300;
const EPSILON = 1e-15;
const MOST_TERMS = 10_000;

function betaFraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    const step = d * c;
    result *= step;
    if (Math.abs(step - 1) < EPSILON) break;
  }
  return result;
}

/** Regularised upper incomplete gamma Q(a, x): series of its complement, or Lentz's continued fraction. */
function gammaTail(a: number, x: number): number {
  if (x <= 0) return 1;
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  return x < a + 1 ? 1 - front * gammaSeries(a, x) : front * gammaFraction(a, x);
}

function gammaSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let k = 1; k <= MOST_TERMS && term > sum * EPSILON; k++) {
    term *= x / (a + k);
    sum += term;
  }
  return sum;
}

function gammaFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let result = d;
  for (let k = 1; k <= MOST_TERMS; k++) {
    const factor = -k * (k - a);
    b += 2;
    d = 1 / nonZero(factor * d + b);
    c = nonZero(b + factor / c);
    result *= d * c;
    if (Math.abs(d * c - 1) < EPSILON) break;
  }
  return result;
}

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln Γ(x) for x > 0 (Lanczos, g = 7, nine terms). */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const base = x + 6.5;
  const series = LANCZOS.slice(1).reduce((sum, weight, i) => sum + weight / (x + i), LANCZOS[0]!);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(series);
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
