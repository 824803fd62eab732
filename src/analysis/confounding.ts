/** Params that moved together, so that their influences cannot be told apart. */
import {
  categoryAssociation,
  categoryEffect,
  centred,
  centredCorrelation,
  effectOfDistances,
  rankCodes,
  spearman,
} from './association.ts';
import { quantile } from './describe.ts';
import { codesWithMissing, type ParamColumn } from './params.ts';

export interface ConfoundedPair {
  readonly params: readonly [string, string];
  /** |ρ| of numbers, ε of a number by a category, corrected V of categories: 0.7 and above. */
  readonly association: number;
  /** Configurations where one param's value is the usual one for the other's; numbers count as below or above their median. */
  readonly together: number;
  /** Configurations that have both. */
  readonly of: number;
}

const INSEPARABLE = 0.7;

type NamedColumn = readonly [name: string, column: ParamColumn];

export function findConfounded(columns: ReadonlyMap<string, ParamColumn>): ConfoundedPair[] {
  const named = [...columns].map(([name, column]): NamedColumn => {
    // A param that only one algorithm has stands for that algorithm.
    return [name, column.kind === 'category' ? { ...column, codes: codesWithMissing(column) } : column];
  });
  const complete = new Map<ParamColumn, Complete>();
  for (const [, column] of named) {
    const { kind, missing, codes, levels } = column;
    if (kind === 'number' && missing === 0)
      complete.set(column, { ranks: centred(rankCodes(codes, levels.length)), distances: centred(scaled(column)) });
  }
  const pairs: ConfoundedPair[] = [];
  for (const [i, x] of named.entries()) {
    for (const y of named.slice(i + 1)) {
      const association = strength(x[1], y[1], complete);
      if (association >= INSEPARABLE) pairs.push({ params: [x[0], y[0]], association, ...movedTogether(x[1], y[1]) });
    }
  }
  return pairs;
}

/** Params in groups that are linked pair by pair; a param of its own is a group of one. */
export function joinConfounded(params: readonly string[], pairs: readonly ConfoundedPair[]): string[][] {
  const groupOf = new Map(params.map((param) => [param, [param]]));
  for (const {
    params: [a, b],
  } of pairs) {
    const [left, right] = [groupOf.get(a)!, groupOf.get(b)!];
    if (left === right) continue;
    left.push(...right);
    for (const param of right) groupOf.set(param, left);
  }
  return [...new Set(groupOf.values())];
}

/** A number that no configuration lacks, as what pairs are compared by. */
interface Complete {
  readonly ranks: Float64Array;
  readonly distances: Float64Array;
}

/**
 * A number by a category is measured by ε, not η: with many levels η is large whatever the numbers are, and every
 * param would be joined with it.
 */
function strength(x: ParamColumn, y: ParamColumn, complete: ReadonlyMap<ParamColumn, Complete>): number {
  if (x.numbers && y.numbers) {
    const [a, b] = [complete.get(x), complete.get(y)];
    const rho = a && b ? centredCorrelation(a.ranks, b.ranks) : spearman(x.numbers, y.numbers).value;
    return Math.abs(rho ?? 0);
  }
  if (!x.numbers && !y.numbers) return categoryAssociation(x.codes, y.codes).corrected ?? 0;
  const [number, { codes }] = x.numbers ? [x, y] : [y, x];
  const known = complete.get(number);
  const effect = known ? effectOfDistances(codes, known.distances) : categoryEffect(codes, scaled(number));
  return Math.sqrt(Math.max(0, effect.epsilonSquared ?? 0));
}

function scaled(column: ParamColumn): ArrayLike<number> {
  return column.logScale ? column.numbers!.map(Math.log10) : column.numbers!;
}

function movedTogether(x: ParamColumn, y: ParamColumn): { together: number; of: number } {
  const [a, b] = [halves(x), halves(y)];
  const both = Array.from(a.keys()).filter((row) => a[row]! >= 0 && b[row]! >= 0);
  return { together: Math.max(usual(both, a, b), usual(both, b, a)), of: both.length };
}

/** Rows whose `to` is the most frequent one for their `from`. */
function usual(rows: readonly number[], from: Int32Array, to: Int32Array): number {
  const targets = Map.groupBy(rows, (row) => from[row]!);
  return targets.values().reduce((sum, group) => {
    const counts = Map.groupBy(group, (row) => to[row]!);
    return sum + counts.values().reduce((most, { length }) => Math.max(most, length), 0);
  }, 0);
}

/** Numbers as below or above their median, categories as they are; −1 is missing. */
function halves({ numbers, codes, levels }: ParamColumn): Int32Array {
  if (numbers === undefined || levels.length <= 2) return codes;
  const median = quantile(numbers.filter(Number.isFinite).sort(), 0.5);
  return codes.map((code, row) => (code < 0 ? -1 : numbers[row]! > median ? 1 : 0));
}
