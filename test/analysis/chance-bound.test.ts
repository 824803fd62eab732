/** The bound that stands in for shuffling over thousands of configurations, held against shuffling itself. */
import { expect, test } from 'vitest';
import { centred } from '../../src/analysis/association.ts';
import { chanceBound, isBoundable } from '../../src/analysis/chance-bound.ts';
import { rSquaredTail } from '../../src/analysis/distributions.ts';
import { planFit } from '../../src/analysis/fit.ts';
import { analyzeImpact } from '../../src/analysis/impact.ts';
import { typeParam } from '../../src/analysis/params.ts';
import { permutationTest } from '../../src/analysis/permutation.ts';
import { seededRandom } from '../../src/analysis/prng.ts';

const RUNS = 6_000;
const SHUFFLES = 2_000;

function drawer(seed: number) {
  const random = seededRandom(seed);
  const uniform = () => (random() + 0.5) / 2 ** 32;
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

/** Params of every kind: fine and coarse numbers, few and many names, one that repeats another, one with gaps. */
function makeParams({ uniform }: ReturnType<typeof drawer>) {
  const draw = (text: () => string | undefined) => Array.from({ length: RUNS }, text);
  const fine = draw(() => (10 ** (4 * uniform() - 5)).toPrecision(3));
  return new Map<string, (string | undefined)[]>([
    ['lr', fine],
    ['lr_copy', fine.map((text) => String(2 * Number(text)))],
    ['depth', draw(() => String(Math.floor(4 * uniform())))],
    ['model', draw(() => `model ${Math.floor(5 * uniform())}`)],
    ['subset', draw(() => `part ${Math.floor(30 * uniform())}`)],
    ['gap', draw(() => (uniform() < 0.3 ? undefined : String(Math.floor(50 * uniform()))))],
  ]);
}

const plansOf = (params: ReturnType<typeof makeParams>) =>
  new Map([...params].map(([name, values]) => [name, planFit(typeParam(values, name))!]));

const OUTCOMES: Record<string, (draw: ReturnType<typeof drawer>) => number> = {
  normal: ({ normal }) => normal(),
  skewed: ({ uniform }) => -Math.log(uniform()),
  'two-valued': ({ uniform }) => (uniform() < 0.05 ? 1 : 0),
};

test.each(Object.entries(OUTCOMES))('%s: no more is granted than shuffling grants, and little less', (_, outcome) => {
  const draw = drawer(7);
  const plans = plansOf(makeParams(draw));
  const target = centred(Array.from({ length: RUNS }, () => outcome(draw)));
  expect(isBoundable(plans, target)).toBe(true);
  const bound = chanceBound(plans, target);
  const shuffled = permutationTest(plans, target, 1, SHUFFLES);
  expect(shuffled.shuffles).toBeGreaterThan(1_000);
  // The floor of some thousand shuffles is itself known to a few per cent.
  expect(bound.noiseFloor! / shuffled.noiseFloor!).toBeGreaterThan(0.95);
  expect(bound.noiseFloor! / shuffled.noiseFloor!).toBeLessThan(1.25);
  for (const [param, { pAdjusted }] of bound.tested) {
    const p = shuffled.tested.get(param)!.pAdjusted;
    expect(pAdjusted, param).toBeGreaterThan(p - 4 * Math.sqrt((p * (1 - p)) / shuffled.shuffles) - 0.002);
  }
});

test('over thousands of configurations the bound is used, unless one of them decides by value or by place', () => {
  const draw = drawer(3);
  const params = makeParams(draw);
  const target = params.get('lr')!.map((lr) => Math.log10(Number(lr)) + draw.normal());
  const impact = analyzeImpact({ target, params, seed: 1 });
  expect(impact).toMatchObject({ shuffles: 0, evidence: 'strong' });
  expect(impact.rows[0]!.params.toSorted()).toEqual(['lr', 'lr_copy']);
  expect(analyzeImpact({ target: target.with(0, 1_000), params, seed: 1 }).shuffles).toBeGreaterThan(99);
  const rare = new Map(params).set('model', params.get('model')!.with(0, 'tried once'));
  expect(analyzeImpact({ target, params: rare, seed: 1 }).shuffles).toBeGreaterThan(99);
  const far = new Map(params).set('gap', params.get('gap')!.with(0, '1e6'));
  expect(analyzeImpact({ target, params: far, seed: 1 }).shuffles).toBeGreaterThan(99);
});

const planOf = (texts: string[]) => new Map([['p', planFit(typeParam(texts, 'p'))!]]);

test('a rare level under a rare event is shuffled', () => {
  const rare = planOf(Array.from({ length: RUNS }, (_, run) => (run < 60 ? 'rare' : 'common')));
  const event = (every: number) => centred(Array.from({ length: RUNS }, (_, run) => (run % every === 0 ? 1 : 0)));
  expect(isBoundable(rare, event(2))).toBe(true);
  expect(isBoundable(rare, event(20))).toBe(false);
  expect(isBoundable(rare, event(100))).toBe(false);
});

test('a number with few levels counts as two fits', () => {
  const plans = planOf(Array.from({ length: RUNS }, (_, run) => String(run % 4)));
  const target = centred(Array.from({ length: RUNS }, (_, run) => ((run * 104_729) % 1009) + (run % 4) * 5));
  const { fit, pAdjusted } = chanceBound(plans, target).tested.get('p')!;
  expect(fit.p).toBeGreaterThan(1e-14);
  expect(pAdjusted).toBe(2 * fit.p);
});

test('the floor is passed by chance in one case of twenty, and no p is smaller than rounding', () => {
  const halves = planOf(Array.from({ length: RUNS }, (_, run) => (run % 2 ? 'a' : 'b')));
  const { noiseFloor } = chanceBound(halves, centred(Array.from({ length: RUNS }, (_, run) => run % 7)));
  const rest = RUNS - 2;
  expect(rSquaredTail(1 - ((1 - noiseFloor!) * rest) / (RUNS - 1), 1, rest)).toBeCloseTo(0.05, 9);
  const same = chanceBound(halves, centred(Array.from({ length: RUNS }, (_, run) => run % 2)));
  expect(same.tested.get('p')!.pAdjusted).toBe(1e-15);
});

test('fewer than five thousand configurations are shuffled', () => {
  const halves = (length: number) => planOf(Array.from({ length }, (_, run) => (run % 2 ? 'a' : 'b')));
  const target = (length: number) => centred(Array.from({ length }, (_, run) => (run * 104_729) % 1009));
  expect(isBoundable(halves(4_999), target(4_999))).toBe(false);
  expect(isBoundable(halves(5_000), target(5_000))).toBe(true);
});
