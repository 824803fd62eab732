/** A number as it stands in its sentence: what is written, what is said around it, and whether a cell or a text says the same. */
import type { Finding } from '../../finding/finding.ts';
import { LESS_THAN, MORE_THAN, RATIO_BEFORE, ROUGHLY } from '../terms/amounts.ts';
import { STATUS_WORDS } from '../terms/status.ts';
import { type Assignment, assign } from './assignment.ts';
import { clauseOf, shapesAfter, shapesBefore } from './clauses.ts';
import type { Evidence, TextFact } from './evidence.ts';
import type { TextToken } from './lexer.ts';
import { nounAfter } from './mentions.ts';
import type { Sentence } from './sentence.ts';
import { isContentWord, MOST_NEAR, wordsNear } from './stretches.ts';
import { isInText, isOtherStatistic, isValueOf, type Written, writtenNumber } from './values.ts';

export interface NumberReading {
  readonly sentence: Sentence;
  readonly at: number;
  readonly evidence: Evidence;
  readonly numeral: NonNullable<TextToken['numeral']>;
  /** Shapes around it. */
  readonly before: string;
  readonly after: string;
  readonly written: Written;
  readonly said: Assignment;
  /** What it is found in, once it is. */
  finding: Finding | undefined;
}

export function readNumber(sentence: Sentence, at: number, evidence: Evidence): NumberReading {
  const before = shapesBefore(sentence, at, 5);
  const numeral = sentence.tokens[at]!.numeral!;
  const isRough = ROUGHLY.test(before);
  const written = writtenNumber(
    numeral,
    isRough ? (Number.isInteger(numeral.value) && numeral.value >= 10 ? 0.06 : 0.02) : 0,
  );
  return {
    sentence,
    at,
    evidence,
    numeral,
    before,
    after: shapesAfter(sentence, at, 6),
    written,
    said: assign(sentence, at),
    finding: undefined,
  };
}

/** Which side of it the words before say that a value lies on. */
export const boundBefore = ({ before }: NumberReading): 'more' | 'less' | undefined =>
  MORE_THAN.test(before) ? 'more' : LESS_THAN.test(before) ? 'less' : undefined;

export function clauseWords(reading: NumberReading): ReadonlySet<string> {
  const [from, to] = clauseOf(reading.sentence, reading.at);
  return new Set(
    reading.sentence.tokens
      .slice(from, to)
      .map(({ lower }) => lower)
      .filter(isContentWord),
  );
}

/** What stands between the number before, or the start of the clause, and this one. */
export function sinceNumber(reading: NumberReading): string {
  const [from] = clauseOf(reading.sentence, reading.at);
  const shapes = reading.sentence.shapes.slice(Math.max(from, reading.at - 14), reading.at);
  const last = shapes.findLastIndex((shape) => shape === 'N' || shape === 'D');
  return shapes
    .slice(last + 1)
    .filter((shape) => shape !== '')
    .join(' ');
}

/** Any reading by which the value stands in a cell of what is named. */
export function isCellValue(reading: NumberReading): boolean {
  const fact = isValueOf(reading.written, reading.said, reading.evidence);
  if (fact === undefined) return false;
  reading.finding = fact.column.finding;
  return !(
    fact.kind === 'count' &&
    reading.said.measures.length === 0 &&
    reading.said.owners.length === 0 &&
    !Number.isInteger(reading.written.value)
  );
}

/** The text that says it beside the same words. */
function toldByWords({ sentence, at, written, evidence }: NumberReading): TextFact | undefined {
  const isNamed = sentence.things.some((thing) => thing.at < at && at - thing.at <= MOST_NEAR);
  if (isNamed || (Number.isInteger(written.value) && !written.isPercent)) return undefined;
  const near = wordsNear(sentence.tokens, at);
  return evidence.texts.find(
    (one) =>
      one.isPercent === written.isPercent &&
      !one.isDuration &&
      Math.abs(one.value - written.value) <= written.slack &&
      [...near].some((word) => one.near.has(word)),
  );
}

/** Any text that says it of the same. */
export function isTextValue(reading: NumberReading, fits?: (one: TextFact) => boolean): boolean {
  if (isOtherStatistic(reading.written, reading.said, reading.evidence)) return false;
  // What the text before was about need not be what a count is of.
  const { things, measures } = reading.sentence;
  const isWhole = Number.isInteger(reading.numeral.value);
  const isCount =
    nounAfter(reading.sentence, reading.at) !== undefined || STATUS_WORDS.has(reading.after.split(' ')[0] ?? '');
  const said = isWhole
    ? {
        ...reading.said,
        owners: !isCount && things.length > 0 ? reading.said.owners : [],
        measures: !isCount && measures.length > 0 ? reading.said.measures : [],
      }
    : reading.said;
  const found =
    isInText(reading.written, said, clauseWords(reading), reading.evidence, fits) ??
    (fits === undefined ? toldByWords(reading) : undefined);
  reading.finding ??= found?.finding;
  return found !== undefined;
}

/** Whether it says how many times, or which part. */
export const isFactor = ({ numeral, sentence, at }: NumberReading): boolean =>
  numeral.spelled === 'multiple' ||
  numeral.spelled === 'fraction' ||
  /\d\s?[x×]$/.test(numeral.text) ||
  /^(?:times|fold|x|×)(?: |$)/.test(shapesAfter(sentence, at, 1)) ||
  RATIO_BEFORE.test(shapesBefore(sentence, at, 8));
