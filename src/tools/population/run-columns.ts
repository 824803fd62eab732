/** Table columns over runs: what a field shows of a run, and under which heading. */

import { type Ref, refOf } from '../../finding/refs.ts';
import type { Cell, Column, ColumnKind, Table } from '../../finding/table.ts';
import type { Run } from '../../mlflow/runs/types.ts';
import type { RunField } from '../../query/kinds/run.ts';
import { fieldName } from '../resolve/keys.ts';

export interface RunColumn {
  readonly column: Column;
  cell(run: Run): Cell;
}

/** Milliseconds from start to end; undefined where either is missing. */
export function durationOf(run: Pick<Run, 'startTime' | 'endTime'>): number | undefined {
  return run.startTime === undefined || run.endTime === undefined ? undefined : run.endTime - run.startTime;
}

const ATTRIBUTE_COLUMNS: Readonly<
  Record<string, readonly [label: string, kind: ColumnKind, cell: (run: Run) => Cell]>
> = {
  run_id: ['id', 'text', (run) => run.id],
  run_name: ['name', 'text', (run) => run.name],
  user_id: ['user', 'text', (run) => run.user],
  status: ['status', 'status', (run) => run.status],
  artifact_uri: ['artifacts', 'text', (run) => run.artifactUri],
  start_time: ['started', 'time', (run) => run.startTime],
  end_time: ['ended', 'time', (run) => run.endTime],
  duration: ['duration', 'duration', durationOf],
  parent_run_id: ['parent', 'text', (run) => run.parentId?.slice(0, 8)],
};

export const RUN_COLUMN: RunColumn = {
  column: { key: 'run', label: 'run', kind: 'run' },
  cell: (run) => refOf('run', run),
};

/** The column that shows a field. */
export function fieldColumn(field: RunField): RunColumn {
  const key = fieldName(field);
  if (field.kind === 'attribute') {
    const [label, kind, cell] = ATTRIBUTE_COLUMNS[field.key] ?? [field.key, 'text', () => undefined];
    return { column: { key, label, kind }, cell };
  }
  if (field.kind === 'dataset') {
    const cell = (run: Run) => run.datasets.map((dataset) => dataset[field.key] ?? '').join(', ') || undefined;
    return { column: { key, label: `dataset ${field.key}`, kind: 'text' }, cell };
  }
  const cell = (run: Run): Cell =>
    field.kind === 'metric'
      ? run.metrics.get(field.key)?.value
      : (field.kind === 'param' ? run.params : run.tags).get(field.key);
  return { column: { key, label: field.key, kind: field.kind }, cell };
}

export function experimentColumn(refTo: (id: string) => Ref): RunColumn {
  return {
    column: { key: 'experiment', label: 'experiment', kind: 'experiment' },
    cell: (run) => refTo(run.experimentId),
  };
}

/** A table of runs; columns of the same key only once. */
export function runTable(runs: readonly Run[], columns: readonly RunColumn[], total: number): Table {
  const unique = [...new Map(columns.map((one) => [one.column.key, one])).values()];
  return {
    columns: unique.map((one) => one.column),
    rows: runs.map((run) => unique.map((one) => one.cell(run))),
    total,
  };
}
