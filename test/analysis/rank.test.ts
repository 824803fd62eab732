import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectedLuck, expectedMaximum, rank } from '../../src/analysis/rank.ts';

const rows = [
  { id: 'c', value: 0.9 },
  { id: 'nan', value: Number.NaN },
  { id: 'a', value: 0.9 },
  { id: 'none', value: undefined },
  { id: 'b', value: 0.7 },
  { id: 'inf', value: Number.POSITIVE_INFINITY },
];
const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id);

test('the best come first, ties by id; NaN, infinities and missing values never win', () => {
  const ranking = rank(rows, 'higher');
  expect(ids(ranking.ordered)).toEqual(['a', 'c', 'b']);
  expect(ids(ranking.ties)).toEqual(['a', 'c']);
  expect(ranking.runnerUp?.id).toBe('b');
  expect(ranking.margin).toBeCloseTo(0.2, 12);
  expect(ids(ranking.nonFinite)).toEqual(['nan', 'inf']);
  expect(ids(ranking.missing)).toEqual(['none']);
});

test('of many rows the first places are the same as where all are put in order', () => {
  const row = fc.record({ id: fc.string(), value: fc.constantFrom(1, 2, 3, 4, undefined, Number.NaN) });
  void fc.assert(
    fc.property(fc.uniqueArray(row, { selector: ({ id }) => id }), fc.integer({ min: 1, max: 9 }), (list, most) => {
      const [whole, part] = [rank(list, 'higher'), rank(list, 'higher', most)];
      const { ordered } = part;
      expect(part).toEqual({ ...whole, ordered });
      expect(ids(ordered)).toEqual(ids(whole.ordered.slice(0, ordered.length)));
      expect(ordered.length).toBeGreaterThanOrEqual(Math.min(most + 1, whole.count));
      // A value is either there with all its ties, or not at all.
      expect(whole.ordered[ordered.length]?.value).not.toBe(ordered.at(-1)?.value ?? Number.NaN);
    }),
  );
});

test('lower is better the other way round', () => {
  const ranking = rank(rows, 'lower');
  expect(ids(ranking.ordered)).toEqual(['b', 'a', 'c']);
  expect(ranking.margin).toBeCloseTo(0.2, 12);
});

test('without a second value there is no runner-up', () => {
  expect(rank([{ id: 'a', value: 1 }], 'higher')).toMatchObject({ runnerUp: undefined, margin: undefined });
  expect(rank([], 'higher')).toMatchObject({ ordered: [], ties: [], runnerUp: undefined });
});

test('negating values and direction, or reordering rows, gives the same order', () => {
  const value = fc.oneof(fc.constantFrom(0, 1, undefined, Number.NaN), fc.double());
  void fc.assert(
    fc.property(fc.uniqueArray(fc.record({ id: fc.string(), value }), { selector: (row) => row.id }), (list) => {
      const negated = list.map((row) => ({ ...row, value: row.value === undefined ? undefined : -row.value }));
      const order = ids(rank(list, 'higher').ordered);
      expect(ids(rank(negated, 'lower').ordered)).toEqual(order);
      expect(ids(rank(list.toReversed(), 'higher').ordered)).toEqual(order);
    }),
  );
});

test.each([
  [2, 0.564],
  [3, 0.846],
  [5, 1.163],
  [10, 1.539],
  [20, 1.867],
  [50, 2.249],
  [100, 2.508],
  [200, 2.746],
])('the best of %i equal runs is %f sd lucky', (n, luck) => {
  expect(expectedMaximum(n)).toBeCloseTo(luck, 3);
});

test('luck is told from 10 runs on', () => {
  expect(expectedLuck(9)).toBeUndefined();
  expect(expectedLuck(10)).toBeCloseTo(1.5388, 4);
  expect(expectedMaximum(1)).toBeCloseTo(0, 12);
  expect(expectedMaximum(1e6)).toBeCloseTo(4.8629, 4);
});
