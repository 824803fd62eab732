import { expect, test } from 'vitest';
import { diffRows, seedNoise } from '../../src/analysis/compare.ts';

test('a diff shows differences, counts who lacks a key, and leaves out what nobody has', () => {
  const diff = diffRows(
    new Map<string, (string | number | undefined)[]>([
      ['lr', ['1e-3', '0.001']],
      ['__proto__', ['x', undefined]],
      ['seed', ['1', '1']],
      ['nan', [Number.NaN, Number.NaN]],
      ['zero', [0, -0]],
      ['absent', [undefined, undefined]],
    ]),
  );
  expect(diff.differing).toEqual([
    { key: 'lr', values: ['1e-3', '0.001'], missing: 0 },
    { key: '__proto__', values: ['x', undefined], missing: 1 },
  ]);
  expect(diff.identical).toEqual(['seed', 'nan', 'zero']);
});

test('seed noise pools the spread of replicates', () => {
  const [a, b] = [
    [0.842, 0.851, 0.838, 0.846, 0.855],
    [0.829, 0.836, 0.841, 0.825, 0.833],
  ];
  const noise = seedNoise([a!, b!, [0.5], [0.1, Number.NaN]]);
  const sd = Math.sqrt((0.00680441033 ** 2 + 0.00618061486 ** 2) / 2);
  expect(noise).toMatchObject({ degreesOfFreedom: 8, groups: 2 });
  expect(noise?.sd).toBeCloseTo(sd, 9);
  expect(noise?.threshold).toBeCloseTo(2 * Math.SQRT2 * sd, 9);
});

test('four degrees of freedom are too few for a ruler', () => {
  expect(
    seedNoise([
      [1, 2, 3],
      [1, 2, 3],
    ]),
  ).toBeUndefined();
  expect(
    seedNoise([
      [1, 2, 3],
      [1, 2, 3, 4],
    ]),
  ).toBeDefined();
});
