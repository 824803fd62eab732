/** What a name in quotes is called: the words around it say which kind of name is due. */
import { firstSense, type Lexicon, LONGEST_PHRASE } from './lexicon.ts';
import type { Meaning } from './meanings.ts';
import type { NameIndex } from './names.ts';
import type { Token } from './tokens.ts';

type NameKind = 'key' | 'value' | 'experiment' | 'run';

/** What can stand in a place, the likeliest first. */
type Due = readonly NameKind[];

const ANYTHING: Due = ['experiment', 'key', 'run', 'value'];
const KEY: Due = ['key', 'value', 'experiment', 'run'];
const VALUE: Due = ['value', 'key', 'run', 'experiment'];
const RUN: Due = ['run', 'experiment', 'key', 'value'];
const PLACE: Due = ['experiment', 'run', 'value', 'key'];

/** In words. */
const LONGEST_KEY = 4;
const SIGN = /^[=<>≤≥≠!]/u;
const IS = /^(?:is|was|are|:)$/u;
const JOINT = /^(?:and|or|,|&|vs|versus|against|to|:)$/u;
const PLACED = /^(?:in|inside|within|from|across|for)$/u;

export function dueAt(tokens: readonly Token[], at: number, names: NameIndex): Due {
  const { lexicon } = names;
  const [beforeThat, before, after] = [tokens[at - 2], tokens[at - 1], tokens[at + 1]];
  const meaning = meaningBefore(tokens, at, lexicon);
  if (meaning?.kind === 'comparator' && /^!?=$/u.test(meaning.comparator)) return ['value'];
  if (SIGN.test(after?.norm ?? '')) return ['key'];
  if (isAfterKey(tokens, at, names)) return VALUE;
  const isLinked = IS.test(before?.norm ?? '') && beforeThat?.kind === 'quoted';
  if (before?.kind === 'quoted' || isLinked) return VALUE;
  if (JOINT.test(before?.norm ?? '')) return dueInList(tokens, at, names);
  if (PLACED.test(before?.norm ?? '')) return PLACE;
  if (after?.norm === 'of' || isCompared(tokens, at, lexicon)) return KEY;
  return meaning === undefined ? ANYTHING : dueAfter(meaning, () => meaningBefore(tokens, at - 1, lexicon));
}

function dueAfter(meaning: Meaning, beforeThat: () => Meaning | undefined): Due {
  switch (meaning.kind) {
    case 'superlative':
    case 'statistic':
      return KEY;
    case 'mark':
      return meaning.mark === 'compare' ? RUN : ANYTHING;
    case 'noun':
      if (/^(?:metric|param|tag)$/u.test(meaning.noun)) return ['key'];
      if (meaning.noun === 'experiment') return ['experiment'];
      return meaning.noun === 'run' ? RUN : ANYTHING;
    case 'glue':
      // "the mean of x" is one of a key, "x of y" one of a run.
      if (meaning.glue === 'of') return /^(?:superlative|statistic|mark)$/u.test(beforeThat()?.kind ?? '') ? KEY : RUN;
      return /^(?:by|with|without|not|which)$/u.test(meaning.glue) ? KEY : ANYTHING;
    default:
      return ANYTHING;
  }
}

/** Of the second in a list the same is due as of the first; `metric: x` is what its noun says. */
function dueInList(tokens: readonly Token[], at: number, names: NameIndex): Due {
  const { lexicon } = names;
  if (isCompared(tokens, at, lexicon)) return KEY;
  if (tokens[at - 2]?.kind === 'quoted') return dueAt(tokens, at - 2, names);
  const meaning = meaningBefore(tokens, at - 1, lexicon);
  return meaning?.kind === 'noun' || meaning?.kind === 'mark' ? dueAfter(meaning, () => undefined) : ANYTHING;
}

/** `flavor "vanilla"`: what stands straight after a param or tag is a value of it. */
function isAfterKey(tokens: readonly Token[], at: number, names: NameIndex): boolean {
  const before = tokens.slice(Math.max(0, at - LONGEST_KEY), at);
  return before.some((_, from) => {
    const words = before.slice(from);
    const text = words.map((word) => word.text).join(' ');
    const isWord = firstSense(names.lexicon, text.toLowerCase())?.structural === true;
    if (isWord || words.some(({ kind }) => kind === 'quoted')) return false;
    const key = names.match(text).find(({ meaning }) => meaning.kind === 'key');
    return key?.meaning.kind === 'key' && key.meaning.exact && !key.meaning.kinds.includes('metric');
  });
}

/** Whether words for a comparison follow. */
function isCompared(tokens: readonly Token[], at: number, lexicon: Lexicon): boolean {
  const [after, next] = [tokens[at + 1], tokens[at + 2]];
  if (IS.test(after?.norm ?? '') && next?.kind === 'quoted') return true;
  const following = tokens.slice(at + 1, at + 1 + LONGEST_PHRASE);
  return following.some((_, end) => {
    const meaning = senseOf(following.slice(0, end + 1), lexicon);
    return meaning?.kind === 'comparator' || (meaning?.kind === 'glue' && meaning.glue === 'between');
  });
}

/** Of the longest phrase that ends before `at`. */
function meaningBefore(tokens: readonly Token[], at: number, lexicon: Lexicon): Meaning | undefined {
  const last = tokens.slice(Math.max(0, at - LONGEST_PHRASE), Math.max(0, at));
  for (let from = 0; from < last.length; from++) {
    const meaning = senseOf(last.slice(from), lexicon);
    if (meaning !== undefined) return meaning;
  }
  return undefined;
}

function senseOf(tokens: readonly Token[], lexicon: Lexicon): Meaning | undefined {
  return firstSense(lexicon, tokens.map(({ norm }) => norm).join(' '))?.meaning;
}
