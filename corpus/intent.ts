/** What a card asks for: the typed query, beside what cannot be answered or must be asked back. */
import type { Field, Filter } from '../src/query/filter.ts';
import type { Query } from '../src/query/query.ts';

/** Of a curve, where its last value is not meant; `points` counts what was logged. */
export type CurvePoint = 'best' | 'first' | 'step' | 'step of best' | 'points' | 'last against best';

export interface IntentMeasure {
  readonly kinds: readonly string[];
  readonly key?: string;
  readonly point?: CurvePoint;
  readonly step?: number;
  /** A second metric that it is divided by, or that is taken from it. */
  readonly against?: { readonly key: string; readonly as: 'ratio' | 'difference' };
}

/** A query of design §4.1, with what today's type does not hold yet. */
export interface IntentQuery extends Omit<Query, 'from' | 'measure' | 'verb' | 'output'> {
  readonly verb: Query['verb'] | 'place' | 'margin' | 'near' | 'trend' | 'outliers' | 'export' | 'children';
  readonly from: Query['from'] | IntentQuery;
  readonly measure: readonly IntentMeasure[];
  readonly output?: Query['output'] & {
    readonly chart?: string;
    readonly file?: string;
    readonly rows?: 'all' | 'next';
  };
  /** Of "within x of the best". */
  readonly within?: number;
  readonly bucket?: 'day' | 'week' | 'month';
}

export interface Intent {
  readonly id: string;
  readonly schema: string;
  /** Kind of question, for figures by class. */
  readonly family: string;
  /** Answered by `query`, refused, or asked back. */
  readonly expects: 'answer' | 'refuse' | 'ask';
  readonly query?: IntentQuery;
  /** Why it is refused or asked back. */
  readonly because?: string;
  /** The intent that was asked just before: this one goes on from its answer. */
  readonly after?: string;
  /** Neutral: nothing of it is how somebody would ask. */
  readonly card: string;
}

export type IntentFilter = Filter<Field>;
