/** How many there are said to be: with a noun, without one, of a group, up to a place or a step. */
import { BARE_COUNT, MEASURE_BEFORE, MORE_THAN, RANK_BEFORE } from '../terms/amounts.ts';
import { COUNTED } from '../terms/counting.ts';
import { isCountOf, type Qualifiers, qualifiersOf } from './amounts.ts';
import type { Assignment } from './assignment.ts';
import { isBoundClaim } from './bound-claims.ts';
import { clauseOf, shapesAfter } from './clauses.ts';
import { isAsManyAsNamed, isComplement, isEchoOfQuestion, isRestOfCounts, isSumOfCounts } from './derived-counts.ts';
import { comesAsGap, isGapClaim } from './gap-claims.ts';
import { nounAfter, statusesIn } from './mentions.ts';
import { isTextValue, type NumberReading } from './number-reading.ts';
import type { Thing } from './sentence.ts';
import { isValueOf } from './values.ts';

export function isNounCount(reading: NumberReading, noun: string): boolean {
  if (isCountClaim(reading, true) || isBoundClaim(reading, true) || isEchoOfQuestion(reading) || isSumOfCounts(reading))
    return true;
  const { statuses, part } = qualifiersOf(reading.sentence, reading.at);
  const inText = isTextValue(reading, (one) =>
    statuses.length === 0
      ? one.noun === noun
      : statuses.every(({ status, negated }) => !negated && one.status === status),
  );
  if (statuses.length > 0 || part !== undefined) return inText;
  return (
    inText ||
    isComplement(reading) ||
    isRestOfCounts(reading) ||
    (ownedCount(reading, noun) !== false &&
      (isCountedByMeasure(reading, noun) || (comesAsGap(reading) && isGapClaim(reading))))
  );
}

/** A cell of a measure that counts the noun, or that is named beside the number. */
function isCountedByMeasure(reading: NumberReading, noun: string): boolean {
  const fact = isValueOf(reading.written, reading.said, reading.evidence);
  return (
    fact !== undefined &&
    (COUNTED.get(fact.measure) === noun ||
      (reading.said.measures.length > 0 && !reading.said.isLoose && fact.measure !== 'step'))
  );
}

export function isCountClaim(reading: NumberReading, strict: boolean): boolean {
  const { sentence, at, written, evidence } = reading;
  const unit = sentence.context.unit ?? nounAfter(sentence, at)?.unit;
  const owned = ownedCount(reading, unit);
  if (owned !== undefined) return owned || isSumOfGroups(reading);
  if (isSumOfGroups(reading)) return true;
  if (sentence.context.isCell) return isCountOf(written, unit, ofOwners(reading.said), evidence) !== undefined;
  const count = isCountOf(written, unit, qualifiersOf(sentence, at), evidence);
  reading.finding ??= count?.finding;
  return count !== undefined || isAsManyAsNamed(reading) || (!strict && isRestOfCounts(reading));
}

/** `22 have 32 or 64`: what the groups named behind come to. */
function isSumOfGroups({ sentence, at, written, evidence }: NumberReading): boolean {
  const { owners } = qualifiersOf(sentence, at);
  const counts = [...owners].flatMap((owner) => evidence.counts.find((count) => count.owner === owner)?.value ?? []);
  return counts.length > 1 && counts.reduce((sum, count) => sum + count, 0) === written.value;
}

/** Nothing but the head of its row says what a cell counts. */
const ofOwners = ({ owners }: Assignment): Qualifiers => ({
  statuses: [],
  part: undefined,
  values: [],
  owners: new Set(owners.flatMap((things) => things.flatMap((thing) => [...thing.owners]))),
});

