/**
 * Names of the store that are spelt like words of the language, or like other names: `failed`, `3`, `alpha and beta`. The
 * question is read both ways, and what it asks decides.
 */
import { quoteInQuestion } from '../../finding/quote.ts';
import { isGlue, isKind, type Meaning, type Segment } from './meanings.ts';
import type { NameIndex } from './names.ts';
import { type Barred, segmentQuestion } from './segment.ts';
import { spanOf } from './slots.ts';
import type { Clock } from './time-phrases.ts';
import type { Token } from './tokens.ts';

/** One span that may be a name or something else. */
export interface Contest {
  /** As a name. */
  readonly name: Segment;
  /** As what it is without that name. */
  readonly instead: readonly Segment[];
  /** Whether a name is what its place asks for: "highest failed". */
  readonly isDue: boolean;
}

/** The question without the contested names. */
export interface OtherCut {
  readonly segments: readonly Segment[];
  readonly contests: readonly [Contest, ...Contest[]];
}

/** Undefined where every name can only be that name. */
export function cutWithoutNames(
  question: string,
  tokens: readonly Token[],
  segments: readonly Segment[],
  names: NameIndex,
  clock: Clock,
): OtherCut | undefined {
  const open = segments.filter((segment, at) => isName(segment) && !isCertain(segments, at));
  if (open.length === 0) return undefined;
  const cut = (barred: readonly Barred[]) => segmentQuestion(question, tokens, names, clock, barred);
  const isElse = (barred: readonly Barred[]) => {
    const without = cut(barred);
    return (segment: Segment) => isOtherwise(segment, within(without, segment));
  };
  // First as words of the language alone, then as another name.
  const asWords = open.filter(isElse(open.map(spanOf)));
  const others = open.filter((segment) => !asWords.includes(segment));
  const asNames = others.length === 0 ? [] : others.filter(isElse(others.map(barKind)));
  const bars: Barred[] = [...asWords.map(spanOf), ...asNames.map(barKind)];
  if (bars.length === 0) return undefined;
  const without = cut(bars);
  const contests = open
    .filter(({ start }) => bars.some((bar) => bar.start === start))
    .map((name) => ({ name, instead: within(without, name), isDue: isDue(segments, segments.indexOf(name)) }));
  const [first, ...more] = contests;
  if (first === undefined || !contests.every(({ instead }) => instead.every(isKnown))) return undefined;
  return { segments: without, contests: [first, ...more] };
}

const barKind = ({ start, end, meaning: { kind } }: Segment): Barred => ({ start, end, kind });

/**
 * Whether the words make sense without the name. A metric is meant before a field of the same word, a run before values
 * that name it.
 */
function isOtherwise({ meaning }: Segment, instead: readonly Segment[]): boolean {
  if (meaning.kind === 'run' && instead.some((one) => isKind(one, 'value'))) return false;
  const isField = instead.every((one) => isKind(one, 'key') && one.meaning.kinds[0] === 'attribute');
  return instead.every(isKnown) && !(isField && meaning.kind === 'key' && meaning.kinds.includes('metric'));
}

const within = (segments: readonly Segment[], { start, end }: Segment): Segment[] =>
  segments.filter((one) => one.start < end && one.end > start);

function isName({ meaning, quoted }: Segment): boolean {
  if (quoted) return false;
  switch (meaning.kind) {
    case 'key':
      return meaning.exact && !meaning.kinds.includes('attribute');
    case 'experiment':
      return meaning.exact;
    case 'run':
    case 'value':
      return true;
    default:
      return false;
  }
}

/** A word of the language, or a whole name. */
function isKnown({ meaning }: Segment): boolean {
  if (meaning.kind === 'key' || meaning.kind === 'experiment') return meaning.exact;
  return meaning.kind !== 'unknown';
}

/** Where nothing but such a name can stand. */
function isCertain(segments: readonly Segment[], at: number): boolean {
  const [beforeThat, before, segment, after] = [segments[at - 2], segments[at - 1], segments[at], segments[at + 1]];
  switch (segment?.meaning.kind) {
    case 'key':
      return (
        (isKind(after, 'comparator') && !isKind(segments[at + 2], 'status')) ||
        /^(?:metric|param|parameter|tag)$/u.test(before?.norm ?? '')
      );
    case 'value':
      return isKind(isKind(before, 'comparator') || isGlue(before, ':') ? beforeThat : before, 'key');
    case 'experiment':
      return isGlue(before, 'in') || (isKind(before, 'noun') && before.meaning.noun === 'experiment');
    case 'run': {
      const isAsked = beforeThat === undefined || isKind(beforeThat, 'filler') || isKind(beforeThat, 'mark');
      return before?.norm === 'run' && (isAsked || isGlue(beforeThat, 'of', 'and', 'in', ','));
    }
    default:
      return false;
  }
}

/** "highest failed", but not "best failed runs"; "error rate in us". */
function isDue(segments: readonly Segment[], at: number): boolean {
  const [before, segment, after] = [segments[at - 1], segments[at], segments[at + 1]];
  if (isKind(segment, 'value')) return isGlue(before, 'in') && (after === undefined || isKind(after, 'filler'));
  const isFollowed = isKind(after, 'key') || (isKind(after, 'noun') && after.meaning.noun === 'run');
  return isKind(segment, 'key') && !isFollowed && (isKind(before, 'superlative') || isKind(before, 'statistic'));
}

/** Whether the words hold or are another name, so that only the person can tell. */
export const isOfNames = ({ instead }: Contest): boolean =>
  instead.some(({ meaning: { kind } }) => ['key', 'experiment', 'run', 'value'].includes(kind));

/** Segments in words that can only be read as they are. */
export function spell(question: string, segments: readonly Segment[]): string {
  const [first, last] = [segments[0], segments.at(-1)];
  if (first === undefined || last === undefined) return '';
  let text = '';
  let from = first.start;
  for (const { start, end, meaning, text: own } of segments) {
    text += question.slice(from, start) + (spelt(meaning, own) ?? question.slice(start, end));
    from = end;
  }
  return text;
}

function spelt(meaning: Meaning, text: string): string | undefined {
  switch (meaning.kind) {
    case 'key': {
      const [kind, ...others] = meaning.kinds;
      if (kind === 'attribute') return `attributes.${meaning.name}`;
      return `${others.length === 0 ? `${kind} ` : ''}${quoteInQuestion(meaning.name)}`;
    }
    case 'experiment':
      return `experiment ${quoteInQuestion(meaning.options[0]?.name ?? text)}`;
    case 'run':
      return `run ${quoteInQuestion(text)}`;
    case 'value': {
      const [option] = meaning.options;
      return option && `${quoteInQuestion(option.key)} = ${quoteInQuestion(option.value)}`;
    }
    default:
      return undefined;
  }
}
