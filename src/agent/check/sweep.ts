/** A quantifier, what is said behind it, and what it makes of those of which that holds. */
import { COUNTED, QUANTIFIERS } from '../terms/counting.ts';
import { shapesAfter, shapesBefore } from './clauses.ts';
import type { FactColumn } from './facts.ts';
import type { Sentence } from './sentence.ts';

type Kind = 'all' | 'none' | 'not all' | 'only';

/** A quantifier and what is said behind it, up to the next mark. */
export interface Sweep {
  readonly kind: Kind;
  readonly at: number;
  readonly end: number;
  /** `all three`, `none of the ten`, `both`. */
  readonly count: number | undefined;
  readonly words: ReadonlySet<string>;
  readonly sentence: Sentence;
}

export function sweepFrom(sentence: Sentence, at: number): Sweep | undefined {
  const { tokens, shapes } = sentence;
  const kind = kindAt(sentence, at);
  if (kind === undefined) return undefined;
  let end = at + 1;
  while (end < tokens.length && !isSweepEnd(shapes, end)) end += 1;
  const words = new Set(tokens.slice(at, end).map(({ lower }) => lower.replaceAll('`', '')));
  const places = shapes.slice(at + 1, at + 6);
  // The "one" of "every one of the five" counts nothing.
  const place = places.findIndex((shape, index) => shape === 'N' && tokens[at + 1 + index]!.lower !== 'one');
  const isCount =
    place >= 0 &&
    places.slice(0, place).every((shape) => /^(?:|N|of|the|these|those|its|shown|top|best|first)$/.test(shape));
  const count =
    tokens[at]!.lower === 'both' || tokens[at]!.lower === 'neither'
      ? 2
      : isCount
        ? tokens[at + 1 + place]!.numeral!.value
        : undefined;
  return { kind, at, end, count, words, sentence };
}

function kindAt(sentence: Sentence, at: number): Kind | undefined {
  const { lower, type } = sentence.tokens[at]!;
  const after = shapesAfter(sentence, at, 2);
  if (
    lower === 'not' &&
    /^(?:N|a single|a)(?: |$)/.test(after) &&
    /^(?:one|a)$/.test(sentence.tokens[at + 1]?.lower ?? '')
  )
    return 'none';
  if (type !== 'word') return undefined;
  if (lower === 'only') return /^T/.test(after) ? 'only' : undefined;
  const quantifier = QUANTIFIERS.get(lower);
  if (quantifier === undefined || /^,/.test(after)) return undefined;
  const before = shapesBefore(sentence, at, 2);
  if (quantifier === 'none')
    return lower === 'no' && /^(?:longer|more|less|fewer|lower|higher|better|worse)/.test(after) ? undefined : 'none';
  if (/(?:^| )not(?: nearly)?$/.test(before)) return 'not all';
  if (/(?:^| )(?:nearly|almost|practically|virtually)$/.test(before)) return undefined;
  if (/(?:^| )(?:in|across|for)$/.test(before) && COUNTED.has(sentence.tokens[at + 1]?.lower ?? '')) return 'all';
  return /(?:^| )(?:nearly|almost|of|at|over|above|after|for|across|among|if|did|do|does|were|was|are|is|has|have)$/.test(
    before,
  ) && !/^(?:N|the|T|of|[A-Za-z]+ed)/.test(after)
    ? undefined
    : 'all';
}

export function isSweepEnd(shapes: readonly string[], at: number): boolean {
  const shape = shapes[at]!;
  if (
    /^[,;:—–?]$/.test(shape) ||
    /^(?:while|whereas|but|although|though|however|yet|because|since|when|despite)$/.test(shape)
  )
    return true;
  if (shape === 'as') return !SAID_AS.test(shapes[at - 1] ?? '');
  return shape === 'and' && /^(?:T|M|it|its|the|they|most|all|both|each|none|no|that|this)$/.test(shapes[at + 1] ?? '');
}

/** "came out as noise": what is said goes on. */
const SAID_AS =
  /^(?:out|up|it|them|rated|marked|listed|judged|classed|counted|recorded|reported|ended|shown|seen|found|logged)$/;

/** Readings of one claim: one that holds is enough. */
export function anyOf(readings: readonly (boolean | undefined)[]): boolean | undefined {
  if (readings.includes(true)) return true;
  return readings.includes(false) ? false : undefined;
}

/** What a quantifier makes of the members of which something holds. */
export function settle(kind: Kind, holding: number, size: number): boolean | undefined {
  if (kind === 'all') return holding === size;
  if (kind === 'none') return holding === 0;
  return kind === 'not all' ? holding < size : undefined;
}

export function inScope({ coverage }: FactColumn['finding'], experiments: readonly string[]): boolean {
  return (
    coverage.scope === 'all' || coverage.scope.some(({ kind, id }) => experiments.includes(JSON.stringify([kind, id])))
  );
}
