/** Counts runs by experiment, status and stage, for stores that deliver whole runs. */
import { compareText } from './compare-text.ts';
import type { RunCount } from './tracking-store.ts';
import type { Run } from './types.ts';

function countGroup(runs: readonly Run[]): RunCount {
  const { experimentId, status, lifecycle } = runs[0]!;
  const starts = runs.flatMap((run) => run.startTime ?? []);
  const ends = runs.flatMap((run) => run.endTime ?? []);
  const latest = (times: readonly number[]): number => times.reduce((a, b) => Math.max(a, b));
  return {
    experimentId,
    status,
    lifecycle,
    count: runs.length,
    ...(starts.length > 0 && { firstStart: starts.reduce((a, b) => Math.min(a, b)), lastStart: latest(starts) }),
    ...(ends.length > 0 && { lastEnd: latest(ends) }),
  };
}

/** By experiment id, status and stage, as text. */
export function countRuns(runs: readonly Run[]): RunCount[] {
  const groups = Map.groupBy(runs, (run) => JSON.stringify([run.experimentId, run.status, run.lifecycle]));
  return [...groups.values()]
    .map(countGroup)
    .sort(
      (a, b) =>
        compareText(a.experimentId, b.experimentId) ||
        compareText(a.status, b.status) ||
        compareText(a.lifecycle, b.lifecycle),
    );
}
