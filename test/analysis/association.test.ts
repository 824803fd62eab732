import { expect, test } from 'vitest';
import {
  associate,
  averageRanks,
  categoryAssociation,
  categoryEffect,
  pearson,
  spearman,
} from '../../src/analysis/association.ts';
import { typeParam } from '../../src/analysis/params.ts';
import { twelveRuns } from './vectors.ts';

const { lr, batch, opt, f1 } = twelveRuns;
const logLr = lr.map((text) => Math.log10(Number(text)));

test('pearson and spearman agree with scipy', () => {
  const raw = pearson(lr.map(Number), f1);
  expect(raw.value).toBeCloseTo(-0.8086360712340767, 12);
  expect(raw.p).toBeCloseTo(0.001451335142, 9);
  expect(raw.interval![0]).toBeCloseTo(-0.944306324, 8);
  expect(raw.interval![1]).toBeCloseTo(-0.438000785, 8);
  const monotone = spearman(logLr, f1);
  expect(monotone.value).toBeCloseTo(-0.1722343798669, 12);
  expect(monotone.p).toBeCloseTo(0.59246547, 8);
  expect(monotone.interval![0]).toBeCloseTo(-0.68161114, 8);
  expect(monotone.interval![1]).toBeCloseTo(0.449585135, 8);
  expect(pearson(logLr, f1).p).toBeCloseTo(0.369135139, 9);
  expect(spearman(batch.map(Number), f1).value).toBeCloseTo(-0.2660905782, 9);
});

test('small correlations agree with the scipy documentation', () => {
  const linear = pearson([1, 2, 3, 4, 5, 6, 7], [10, 9, 2.5, 6, 4, 3, 2]);
  expect([linear.value, linear.p]).toEqual([expect.closeTo(-0.828503883588, 12), expect.closeTo(0.02128026, 9)]);
  const monotone = spearman([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]);
  expect([monotone.value, monotone.p]).toEqual([expect.closeTo(0.820782681669, 11), expect.closeTo(0.0885870053, 9)]);
});

test('pairs with a non-finite side are left out; a constant side has no correlation', () => {
  expect(pearson([1, 2, Number.NaN, 4], [2, 4, 6, Number.POSITIVE_INFINITY])).toMatchObject({ n: 2, p: undefined });
  expect(pearson([1, 2, 3], [0.1, 0.1, 0.1]).value).toBeUndefined();
  expect(spearman([], []).value).toBeUndefined();
  expect(pearson([1, 2, 3, 4], [2, 4, 6, 8])).toEqual({ n: 4, value: 1, interval: [1, 1], p: 0 });
});

test('magnitudes neither overflow nor vanish', () => {
  const x = [1, 2, 4, 3];
  const y = [1, 3, 2, 4];
  const r = pearson(x, y).value!;
  expect(
    pearson(
      x.map((v) => v * 1e300),
      y.map((v) => v * 1e-300),
    ).value,
  ).toBeCloseTo(r, 12);
});

test('equal values share their rank', () => {
  expect([...averageRanks([10, 20, 10, 5, 20, 20])]).toEqual([2.5, 5, 2.5, 1, 5, 5]);
});

test('a number by category agrees with statsmodels', () => {
  const byBatch = categoryEffect(typeParam(batch).codes, f1);
  expect(byBatch.etaSquared).toBeCloseTo(0.0737380009, 9);
  expect(byBatch.epsilonSquared).toBeCloseTo(-0.1320979989, 9);
  expect(byBatch.p).toBeCloseTo(0.7084387558, 9);
  const byOpt = categoryEffect(typeParam(opt).codes, f1);
  expect(byOpt.etaSquared).toBeCloseTo(0.0311121421, 9);
  expect(byOpt.epsilonSquared).toBeCloseTo(-0.0657766437, 9);
  expect(byOpt.p).toBeCloseTo(0.5834341564, 9);
  const tertiles = categoryEffect(
    averageRanks(logLr).map((rank) => Math.floor((rank - 1) / 4)),
    f1,
  );
  expect(tertiles.etaSquared).toBeCloseTo(0.537657004, 9);
  expect(tertiles.p).toBeCloseTo(0.031069858, 9);
});

test.each([
  {
    table: [
      [10, 20, 30],
      [6, 9, 17],
    ],
    v: 0.054331376,
    corrected: 0,
    p: 0.873028283,
  },
  {
    table: [
      [30, 10],
      [15, 25],
    ],
    v: 0.377964473,
    corrected: 0.36313652,
    p: 0.000723232717,
  },
])('Cramér’s V of $table', ({ table, v, corrected, p }) => {
  const [x, y]: [number[], number[]] = [[], []];
  for (const [row, counts] of table.entries()) {
    for (const [column, count] of counts.entries()) {
      x.push(...Array<number>(count).fill(row));
      y.push(...Array<number>(count).fill(column));
    }
  }
  const found = categoryAssociation([...x, -1], [...y, 0]);
  expect(found.n).toBe(x.length);
  expect(found.cramersV).toBeCloseTo(v, 8);
  expect(found.corrected).toBeCloseTo(corrected, 8);
  expect(found.p).toBeCloseTo(p, 8);
});

test('the measure follows the kinds of the columns', () => {
  expect(associate(typeParam(lr), f1)).toMatchObject({ kind: 'numbers', n: 12 });
  expect(associate(typeParam(opt), f1)).toMatchObject({ kind: 'number by category', levels: 2 });
  expect(associate(f1, typeParam(opt))).toMatchObject({ kind: 'number by category', levels: 2 });
  expect(associate(typeParam(opt), typeParam(opt))).toMatchObject({ kind: 'categories', cramersV: 1 });
});
