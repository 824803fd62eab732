/** Significance by shuffling: what the best of many params reaches when none has anything to do with the target. */
import { quantile } from './describe.ts';
import { bestFit, dot, type Fit, type FitPlan } from './fit.ts';
import { seededRandom, shuffle } from './prng.ts';

export interface Tested {
  readonly plan: FitPlan;
  readonly fit: Fit;
  readonly pAdjusted: number;
}

/** How params' fits compare with what chance alone reaches. */
export interface ChanceTest {
  readonly tested: ReadonlyMap<string, Tested>;
  readonly noiseFloor: number | undefined;
  /** 0 where a bound stands in for them. */
  readonly shuffles: number;
}

/** Params × configurations × shuffles at most, about half a second; never below 99 shuffles. */
const WORK = 5e7;

/**
 * Westfall & Young's max-statistic permutation: how often does any param of a shuffled target do as well as this one.
 * Shuffling keeps the links between params, so that many related params are not punished as if they were independent.
 */
export function permutationTest(
  plans: ReadonlyMap<string, FitPlan>,
  target: Float64Array,
  seed: number,
  wanted: number,
): ChanceTest {
  const squares = dot(target, target);
  const entries = [...plans].map(([param, plan]) => ({ param, plan, fit: bestFit(plan, target, squares), asGood: 0 }));
  const affordable = Math.max(99, Math.floor(WORK / (entries.length * target.length)));
  const shuffles = entries.length > 0 ? Math.min(wanted, affordable) : 0;
  const floors = new Float64Array(shuffles);
  const shuffled = target.slice();
  const random = seededRandom(seed);
  for (let round = 0; round < shuffles; round++) {
    shuffle(shuffled, random);
    let smallestP = 1;
    for (const { plan } of entries) {
      const fit = bestFit(plan, shuffled, squares);
      smallestP = Math.min(smallestP, fit.p);
      floors[round] = Math.max(floors[round]!, fit.adjustedR2);
    }
    // A shuffle that gives the same fit may differ in the last bits.
    for (const entry of entries) if (smallestP <= entry.fit.p * (1 + 1e-9)) entry.asGood += 1;
  }
  const tested = entries.map(({ param, asGood, ...entry }): [string, Tested] => {
    return [param, { ...entry, pAdjusted: (1 + asGood) / (shuffles + 1) }];
  });
  const noiseFloor = shuffles > 0 ? quantile(floors.sort(), 0.95) : undefined;
  return { tested: new Map(tested), noiseFloor, shuffles };
}