/** `only five have 64`: the group that stands behind its count. */
function countedBehind({ sentence, at }: NumberReading): Thing | undefined {
  const [, to] = clauseOf(sentence, at);
  const end = sentence.shapes.findIndex((shape, index) => index > at && (index >= to || /^[ND,;(]$/.test(shape)));
  const behind = sentence.things.filter((thing) => thing.at > at && thing.at < (end < 0 ? to : end));
  const isHeld = /^(?:[a-z]+ )?(?:that |which )?(?:[a-z]+ to|have|has|had|use|uses|used|with|are|were|of)(?: |$)/.test(
    shapesAfter(sentence, at, 4),
  );
  return behind.length === 1 && isHeld ? behind[0] : undefined;
}

/** A count that is said of one group must be that group's. */
function ownedCount(reading: NumberReading, unit: string | undefined): boolean | undefined {
  const behind = reading.sentence.context.isCell ? undefined : countedBehind(reading);
  const owners = behind === undefined ? (reading.said.owners[0] ?? []) : [behind];
  if (owners.length !== 1 || /(?:^| )(?:of|among|across|out of|all|total|of the)$/.test(reading.before))
    return undefined;
  const own = reading.evidence.counts.filter(
    (count) =>
      count.owner !== undefined && owners[0]!.owners.has(count.owner) && (unit === undefined || count.unit === unit),
  );
  if (own.length === 0 || (owners[0]!.isExperiment && /^(?:of them )?(?:share|tie)/.test(reading.after)))
    return undefined;
  const isIt = (count: { readonly value: number }) =>
    Math.abs(count.value - reading.written.value) <= reading.written.slack;
  if (own.some(isIt)) return true;
  if (reading.sentence.context.isCell) return false;
  return reading.evidence.counts.some(
    (count) => count.owner !== undefined && (unit === undefined || count.unit === unit) && isIt(count),
  ) || !reading.evidence.counts.some(isIt)
    ? false
    : undefined;
}

/** A whole number without a noun: `the remaining 8`, `all three`, `5 failed`. */
export function isBareCount(reading: NumberReading): boolean {
  const { sentence, at, written, evidence } = reading;
  const said = qualifiersOf(sentence, at);
  const { statuses, part } = said;
  if (!isSaidAsCount(reading, said)) return false;
  if (
    statuses.length > 0 &&
    isTextValue(reading, (one) => statuses.every(({ status, negated }) => !negated && one.status === status))
  )
    return true;
  if (isComplement(reading) || isSumOfStatuses(reading)) return true;
  const owned = statuses.length > 0 || part !== undefined ? undefined : ownedCount(reading, undefined);
  if (owned !== undefined) return owned;
  return (
    isSumOfCounts(reading) ||
    isCountOf(written, undefined, said, evidence) !== undefined ||
    isAsManyAsNamed(reading) ||
    isEchoOfQuestion(reading) ||
    isRestOfCounts(reading)
  );
}

/** `the other seven either failed, were killed or still run`. */
function isSumOfStatuses({ evidence, numeral, sentence, at }: NumberReading): boolean {
  const [, to] = clauseOf(sentence, at);
  const next = sentence.shapes.findIndex((shape, index) => index > at && /^[ND]$/.test(shape));
  const statuses = statusesIn(sentence, at, next < 0 ? to : Math.min(next, to));
  if (statuses.length < 2 || statuses.some(({ negated }) => negated)) return false;
  const counts = statuses.map(
    ({ status }) =>
      evidence.counts.find(({ tags }) => tags.has(status))?.value ??
      evidence.texts.find((text) => text.status === status)?.value,
  );
  return counts.reduce((sum, count) => (count === undefined ? Number.NaN : sum! + count), 0) === numeral.value;
}

/** Whether it is no value of a measure that is named. */
function isSaidAsCount(reading: NumberReading, { statuses, part, values }: Qualifiers): boolean {
  const { sentence, said, before, after } = reading;
  if (statuses.length > 0 || part !== undefined) return true;
  const isOfAll = /(?:^| )(?:of|among|between)(?: the| these| those| all)?$/.test(before);
  if (!isOfAll && sentence.measures.length > 0 && sentence.things.length > 0 && values.length === 0) return false;
  if (said.measures.length > 0 && MEASURE_BEFORE.test(before)) return false;
  return BARE_COUNT.test(`${before} N ${after}`) || sentence.context.measures.size === 0;
}

/** `n = 153`: how many the numbers come from. */
export function isSampleSize(reading: NumberReading): boolean {
  const { value } = reading.numeral;
  return (
    reading.evidence.counts.some(
      (count) => count.value === value && (count.tags.has('used') || count.owner !== undefined),
    ) || reading.evidence.facts.near(value, 0).some(({ measure }) => measure === 'n')
  );
}

export function isNumberOfRank(reading: NumberReading): boolean {
  return RANK_BEFORE.test(reading.before) && Number.isInteger(reading.numeral.value) && !MORE_THAN.test(reading.before);
}

export function isRankListed(reading: NumberReading): boolean {
  return (
    reading.numeral.value >= 1 &&
    reading.evidence.counts.some(({ tags, value }) => tags.has('listed') && reading.numeral.value <= value)
  );
}

export function isStepNumber(reading: NumberReading): boolean {
  const isStep = (measure: string) => measure.includes('step');
  const owners = reading.said.owners;
  const near = reading.evidence.facts
    .near(reading.written.value, reading.written.slack)
    .filter(({ measure }) => isStep(measure));
  const owned = near.filter(
    ({ owner }) =>
      owners.length === 0 ||
      owners.some((things) => things.some((thing) => owner !== undefined && thing.owners.has(owner))),
  );
  if (owned.length > 0) return true;
  return reading.evidence.texts.some(
    ({ value, around }) =>
      value === reading.written.value &&
      (around.words.has('step') || around.words.has('steps')) &&
      (owners.length === 0 ||
        owners.some((things) => things.some((thing) => [...thing.owners].some((owner) => around.owners.has(owner))))),
  );
}
