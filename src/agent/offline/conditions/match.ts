/** A condition that was read at a place, with what it took. */
import { type Comparator, compare, type Filter } from '../../../query/filter.ts';
import type { RunField } from '../../../query/kinds/run.ts';
import type { Segment } from '../meanings.ts';
import type { ReadingDraft } from '../slots.ts';

export interface Match {
  readonly field: RunField;
  readonly filter: Filter;
  /** Segments taken. */
  readonly length: number;
  /** The noun before it names the key: "model xgboost". */
  readonly takesNoun?: boolean;
}

export type Pattern = (segments: readonly Segment[], at: number, draft: ReadingDraft) => Match | undefined;

export function comparing(field: RunField, comparator: Comparator, value: string | number, length: number): Match {
  return { field, filter: compare(field, comparator, value), length };
}

export function lacksField(field: RunField): Filter {
  return { op: 'null', field };
}
