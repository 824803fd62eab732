/** What an index holds of a folder. */
import type { Experiment } from '../runs/types.ts';
import type { RunTable } from '../table/run-table.ts';
import type { Read } from './read-run.ts';

export type Reads<T> = Map<string, Read<T>>;

export interface Indexed {
  /** By the folder's path below the root. */
  readonly experiments: Reads<Experiment>;
  /** Rows of the table, which may hold more. */
  readonly runs: Reads<number>;
  readonly table: RunTable;
}
