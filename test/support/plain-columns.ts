/** Columns with lists in place of texts that are made when they are looked at, so that two can be compared. */
import type { RunColumns } from '../../src/mlflow/runs/tracking-store.ts';

export function plainColumns(columns: RunColumns): RunColumns {
  return { ...columns, ids: [...columns.ids], names: [...columns.names] };
}
