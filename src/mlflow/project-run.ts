/** Leaves out of a whole run what a projection did not ask for. */
import type { Projection } from './tracking-store.ts';
import type { Run } from './types.ts';

function project<V>(map: ReadonlyMap<string, V>, keys: readonly string[] | 'all' | undefined): ReadonlyMap<string, V> {
  if (keys === 'all') return map;
  const wanted = new Set(keys);
  return new Map([...map].filter(([key]) => wanted.has(key)));
}

export function projectRun(run: Run, projection: Projection): Run {
  return {
    ...run,
    metrics: project(run.metrics, projection.metrics),
    params: project(run.params, projection.params),
    tags: project(run.tags, projection.tags),
    datasets: projection.datasets ? run.datasets : [],
  };
}
