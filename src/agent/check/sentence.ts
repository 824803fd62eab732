/** A sentence as it is read for claims: tokens, what they stand for, and what they are said of. */
import { COUNTED } from '../terms/counting.ts';
import { type SaidStatistic, STATISTICS } from '../terms/statistics.ts';
import { STATUS_WORDS, type StatusName } from '../terms/status.ts';
import type { Owner } from './facts.ts';
import type { TextToken } from './lexer.ts';
import type { KnownNames } from './names.ts';

/** What a sentence may leave out, since the text before it or the head of its column said it. */
export interface Context {
  /** What `it` is: the subject of the sentence before. */
  readonly topic: readonly Thing[];
  /** Everything named in the sentence before. */
  readonly named: readonly Owner[];
  readonly measures: ReadonlySet<string>;
  readonly statistic: SaidStatistic | undefined;
  /** Of a table's cell: the word of its column when that counts something. */
  /** Statistics that the text before spoke of. */
  readonly statistics?: ReadonlySet<SaidStatistic> | undefined;
  readonly unit?: string | undefined;
  /** The number of the list item before. */
  readonly marker?: number | undefined;
  /** How many items the lists and tables of the text have. */
  readonly listed?: ReadonlySet<number> | undefined;
  /** Whether it is a cell, whose owner stands at the head of its row or column. */
  readonly isCell: boolean;
}

export const NO_CONTEXT: Context = {
  topic: [],
  named: [],
  measures: new Set(),
  statistic: undefined,
  isCell: false,
};

/** A mention of one thing, or of several that share the name. */
export interface Thing {
  readonly at: number;
  readonly owners: ReadonlySet<Owner>;
  readonly isExperiment: boolean;
  /** A row's label that is also the name of a measure. */
  readonly isLabel?: boolean;
}

export interface MeasureMention {
  readonly at: number;
  readonly keys: ReadonlySet<string>;
}

export interface Sentence {
  readonly tokens: readonly TextToken[];
  /** One letter or word a token: T thing, M measure, V value, X unknown name, N number, D duration, W time; marks as they are. */
  readonly shapes: readonly string[];
  readonly things: readonly Thing[];
  readonly measures: readonly MeasureMention[];
  /** Words of status where a table has a row for each status: `the failed ones`. */
  readonly groups: readonly Thing[];
  readonly context: Context;
  /** What things are called that are counted, by singular and plural. */
  readonly kinds: ReadonlyMap<string, string>;
  /** Of each token where its clause begins and ends, exclusive. */
  readonly clauses: readonly (readonly [from: number, to: number])[];
}

export function readSentence(raw: readonly TextToken[], context: Context, names: KnownNames): Sentence {
  const tokens = raw.map((token, index) => resolveNumber(token, index, raw, names, context.unit === 'id'));
  const things: Thing[] = [];
  const measures: MeasureMention[] = [];
  const shapes = tokens.map(shapeOf);
  for (const [at, { meaning, type }] of tokens.entries()) {
    if (meaning === undefined || (type !== 'name' && type !== 'moment')) continue;
    if (meaning.measures.size > 0) measures.push({ at, keys: meaning.measures });
    if (meaning.owners.size > 0)
      things.push({ ...thingAt(at, meaning.owners, names), isLabel: meaning.measures.size > 0 });
  }
  return {
    tokens,
    shapes,
    things: mergeIds(things, tokens),
    measures,
    groups: statusGroups(tokens, names),
    context,
    kinds: names.nouns,
    clauses: clausesOf(shapes),
  };
}

function statusGroups(tokens: readonly TextToken[], names: KnownNames): Thing[] {
  return tokens.flatMap(({ type, lower }, at) => {
    const status = type === 'word' ? STATUS_WORDS.get(lower) : undefined;
    const owners = status === undefined ? undefined : names.find(status)?.owners;
    return owners === undefined || owners.size === 0 ? [] : [{ at, owners, isExperiment: false }];
  });
}

function thingAt(at: number, owners: ReadonlySet<Owner>, names: KnownNames): Thing {
  return { at, owners, isExperiment: [...owners].every((owner) => names.refOf(owner)?.kind === 'experiment') };
}

