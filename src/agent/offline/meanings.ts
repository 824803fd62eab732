/** What a span of a question can mean, before anything is decided about the whole. */
import type { Comparator } from '../../query/filter.ts';
import type { Kind } from '../../query/kinds/kind.ts';
import type { Diagnosis, End, Statistic } from '../../query/query.ts';
import type { KeyKind } from '../../tools/resolve/keys.ts';
import type { KnownExperiment, KnownRun, KnownValue } from '../../tools/resolve/vocabulary.ts';

type RunStatus = KnownRun['status'];
/** `all`: whatever a summary shows. */
export type StatisticWord = Statistic | 'all';

/** Nouns that frames of their own know. */
const KNOWN_NOUNS = [
  'run',
  'experiment',
  'metric',
  'param',
  'tag',
  'value',
  'status',
  'dataset',
  'config',
  'item',
] as const;

/** What a question is about: one of these, or another kind of thing by its name. */
export type Noun = (typeof KNOWN_NOUNS)[number] | Kind['name'];

/** Whether it is the name of a kind that a family of data brings. */
export const isOfAnyKind = (noun: Noun): boolean => !KNOWN_NOUNS.some((known) => known === noun);

/** What a question wants done: the words that choose a frame. */
export type Mark =
  | 'count'
  | 'each'
  | 'details'
  | 'available'
  | 'rare'
  | 'share'
  | 'quality'
  | 'step'
  | 'plot'
  | 'wall-time'
  | 'compare'
  | 'differ'
  | 'better'
  | 'impact'
  | 'correlate'
  | 'shared'
  | 'recent'
  | 'cause'
  | 'action'
  | 'advice'
  | 'howto'
  | 'greeting'
  | 'help'
  | 'outside'
  | 'unlogged'
  | 'improve'
  | 'vague';

/** Small words that bind others. */
export type Glue =
  | 'which'
  | 'by'
  | 'with'
  | 'without'
  | 'and'
  | 'or'
  | 'not'
  | 'of'
  | 'in'
  | 'than'
  | 'between'
  | '('
  | ')'
  | ','
  | ':'
  | '/';

/** What a word points back to: one run, several, the rest of them, the better or worse of two, a place in a list, … */
export type RefTarget =
  | 'one'
  | 'many'
  | 'other'
  | 'others'
  | 'better'
  | 'worse'
  | 'nth'
  | 'finding'
  | 'experiment'
  | 'metric';

/** How a word ties its question to the last one. */
export type Tie = 'lead' | 'same' | 'only' | 'correct';

export type Meaning =
  | { readonly kind: 'filler' }
  | {
      readonly kind: 'ref';
      readonly target: RefTarget;
      /** Of `nth`: from 1, or -1 for the last. */
      readonly nth?: number;
      /** What the words mean where there is nothing to point back to; default: nothing. */
      readonly otherwise?: Meaning;
    }
  | {
      readonly kind: 'tie';
      readonly tie: Tie;
      /** Whether it says nothing where it ties to nothing; otherwise it cannot be left out. */
      readonly isIdle: boolean;
    }
  | { readonly kind: 'glue'; readonly glue: Glue }
  | { readonly kind: 'mark'; readonly mark: Mark /** What exactly, for a refusal. */; readonly detail?: string }
  | { readonly kind: 'noun'; readonly noun: Noun }
  | { readonly kind: 'superlative'; readonly order: End; readonly of?: 'duration' | 'start_time' }
  | { readonly kind: 'ordinal'; readonly place: number }
  | { readonly kind: 'comparative'; readonly order: 'highest' | 'lowest' | 'best' | 'worst'; readonly of?: 'duration' }
  | { readonly kind: 'comparator'; readonly comparator: Comparator; readonly of?: 'duration' }
  | { readonly kind: 'statistic'; readonly statistic: StatisticWord }
  | { readonly kind: 'status'; readonly status: RunStatus }
  | { readonly kind: 'lifecycle'; readonly lifecycle: 'active' | 'deleted' }
  | { readonly kind: 'everywhere' }
  /** "is null", "was logged" */
  | { readonly kind: 'presence'; readonly isPresent: boolean }
  /** Runs nested in another. */
  | { readonly kind: 'children' }
  | { readonly kind: 'diagnosis'; readonly diagnosis: Diagnosis }
  | { readonly kind: 'direction'; readonly order: 'highest' | 'lowest' }
  | { readonly kind: 'number'; readonly value: number; readonly text: string; readonly unit?: 'ms' | 'percent' }
  | { readonly kind: 'window'; readonly from?: number; readonly to?: number; readonly label: string }
  | {
      readonly kind: 'key';
      readonly name: string;
      readonly kinds: readonly (KeyKind | 'attribute')[];
      readonly exact: boolean;
    }
  | { readonly kind: 'value'; readonly options: readonly KnownValue[] }
  | { readonly kind: 'experiment'; readonly options: readonly KnownExperiment[]; readonly exact: boolean }
  | {
      readonly kind: 'run';
      readonly options: readonly KnownRun[];
      /** Asked for by its id, found or not. */
      readonly isId?: true;
    }
  | { readonly kind: 'unknown'; readonly quoted: boolean };

/** A span of the question with the one meaning that the reading gave it. */
export interface Segment {
  readonly meaning: Meaning;
  readonly text: string;
  readonly norm: string;
  readonly start: number;
  readonly end: number;
  /** Whether it stood in quotes, which its text is without. */
  readonly quoted?: true;
  /** Set when the words were misspelt: what they were taken for. */
  readonly mended?: string | undefined;
}

/** What a span means to a question that stands alone: words that point back, or tie it to another, say nothing. */
export function plainMeaning(meaning: Meaning): Meaning {
  if (meaning.kind === 'tie') return meaning.isIdle ? { kind: 'filler' } : { kind: 'unknown', quoted: false };
  if (meaning.kind !== 'ref') return meaning;
  const { target, otherwise } = meaning;
  if (otherwise !== undefined) return otherwise;
  // A pronoun may stand for what its own question names; a place in a list cannot.
  return ['one', 'many', 'experiment'].includes(target) ? { kind: 'filler' } : { kind: 'unknown', quoted: false };
}

export function isKind<K extends Meaning['kind']>(
  segment: Segment | undefined,
  kind: K,
): segment is Segment & { readonly meaning: Extract<Meaning, { kind: K }> } {
  return segment?.meaning.kind === kind;
}

export function isGlue(segment: Segment | undefined, ...glue: readonly Glue[]): boolean {
  return segment?.meaning.kind === 'glue' && glue.includes(segment.meaning.glue);
}
