/** The bound that stands in for shuffling over thousands of configurations, held against shuffling itself. */
import { expect, test } from 'vitest';
import { centred } from '../../src/analysis/association.ts';
import { chanceBound, isBoundable } from '../../src/analysis/chance-bound.ts';
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
