/** Which run is best, who ties with it, and how much of the lead luck alone would give. */
import { normalCdf } from './distributions.ts';

interface Valued {
  readonly id: string;
  readonly value: number | undefined;
}

export interface Ranking<T extends Valued> {
  /** Finite values only, best first; equal values by id. Of many rows those that were asked for, and at least one more. */
  readonly ordered: readonly T[];
  /** Rows with a finite value. */
  readonly count: number;
  /** All whose value equals the best exactly, the best included. */
  readonly ties: readonly T[];
  /** The first that is not tied with the best. */
  readonly runnerUp: T | undefined;
  /** Distance from the best to the runner-up, never negative. */
  readonly margin: number | undefined;
  /** NaN and ±Infinity never win, in either direction. */
  readonly nonFinite: readonly T[];
  readonly missing: readonly T[];
}

/** @param most so many places are put in order, with all that tie for the last of them; default: all */
export function rank<T extends Valued>(
  rows: readonly T[],
  direction: 'higher' | 'lower',
  most = Number.POSITIVE_INFINITY,
): Ranking<T> {
  const sign = direction === 'higher' ? -1 : 1;
  const finite = rows.filter((row) => Number.isFinite(row.value));
  const ordered = firstPlaces(finite, sign, most).sort(
    (a, b) => sign * (a.value! - b.value!) || compareText(a.id, b.id),
  );
  const best = ordered[0]?.value;
  const ties = ordered.filter((row) => row.value === best);
  const runnerUp = ordered[ties.length];
  return {
    ordered,
    count: finite.length,
    ties,
    runnerUp,
    margin: runnerUp && Math.abs(best! - runnerUp.value!),
    nonFinite: rows.filter((row) => row.value !== undefined && !Number.isFinite(row.value)),
    missing: rows.filter((row) => row.value === undefined),
  };
}

/** The rows up to the place `most`, and those at the next value: numbers alone sort much faster than rows. */
function firstPlaces<T extends Valued>(finite: T[], sign: 1 | -1, most: number): T[] {
  if (finite.length <= most) return finite;
  const values = new Float64Array(finite.length).map((_, i) => sign * finite[i]!.value!).sort();
  const last = values[most - 1]!;
  const next = values.find((value) => value > last) ?? last;
  return finite.filter(({ value }) => sign * value! <= next);
}

/** How many sd above their mean the best of `n` equal runs sits by luck alone; undefined below 10, where it says little. */
export function expectedLuck(n: number): number | undefined {
  return n >= 10 ? expectedMaximum(n) : undefined;
}

/** E[max] of n standard normals: ∫₀^∞ 1 − Φⁿ(x) − Φⁿ(−x) dx, by Simpson's rule. */
export function expectedMaximum(n: number): number {
  const steps = 400;
  const width = 10 / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const below = normalCdf(i * width);
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * (1 - below ** n - (1 - below) ** n);
  }
  return (sum * width) / 3;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
