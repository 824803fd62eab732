/** How a kind of thing is described: what can be said of it is derived from this, nowhere listed again. */
import type { Verb } from '../verb.ts';

/** `number` with a unit of its own, `time` as epoch milliseconds, `param` as text that may spell a number. */
export type FieldType = 'text' | 'param' | 'number' | 'time';

export interface FieldDescription {
  readonly type: FieldType;
  /** Of a number, e.g. `ms`. */
  readonly unit?: string;
  /** Its values are words in capitals, which users may write small. */
  readonly isUpper?: true;
  /** Other spellings that a filter may have. */
  readonly aliases?: readonly string[];
}

/** Fields that share a prefix in MLflow's filter grammar. */
export interface FieldGroup {
  readonly kind: string;
  /** What may stand before the dot, the first as it is printed; '' where it may be left out. */
  readonly prefixes: readonly string[];
  /** A closed list, or the one type of all keys where users choose them. */
  readonly keys: FieldType | Readonly<Record<string, FieldDescription>>;
}

export interface Kind {
  /** Singular noun whose plural adds an s: the kind of its refs, the unit that coverage counts, a column's kind. */
  readonly name: string;
  /** Other words for it, in the singular; plurals add an s. */
  readonly words: readonly string[];
  readonly fields: readonly FieldGroup[];
  /** What can be asked of such things. */
  readonly verbs: readonly Verb[];
}
