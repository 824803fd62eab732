import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyzeImpact, type Impact } from '../../src/analysis/impact.ts';
import type { ParamValues } from '../../src/analysis/params.ts';
import { type RandomSource, seededRandom } from '../../src/analysis/prng.ts';
import { fortyRuns, twelveRuns } from './vectors.ts';

const { f1, ...twelveParams } = twelveRuns;
const twelve = { target: f1, params: new Map(Object.entries(twelveParams)), seed: 1 };
const forty = {
  target: fortyRuns.map((run) => run.f1),
  params: new Map((['lr', 'bs', 'opt', 'dropout'] as const).map((key) => [key, fortyRuns.map((run) => run[key])])),
  seed: 1,
};
const rowIn = (impact: Impact, param: string) => impact.rows.find((row) => row.params.includes(param));

describe('vectors', () => {
  test('twelve runs: the learning rate is an arch in its logarithm', () => {
    const impact = analyzeImpact(twelve);
    const [lr, batch, opt] = impact.rows;
    expect(lr).toMatchObject({ params: ['lr'], form: 'parabola', scale: 'log10', turning: 'maximum', n: 12 });
    expect(lr!.r2).toBeCloseTo(0.936218975775, 11);
    expect(lr!.adjustedR2).toBeCloseTo(0.922045415, 9);
    expect(lr!.p).toBeCloseTo(4.17938e-6, 10);
    expect(Math.log10(lr!.optimum!)).toBeCloseTo(-3.182324172, 8);
    expect(lr!.spearman).toBeCloseTo(-0.1722343798669, 12);
    expect(batch!.pearson).toBeCloseTo(-0.2696564852, 9);
    expect(opt!.adjustedR2).toBeCloseTo(-0.0657766437, 9);
    expect(opt!.levels!.map(({ value, n }) => [value, n])).toEqual([
      ['adam', 7],
      ['sgd', 5],
    ]);
    expect(impact.noiseFloor).toBeCloseTo(0.47, 1);
    expect(impact.evidence).toBe('tentative');
  });

  test('the curve to draw is the parabola whose R² is stated, through the param’s own range', () => {
    const { scatter, r2 } = analyzeImpact({ ...twelve, wanted: ['lr'] }).rows[0]!;
    const { points, curve = [] } = scatter!;
    expect(points).toHaveLength(12);
    expect([curve[0]!.x, curve.at(-1)!.x]).toEqual([expect.closeTo(1e-5, 12), expect.closeTo(0.1, 9)]);
    // A parabola is known by three of its points.
    const three = [0, 30, 60].map((i) => ({ x: Math.log10(curve[i]!.x), y: curve[i]!.y }));
    const at = (x: number) =>
      three.reduce((sum, one, i) => {
        const others = three.filter((_, j) => j !== i);
        return sum + others.reduce((product, other) => (product * (x - other.x)) / (one.x - other.x), one.y);
      }, 0);
    const middle = points.reduce((sum, { y }) => sum + y / 12, 0);
    const squares = (of: (point: { x: number; y: number }) => number) =>
      points.reduce((sum, point) => sum + of(point) ** 2, 0);
    const rest = squares(({ x, y }) => y - at(Math.log10(x)));
    expect(1 - rest / squares(({ y }) => y - middle)).toBeCloseTo(r2, 10);
    expect(analyzeImpact(twelve).rows.every((row) => row.scatter === undefined)).toBe(true);
  });

  test('forty runs: only the learning rate rises above noise', () => {
    const impact = analyzeImpact(forty);
    expect(impact.rows.map((row) => row.params[0])).toEqual(['lr', 'opt', 'dropout', 'bs']);
    const [lr, opt, dropout] = impact.rows;
    expect(lr!.adjustedR2).toBeCloseTo(0.965458848, 9);
    expect(opt!.adjustedR2).toBeCloseTo(0.008336832, 9);
    expect(dropout!.adjustedR2).toBeCloseTo(-0.017321111, 8);
    expect(lr!.pAdjusted).toBe(1 / 2001);
    expect(Math.abs(impact.noiseFloor! - 0.177)).toBeLessThan(0.03);
    expect(impact.rows.map((row) => row.verdict)).toEqual(['strong', 'none', 'none', 'none']);
    expect(impact).toMatchObject({ runs: 40, configurations: 40, shuffles: 2000, evidence: 'strong', confounded: [] });
  });

  test('only wanted params are tested', () => {
    const impact = analyzeImpact({ ...forty, wanted: ['opt'] });
    expect(impact.rows.map((row) => row.params)).toEqual([['opt']]);
    expect(impact.evidence).toBe('none');
  });
});

