/** Multiples, parts and percentages: one value or count measured by another. */
import { GAP_AFTER, PART_OF_VALUE, ROUGHLY } from '../terms/amounts.ts';
import { STATUS_WORDS } from '../terms/status.ts';
import { isRatioOf, isShareOf, partsFor, qualifiersOf } from './amounts.ts';
import { isBoundClaim } from './bound-claims.ts';
import { clauseOf } from './clauses.ts';
import { pairsHere } from './compared-pairs.ts';
import type { CellFact } from './facts.ts';
import { keptBehind } from './kept-bounds.ts';
import { nounAfter, statisticsIn } from './mentions.ts';
import { boundBefore, clauseWords, isTextValue, type NumberReading } from './number-reading.ts';

export function isMultipleClaim(reading: NumberReading): boolean {
  const { value, spelled } = reading.numeral;
  const rough = ROUGHLY.test(reading.before) ? 0.15 : spelled === 'multiple' ? 0.08 : 0.05;
  const bound = boundBefore(reading);
  const slack = Math.max(value * rough, reading.numeral.tolerance);
  const pairs = pairsOfRatio(reading);
  if (isRatioOf(value, slack, pairs, bound)) return true;
  return isTextValue(reading) || isRatioOfCounts(reading, value, slack);
}

/** `half of the runs`, `a third`: of a count, else of a value. */
export function isPartClaim(reading: NumberReading): boolean {
  const { value } = reading.numeral;
  const { before, sentence, at } = reading;
  const slack = ROUGHLY.test(before) || boundBefore(reading) !== undefined ? 0.06 : 0.025;
  const hasNoun = nounAfter(sentence, at) !== undefined;
  const isOfValue = PART_OF_VALUE.test(reading.after) || (sentence.measures.length > 0 && !hasNoun);
  return (
    isPartMoreOrLess(reading) ||
    isPartOfBound(reading, value, slack) ||
    (isOfValue && isRatioOf(value, Math.max(slack, value * 0.12), pairsOfRatio(reading), undefined)) ||
    isShareOfCountsHere(reading, value, slack) ||
    ((sentence.measures.length > 0 || !hasNoun) && isBoundClaim(reading, false)) ||
    isRatioOfCounts(reading, value, slack)
  );
}

/** `half of them are under 5.4`. */
const isPartOfBound = (reading: NumberReading, share: number, slack: number): boolean =>
  keptBehind(reading).some(({ count, total }) => Math.abs(count / total - share) <= slack);

/** `a third lower`. */
function isPartMoreOrLess(reading: NumberReading): boolean {
  const { numeral, after } = reading;
  const isLess = /^(?:lower|less|smaller|below|behind|worse|fewer|shorter)/.test(after);
  const ratio = 1 + (isLess ? -numeral.value : numeral.value);
  return GAP_AFTER.test(after) && isRatioOf(ratio, 0.03, pairsOfRatio(reading), undefined);
}

export function isShareClaim(reading: NumberReading): boolean {
  const share = reading.written.value / 100;
  const slack = reading.written.slack / 100 + 1e-9;
  return (
    (share === 1 && isWholeList(reading)) ||
    isRatioOf(share, slack, pairsHere(reading, false), undefined) ||
    isPartOfBefore(reading, share, slack) ||
    isShareOfCountsHere(reading, share, slack)
  );
}

/** `three times its best`: what is multiplied is the statistic named behind. */
function pairsOfRatio(reading: NumberReading) {
  const [, to] = clauseOf(reading.sentence, reading.at);
  const behind = statisticsIn(reading.sentence, reading.at + 1, to)[0]?.statistic;
  const pairs = pairsHere(reading, reading.said.isOpen);
  if (behind === undefined) return pairs;
  const fits = ({ statistic }: CellFact) =>
    statistic === undefined ||
    statistic === behind ||
    (behind === 'best' && (statistic === 'min' || statistic === 'max'));
  return pairs.filter(([, whole]) => fits(whole));
}

function isRatioOfCounts(reading: NumberReading, value: number, slack: number): boolean {
  const statuses = qualifiersOf(reading.sentence, reading.at);
  if (reading.said.statistic !== undefined || reading.sentence.measures.length > 0) return false;
  if (statuses.values.length + statuses.statuses.length === 0) return false;
  const own = reading.evidence.counts.filter(
    ({ tags, owner }) =>
      owner !== undefined &&
      [...statuses.values, ...statuses.statuses.map(({ status }) => status)].some((tag) => tags.has(tag)),
  );
  return own.some((a) =>
    reading.evidence.counts.some(
      (b) => b.owner !== undefined && b.unit === a.unit && b.value > 0 && Math.abs(a.value / b.value - value) <= slack,
    ),
  );
}

/** Whether all of some list have one status. */
function isWholeList(reading: NumberReading): boolean {
  return reading.evidence.counts.some(
    ({ tags, value, finding }) => value === finding.coverage.matched && [...tags].some((tag) => STATUS_NAMES.has(tag)),
  );
}

const STATUS_NAMES: ReadonlySet<string> = new Set(STATUS_WORDS.values());

/** `159 (95.8%)` and `123 of 200 points (61.5%)`: of numbers that are held against the findings themselves. */
function isPartOfBefore(reading: NumberReading, share: number, slack: number): boolean {
  const wholes = reading.sentence.tokens
    .slice(0, reading.at)
    .flatMap(({ numeral }) =>
      numeral !== undefined && Number.isInteger(numeral.value) && numeral.unit === 'plain' ? [numeral.value] : [],
    );
  const totals = [
    ...wholes,
    ...reading.evidence.counts
      .filter(({ tags }) => tags.has('matched') || tags.has('used') || tags.has('shown'))
      .map(({ value }) => value),
  ];
  return wholes
    .slice(-3)
    .some((part) => totals.some((whole) => whole >= part && whole > 0 && Math.abs(part / whole - share) <= slack));
}

function isShareOfCountsHere(reading: NumberReading, share: number, slack: number): boolean {
  const noun = nounAfter(reading.sentence, reading.at)?.unit;
  const said = qualifiersOf(reading.sentence, reading.at);
  if (
    reading.said.measures.length > 0 &&
    noun === undefined &&
    said.statuses.length === 0 &&
    said.part === undefined &&
    said.values.length === 0
  )
    return false;
  const wholes = reading.evidence.counts.filter(
    ({ tags, owner }) =>
      owner === undefined &&
      (tags.has('matched') || tags.has('used') || tags.has('sum') || tags.has('shown')) &&
      tags.size <= 4,
  );
  const [owners = []] = reading.said.owners;
  const own = reading.evidence.counts.filter(
    ({ owner }) => owner !== undefined && owners.some((thing) => thing.owners.has(owner)),
  );
  const isSaid = said.statuses.length > 0 || said.part !== undefined || said.values.length > 0;
  const parts = own.length > 0 ? own : isSaid ? partsFor(noun, said, reading.evidence) : [];
  return isShareOf(share, slack, parts, wholes) || isShareInText(reading, share, slack);
}

/** `6 of 27 runs overfitted` makes a fifth of them. */
function isShareInText(reading: NumberReading, share: number, slack: number): boolean {
  const words = clauseWords(reading);
  const { shares } = reading.evidence;
  return shares.some(
    (one) =>
      Math.abs(one.share - share) <= slack &&
      (reading.numeral.unit === 'percent' || [...words].some((word) => one.around.words.has(word))),
  );
}
