/**
 * Numbers that follow from others: how many times, which part, how far apart, how many together. What they follow from is
 * what the sentence says itself, which is held against the findings on its own, and the cells and counts of what it names.
 */
import { COUNT_FACTOR, GAP_AFTER, OF_ITS_OWN, PART_OF_VALUE, TAKEN_TOGETHER } from '../terms/amounts.ts';
import { clauseOf, shapesBetween } from './clauses.ts';
import { comesAsGap } from './gap-claims.ts';
import { nounAfter } from './mentions.ts';
import { boundBefore, isFactor, type NumberReading } from './number-reading.ts';
import { numbersIn, type Pair, pairsAmong, pairsOfCounts, pairsOfValues } from './operand-pairs.ts';

interface Operation {
  /** What it is said to be of. */
  readonly of: 'values' | 'counts';
  readonly fits: (pair: Pair) => boolean;
}

export function isWorkedOut(reading: NumberReading): boolean {
  const isOfBeside = isFactor(reading) ? isFactorOfBeside(reading) : undefined;
  if (isOfBeside !== undefined) return isOfBeside;
  if (isSumOfMean(reading)) return true;
  const operation = operationOf(reading);
  if (operation === undefined) return false;
  const pairs = operation.of === 'counts' ? pairsOfCounts(reading) : pairsOfValues(reading);
  for (const pair of pairs) if (operation.fits(pair)) return true;
  return false;
}

/** `73 runs of 171.4 add up to 12,500`: a mean times how many it is of. */
function isSumOfMean({ sentence, written, evidence }: NumberReading): boolean {
  if (!sentence.tokens.some(({ lower }) => SUMMED.test(lower))) return false;
  const near = Math.max(written.slack, Math.abs(written.value) * 0.005);
  return evidence.facts.all.some(
    ({ statistic, value, owner }) =>
      statistic === 'mean' &&
      evidence.counts.some(
        (count) => count.owner === owner && Math.abs(Number(value) * count.value - written.value) <= near,
      ),
  );
}

const SUMMED = /^(?:adds?|adding|sums?|summed|totals?|totall?ing|multipl\w+)$/;

/** What the number would be of two others, by the words around it; undefined: it stands for itself. */
function operationOf(reading: NumberReading): Operation | undefined {
  if (isFactor(reading)) return factorOf(reading);
  const { written, sentence, at } = reading;
  const value = Math.abs(written.value);
  const isWhole = Number.isInteger(value) && !written.isPercent;
  const isTogether = isWhole && TAKEN_TOGETHER.test(shapesBetween(sentence, Math.max(0, at - 6), at + 4));
  if (isTogether)
    return { of: 'counts', fits: ([a, b]) => a + b === value || (comesAsGap(reading) && Math.abs(a - b) === value) };
  if (!comesAsGap(reading)) return written.isPercent ? shareOf(reading) : undefined;
  const noun = nounAfter(sentence, at)?.unit;
  if (isWhole && ((noun !== undefined && noun !== 'point') || sentence.measures.length === 0))
    return { of: 'counts', fits: ([a, b]) => Math.abs(a - b) === value };
  return { of: 'values', fits: gapOf(reading) };
}

function factorOf(reading: NumberReading): Operation | undefined {
  // Which of its values is meant is said, and has been looked at.
  if (OF_ITS_OWN.test(reading.after)) return undefined;
  const isPart = reading.numeral.spelled === 'fraction' && !GAP_AFTER.test(reading.after);
  const isOfCounts =
    nounAfter(reading.sentence, reading.at) !== undefined ||
    COUNT_FACTOR.test(reading.after) ||
    (isPart && !PART_OF_VALUE.test(reading.after) && reading.sentence.measures.length === 0);
  return { of: isOfCounts ? 'counts' : 'values', fits: ratioOf(reading) };
}

function shareOf({ written }: NumberReading): Operation {
  const near = nearOf(written);
  return { of: 'counts', fits: ([a, b]) => b > 0 && a <= b && Math.abs((a / b) * 100 - written.value) <= near };
}

/** Who subtracts rounded values is off by a unit of the last digit. */
const nearOf = ({ value, slack }: NumberReading['written']): number =>
  Math.min(slack * 2.2, slack + Math.abs(value) * 0.02) + 1e-12;

function gapOf({ written, after }: NumberReading): Operation['fits'] {
  const near = nearOf(written);
  const isNear = (result: number) => Math.abs(result - Math.abs(written.value)) <= near;
  const inPoints = written.isPercent || /^(?:percentage )?points?(?: |$)/.test(after);
  return ([a, b]) => {
    const gap = Math.abs(a - b);
    if (inPoints && Math.max(Math.abs(a), Math.abs(b)) <= 1 && isNear(gap * 100)) return true;
    return written.isPercent ? b !== 0 && isNear((gap / Math.abs(b)) * 100) : isNear(gap);
  };
}

/** How far `about three times` may be off. */
const [ROUGH, PLAIN] = [0.12, 0.05];

function ratioOf(reading: NumberReading): Operation['fits'] {
  const value = Math.abs(reading.written.value);
  const bound = boundBefore(reading);
  const isRough = reading.written.slack > reading.numeral.tolerance + value * 1e-6;
  const slack = Math.max(value * (isRough ? ROUGH : PLAIN), reading.numeral.tolerance);
  const isNear = (ratio: number) =>
    bound === 'more'
      ? ratio >= value && ratio <= value * 1.25
      : bound === 'less'
        ? ratio <= value && ratio >= value * 0.8
        : Math.abs(ratio - value) <= slack;
  const isMoreOrLess = value < 1 && GAP_AFTER.test(reading.after);
  return ([a, b]) => b !== 0 && isNear(isMoreOrLess ? Math.abs(a - b) / Math.abs(b) : Math.abs(a / b));
}

/** Whether a factor is that of the numbers beside it, one on either side or two set against each other; undefined: there are none. */
export function isFactorOfBeside(reading: NumberReading): boolean | undefined {
  const { sentence, at } = reading;
  const [from, to] = clauseOf(sentence, at);
  // Behind `, and` it is about something else.
  const next = sentence.shapes.findIndex(
    (shape, index) => index > at && shape === ',' && sentence.shapes[index + 1] === 'and',
  );
  const [before, behind] = [
    numbersIn(reading, from, at),
    numbersIn(reading, at + 1, next < 0 ? to : Math.min(next, to)),
  ];
  const beside = [...before, ...behind];
  const areSetAgainst = beside.length === 2 && SET_AGAINST.test(shapesBetween(sentence, from, to));
  if ((before.length === 0 || behind.length === 0) && !areSetAgainst) return undefined;
  const fits = ratioOf(reading);
  for (const pair of pairsAmong(beside)) if (fits(pair)) return true;
  return false;
}

const SET_AGAINST = /(?:^| )N (?:vs|versus|against|to|compared (?:with|to)) N(?: |$)/;
