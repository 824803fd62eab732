/** A seeded source of randomness: the same seed gives the same numbers on every machine. */

/** Uniform 32-bit unsigned integers. */
export type RandomSource = () => number;

/** xoshiro128** (Blackman & Vigna 2018), its state filled from the seed by splitmix32. */
export function seededRandom(seed: number): RandomSource {
  const fill = splitmix32(seed);
  let [a, b, c, d] = [fill(), fill(), fill(), fill()];
  return () => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result;
  };
}

/** A seed from text (FNV-1a), so that the same question always draws the same numbers. */
export function seedFromText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Fisher–Yates, in place. The bias of scaling 32 bits is below n / 2^32. */
export function shuffle(values: Float64Array, random: RandomSource): void {
  for (let i = values.length - 1; i > 0; i--) {
    const j = Math.floor((random() / 0x1_0000_0000) * (i + 1));
    const swapped = values[i]!;
    values[i] = values[j]!;
    values[j] = swapped;
  }
}

function splitmix32(seed: number): RandomSource {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}

function rotateLeft(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}
