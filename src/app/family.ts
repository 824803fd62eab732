/** A family of data: what the program can be asked about one part of MLflow. */
import type { Tool } from '../tools/define/tool.ts';
import { tools } from '../tools/index.ts';

export interface Family {
  readonly name: string;
  readonly tools: readonly Tool[];
  /** Tables of MLflow's database that its tools read, beside those of runs, which every store reads. */
  readonly tables?: readonly string[] | undefined;
}

export const runs: Family = { name: 'runs', tools };
