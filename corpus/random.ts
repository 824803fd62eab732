/** Choices that are the same for a seed. */
import { seededRandom, seedFromText } from '../src/analysis/prng.ts';

export interface Random {
  /** From 0 to below `count`. */
  below(count: number): number;
  pick<T>(list: readonly T[]): T;
  /** As many as there are, at most. */
  some<T>(list: readonly T[], count: number): T[];
  chance(share: number): boolean;
}

export function createRandom(seed: string): Random {
  const source = seededRandom(seedFromText(seed));
  const next = () => source() / 2 ** 32;
  const below = (count: number) => Math.floor(next() * count);
  return {
    below,
    pick: <T>(list: readonly T[]) => list[below(list.length)] as T,
    some<T>(list: readonly T[], count: number) {
      const left = [...list];
      return Array.from({ length: Math.min(count, left.length) }, () => left.splice(below(left.length), 1)[0] as T);
    },
    chance: (share) => next() < share,
  };
}
