/** Asks the store for the names that a question may contain, no more of them than its own words. */
import type { Vocabulary } from '../../tools/resolve/vocabulary.ts';
import { cutWithoutNames, type OtherCut } from './contested.ts';
import type { Lexicon } from './lexicon.ts';
import { isGlue, isKind, plainMeaning, type Segment } from './meanings.ts';
import { isAsWritten, NameIndex } from './names.ts';
import { dueAt } from './quoted.ts';
import { segmentQuestion, VALUE_PLACE } from './segment.ts';
import type { Clock } from './time-phrases.ts';
import { normalize, type Token } from './tokens.ts';

/** Longest run name or value that is looked for, in tokens. */
const LONGEST_SPAN = 5;

export interface NamedQuestion {
  readonly names: NameIndex;
  readonly segments: readonly Segment[];
  /** Where names are spelt like words of the language, or like other names. */
  readonly otherCut: OtherCut | undefined;
}

/**
 * Cuts the question with the names known beforehand, then with the runs that the store found for the words left over,
 * then with the values for those that are still open: in a large store values take the longest to find.
 */
export async function lookUpNames(
  question: string,
  tokens: readonly Token[],
  vocabulary: Vocabulary,
  { clock, lexicon }: { readonly clock: Clock; readonly lexicon: Lexicon },
  signal: AbortSignal,
): Promise<NamedQuestion> {
  const [experiments, keys] = await Promise.all([vocabulary.experiments(signal), vocabulary.keys(signal)]);
  const names = new NameIndex(experiments, keys, lexicon);
  const cut = () => segmentQuestion(question, tokens, names, clock);
  const named = (segments: readonly Segment[]): NamedQuestion => ({
    names,
    segments,
    otherCut: cutWithoutNames(question, tokens, segments, names, clock),
  });
  const known = cut();
  const runs = openSpans(question, tokens, openTo('run', tokens, known, names));
  const sought = {
    values: [],
    runs: [...runs, ...known.filter(isNumberedKey).map(({ norm }) => norm)],
    lastNumbers: [],
  };
  const found = runs.length > 0 ? await vocabulary.find(sought, signal) : { runs: [] };
  names.addFound([], found.runs);
  const withRuns = found.runs.length > 0 ? cut() : known;
  const open = openTo('value', tokens, withRuns, names);
  const values = openSpans(question, tokens, open);
  if (values.length === 0) return named(withRuns);
  const { values: stored } = await vocabulary.find(
    { values: values.flatMap(spellings), ofKeys: keysOfValues(withRuns, open), runs: [], lastNumbers: [] },
    signal,
  );
  names.addFound(stored, []);
  return named(cut());
}

/** A key such as `r-001`: beside a run, a run may be called so too. */
const isNumberedKey = ({ meaning, norm, quoted }: Segment): boolean =>
  meaning.kind === 'key' && meaning.exact && !quoted && /\d/u.test(norm);

/** Where every open word stands behind `key =`, it is a value of that key or of none; else of any. */
function keysOfValues(segments: readonly Segment[], open: readonly Segment[]): string[] | undefined {
  const keys: string[] = [];
  for (const segment of open) {
    const at = segments.indexOf(segment);
    const [key, sign] = [segments[at - 2], segments[at - 1]];
    if (!isKind(sign, 'comparator') || !isKind(key, 'key') || !key.meaning.exact) return undefined;
    keys.push(key.meaning.name);
  }
  return keys;
}

/** A value of several words may be stored with other joints. */
function spellings(span: string): string[] {
  return span.includes(' ') ? [span, span.replaceAll(' ', '_'), span.replaceAll(' ', '-')] : [span];
}

/** The segments that may be a run or a value, as far as is known. */
function openTo(
  kind: 'run' | 'value',
  tokens: readonly Token[],
  segments: readonly Segment[],
  names: NameIndex,
): Segment[] {
  const isPlainOpen = kind === 'run' ? isOpen : isOpenToValues;
  return segments.filter((segment, at) => {
    const quoted = tokens.findIndex((token) => token.kind === 'quoted' && token.start === segment.start);
    if (quoted < 0) return isPlainOpen(segment, segments[at - 1], segments[at + 1]);
    const kinds: readonly string[] = dueAt(tokens, quoted, names);
    const known = isAsWritten(segment.meaning, segment.text) ? kinds.indexOf(segment.meaning.kind) : -1;
    return kinds.includes(kind) && (known < 0 || kinds.indexOf(kind) < known);
  });
}

