import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diagnoseCurve, downsample, smooth, summarizeCurve } from '../../src/analysis/curve.ts';
import { asErrors, generalizationLoss } from '../../src/analysis/curve-rules.ts';
import { seededRandom } from '../../src/analysis/prng.ts';

const curve = (values: readonly number[]) => values.map((value, step) => ({ step, value, timestamp: step }));
const length = (n: number, value: (i: number) => number) => curve(Array.from({ length: n }, (_, i) => value(i)));
const kinds = (...args: Parameters<typeof diagnoseCurve>) => diagnoseCurve(...args).map(({ kind }) => kind);

describe('summary', () => {
  test('orders by step, then time; extremes are of finite values', () => {
    const points = [
      { step: 2, value: 5, timestamp: 30 },
      { step: 1, value: Number.NaN, timestamp: 20 },
      { step: 1, value: 3, timestamp: 10 },
      { step: 2n ** 60n, value: 5, timestamp: 40 },
    ];
    expect(summarizeCurve(points)).toEqual({
      n: 4,
      distinctSteps: 3,
      first: points[2],
      last: points[3],
      min: points[2],
      max: points[0],
      nonFinite: 1,
      firstNonFinite: points[1],
      repeatedSteps: 1,
    });
  });

  test('an empty curve has neither ends nor extremes', () => {
    expect(summarizeCurve([])).toMatchObject({ n: 0, first: undefined, min: undefined, firstNonFinite: undefined });
    expect(summarizeCurve(curve([Number.NaN]))).toMatchObject({ n: 1, nonFinite: 1, min: undefined, max: undefined });
  });
});

describe('diagnosis', () => {
  const lower = { direction: 'lower' } as const;

  test('a non-finite tail has diverged', () => {
    const [nonFinite, diverged] = diagnoseCurve(
      length(20, (i) => (i < 15 ? 1 / (i + 1) : Number.NaN)),
      lower,
    );
    expect(nonFinite).toEqual({ kind: 'non-finite', step: 15, value: Number.NaN, count: 5, of: 20 });
    expect(diverged).toEqual({ kind: 'diverged', step: 14, first: 1, best: 1 / 15, last: Number.NaN });
  });

  test('a gap that closes is no divergence', () => {
    const found = kinds(
      length(40, (i) => (i === 7 ? Number.NaN : Math.exp(-i / 10))),
      lower,
    );
    expect(found).toEqual(['non-finite', 'still-improving']);
  });

  test('ending far above the start is divergence, in either direction of the metric', () => {
    const loss = length(100, (i) => (i < 50 ? 1 - i / 100 : 0.5 + (i - 50) / 20));
    expect(kinds(loss, lower)).toEqual(['diverged']);
    const accuracy = length(100, (i) => (i < 50 ? 0.5 + i / 125 : 0.2));
    expect(kinds(accuracy, { direction: 'higher' })).toContain('diverged');
    const reward = length(100, (i) => (i < 50 ? i : -200));
    expect(kinds(reward, { direction: 'higher' })).toContain('diverged');
  });

  test('ending below the best but above the start is no divergence', () => {
    const accuracy = length(200, (i) => (i === 0 ? 0.28 : i < 30 ? 0.91 : 0.82));
    expect(kinds(accuracy, { direction: 'higher' })).not.toContain('diverged');
  });

  test('a spike is far above what came before; a noisy curve has none', () => {
    const random = seededRandom(5);
    const noisy = length(300, (i) => Math.exp(-i / 100) + random() / 2 ** 32 / 10);
    expect(kinds(noisy, lower)).not.toContain('spike');
    const spiked = noisy.map((point) => (point.step === 200 ? { ...point, value: 9 } : point));
    const spike = diagnoseCurve(spiked, lower).find(({ kind }) => kind === 'spike');
    expect(spike).toMatchObject({ step: 200, value: 9, count: 1, share: 1 / 300 });
  });

  test('overfitting needs a rising validation loss and a falling training loss', () => {
    const validation = length(50, (i) => 0.5 + ((i - 20) / 50) ** 2);
    const train = length(50, (i) => Math.exp(-i / 20));
    const [found] = diagnoseCurve(validation, { ...lower, train });
    expect(found).toMatchObject({ kind: 'overfitting', step: 20, best: 0.5 });
    expect(kinds(validation, lower)).not.toContain('overfitting');
    expect(kinds(validation, { ...lower, train: length(50, () => 0.3) })).not.toContain('overfitting');
  });

  test('a tiny slip from a perfect score is not overfitting', () => {
    const accuracy = length(50, (i) => (i < 20 ? 0.5 + i / 40 : i < 30 ? 1 : 0.999));
    const train = length(50, (i) => 1 - Math.exp(-i / 20));
    expect(kinds(accuracy, { direction: 'higher', train })).toEqual(['plateau']);
  });

  test('a flat end is a plateau, a best at the end is still improving', () => {
    const [plateau] = diagnoseCurve(
      length(100, (i) => Math.max(0.2, 1 - i / 50)),
      lower,
    );
    expect(plateau).toMatchObject({ kind: 'plateau', best: 0.2, improvement: 0 });
    const [improving] = diagnoseCurve(
      length(100, (i) => 1 - i / 200),
      lower,
    );
    expect(improving).toMatchObject({ kind: 'still-improving', step: 99, best: 0.505 });
  });

  test('few evaluations give facts but no verdict', () => {
    expect(kinds(curve([3, 2, 1]), lower)).toEqual(['too-short']);
    expect(kinds(curve([3, 2, Number.NaN]), lower)).toEqual(['non-finite', 'diverged', 'too-short']);
    expect(kinds([], lower)).toEqual([]);
  });

  test('without a direction only facts are told', () => {
    expect(
      kinds(
        length(50, (i) => i),
        { direction: undefined },
      ),
    ).toEqual([]);
    expect(kinds(curve([1, Number.NaN]), { direction: undefined })).toEqual(['non-finite', 'too-short']);
  });

  test('steps that were never set are read in log order', () => {
    const points = length(100, (i) => 1 - i / 200).map((point) => ({ ...point, step: 0 }));
    expect(kinds(points, lower)).toEqual(['still-improving']);
  });

  test('generalisation loss', () => {
    expect(generalizationLoss([1, 0.8, 0.7, 0.65, 0.66, 0.7, 0.8])).toBeCloseTo(23.076923, 6);
    expect(asErrors([0.2, 0.9], 'higher')).toEqual([0.8, expect.closeTo(0.1)]);
    expect(asErrors([20, 90], 'higher')).toEqual([-20, -90]);
  });
});

