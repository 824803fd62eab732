/** Numbers, durations and times of a sentence, each held against what the findings say of it. */
import { GAP_ANYWHERE, MULTIPLE_AFTER, RATIO_BEFORE, STEP_BEFORE } from '../terms/amounts.ts';
import { STATUS_WORDS } from '../terms/status.ts';
import { qualifiersOf } from './amounts.ts';
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
import { nounAfter, statisticsIn } from './mentions.ts';
import { isCellValue, isTextValue, type NumberReading, readNumber } from './number-reading.ts';
import type { Sentence } from './sentence.ts';
import { isMultipleClaim, isPartClaim, isShareClaim } from './share-claims.ts';
import { isDuration, isMoment } from './time-claims.ts';

export function* numberClaims(sentence: Sentence, evidence: Evidence): Generator<Claim> {
  for (const [at, token] of sentence.tokens.entries()) {
    const { type, start, end } = token;
    if (type === 'number') {
      const reading = readNumber(sentence, at, evidence);
      const ok = isSupported(reading);
      if (ok !== undefined && (ok || !isOpenToDoubt(sentence, at, reading.written, evidence)))
        yield {
          start,
          end: ok ? end : endOfClaim(reading),
          supported: ok,
          handles: reading.finding === undefined ? [] : [reading.finding.handle],
        };
    } else if (type === 'duration') yield { start, end, supported: isDuration(sentence, at, evidence) };
    else if (type === 'moment') yield { start, end, supported: isMoment(sentence, at, evidence) };
    else if (type === 'unread')
      yield {
        start,
        end,
        supported: evidence.words.has(foldName(token.text)) || evidence.names.find(token.text) !== undefined,
      };
  }
}

/** Undefined: it claims nothing. */
function isSupported(reading: NumberReading): boolean | undefined {
  const { spelled, unit, value } = reading.numeral;
  if (spelled === 'ordinal' || unit === 'ordinal') return spelled === 'ordinal' ? undefined : isRankListed(reading);
  if (claimsNothing(reading)) return undefined;
  if (
    spelled === 'multiple' ||
    RATIO_BEFORE.test(reading.before) ||
    MULTIPLE_AFTER.test(reading.after) ||
    /\d\s?[x×]$/.test(reading.numeral.text)
  )
    return isMultipleClaim(reading);
  if (spelled === 'fraction') return isPartClaim(reading);
  if (isNumberOfRank(reading)) return isRankListed(reading) || isCountClaim(reading, false);
  if (Number.isInteger(value) && STEP_BEFORE.test(reading.before)) return isStepNumber(reading);
  const noun = reading.sentence.context.unit ?? nounAfter(reading.sentence, reading.at)?.unit;
  const isWhole = Number.isInteger(value) && unit === 'plain';
  if (isWhole && /(?:^| )n(?: (?:=|is|was|:))+$/.test(reading.before)) return isSampleSize(reading);
  if (isWhole && noun !== undefined) return isNounCount(reading, noun);
  if (isWhole && STATUS_WORDS.has(reading.after.split(' ')[0] ?? '')) return isBareCount(reading);
  if (unit === 'percent')
    return (
      isCellValue(reading) ||
      isShareClaim(reading) ||
      ((comesAsGap(reading) || thingsNamed(reading) >= 2) && isGapClaim(reading)) ||
      isBoundClaim(reading, false) ||
      isTextValue(reading)
    );
  if (comesAsGap(reading)) {
    return (
      isGapClaim(reading) ||
      (isWhole && isCountClaim(reading, false)) ||
      isCellValue(reading) ||
      isTextValue(reading) ||
      isBoundClaim(reading, isWhole)
    );
  }
  return (
    isCellValue(reading) ||
    isBoundClaim(reading, isWhole) ||
    isTextValue(reading) ||
    (isWhole && isBareCount(reading)) ||
    ((reading.numeral.signed || thingsNamed(reading) >= 2 || GAP_ANYWHERE.test(reading.sentence.shapes.join(' '))) &&
      isGapClaim(reading))
  );
}

function claimsNothing(reading: NumberReading): boolean {
  const { text, spelled, value } = reading.numeral;
  // The half above the median is half of them.
  if (
    spelled === 'fraction' &&
    (/^of a percent/.test(reading.after) ||
      (value === 0.5 &&
        reading.evidence.facts.all.some(({ statistic }) => statistic === 'median') &&
        reading.sentence.tokens.some(({ numeral }) => numeral !== undefined && !Number.isInteger(numeral.value))))
  )
    return true;
  const isMarker = reading.at === 0 && /^[.)]/.test(reading.after) && reading.sentence.context.isCell === false;
  if (isMarker && Number.isInteger(value))
    return value === 1 || value === (reading.sentence.context.marker ?? value - 1) + 1;
  if (spelled !== 'cardinal') return false;
  const next = reading.after.split(' ')[0] ?? '';
  if (/^one$/i.test(text)) {
    const { statuses, part } = qualifiersOf(reading.sentence, reading.at);
    if (statuses.length === 0 && part === undefined && !/(?:^| )(?:only|just|exactly)$/.test(reading.before))
      return true;
  }
  if (/^one$/i.test(text))
    return (
      nounAfter(reading.sentence, reading.at) === undefined ||
      /(?:^| )(?:at least|at most|the|this|that|best|only|no|last|first|other|each|every|which|any|not|as)$/.test(
        reading.before,
      )
    );
  if (/^zero$/i.test(text))
    return nounAfter(reading.sentence, reading.at) === undefined && !/(?:^| )(?:is|was|of)$/.test(reading.before);
  // "the two", "these three": those just named.
  const noun = nounAfter(reading.sentence, reading.at);
  if (
    value <= 4 &&
    (noun === undefined || (noun.at > reading.at + 1 && noun.unit !== 'run' && noun.unit !== 'experiment')) &&
    /(?:^| )(?:the|these|those|other|all|both)$/.test(reading.before) &&
    !/^(?:of|with|failed|finished|killed|running)/.test(reading.after)
  )
    return true;
  return /^(?:way|fold|hand)$/.test(next);
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

function thingsNamed(reading: NumberReading): number {
  return reading.sentence.things.filter(({ isExperiment }) => !isExperiment).length;
}
