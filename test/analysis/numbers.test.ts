import { expect, test } from 'vitest';
import { mean, quantile, describe as summarize } from '../../src/analysis/describe.ts';
import { chiSquareTail, fCdf, normalCdf, rSquaredTail, tCdf, tTwoSided } from '../../src/analysis/distributions.ts';
import { seededRandom, seedFromText, shuffle } from '../../src/analysis/prng.ts';

test('quantiles are of type 7', () => {
  const sorted = [120, 85, 300, 95, 110, 2400, 130, 101, 99, 140].sort((a, b) => a - b);
  const [p50, p90, p95, p99] = [0.5, 0.9, 0.95, 0.99].map((q) => quantile(sorted, q));
  expect(p50).toBe(115);
  expect(p90).toBeCloseTo(510, 9);
  expect(p95).toBeCloseTo(1455, 9);
  expect(p99).toBeCloseTo(2211, 9);
  expect(quantile([], 0.5)).toBeNaN();
});

test('a summary leaves non-finite values out and counts them', () => {
  expect(summarize([3, Number.NaN, 1, 2, Number.NEGATIVE_INFINITY])).toEqual({
    n: 3,
    mean: 2,
    sd: 1,
    min: 1,
    q25: 1.5,
    median: 2,
    q75: 2.5,
    max: 3,
    nonFinite: 2,
  });
  expect(summarize([7])).toMatchObject({ n: 1, mean: 7, sd: undefined, median: 7 });
  expect(summarize([])).toMatchObject({ n: 0, mean: undefined, min: undefined, median: undefined });
});

test('a mean keeps small values beside large ones', () => {
  expect(mean([1e100, 1, -1e100, 1])).toBe(0.5);
});

test('the largest of doubles have a mean and a spread', () => {
  const { mean: centre, sd } = summarize([1.6e308, 1.2e308, 1.4e308]);
  expect(centre! / 1.4e308).toBeCloseTo(1, 12);
  expect(sd! / 0.2e308).toBeCloseTo(1, 12);
  expect(mean([1, Number.NaN])).toBeNaN();
  expect(mean([1, Number.POSITIVE_INFINITY])).toBe(Number.POSITIVE_INFINITY);
});

test('p-values agree with scipy', () => {
  expect(tTwoSided(3.3082289368, 7.9271592842)).toBeCloseTo(0.010865417, 9);
  expect(tTwoSided(3.0289607417, 4)).toBeCloseTo(0.0388201164, 9);
  expect(1 - tCdf(3.652012113249, 9)).toBeCloseTo(0.00530091877 / 2, 9);
  expect(tCdf(-2.5134871171, 9)).toBeCloseTo(0.0331207062 / 2, 9);
  expect(1 - fCdf(0.3582366589, 2, 9)).toBeCloseTo(0.7084387558, 9);
  expect(rSquaredTail(0.936218975775, 2, 9)).toBeCloseTo(4.17938e-6, 11);
  expect(chiSquareTail(11.658165818, 2)).toBeCloseTo(Math.exp(-11.658165818 / 2), 15);
  expect(normalCdf(1.959963984540054)).toBeCloseTo(0.975, 12);
  expect(normalCdf(-8) / 6.220960574271785e-16).toBeCloseTo(1, 9);
});

test('tails stay positive far out', () => {
  expect(tTwoSided(40, 60)).toBeGreaterThan(0);
  expect(rSquaredTail(0.999, 1, 200)).toBeGreaterThan(0);
  expect(chiSquareTail(1000, 3)).toBeGreaterThan(0);
  expect(chiSquareTail(1e6, 40)).toBe(0);
  expect(tTwoSided(Number.POSITIVE_INFINITY, 5)).toBe(0);
});

test('random numbers repeat for a seed, differ between seeds and fill their range evenly', () => {
  const draw = (seed: number) => Array.from({ length: 16_000 }, seededRandom(seed));
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
  const cells = new Array(16).fill(0);
  for (const value of draw(1)) cells[value >>> 28] += 1;
  const chiSquare = cells.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  expect(chiSquareTail(chiSquare, 15)).toBeGreaterThan(0.001);
  expect(seedFromText('a')).not.toBe(seedFromText('b'));
});

test('a shuffle reaches every order about equally often', () => {
  const random = seededRandom(3);
  const counts = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const values = Float64Array.of(1, 2, 3);
    shuffle(values, random);
    counts.set(values.join(), (counts.get(values.join()) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
});
