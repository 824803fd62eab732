import { expect, test } from 'vitest';
import { analyzeImpact } from '../../../src/analysis/impact.ts';
import { impactSummary, impactTable } from '../../../src/tools/analyze-parameter-impact/words.ts';
import type { MeasureColumn } from '../../../src/tools/population/measures.ts';

const measure: MeasureColumn = {
  field: { kind: 'metric', key: 'f1' },
  key: 'f1',
  label: '`f1`',
  columnKind: 'metric',
  values: [],
};

/** A depth that f1 rises with, and a size that it has nothing to do with. */
function analyze(runs: number) {
  const depth = Array.from({ length: runs }, (_, run) => run % 10);
  const size = Array.from({ length: runs }, (_, run) => (run * 7919) % 6007);
  const target = depth.map((value, run) => value + ((run * 104_729) % 1009) / 100);
  const params = new Map([
    ['depth', depth.map(String)],
    ['size', size.map(String)],
  ]);
  return analyzeImpact({ target, params, seed: 1 });
}

test('the answer says whether the noise floor was shuffled or bounded', () => {
  const [shuffled, bounded] = [analyze(300), analyze(6_000)];
  expect(impactSummary(shuffled, measure, 'here', undefined)).toContain('(95% of 2,000 shuffles)');
  expect(impactSummary(bounded, measure, 'here', undefined)).toContain('(in 95% of cases, by the F distribution)');
  expect(impactSummary(bounded, measure, 'here', undefined)).not.toContain('shuffl');
  const labels = [shuffled, bounded].map((impact) => impactTable(impact).columns.find(({ key }) => key === 'p')?.label);
  expect(labels).toEqual(['permutation p', 'p by the F distribution']);
});
