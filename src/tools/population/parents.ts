/** Parent runs, such as sweeps: they repeat what their children have, and last as long as all of them. */

import type { Caveat } from '../../finding/finding.ts';
import { countOf } from '../../finding/format.ts';
import type { Population, Projection, RunColumns } from '../../mlflow/runs/tracking-store.ts';
import type { Filter } from '../../query/filter.ts';
import { allOf } from '../../query/filter.ts';
import type { ToolContext } from '../define/context.ts';

/** The tag and not the attribute: servers can be asked for it. */
const IS_NESTED: Filter = {
  op: 'compare',
  field: { kind: 'tag', key: 'mlflow.parentRunId' },
  comparator: '!=',
  value: '',
};

/** All nested runs of some experiments, whether or not they pass a filter. */
export function readNested(context: ToolContext, population: Population, projection: Projection): Promise<RunColumns> {
  return context.store.columns({ ...population, filter: IS_NESTED }, projection, context.signal);
}

/** Runs with a child that counts. */
export function parentsOf(family: RunColumns, counts: (row: number) => boolean = () => true): ReadonlySet<string> {
  const parents = new Set<string>();
  family.parentIds.forEach((parent, row) => {
    if (parent !== undefined && counts(row)) parents.add(parent);
  });
  return parents;
}

/** Says that figures about any run hold those of parents. */
export function parentCaveats(parents: number): Caveat[] {
  if (parents === 0) return [];
  const what = parents === 1 ? 'a sweep' : 'sweeps';
  return [{ code: 'PARENT_RUNS', text: `includes ${countOf(parents, 'parent run')} (${what})` }];
}

/** How many runs of a population are parents. */
export async function countParents(context: ToolContext, population: Population): Promise<number> {
  const parents = parentsOf(await readNested(context, population, {}));
  if (parents.size === 0) return 0;
  const isParent: Filter = { op: 'in', field: { kind: 'attribute', key: 'run_id' }, values: [...parents] };
  const filter = allOf(population.filter, isParent);
  const counts = await context.store.countRuns({ ...population, filter }, context.signal);
  return counts.reduce((sum, { count }) => sum + count, 0);
}
