/** What is asked, typed and independent of words and of tools: frames make one, capabilities answer it, answers keep it. */
import type { Field, Filter } from './filter.ts';
import type { Verb } from './verb.ts';

export type Statistic = 'mean' | 'median' | 'sd' | 'min' | 'max' | 'count' | 'sum' | Quantile;
export type Quantile = 'p10' | 'p25' | 'p75' | 'p90' | 'p95' | 'p99';
export type Diagnosis = 'diverged' | 'overfitting' | 'plateau' | 'still_improving';

/** A field as it was asked for: of several kinds where its name does not tell, of any key of the kind where it has none. */
export interface FieldName {
  readonly kinds: readonly string[];
  readonly key?: string | undefined;
}

export interface Measure extends FieldName {
  /** Of a history: the value logged at this step, where the last one is not meant. */
  readonly step?: number | undefined;
}

/** Where the things are that are looked at. */
export interface QueryScope {
  /** As `reference.ts` writes them; none: wherever the asker is. */
  readonly experiments?: readonly string[] | undefined;
  readonly lifecycle?: 'active' | 'deleted' | 'all' | undefined;
  /** These things alone, as `reference.ts` writes them. */
  readonly named?: readonly string[] | undefined;
}

export interface Things {
  readonly kind: string;
  readonly scope: QueryScope;
}

/** What comes first in an order. */
export type End = 'best' | 'worst' | 'highest' | 'lowest';

export interface QueryOrder {
  readonly end: End;
  /** Default: the measure, or of counted groups their count. */
  readonly by?: FieldName | undefined;
  /** Which end is better, where the question says so. */
  readonly direction?: 'higher' | 'lower' | undefined;
}

export interface Output {
  readonly columns?: readonly FieldName[] | undefined;
  /** Of a curve, where that is not the step. */
  readonly axis?: 'time' | undefined;
}

/** Plain data: it survives JSON. */
export interface Query {
  readonly verb: Verb;
  /** "of the last 5 runs", "among the top 3 by f1": a query picks the population. */
  readonly from: Things | Query;
  readonly where?: Filter<Field> | undefined;
  readonly measure: readonly Measure[];
  /** Undefined where all of them are meant, or none is. */
  readonly aggregate?: Statistic | undefined;
  readonly diagnosis?: Diagnosis | undefined;
  readonly by: readonly FieldName[];
  readonly order?: QueryOrder | undefined;
  readonly limit?: number | undefined;
  /** 2: the second in the order. */
  readonly place?: number | undefined;
  readonly output?: Output | undefined;
}

export const isQuery = (from: Things | Query): from is Query => 'verb' in from;

/** The things that a query is about in the end, whatever picks them. */
export function populationOf({ from }: Query): Things {
  return isQuery(from) ? populationOf(from) : from;
}
