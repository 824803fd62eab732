/** The words of a question that reach beyond it: what they point back to, and how they tie it to the last one. */
import { isGlue, isKind, type Meaning, plainMeaning, type RefTarget, type Segment, type Tie } from '../meanings.ts';
import type { Span } from '../slots.ts';
import type { History } from './history.ts';

export interface Ref extends Span {
  readonly target: RefTarget;
  /** Place in a list, from 1; -1 is the last. Of other targets 0. */
  readonly nth: number;
}

export interface Links {
  readonly refs: readonly Ref[];
  readonly tie: Tie | undefined;
  /** The question without the words that only tie it. */
  readonly rest: readonly Segment[];
}

/** Reads off what reaches beyond the question; words that the question itself explains stay in it. */
export function findLinks(segments: readonly Segment[], history: History): Links {
  const marked = segments.map((segment, at) => markHidden(segment, at, segments, history));
  const refs: Ref[] = [];
  const rest: Segment[] = [];
  let tie: Tie | undefined;
  let isStart = true;
  for (const [at, segment] of marked.entries()) {
    const tied = tieOf(marked, at, isStart);
    isStart &&= tied !== undefined || isKind(segment, 'filler') || isGlue(segment, ',');
    if (tied !== undefined) tie = strongest(tie, tied);
    else if (isKind(segment, 'ref') && isExternal(marked, at)) refs.push(refOf(segment));
    else rest.push({ ...segment, meaning: plainMeaning(segment.meaning) });
  }
  return { refs, tie, rest };
}

function refOf({ meaning, text, start, end }: Segment & { meaning: Extract<Meaning, { kind: 'ref' }> }): Ref {
  return { target: meaning.target, nth: meaning.nth ?? 0, text, start, end };
}

/** `#3` of this conversation, a bare "the second", and "that" at the end of a question. */
function markHidden(segment: Segment, at: number, segments: readonly Segment[], { findings }: History): Segment {
  const mark = (meaning: Meaning): Segment => ({ ...segment, meaning });
  if (findings.has(segment.text) && !isNoun(segments[at - 1], 'run')) return mark({ kind: 'ref', target: 'finding' });
  if (isKind(segment, 'ordinal') && !isKind(segments[at + 1], 'superlative'))
    return mark({ kind: 'ref', target: 'nth', nth: segment.meaning.place });
  return segment.norm === 'that' && isLast(segments, at) && at > 0 ? mark({ kind: 'ref', target: 'one' }) : segment;
}

const ORDER: readonly Tie[] = ['lead', 'only', 'same', 'correct'];
const strongest = (a: Tie | undefined, b: Tie): Tie => (a === undefined || ORDER.indexOf(b) > ORDER.indexOf(a) ? b : a);

/** A tie stands at the start or at the very end, "and" and "no" only at the start: elsewhere they say nothing. */
function tieOf(segments: readonly Segment[], at: number, isStart: boolean): Tie | undefined {
  const segment = segments[at];
  if (isKind(segment, 'tie')) return isStart || isLast(segments, at) ? segment.meaning.tie : undefined;
  if (!isStart) return undefined;
  if (isGlue(segment, 'and')) return 'lead';
  return isGlue(segment, 'not') && segment?.norm === 'no' && isGlue(segments[at + 1], ',') ? 'correct' : undefined;
}

const isLast = (segments: readonly Segment[], at: number): boolean =>
  segments.slice(at + 1).every((after) => /^[?!.]$/u.test(after.norm));

/** Inside "the best run and its loss" the question says itself what is meant; "compare it with A" does not. */
function isExternal(segments: readonly Segment[], at: number): boolean {
  const segment = segments[at];
  if (!isKind(segment, 'ref') || !/^(?:it|its|this|they|them|their|theirs|those|these|both|there)$/u.test(segment.norm))
    return true;
  const before = segments.slice(0, at);
  const after = segments.slice(at + 1);
  const runs = segments.filter((one) => isKind(one, 'run')).length;
  const isComparing = segments.some((one) => isKind(one, 'mark') && one.meaning.mark === 'compare');
  if (isComparing && runs < 2) return true;
  if (segment.meaning.target === 'experiment') return !before.some((one) => isKind(one, 'experiment'));
  if (isNoun(after[0], 'run')) return true;
  return !before.some((one) => isKind(one, 'run') || isKind(one, 'superlative') || isNoun(one, 'run', 'config'));
}

function isNoun(segment: Segment | undefined, ...nouns: readonly string[]): boolean {
  return isKind(segment, 'noun') && nouns.includes(segment.meaning.noun);
}
