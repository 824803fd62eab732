/** A sentence as it is read for claims: tokens, what they stand for, and what they are said of. */
import type { SaidStatistic } from '../terms/statistics.ts';
import type { TextToken } from './lexer.ts';
import type { Owner } from './table-shape.ts';

/** What a sentence may leave out, since the text before it or the head of its column said it. */
export interface Context {
  /** What `it` is: the subject of the sentence before. */
  readonly topic: readonly Thing[];
  /** Everything named in the sentence before. */
  readonly named: readonly Owner[];
  readonly measures: ReadonlySet<string>;
  readonly statistic: SaidStatistic | undefined;
  /** Statistics that the text before spoke of. */
  readonly statistics?: ReadonlySet<SaidStatistic> | undefined;
  /** Numbers of the sentence before. */
  readonly numbers?: readonly number[] | undefined;
  /** Of a table's cell: the word of its column when that counts something. */
  readonly unit?: string | undefined;
  /** The number of the list item before. */
  readonly marker?: number | undefined;
  /** How many items the lists and tables of the text have. */
  readonly listed?: ReadonlySet<number> | undefined;
  /** Whether it is a cell, whose owner stands at the head of its row or column. */
  readonly isCell: boolean;
}

export const NO_CONTEXT: Context = {
  topic: [],
  named: [],
  measures: new Set(),
  statistic: undefined,
  isCell: false,
};

/** A mention of one thing, or of several that share the name. */
export interface Thing {
  readonly at: number;
  readonly owners: ReadonlySet<Owner>;
  readonly isExperiment: boolean;
  /** A row's label that is also the name of a measure. */
  readonly isLabel?: boolean;
}

export interface MeasureMention {
  readonly at: number;
  readonly keys: ReadonlySet<string>;
}

export interface Sentence {
  readonly tokens: readonly TextToken[];
  /** One letter or word a token: T thing, M measure, V value, X unknown name, N number, D duration, W time; marks as they are. */
  readonly shapes: readonly string[];
  readonly things: readonly Thing[];
  readonly measures: readonly MeasureMention[];
  /** Words of status where a table has a row for each status: `the failed ones`. */
  readonly groups: readonly Thing[];
  readonly context: Context;
  /** What things are called that are counted, by singular and plural. */
  readonly kinds: ReadonlyMap<string, string>;
  /** Of each token where its clause begins and ends, exclusive. */
  readonly clauses: readonly (readonly [from: number, to: number])[];
}