describe('down-sampling', () => {
  const value = fc.oneof({ weight: 20, arbitrary: fc.double() }, { weight: 1, arbitrary: fc.constant(Number.NaN) });

  test('keeps order, ends and extremes, within the budget', () => {
    void fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1, maxLength: 400 }),
        (values) => {
          const points = curve(values);
          const kept = downsample(points, 40);
          expect(kept.length).toBeLessThanOrEqual(Math.max(40, 0));
          expect(kept).toEqual(kept.toSorted((a, b) => a.step - b.step));
          for (const point of [points[0], points.at(-1), summarizeCurve(points).min, summarizeCurve(points).max]) {
            expect(kept).toContain(point);
          }
        },
      ),
    );
  });

  test('marks every gap and its neighbours', () => {
    void fc.assert(
      fc.property(fc.array(value, { minLength: 150, maxLength: 300 }), (values) => {
        const kept = new Set(downsample(curve(values), 120).map(({ step }) => step));
        for (const [i, current] of values.entries()) {
          const gapStarts = !Number.isFinite(current) && Number.isFinite(values[i - 1]);
          if (gapStarts) expect(kept.has(i) && kept.has(i - 1)).toBe(true);
        }
      }),
    );
  });

  test('a one-point spike survives, and a curve of gaps stays within twice the budget', () => {
    expect(
      downsample(
        length(10_000, (i) => (i === 5003 ? 9 : 0)),
        50,
      ).some((point) => point.value === 9),
    ).toBe(true);
    expect(
      downsample(
        length(10_000, (i) => (i % 2 ? i : Number.NaN)),
        50,
      ).length,
    ).toBeLessThanOrEqual(100);
  });
});

describe('smoothing', () => {
  test.each([
    [[1, 0.5, 0], 0.6, [1, 0.6875, 0.3367346939]],
    [[0, 0.5, 1], 0.6, [0, 0.3125, 0.6632653061]],
    [[1, 2, 3, 4, 5], 0.6, [1, 1.625, 2.3265306122, 3.0955882353, 3.9215822346]],
    [[1, 2, 3], 0, [1, 2, 3]],
    [[1, 2, 3], Number.NaN, [1, 2, 3]],
    [[1, 2, 3], 1, [0, 0, 0]],
    [[0.3, 0.3, 0.3], 0.6, [0.3, 0.3, 0.3]],
  ])('%j with weight %f', (values, weight, expected) => {
    for (const [i, smoothed] of smooth(values, weight).entries()) expect(smoothed).toBeCloseTo(expected[i]!, 9);
  });

  test('non-finite values pass through', () => {
    const { NaN: nan, POSITIVE_INFINITY: up, NEGATIVE_INFINITY: down } = Number;
    expect(smooth([down, 1, nan, up, 0.5], 0.6)).toEqual([down, 1, nan, up, expect.closeTo(0.6875, 9)]);
  });
});
