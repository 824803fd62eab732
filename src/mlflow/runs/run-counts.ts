/** Counts runs by experiment, status and stage, for stores that deliver whole runs. */
import { compareText } from '../compare-text.ts';
import { LIFECYCLES, type RunRows, STATUSES } from '../table/run-table.ts';
import type { RunCount } from './tracking-store.ts';

interface Group {
  /** A row of it. */
  readonly row: number;
  count: number;
  firstStart: number;
  lastStart: number;
  lastEnd: number;
}

function groupRows({ table: { heads }, rows }: RunRows): Group[] {
  const groups = new Map<number, Group>();
  for (const row of rows) {
    const kind = heads.statuses.at(row) * LIFECYCLES.length + heads.lifecycles.at(row);
    const key = heads.experimentIds.at(row) * STATUSES.length * LIFECYCLES.length + kind;
    let group = groups.get(key);
    if (group === undefined) {
      group = { row, count: 0, firstStart: Infinity, lastStart: -Infinity, lastEnd: -Infinity };
      groups.set(key, group);
    }
    group.count++;
    const [start, end] = [heads.startTimes.at(row), heads.endTimes.at(row)];
    // NaN, which is no time, is neither less nor more.
    if (start < group.firstStart) group.firstStart = start;
    if (start > group.lastStart) group.lastStart = start;
    if (end > group.lastEnd) group.lastEnd = end;
  }
  return [...groups.values()];
}

/** By experiment id, status and stage, as text. */
export function countRuns(runs: RunRows): RunCount[] {
  const { heads, texts } = runs.table;
  return groupRows(runs)
    .map(
      ({ row, count, firstStart, lastStart, lastEnd }): RunCount => ({
        experimentId: texts.at(heads.experimentIds.at(row)),
        status: STATUSES[heads.statuses.at(row)]!,
        lifecycle: LIFECYCLES[heads.lifecycles.at(row)]!,
        count,
        ...(firstStart <= lastStart && { firstStart, lastStart }),
        ...(lastEnd > -Infinity && { lastEnd }),
      }),
    )
    .sort(
      (a, b) =>
        compareText(a.experimentId, b.experimentId) ||
        compareText(a.status, b.status) ||
        compareText(a.lifecycle, b.lifecycle),
    );
}