/** Spans around what is open: where a value or a run may stand. */
function openSpans(question: string, tokens: readonly Token[], open: readonly Segment[]): string[] {
  const spans = new Set<string>();
  for (const { start, end, text } of open) {
    // A name in quotes is what stands between them, nothing less and nothing more.
    if (tokens.some((token) => token.kind === 'quoted' && token.start === start)) {
      spans.add(text);
      continue;
    }
    const from = tokens.findIndex((token) => token.start >= start);
    const last = tokens.findLastIndex((token) => token.end <= end);
    for (let first = Math.max(0, last - LONGEST_SPAN + 1); first <= from; first++) {
      for (let to = last; to < Math.min(tokens.length, first + LONGEST_SPAN); to++) {
        const [opening, closing] = [tokens[first], tokens[to]];
        if (opening && closing && !isNumberedRun(opening, tokens[first + 1]))
          spans.add(opening === closing ? opening.norm : normalize(question.slice(opening.start, closing.end)));
      }
    }
  }
  return [...spans];
}

/** "run 145" is a run by its number, never a value spelt `run-145`. */
function isNumberedRun(first: Token, second: Token | undefined): boolean {
  return /^(?:run|trial)s?$/u.test(first.norm) && second?.kind === 'number';
}

/** "no augment" may be a run's name, and "country in" a value, where no place follows. */
function isGlueOpen(segment: Segment, before: Segment | undefined, after: Segment | undefined): boolean {
  if (isGlue(segment, 'not', 'without') && isKind(after, 'key')) return true;
  const isNamed = isKind(before, 'key') || isKind(before, 'comparator');
  return (
    isNamed &&
    /^\p{L}+$/u.test(segment.norm) &&
    (after === undefined || isKind(after, 'noun') || after.meaning.kind === 'filler')
  );
}

/**
 * The word "run" before a name says that it is no value; without it a run may be called as a value is ("best f1 with
 * adam"). A word of the language beside a metric is one ("plot the rmse history").
 */
function isOpenToValues(segment: Segment, before: Segment | undefined, after: Segment | undefined): boolean {
  const isRun = isKind(before, 'noun') && before.meaning.noun === 'run';
  if (isKind(segment, 'run')) return !isRun;
  if (isRun && plainMeaning(segment.meaning).kind !== 'unknown') return false;
  const isOfLanguage = isKind(segment, 'mark') || isKind(segment, 'noun') || isKind(segment, 'glue');
  return isOpen(segment, isOfLanguage ? unlessMetric(before) : before, unlessMetric(after));
}

/** A key of metrics alone, which no text is a value of. */
function unlessMetric(segment: Segment | undefined): Segment | undefined {
  const isMetric = isKind(segment, 'key') && segment.meaning.kinds.every((kind) => kind === 'metric');
  return isMetric ? undefined : segment;
}

/** Not understood yet, beside a key, after "run", or quoted. */
function isOpen(segment: Segment, before: Segment | undefined, after: Segment | undefined): boolean {
  const { kind } = plainMeaning(segment.meaning);
  if (kind === 'unknown') return true;
  // "error rate in us": a word of the language may be a value where a place or a name is due.
  if (kind === 'filler')
    return (
      VALUE_PLACE.test(before?.norm ?? '') ||
      isKind(before, 'key') ||
      (isKind(after, 'mark') && after.meaning.mark === 'compare')
    );
  if (isKind(segment, 'glue')) return isGlueOpen(segment, before, after);
  // "highest f1_score", "mean loss"
  const isOrder = kind === 'superlative' || kind === 'statistic';
  if (isOrder && isKind(after, 'key') && after.meaning.exact) return false;
  if (['number', 'comparator', 'window'].includes(kind)) return false;
  if (isKind(segment, 'experiment') || (isKind(segment, 'key') && segment.meaning.exact))
    return isKind(segment, 'experiment') && !segment.meaning.exact;
  return (
    isKind(before, 'key') ||
    isKind(after, 'key') ||
    isKind(before, 'comparator') ||
    (isKind(before, 'noun') && before.meaning.noun === 'run') ||
    isKind(segment, 'key')
  );
}
