/** What the numbers of a finding rest on: how many things were found, used and left out, and where they were looked for. */
import type { Ref } from './refs.ts';

/** Why so many things were left out, e.g. `not FINISHED`. */
export interface Exclusion {
  readonly reason: string;
  readonly count: number;
}

export interface Coverage {
  /** What is counted, a singular noun: `run`, `experiment`, … */
  readonly unit: string;
  /** What was looked in, all of one kind; `all` is every active experiment, or everything that `within` names. */
  readonly scope: readonly Ref[] | 'all';
  /** A singular noun. */
  readonly within?: string | undefined;
  readonly filter?: string | undefined;
  /** Things in scope that pass the filter, and those the numbers come from. */
  readonly matched: number;
  readonly considered: number;
  readonly excluded: readonly Exclusion[];
  /** False when not everything could be read. */
  readonly complete: boolean;
}

/** Everything that matched was used. */
export function wholeCoverage(covered: Pick<Coverage, 'unit' | 'scope' | 'within' | 'filter' | 'matched'>): Coverage {
  return { ...covered, considered: covered.matched, excluded: [], complete: true };
}

export function exclusionsOf(counts: ReadonlyMap<string, number>): Exclusion[] {
  return Array.from(counts, ([reason, count]) => ({ reason, count }));
}
