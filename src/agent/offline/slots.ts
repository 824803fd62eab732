/** What a question was read as: the slots that every kind of question shares, and what stands in the way. */
import type { Ref } from '../../finding/refs.ts';
import type { Filter } from '../../query/filter.ts';
import type { RunField } from '../../query/kinds/run.ts';
import type { Diagnosis, End } from '../../query/query.ts';
import type { KnownExperiment } from '../../tools/resolve/vocabulary.ts';
import type { Mark, Noun, Segment, StatisticWord } from './meanings.ts';
import type { NameIndex } from './names.ts';

export interface KeyRef {
  readonly name: string;
  readonly kinds: readonly ('metric' | 'param' | 'tag' | 'attribute')[];
  readonly exact: boolean;
  /** `by` groups, `with` may ask whether a run has it, `which` is what the question wants to know. */
  readonly role: 'plain' | 'by' | 'with' | 'which';
}

export interface Superlative {
  readonly order: End;
  readonly of?: 'duration' | 'start_time' | undefined;
  /** "top 5 by …": of what has no better or worse, the highest. */
  readonly isTop?: true;
}

export interface PlacedCondition {
  readonly filter: Filter;
  /** What it is about. */
  readonly field: RunField;
  /** Where it stands: "failed runs", "runs that failed", or asked about them: "did it fail". */
  readonly place: 'adjective' | 'clause' | 'predicate';
  /** How it joins the one before it. */
  readonly joint: 'and' | 'or';
}

/** Each slot is there when the question filled it; a frame that cannot use a filled slot does not fit. */
export interface Slots {
  experiments: KnownExperiment[];
  everywhere: boolean;
  lifecycle: 'active' | 'deleted' | undefined;
  conditions: PlacedCondition[];
  /** What is asked about runs that are picked first: "did the last run fail". */
  asked: PlacedCondition[];
  /** 5: only the last five runs are looked at. */
  newest: number | undefined;
  /** Of a curve. */
  step: number | undefined;
  /** Of start times; of end times where the question says so. */
  window: { from?: number; to?: number; label: string; isEnd?: boolean } | undefined;
  top: number | undefined;
  /** 2: "the second best". */
  place: number | undefined;
  superlatives: Superlative[];
  comparative: Superlative | undefined;
  statistic: StatisticWord | undefined;
  keys: KeyRef[];
  /** As `query/reference.ts` writes them: a name, an id, or the number of "run 17". */
  runs: string[];
  diagnosis: Diagnosis | undefined;
  direction: 'higher' | 'lower' | undefined;
}

/** What a question wants done, with the words that say so. */
export type Marks = { readonly [mark in Mark]?: string };

export const markNames = (marks: Marks): Mark[] => Object.keys(marks) as Mark[];

/** Plain data: it is kept with its conversation. */
export interface Reading {
  readonly question: string;
  readonly slots: Slots;
  readonly marks: Marks;
  readonly nouns: readonly Noun[];
  /** Said back with the answer, e.g. which misspelling was mended. */
  readonly notes: readonly string[];
  /** Content words that have no place in the reading. */
  readonly unplaced: readonly string[];
  /** "80%", wherever it stands. */
  readonly percents?: readonly Span[] | undefined;
  /** What stands in the way of any answer. */
  readonly obstacle?: Obstacle | undefined;
}

export type Obstacle =
  | { readonly kind: 'which-experiment'; readonly text: string; readonly options: readonly KnownExperiment[] }
  | { readonly kind: 'no-experiment'; readonly text: string; readonly nearest: readonly string[] }
  | { readonly kind: 'deleted-experiment'; readonly name: string }
  /** Longer than anything that could be understood. */
  | { readonly kind: 'too-long'; readonly words: number }
  /** A question about the runs that another part of it picks. */
  | { readonly kind: 'predicate' }
  /** What stands there may be one name or another: as each of `texts` it can only be that one. */
  | { readonly kind: 'which-name'; readonly at: Span; readonly texts: readonly string[] }
  | { readonly kind: 'which-key'; readonly at: Span; readonly value: string; readonly fields: readonly RunField[] }
  /** "reviewed runs": the key is there, true or false. */
  | { readonly kind: 'which-value'; readonly key: string; readonly values: readonly string[] }
  /** "time over 100 seconds": the run's duration, or a metric that is called so. */
  | {
      readonly kind: 'which-time';
      readonly at: Span;
      readonly metric: string;
      readonly amount: Span;
      /** The amount without its unit. */
      readonly bare: string;
    }
  /** "above 80%", where the metric is not logged as a fraction. */
  | {
      readonly kind: 'which-scale';
      readonly metric: string;
      readonly percents: readonly Span[];
      readonly range: readonly [number, number];
    }
  /** "largest model": its values are words. */
  | { readonly kind: 'no-order'; readonly key: string; readonly values: readonly string[] }
  | { readonly kind: 'no-value'; readonly key: string; readonly value: string }
  /** "it", where several runs were talked about. */
  | { readonly kind: 'which-run'; readonly at: Span; readonly runs: readonly Ref[]; readonly total: number }
  /** "the first one", where things of a kind were listed that nothing can be asked of one by one. */
  | { readonly kind: 'of-kind'; readonly text: string; readonly of: string }
  /** "the other one", where nothing was talked about. */
  | { readonly kind: 'no-antecedent'; readonly text: string };

/** A part of the question, by its place in it. */
export interface Span {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export const spanOf = ({ text, start, end }: Span): Span => ({ text, start, end });

/** Words and signs of a question that is read at all. */
export const MOST_TOKENS = 300;

/** What stands for the reading of a question that is too long to be one. */
export function tooLong(question: string, words: number): Reading {
  return {
    question,
    slots: emptySlots(),
    marks: {},
    nouns: [],
    notes: [],
    unplaced: [],
    obstacle: { kind: 'too-long', words },
  };
}

/** A reading while it is made: every pass takes segments out and fills slots. */
export interface ReadingDraft {
  readonly names: NameIndex;
  segments: Segment[];
  readonly slots: Slots;
  readonly marks: { -readonly [mark in Mark]?: string };
  readonly nouns: Noun[];
  readonly notes: string[];
  readonly unplaced: string[];
  obstacle: Obstacle | undefined;
}

export function addNoun({ nouns }: ReadingDraft, noun: Noun): void {
  if (!nouns.includes(noun)) nouns.push(noun);
}

export function emptySlots(): Slots {
  return {
    experiments: [],
    everywhere: false,
    lifecycle: undefined,
    conditions: [],
    asked: [],
    newest: undefined,
    step: undefined,
    window: undefined,
    top: undefined,
    place: undefined,
    superlatives: [],
    comparative: undefined,
    statistic: undefined,
    keys: [],
    runs: [],
    diagnosis: undefined,
    direction: undefined,
  };
}
