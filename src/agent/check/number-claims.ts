/** Numbers, durations and times of a sentence, each held against what the findings say of it. */
import { GAP_ANYWHERE, MULTIPLE_AFTER, PART_OF_VALUE, RATIO_BEFORE, STEP_BEFORE } from '../terms/amounts.ts';
import { COUNTED } from '../terms/counting.ts';
import { STATUS_WORDS } from '../terms/status.ts';
import { isBoundClaim } from './bound-claims.ts';
import type { Claim } from './claim.ts';
import { clauseOf, segmentOf } from './clauses.ts';
import {
  isBareCount,
  isCountClaim,
  isNounCount,
  isNumberOfRank,
  isRankListed,
  isSampleSize,
  isStepNumber,
} from './count-claims.ts';
import { isOpenToDoubt } from './doubt.ts';
import type { Evidence } from './evidence.ts';
import { foldName } from './fold.ts';
import { comesAsGap, isGapClaim } from './gap-claims.ts';
import { claimsNothing } from './idle-numbers.ts';
import { keptBehind } from './kept-bounds.ts';
import { nounAfter, statisticsIn } from './mentions.ts';
import { isCellValue, isTextValue, type NumberReading, readNumber } from './number-reading.ts';
import type { Sentence } from './sentence.ts';
import { isMultipleClaim, isPartClaim, isShareClaim } from './share-claims.ts';
import { isDuration, isMoment } from './time-claims.ts';
import { isFactorOfBeside, isWorkedOut } from './worked-out.ts';

export function* numberClaims(sentence: Sentence, evidence: Evidence): Generator<Claim> {
  for (const [at, { type, start, end, text }] of sentence.tokens.entries()) {
    if (type === 'number') yield* numberClaim(readNumber(sentence, at, evidence));
    else if (type === 'duration') yield { start, end, supported: isDuration(sentence, at, evidence) };
    else if (type === 'moment') yield { start, end, supported: isMoment(sentence, at, evidence) };
    else if (type === 'unread')
      yield { start, end, supported: evidence.words.has(foldName(text)) || evidence.names.find(text) !== undefined };
  }
}

function* numberClaim(reading: NumberReading): Generator<Claim> {
  const { start, end } = reading.sentence.tokens[reading.at]!;
  const supported = isSupported(reading);
  if (supported === undefined) return;
  if (!supported && (isWorkedOut(reading) || isOpenToDoubt(reading))) return;
  yield {
    start,
    end: supported ? end : endOfClaim(reading),
    supported,
    handles: reading.finding === undefined ? [] : [reading.finding.handle],
  };
}

/** Undefined: it claims nothing. */
function isSupported(reading: NumberReading): boolean | undefined {
  const { spelled, unit, value } = reading.numeral;
  if (spelled === 'ordinal' || unit === 'ordinal') return spelled === 'ordinal' ? undefined : isRankListed(reading);
  if (claimsNothing(reading)) return undefined;
  if (isOneIn(reading)) return isPartSaid(reading, 1 / value);
  if (isWrittenAsMultiple(reading)) return isFactorOfBeside(reading) ?? isMultipleClaim(reading);
  if (spelled === 'fraction') return isPartOfBeside(reading) ?? isPartClaim(reading);
  if (isNumberOfRank(reading)) return isRankListed(reading) || isCountClaim(reading, false);
  if (Number.isInteger(value) && STEP_BEFORE.test(reading.before)) return isStepNumber(reading);
  const isWhole = Number.isInteger(value) && unit === 'plain';
  return (isWhole ? isWholeSupported(reading) : undefined) ?? isAmountSupported(reading, isWhole);
}

/** `half the mean of 171`; `half of them` may be of others. */
function isPartOfBeside(reading: NumberReading): boolean | undefined {
  const isOfBeside = isFactorOfBeside(reading);
  return isOfBeside === true || PART_OF_VALUE.test(reading.after) ? isOfBeside : undefined;
}

function isPartSaid(reading: NumberReading, value: number): boolean {
  const part: NumberReading = {
    ...reading,
    numeral: { ...reading.numeral, value, spelled: 'fraction' },
    written: { ...reading.written, value, slack: 0.03 },
  };
  return isPartClaim(part) || isWorkedOut(part);
}

/** `one in five`. */
const isOneIn = ({ sentence, at, before, numeral }: NumberReading): boolean =>
  /(?:^| )N (?:in|out of)$/.test(before) &&
  numeral.value > 1 &&
  sentence.tokens.slice(Math.max(0, at - 4), at).some((token) => token.numeral?.value === 1);