describe('population', () => {
  test('replicates collapse to the mean of their configuration; non-finite targets are left out', () => {
    const params = new Map([
      ['x', ['1', '2', '3', '4', '5', '6', '1', '9']],
      ['seed', ['0', '0', '0', '0', '0', '0', '1', '0']],
    ]);
    const target = [0, 2, 3, 4, 5, 6, 2, Number.NaN];
    const impact = analyzeImpact({ target, params, seed: 1 });
    expect(impact).toMatchObject({ runs: 7, configurations: 6, evidence: 'hint' });
    expect(impact.dropped).toEqual([{ param: 'seed', reason: 'seed-like' }]);
    expect(impact.rows[0]!.r2).toBeCloseTo(1, 12);
  });

  test('below five configurations params are not ranked', () => {
    const impact = analyzeImpact({ target: [1, 2, 3, 4], params: new Map([['x', ['1', '2', '3', '4']]]), seed: 1 });
    expect(impact).toMatchObject({ rows: [], evidence: 'table-only', noiseFloor: undefined, configurations: 4 });
  });

  test('missing values leave a number’s fit and are a level of a category', () => {
    const lr = forty.params.get('lr')!.map((value, i) => (i < 5 ? undefined : value));
    const opt = forty.params.get('opt')!.map((value, i) => (i < 5 ? 'None' : value));
    const params = new Map<string, ParamValues>([...forty.params, ['lr', lr], ['opt', opt]]);
    const impact = analyzeImpact({ ...forty, params });
    expect(impact.rows[0]).toMatchObject({ params: ['lr'], n: 35, form: 'parabola' });
    expect(impact.rows[0]!.adjustedR2).toBeGreaterThan(0.9);
    const levels = rowIn(impact, 'opt')?.levels;
    expect(levels?.at(-1)).toMatchObject({ value: undefined, n: 5 });
  });

  test('a target that never varies goes with nothing', () => {
    const impact = analyzeImpact({ ...forty, target: forty.target.map(() => 0.1) });
    expect(impact.evidence).toBe('none');
    for (const row of impact.rows) expect(row).toMatchObject({ r2: 0, p: 1, pAdjusted: 1, verdict: 'none' });
  });

  test('a diverged run is told apart from an influence', () => {
    const target = forty.target.map((value, i) => (i === 3 ? 1e138 : value));
    const dropout = forty.params.get('dropout')!.map((value, i) => (i === 3 ? undefined : value));
    const impact = analyzeImpact({ ...forty, target, params: new Map([...forty.params, ['dropout', dropout]]) });
    expect(impact.outlierShare).toBeCloseTo(39 / 40, 3);
    expect(impact.noiseFloor).toBeLessThan(0.5);
    expect(rowIn(impact, 'dropout')).toMatchObject({ r2: 0, verdict: 'none' });
    expect(analyzeImpact(forty).outlierShare).toBeLessThan(0.2);
  });

  test('nothing to analyse is no error', () => {
    expect(analyzeImpact({ target: [], params: new Map(), seed: 1 })).toMatchObject({ runs: 0, rows: [] });
    expect(analyzeImpact({ ...forty, params: new Map() }).configurations).toBe(1);
  });
});

describe('other explanations', () => {
  test('params that moved together are one row', () => {
    const warmup = forty.params.get('lr')!.map((lr, i) => (i % 10 === 0 ? '7' : String(1000 / Number(lr))));
    const impact = analyzeImpact({ ...forty, params: new Map([...forty.params, ['warmup', warmup]]) });
    expect(impact.rows[0]!.params).toEqual(['lr', 'warmup']);
    expect(impact.rows).toHaveLength(4);
    expect(impact.confounded).toHaveLength(1);
    expect(impact.confounded[0]).toMatchObject({ params: ['lr', 'warmup'], of: 40 });
    expect(impact.confounded[0]!.together).toBeGreaterThanOrEqual(36);
    expect(impact.confounded[0]!.together).toBeLessThan(40);
  });

  test('a category with a value for nearly every run is confounded with nothing', () => {
    const note = forty.target.map((_, i) => `note ${i >> 1}`);
    expect(analyzeImpact({ ...forty, params: new Map([...forty.params, ['note', note]]) }).confounded).toEqual([]);
  });

  test('a target that drifts with time or commit is flagged', () => {
    const startTimes = forty.target.map((value) => value * 1e12);
    const commits = forty.target.map((value) => (value > 0.77 ? 'aaaaaaa' : 'bbbbbbb'));
    const { drift } = analyzeImpact({ ...forty, startTimes, commits });
    expect(drift.map(({ source }) => source)).toEqual(['start time', 'commit']);
    expect(drift[0]!.association).toBeCloseTo(1, 12);
    const unrelated = forty.target.map((_, i) => i);
    expect(analyzeImpact({ ...forty, startTimes: unrelated }).drift).toEqual([]);
  });
});

