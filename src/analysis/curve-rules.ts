/**
 * What the shape of a curve says. All take `errors`: finite, in order, lower is better (a loss as it is, a score
 * between 0 and 1 as 1 − score, any other as its negative).
 */
import { mean, quantile, standardDeviation } from './describe.ts';

export interface Spike {
  readonly index: number;
  /** Standard deviations above the mean of the window before. */
  readonly deviations: number;
  /** Points that are spikes. */
  readonly count: number;
}

const SPIKE_DEVIATIONS = 7;
const SPIKE_WINDOW = { fewest: 20, most: 1000 };

export function asErrors(values: readonly number[], direction: 'higher' | 'lower'): number[] {
  if (direction === 'lower') return [...values];
  const whole = values.every((value) => value >= 0 && value <= 1) ? 1 : 0;
  return values.map((value) => whole - value);
}

/** Index of the first of the lowest. */
export function bestIndex(errors: readonly number[]): number {
  return errors.reduce((best, error, i) => (error < errors[best]! ? i : best), 0);
}

/**
 * The last 5 % lie above where the curve began (its first value and its first 5 %), and beyond twice the best or, where
 * errors are below zero, twice as far from the best as at first.
 */
export function endsWorse(errors: readonly number[]): boolean {
  const few = Math.ceil(errors.length * 0.05);
  const first = Math.max(errors[0]!, median(errors.slice(0, few)));
  const last = median(errors.slice(-few));
  const best = errors[bestIndex(errors)]!;
  return last > first && (best > 0 ? last > 2 * best : last - best > 2 * (first - best));
}

/** The largest point at least 7 sd above the mean of up to 1,000 points before it (OLMo 2, arXiv 2501.00656). */
export function findSpike(errors: readonly number[]): Spike | undefined {
  const all = Float64Array.from(errors);
  let [index, deviations, count] = [-1, 0, 0];
  for (let i = SPIKE_WINDOW.fewest; i < all.length; i++) {
    const before = all.subarray(Math.max(0, i - SPIKE_WINDOW.most), i);
    if (!isRareHeight(all[i]!, before)) continue;
    const above = (all[i]! - mean(before)) / standardDeviation(before);
    // A constant window has no scale: leaving it is no spike.
    if (!(above >= SPIKE_DEVIATIONS) || above === Number.POSITIVE_INFINITY) continue;
    count += 1;
    if (above > deviations) [index, deviations] = [i, above];
  }
  return index < 0 ? undefined : { index, deviations, count };
}

/** Cantelli's inequality: at most 1 in 1 + k² lies k deviations above the mean. Any other point needs no statistics. */
function isRareHeight(value: number, before: Float64Array): boolean {
  let allowed = before.length / (1 + SPIKE_DEVIATIONS ** 2);
  for (let i = before.length - 1; i >= 0 && allowed >= 0; i--) if (before[i]! >= value) allowed -= 1;
  return allowed >= 0;
}

/** Prechelt 1998: by how many per cent the last validation error lies above the best. */
export function generalizationLoss(errors: readonly number[]): number {
  return 100 * relativeGain(errors.at(-1)!, errors[bestIndex(errors)]!, errors[bestIndex(errors)]!);
}

/** Whether the last error lies above the best by more than 1 % of the range: near an error of 0 any rise is a large share. */
export function risesVisibly(errors: readonly number[]): boolean {
  const best = errors[bestIndex(errors)]!;
  const worst = errors.reduce((most, error) => Math.max(most, error), best);
  return errors.at(-1)! - best > 0.01 * (worst - best);
}

/** Whether the second half of the last fifth lies below its first half. */
export function stillFalling(errors: readonly number[]): boolean {
  const late = errors.slice(Math.floor(errors.length * 0.8));
  const half = Math.floor(late.length / 2);
  return half > 0 && median(late.slice(-half)) < median(late.slice(0, half));
}

/** What the last fifth gained over the best before it, relative to that best. */
export function lateImprovement(errors: readonly number[]): number {
  const early = errors.slice(0, Math.floor(errors.length * 0.8));
  const before = early[bestIndex(early)]!;
  return relativeGain(before, errors[bestIndex(errors)]!, before);
}

function relativeGain(from: number, to: number, base: number): number {
  return from === to ? 0 : (from - to) / Math.abs(base);
}

function median(values: readonly number[]): number {
  return quantile(Float64Array.from(values).sort(), 0.5);
}
