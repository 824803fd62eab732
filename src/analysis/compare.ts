/** What differs between runs, and how much of a difference is seed noise. */
import { variance } from './describe.ts';

export type DiffValue = string | number | undefined;

export interface DiffRow {
  readonly key: string;
  /** One per run, in run order; undefined where a run lacks the key. */
  readonly values: readonly DiffValue[];
  /** Runs that lack the key: a key added or removed is a difference. */
  readonly missing: number;
}

export interface Diff {
  /** In the order of the columns given. */
  readonly differing: readonly DiffRow[];
  readonly identical: readonly string[];
}

/** Compares columns of one value per run. NaN equals NaN; text is compared as logged. A key nobody has is left out. */
export function diffRows(columns: ReadonlyMap<string, readonly DiffValue[]>): Diff {
  const differing: DiffRow[] = [];
  const identical: string[] = [];
  for (const [key, values] of columns) {
    const missing = values.filter((value) => value === undefined).length;
    if (missing === values.length) continue;
    if (new Set(values).size === 1) identical.push(key);
    else differing.push({ key, values, missing });
  }
  return { differing, identical };
}

export interface SeedNoise {
  /** Pooled sd of replicates. */
  readonly sd: number;
  readonly degreesOfFreedom: number;
  /** Groups with at least two finite values. */
  readonly groups: number;
  /** Single-run differences below this (2·√2·sd) are within seed noise. */
  readonly threshold: number;
}

/** The noise ruler √(Σ(nᵢ−1)sᵢ² / Σ(nᵢ−1)) over groups of replicates; undefined below 5 degrees of freedom. */
export function seedNoise(groups: Iterable<readonly number[]>): SeedNoise | undefined {
  let squares = 0;
  let degreesOfFreedom = 0;
  let used = 0;
  for (const group of groups) {
    const finite = group.filter(Number.isFinite);
    if (finite.length < 2) continue;
    squares += variance(finite) * (finite.length - 1);
    degreesOfFreedom += finite.length - 1;
    used += 1;
  }
  if (degreesOfFreedom < 5) return undefined;
  const sd = Math.sqrt(squares / degreesOfFreedom);
  return { sd, degreesOfFreedom, groups: used, threshold: 2 * Math.SQRT2 * sd };
}