describe('properties', () => {
  const quick = { numRuns: 25 };
  const values = fc.array(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 12, maxLength: 12 });

  test('reordering runs and params changes nothing', () => {
    const order = fc.shuffledSubarray([...f1.keys()], { minLength: 12 });
    void fc.assert(
      fc.property(order, values, (runs, target) => {
        const params = new Map([...twelve.params, ['seed', target.map((_, i) => String(i))]]);
        const reordered = new Map(
          [...params].reverse().map(([name, column]) => [name, runs.map((run) => column[run]!)]),
        );
        const input = { target, params, seed: 1, shuffles: 50 };
        const moved = { ...input, target: runs.map((run) => target[run]!), params: reordered };
        expect(analyzeImpact(moved)).toEqual(analyzeImpact(input));
      }),
      quick,
    );
  });

  test('scaling the target by a positive constant changes no measure', () => {
    void fc.assert(
      fc.property(values, fc.integer({ min: -900, max: 900 }), (target, exponent) => {
        const scaled = target.map((value) => value * 2 ** exponent);
        const measures = (y: number[]) =>
          analyzeImpact({ ...twelve, target: y, shuffles: 50 }).rows.map(({ levels: _, ...row }) => row);
        expect(measures(scaled)).toEqual(measures(target));
      }),
      quick,
    );
  });

  test('negating the target turns signs and optima only', () => {
    const [up, down] = [
      rowIn(analyzeImpact(forty), 'lr')!,
      rowIn(analyzeImpact({ ...forty, target: forty.target.map((value) => -value) }), 'lr')!,
    ];
    expect(down.adjustedR2).toBe(up.adjustedR2);
    expect(down.spearman).toBeCloseTo(-up.spearman!, 12);
    expect(down.optimum).toBeCloseTo(up.optimum!, 12);
    expect([up.turning, down.turning]).toEqual(['maximum', 'minimum']);
  });

  test('constant, missing and seed params never rank', () => {
    const params = new Map<string, ParamValues>([
      ...twelve.params,
      ['constant', f1.map(() => '1')],
      ['absent', f1.map(() => undefined)],
      ['seed', f1.map((_, i) => String(i))],
    ]);
    const impact = analyzeImpact({ ...twelve, params });
    expect(impact.rows.flatMap((row) => row.params).sort()).toEqual(['batch', 'lr', 'opt']);
    expect(impact.dropped.map(({ reason }) => reason)).toEqual(['mostly missing', 'constant', 'seed-like']);
  });

  test('the same seed gives the same result, another seed another floor', () => {
    expect(analyzeImpact(forty)).toEqual(analyzeImpact(forty));
    expect(analyzeImpact({ ...forty, seed: 2 }).noiseFloor).not.toBe(analyzeImpact(forty).noiseFloor);
  });

  test('pure noise is called supported in at most 5 % of experiments and sampling slack', () => {
    const repeats = 200;
    let claims = 0;
    for (let seed = 0; seed < repeats; seed++) {
      const { evidence } = analyzeImpact({ ...noise(20, seededRandom(seed)), seed, shuffles: 199 });
      if (evidence === 'supported' || evidence === 'strong') claims += 1;
    }
    // 5 % of 200 is 10, sd 3.1.
    expect(claims).toBeLessThanOrEqual(18);
    expect(claims).toBeGreaterThan(1);
  });
});

function noise(n: number, random: RandomSource): { target: number[]; params: Map<string, string[]> } {
  const uniform = () => random() / 2 ** 32;
  const column = (draw: () => string) => Array.from({ length: n }, draw);
  const numbers = Array.from({ length: 7 }, (_, i) => [`number ${i}`, column(() => String(uniform()))] as const);
  const categories = Array.from({ length: 3 }, (_, i) => [`name ${i}`, column(() => 'abc'[random() % 3]!)] as const);
  return { target: Array.from({ length: n }, uniform), params: new Map([...numbers, ...categories]) };
}