const isWrittenAsMultiple = ({ numeral, before, after }: NumberReading): boolean =>
  numeral.spelled === 'multiple' ||
  RATIO_BEFORE.test(before) ||
  MULTIPLE_AFTER.test(after) ||
  /\d\s?[x×]$/.test(numeral.text);

/** Of a whole number that is said to count something; undefined: it is not. */
function isWholeSupported(reading: NumberReading): boolean | undefined {
  const { sentence, at, before, after } = reading;
  if (/(?:^| )n(?: (?:=|is|was|:))+$/.test(before)) return isSampleSize(reading);
  if (keptBehind(reading).some(({ count }) => count === reading.numeral.value) || isKeyedByNext(reading)) return true;
  const noun = sentence.context.unit ?? nounAfter(sentence, at)?.unit;
  const elided = noun === undefined && SET_AGAINST.test(before) ? nounBefore(reading) : undefined;
  if (elided !== undefined && isNounCount(reading, elided)) return true;
  if (noun !== undefined) return isNounCount(reading, noun);
  return STATUS_WORDS.has(after.split(' ')[0] ?? '') ? isBareCount(reading) : undefined;
}

/** `800 rows`, `60 estimators`: the value of `train_rows`, of `n_estimators`. */
function isKeyedByNext({ sentence, at, written, said, evidence }: NumberReading): boolean {
  const next = sentence.tokens[at + 1]?.lower.replace(/s$/, '') ?? '';
  if (next.length < 3) return false;
  const isMeant = (measure: string) => measure.split('_').some((part) => part.replace(/s$/, '') === next);
  const own = evidence.facts.near(written.value, 0).filter(({ measure, kind }) => kind !== 'count' && isMeant(measure));
  return own.some(
    ({ owner }) =>
      said.owners.length === 0 ||
      said.owners.some((things) => things.some(({ owners }) => owner !== undefined && owners.has(owner))),
  );
}

/** `19 runs against 5`: what the number before counts. */
const SET_AGAINST = /(?:^| )(?:vs|versus|against|to|and|with|than)(?: the)?$/;

function nounBefore({ sentence, at }: NumberReading): string | undefined {
  return sentence.tokens
    .slice(0, at)
    .flatMap(({ lower, type }) => (type === 'word' ? (COUNTED.get(lower) ?? []) : []))
    .at(-1);
}

function isAmountSupported(reading: NumberReading, isWhole: boolean): boolean {
  const { numeral, sentence } = reading;
  const isOfTwo = sentence.things.filter(({ isExperiment }) => !isExperiment).length >= 2;
  if (numeral.unit === 'percent')
    return (
      isCellValue(reading) ||
      isShareClaim(reading) ||
      ((comesAsGap(reading) || isOfTwo) && isGapClaim(reading)) ||
      isBoundClaim(reading, false) ||
      isTextValue(reading)
    );
  if (comesAsGap(reading))
    return (
      isGapClaim(reading) ||
      (isWhole && isCountClaim(reading, false)) ||
      isCellValue(reading) ||
      isTextValue(reading) ||
      isBoundClaim(reading, isWhole)
    );
  return (
    isCellValue(reading) ||
    isBoundClaim(reading, isWhole) ||
    isTextValue(reading) ||
    (isWhole && isBareCount(reading)) ||
    ((numeral.signed || isOfTwo || GAP_ANYWHERE.test(sentence.shapes.join(' '))) && isGapClaim(reading))
  );
}

/** Where the claim ends: behind what the number is said to be, where a verb says so after it. */
function endOfClaim(reading: NumberReading): number {
  const { tokens, shapes, context } = reading.sentence;
  const { end } = tokens[reading.at]!;
  if (context.isCell || reading.numeral.spelled !== undefined || nounAfter(reading.sentence, reading.at) !== undefined)
    return end;
  const [, to] = segmentOf(reading.sentence, reading.at);
  const isListed = shapes.includes('respectively');
  const verb = shapes.findIndex(
    (shape, index) =>
      index > reading.at && index < to && /^(?:is|was|were|are|belongs?|represents?|refers?)$/.test(shape),
  );
  if (verb < 0 && !isListed) return end;
  const [, clauseTo] = clauseOf(reading.sentence, reading.at);
  const predicates = [
    ...reading.sentence.things,
    ...reading.sentence.measures,
    ...statisticsIn(reading.sentence, reading.at + 1, clauseTo),
  ]
    .map(({ at }) => at)
    .filter((at) => at > Math.max(verb, reading.at) && at < (isListed ? clauseTo : to));
  const last = isListed ? Math.max(...predicates) : Math.min(...predicates);
  if (!Number.isFinite(last)) return end;
  const id = tokens[last + 1]?.text === '(' && shapes[last + 2] === 'T' ? 3 : 0;
  return (tokens[last + id] ?? tokens[last]!).end;
}