/** `run 17`, `runs 15, 16 and 17`, `experiment 3`, `id 3`: numbers that name. */
function resolveNumber(
  token: TextToken,
  index: number,
  tokens: readonly TextToken[],
  names: KnownNames,
  isId: boolean,
): TextToken {
  if (token.type !== 'number' || token.numeral?.unit !== 'plain') return token;
  let at = index - 1;
  while (at >= 0 && /^(?:,|and|or|vs|to|&|#|\(|no|number)$/.test(tokens[at]!.lower)) at -= 1;
  while (at >= 0 && tokens[at]!.type === 'number' && at > index - 12) {
    at -= 1;
    while (at >= 0 && /^(?:,|and|or|vs|to|&|#)$/.test(tokens[at]!.lower)) at -= 1;
  }
  const noun = tokens[at]?.lower ?? '';
  const kind = [...names.kinds].find((one) => noun === one || noun === `${one}s`);
  const isWhole = /^\d+$/.test(token.text);
  if (noun === 'id' || noun === 'ids' || kind !== undefined || isId) {
    const owner = isWhole ? names.hasId(token.text, kind) : undefined;
    const numbered = kind === undefined || !isWhole ? undefined : names.numbered(kind, token.numeral.value);
    const owners = owner !== undefined ? new Set([owner]) : numbered;
    if (owners !== undefined && !/^[%x×]/.test(tokens[index + 1]?.text ?? ''))
      return { ...token, type: 'name', meaning: { owners, measures: new Set(), isValue: false } };
  }
  if (/^\d{3}$|^0\d+$/.test(token.text)) {
    const owners = names.numbered('run', token.numeral.value);
    if (
      owners !== undefined &&
      !/^(?:runs?|%|points|of|steps?)$/.test(tokens[index + 1]?.lower ?? '') &&
      names.writesNumber(owners, token.text)
    )
      return { ...token, type: 'name', meaning: { owners, measures: new Set(), isValue: false } };
  }
  if (/^\d{6,}$/.test(token.text)) {
    const meaning = names.findId(token.text);
    if (meaning !== undefined) return { ...token, type: 'name', meaning };
  }
  return token;
}

function shapeOf({ type, meaning, lower, numeral }: TextToken): string {
  switch (type) {
    case 'name':
      if (meaning === undefined) return 'X';
      if (meaning.measures.size > 0) return 'M';
      return meaning.owners.size > 0 ? 'T' : meaning.isValue ? 'V' : 'Z';
    case 'number':
      if (numeral?.spelled === 'multiple' || numeral?.spelled === 'fraction') return 'Q';
      return numeral?.spelled === 'ordinal' || numeral?.unit === 'ordinal' ? 'O' : 'N';
    case 'duration':
      return 'D';
    case 'moment':
      return meaning !== undefined && meaning.owners.size > 0 ? 'T' : 'W';
    case 'url':
    case 'handle':
    case 'unread':
      return 'U';
    default:
      return /^[*_`~"“”]+$/.test(lower) ? '' : lower;
  }
}

/** `run-017 (a1b2c3d4)` is one thing; which of several that bear the name, the id says. */
function mergeIds(things: readonly Thing[], tokens: readonly TextToken[]): Thing[] {
  const merged: Thing[] = [];
  for (const thing of things) {
    const before = merged.at(-1);
    const isId = ID.test(tokens[thing.at]!.text.replaceAll('`', ''));
    if (before !== undefined && isId && isBeside(before.at, thing.at, tokens)) {
      const both = new Set([...before.owners].filter((owner) => thing.owners.has(owner)));
      if (both.size > 0) merged[merged.length - 1] = { ...before, owners: both };
      continue;
    }
    merged.push(thing);
  }
  return merged;
}

const ID = /^(?:[0-9a-f]{6,}|\d+)$/;

/** An id in brackets or right behind a name belongs to it. */
export function isBeside(name: number, id: number, tokens: readonly TextToken[]): boolean {
  const between = tokens.slice(name + 1, id).map(({ lower }) => lower);
  return between.length <= 4 && between.every((word) => /^(?:[(*`,:=]|id|with|run|is|on)$/.test(word));
}

/** Shapes before a token, nearest last, with blanks between; marks of emphasis are left out. */
export function shapesBefore({ shapes }: Sentence, at: number, most: number): string {
  const found: string[] = [];
  for (let index = at - 1; index >= 0 && found.length < most; index--)
    if (shapes[index] !== '') found.unshift(shapes[index]!);
  return found.join(' ');
}

export function shapesAfter({ shapes }: Sentence, at: number, most: number): string {
  const found: string[] = [];
  for (let index = at + 1; index < shapes.length && found.length < most; index++)
    if (shapes[index] !== '') found.push(shapes[index]!);
  return found.join(' ');
}

/** Where a clause ends: what stands beyond speaks of something else. */
const CLAUSE_MARKS = new Set([';', '—', 'while', 'whereas', 'but', 'although', 'though', 'whilst', 'however', 'yet']);

/** Shapes from one token up to another; marks of emphasis are left out. */
export const shapesBetween = ({ shapes }: Sentence, from: number, to?: number): string =>
  shapes
    .slice(from, to)
    .filter((shape) => shape !== '')
    .join(' ');

/** From and to, exclusive, of the clause that a token stands in. */
export const clauseOf = ({ clauses }: Sentence, at: number): readonly [from: number, to: number] =>
  clauses[at] ?? [at, at + 1];

function clausesOf(shapes: readonly string[]): (readonly [from: number, to: number])[] {
  const clauses: (readonly [from: number, to: number])[] = [];
  let from = 0;
  for (let at = 0; at <= shapes.length; at++) {
    if (at < shapes.length && !isClauseEnd(shapes[at]!)) continue;
    const clause = [from, at] as const;
    for (let index = from; index < at; index++) clauses[index] = clause;
    // The mark itself stands alone.
    if (at < shapes.length) clauses[at] = [at, at + 1];
    from = at + 1;
  }
  return clauses;
}

const isClauseEnd = (shape: string): boolean => CLAUSE_MARKS.has(shape);

export function statisticsIn(sentence: Sentence, from: number, to: number): { at: number; statistic: SaidStatistic }[] {
  const found: { at: number; statistic: SaidStatistic }[] = [];
  for (let at = from; at < to; at++) {
    const token = sentence.tokens[at]!;
    const statistic = token.type === 'word' || shapeIsPlain(token) ? STATISTICS.get(token.lower) : undefined;
    const isEnd =
      token.lower === 'end' &&
      !/(?:^| )(?:at|by|until|in|toward|towards) (?:the|its)$/.test(shapesBefore(sentence, at, 2));
    const isBest =
      token.lower === 'best' &&
      !/^(?:M|value|N|was|at|of N|=|step|:)(?: |$)/.test(shapesAfter(sentence, at, 2)) &&
      !/(?:^| )(?:its|their|'s|’s|above|than)$/.test(shapesBefore(sentence, at, 1));
    if (statistic !== undefined && !isEnd && !isBest) found.push({ at, statistic });
  }
  return found;
}

const shapeIsPlain = ({ type, quoted }: TextToken): boolean => type === 'name' && quoted !== true;

export function statusesIn(
  sentence: Sentence,
  from: number,
  to: number,
): { at: number; status: StatusName; negated: boolean }[] {
  const found: { at: number; status: StatusName; negated: boolean }[] = [];
  for (let at = from; at < to; at++) {
    const token = sentence.tokens[at]!;
    if (token.type !== 'word' && token.type !== 'name') continue;
    const word = token.lower.replaceAll('`', '');
    const status = STATUS_WORDS.get(word) ?? (word === 'unfinished' ? 'FINISHED' : undefined);
    if (status === undefined) continue;
    const before = shapesBefore(sentence, at, 3);
    found.push({
      at,
      status,
      negated:
        word === 'unfinished' ||
        /(?:^| )(?:other than|beyond|except|besides)(?: \w+)?$/.test(before) ||
        /(?:^| )(?:not|never|n't|didn't|isn't|wasn't|without|non|un)(?: \w+)?$/.test(before),
    });
  }
  return found;
}

/** What is counted by the words behind a number, and where they end. */
export function nounAfter(sentence: Sentence, at: number): { readonly unit: string; readonly at: number } | undefined {
  let seen = 0;
  for (let index = at + 1; index < sentence.tokens.length && seen < 5; index++) {
    const { lower, type } = sentence.tokens[index]!;
    if (sentence.shapes[index] === '') continue;
    if (
      type === 'number' &&
      sentence.shapes.slice(at + 1, index).every((shape) => /^(?:of|the|out|all|its|)$/.test(shape)) &&
      index - at <= 4 &&
      sentence.shapes.slice(at + 1, index).includes('of')
    )
      continue;
    if (
      type === 'number' ||
      /^(?:[,.;:(|)=—]|and|but|is|was|are|were|has|have|had|at|in|on|by|for|from|with|to|than|as|that|which|when)$/.test(
        lower,
      )
    )
      return undefined;
    const unit = COUNTED.get(lower) ?? sentence.kinds.get(lower);
    if (unit !== undefined && type !== 'duration') return { unit, at: index };
    seen += 1;
  }
  return undefined;
}

/** From and to, exclusive, of what stands between two commas, brackets or ends of a clause. */
export function segmentOf(sentence: Sentence, at: number): readonly [from: number, to: number] {
  const [clauseFrom, clauseTo] = clauseOf(sentence, at);
  let from = at;
  while (from > clauseFrom && !isSegmentEnd(sentence.shapes, from - 1)) from -= 1;
  let to = at + 1;
  while (to < clauseTo && !isSegmentEnd(sentence.shapes, to)) to += 1;
  return [from, to];
}

/** `a, b and c` is no end of anything, nor are the brackets of an id. */
function isSegmentEnd(shapes: readonly string[], at: number): boolean {
  const shape = shapes[at]!;
  if (shape === '→' || shape === '—') return true;
  if (shape === '(') return shapes[at + 1] !== 'T' || shapes[at + 2] !== ')';
  if (shape === ')') return !(shapes[at - 1] === 'T' && shapes[at - 2] === '(');
  if (shape === ',') return !/^[TV]$/.test(shapes[at + 1] ?? '') || !/^(?:[TV)]|)$/.test(shapes[at - 1] ?? '');
  return (
    (shape === 'and' || shape === 'then') &&
    /^(?:T|it|the|this|its|they)$/.test(shapes[at + 1] ?? '') &&
    !/^[TV)]$/.test(shapes[at - 1] ?? '')
  );
}

/** Everything that can be compared in a sentence: things, statuses that label rows; else experiments; else rows named like measures. */
export function comparable(sentence: Sentence): readonly Thing[] {
  const things = [...sentence.things, ...sentence.groups].sort((a, b) => a.at - b.at);
  const pure = things.filter(({ isExperiment, isLabel }) => !isExperiment && isLabel !== true);
  if (pure.length > 0) return pure;
  const experiments = things.filter(({ isExperiment }) => isExperiment);
  return experiments.length > 0 ? experiments : things;
}
