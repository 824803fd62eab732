/** Runs → columns, for stores that deliver whole runs. */
import { compareText } from './compare-text.ts';
import type { Projection, RunColumns } from './tracking-store.ts';
import type { Run } from './types.ts';

function toColumnsOf<V, T>(
  maps: readonly ReadonlyMap<string, V>[],
  keys: readonly string[] | 'all' | undefined,
  convert: (value: V) => T,
): Map<string, readonly (T | undefined)[]> {
  const wanted = keys === 'all' ? [...new Set(maps.flatMap((map) => [...map.keys()]))] : [...(keys ?? [])];
  const read = (key: string) => maps.map((map) => (map.has(key) ? convert(map.get(key) as V) : undefined));
  return new Map(wanted.sort(compareText).map((key) => [key, read(key)]));
}

/** Keeps the order of the runs. */
export function toColumns(runs: readonly Run[], projection: Projection): RunColumns {
  const same = (value: string): string => value;
  return {
    length: runs.length,
    ids: runs.map((run) => run.id),
    names: runs.map((run) => run.name),
    experimentIds: runs.map((run) => run.experimentId),
    statuses: runs.map((run) => run.status),
    lifecycles: runs.map((run) => run.lifecycle),
    startTimes: runs.map((run) => run.startTime),
    endTimes: runs.map((run) => run.endTime),
    parentIds: runs.map((run) => run.parentId),
    metrics: toColumnsOf(
      runs.map((run) => run.metrics),
      projection.metrics,
      (point) => point.value,
    ),
    params: toColumnsOf(
      runs.map((run) => run.params),
      projection.params,
      same,
    ),
    tags: toColumnsOf(
      runs.map((run) => run.tags),
      projection.tags,
      same,
    ),
  };
}
