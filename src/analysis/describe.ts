/** Summaries of a set of numbers. */

export interface Summary {
  /** Finite values: the numbers below come from these. */
  readonly n: number;
  readonly mean: number | undefined;
  /** Sample standard deviation (n − 1); undefined below two values. */
  readonly sd: number | undefined;
  readonly min: number | undefined;
  readonly q25: number | undefined;
  readonly median: number | undefined;
  readonly q75: number | undefined;
  readonly max: number | undefined;
  /** NaN and ±Infinity among the values, left out of everything above. */
  readonly nonFinite: number;
}

export function describe(values: ArrayLike<number>): Summary {
  const sorted = Float64Array.from(values).filter(Number.isFinite).sort();
  const at = (q: number) => (sorted.length > 0 ? quantile(sorted, q) : undefined);
  return {
    n: sorted.length,
    mean: sorted.length > 0 ? mean(sorted) : undefined,
    sd: sorted.length > 1 ? standardDeviation(sorted) : undefined,
    min: sorted[0],
    q25: at(0.25),
    median: at(0.5),
    q75: at(0.75),
    max: sorted.at(-1),
    nonFinite: values.length - sorted.length,
  };
}

/** Type 7 of Hyndman & Fan 1996, as NumPy and R have it. NaN for an empty list. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const at = (sorted.length - 1) * q;
  const below = sorted[Math.floor(at)];
  const above = sorted[Math.ceil(at)];
  if (below === undefined || above === undefined) return Number.NaN;
  const share = at - Math.floor(at);
  return below * (1 - share) + above * share;
}

/** Compensated (Neumaier), so that small values beside large ones are not lost. NaN for an empty list. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return Number.isFinite(sum + lost) ? (sum + lost) / values.length : meanOfShares(values);
}

/** Sample variance (n − 1), in two passes. */
export function variance(values: ArrayLike<number>): number {
  return standardDeviation(values) ** 2;
}

/** Sample standard deviation (n − 1), in two passes; scaled, since the squares of a diverged loss overflow. */
export function standardDeviation(values: ArrayLike<number>): number {
  const centre = mean(values);
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]! - centre));
  if (largest === 0) return values.length > 1 ? 0 : Number.NaN;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += ((values[i]! - centre) / largest) ** 2;
  return largest * Math.sqrt(squares / (values.length - 1));
}

/** For sums beyond the range of a double. */
function meanOfShares(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! / values.length;
  return sum;
}
