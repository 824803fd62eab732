/** Choices by a seed: the same seed makes the same session on every machine. */
import { seededRandom } from '../../../src/analysis/prng.ts';

export interface Chance {
  /** From 0 to below `count`. */
  int(count: number): number;
  /** True so often, of 1. */
  odds(part: number): boolean;
  pick<T>(items: readonly T[]): T;
}

export function createChance(seed: number): Chance {
  const next = seededRandom(seed);
  const int = (count: number) => Math.floor((next() / 0x1_0000_0000) * count);
  return { int, odds: (part) => int(1e6) < part * 1e6, pick: (items) => items[int(items.length)]! };
}
