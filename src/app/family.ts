/** A family of data: what the program can be asked about one part of MLflow. */
import { KINDS } from '../query/kinds/index.ts';
import type { Kind } from '../query/kinds/kind.ts';
import type { Tool } from '../tools/define/tool.ts';
import { tools } from '../tools/index.ts';

export interface Family {
  readonly name: string;
  /** What it holds: offline knows their nouns. */
  readonly kinds?: readonly Kind[] | undefined;
  readonly tools: readonly Tool[];
}

/** What the program comes with. */
export const shipped: Family = { name: 'shipped', kinds: KINDS, tools };
