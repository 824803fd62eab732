/** The words of a question that reach beyond it: what they point back to, and how they tie it to the last one. */
import { isGlue, isKind, type Meaning, plainMeaning, type RefTarget, type Segment, type Tie } from '../meanings.ts';
import type { Span } from '../slots.ts';
import type { History } from './history.ts';

/** Words that mean what was found before. */
export interface Anaphor extends Span {
  readonly target: RefTarget;
  /** Place in a list, from 1; -1 is the last. Of other targets 0. */
  readonly nth: number;
}

export interface Links {
  readonly refs: readonly Anaphor[];
  readonly tie: Tie | undefined;
  /** The question without the words that only tie it. */
  readonly rest: readonly Segment[];
}

/** Reads off what reaches beyond the question; words that the question itself explains stay in it. */
export function findLinks(segments: readonly Segment[], history: History): Links {
  const marked = segments.map((segment, at) => markHidden(segment, at, segments, history));
  const refs: Anaphor[] = [];
  const rest: Segment[] = [];
  let tie: Tie | undefined;
  let isStart = true;
  let passed = 0;
  for (const [at, segment] of marked.entries()) {
    if (at < passed) continue;
    const tied = tieOf(marked, at, isStart);
    const wasStart = isStart;
    isStart &&= tied !== undefined || isKind(segment, 'filler') || isGlue(segment, ',');
    // "sorted by accuracy" orders what there is.
    if (wasStart && /^(?:sort|order)(?:ed)? (?:by|on)$/u.test(segment.norm)) tie = strongest(tie, 'only');
    if (tied !== undefined) tie = strongest(tie, tied);
    else if (isKind(segment, 'ref') && isExternal(marked, at)) refs.push(anaphorOf(segment));
    else if (startsList(marked, at, history)) {
      refs.push(...firstOf(segment, marked[at + 1]));
      passed = at + 2;
    } else rest.push({ ...segment, meaning: plainMeaning(segment.meaning) });
  }
  return { refs, tie, rest };
}

/** "compare the first two", "the top three" of those that were listed; "the first two runs" are the oldest. */
function startsList(segments: readonly Segment[], at: number, { topics }: History): boolean {
  const [segment, number] = segments.slice(at);
  if (!isKind(number, 'number') || !/^(?:first|top|best)$/u.test(segment?.norm ?? '') || !isLast(segments, at + 1))
    return false;
  const isComparing = segments.some((one) => isKind(one, 'mark') && one.meaning.mark === 'compare');
  const list = topics.find(({ listed }) => listed.length > 1)?.listed ?? [];
  return isComparing && number.meaning.value >= 2 && number.meaning.value <= list.length;
}

function firstOf({ start }: Segment, number: Segment | undefined): Anaphor[] {
  if (!isKind(number, 'number')) return [];
  const { text, end, meaning } = number;
  return Array.from({ length: meaning.value }, (_, place) => ({ target: 'nth', nth: place + 1, text, start, end }));
}

function anaphorOf({ meaning, text, start, end }: Segment & { meaning: Extract<Meaning, { kind: 'ref' }> }): Anaphor {
  return { target: meaning.target, nth: meaning.nth ?? 0, text, start, end };
}

/** `#3` of this conversation, a bare "the second" or "the first", "which one", and "that" at the end of a question. */
function markHidden(segment: Segment, at: number, segments: readonly Segment[], { findings }: History): Segment {
  const [before, after] = [segments[at - 1], segments[at + 1]];
  const mark = (meaning: Meaning): Segment => ({ ...segment, meaning });
  if (findings.has(segment.norm) && !isNoun(before, 'run')) return mark({ kind: 'ref', target: 'finding' });
  if (isKind(segment, 'ordinal') && !isKind(after, 'superlative') && !isNoun(after, 'run'))
    return mark({ kind: 'ref', target: 'nth', nth: segment.meaning.place });
  const end = ENDS[segment.norm];
  if (end !== undefined && isKind(segment, 'superlative') && (isLast(segments, at) || isGlue(after, 'and', ',', 'or')))
    return mark({ kind: 'ref', target: 'nth', nth: end });
  if (/^ones?$/u.test(segment.norm) && isPicking(before) && !isNoun(after, 'run'))
    return mark({ kind: 'ref', target: 'many' });
  const isThat =
    segment.norm === 'that' && at > 0 && (isLast(segments, at) || /^(?:is|was|does|did)$/u.test(before?.norm ?? ''));
  return isThat ? mark({ kind: 'ref', target: 'one' }) : segment;
}

const ENDS: Readonly<Record<string, number>> = { first: 1, last: -1 };

/** What stands before "one" in "which one", "the best one", "the finished ones". */
function isPicking(segment: Segment | undefined): boolean {
  const kinds: readonly Meaning['kind'][] = ['superlative', 'comparative', 'status', 'value', 'key', 'tie', 'filler'];
  return isGlue(segment, 'which') || (segment !== undefined && kinds.includes(segment.meaning.kind));
}

const ORDER: readonly Tie[] = ['lead', 'only', 'same', 'correct'];
const strongest = (a: Tie | undefined, b: Tie): Tie => (a === undefined || ORDER.indexOf(b) > ORDER.indexOf(a) ? b : a);

/** A tie stands at the start or at the very end, "and" and "no" only at the start: elsewhere they say nothing. */
function tieOf(segments: readonly Segment[], at: number, isStart: boolean): Tie | undefined {
  const segment = segments[at];
  if (isKind(segment, 'tie')) {
    const mayEnd = segment.meaning.isIdle || /^(?:instead|rather)$/u.test(segment.norm);
    return isStart || (mayEnd && isLast(segments, at)) ? segment.meaning.tie : undefined;
  }
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
  // "how many are there?"
  if (segment.norm === 'there' && /^(?:is|are|was|were)$/u.test(before.at(-1)?.norm ?? '')) return false;
  if (segment.meaning.target === 'experiment') return !before.some((one) => isKind(one, 'experiment'));
  if (isNoun(after[0], 'run')) return true;
  const isMany = segment.meaning.target === 'many';
  const agrees = (one: Segment) => isNoun(one, 'run', 'config') && one.norm.endsWith('s') === isMany;
  return !before.some((one) => isKind(one, 'run') || isKind(one, 'superlative') || agrees(one));
}

function isNoun(segment: Segment | undefined, ...nouns: readonly string[]): boolean {
  return isKind(segment, 'noun') && nouns.includes(segment.meaning.noun);
}
