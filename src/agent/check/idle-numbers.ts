/** Numbers that claim nothing: marks of a list, pronouns, figures of speech. */
import { qualifiersOf } from './amounts.ts';
import { nounAfter } from './mentions.ts';
import type { NumberReading } from './number-reading.ts';

export function claimsNothing(reading: NumberReading): boolean {
  const { text, spelled, value } = reading.numeral;
  const { context } = reading.sentence;
  if (spelled === 'fraction' && isIdleFraction(reading)) return true;
  const isMarker = reading.at === 0 && /^[.)]/.test(reading.after) && !context.isCell;
  if (isMarker && Number.isInteger(value)) return value === 1 || value === (context.marker ?? value - 1) + 1;
  if (/^(?:- )?(?:percentile|standard deviations?|sds?|sigma)(?: |$)/.test(reading.after)) return true;
  // `3x 0.71`: so many of them, which the list shows.
  if (/\d\s?[x×]$/.test(text) && /^N(?: |$)/.test(reading.after)) return true;
  if (/^(?:decimals?|digits?|significant|places?|figures?)(?: |$)/.test(reading.after)) return true;
  if (spelled !== 'cardinal') return false;
  if (/^one$/i.test(text)) return isPronoun(reading);
  if (/^zero$/i.test(text))
    return nounAfter(reading.sentence, reading.at) === undefined && !/(?:^| )(?:is|was|of)$/.test(reading.before);
  return isThoseNamed(reading) || /^(?:way|fold|hand)(?: |$)/.test(reading.after);
}

/** The half above the median is half of them. */
function isIdleFraction({ numeral, after, evidence, sentence }: NumberReading): boolean {
  if (/^(?:of )?(?:a|one) (?:percent|unit|point)/.test(after)) return true;
  return (
    numeral.value === 0.5 &&
    !OF_A_VALUE.test(after) &&
    evidence.facts.all.some(({ statistic }) => statistic === 'median') &&
    sentence.tokens.some((token) => token.numeral !== undefined && !Number.isInteger(token.numeral.value))
  );
}

const OF_A_VALUE = /^(?:of )?(?:the|its|that) (?:mean|median|average|max|maximum|min|minimum|best|M)(?: |$)/;

/** `one of them`, `the best one`. */
function isPronoun({ sentence, at, before }: NumberReading): boolean {
  const { statuses, part } = qualifiersOf(sentence, at);
  if (statuses.length === 0 && part === undefined && !/(?:^| )(?:only|just|exactly)$/.test(before)) return true;
  return (
    nounAfter(sentence, at) === undefined ||
    /(?:^| )(?:at least|at most|the|this|that|best|only|no|last|first|other|each|every|which|any|not|as)$/.test(before)
  );
}

/** `the two`, `these three`: those just named. */
function isThoseNamed({ numeral, sentence, at, before, after }: NumberReading): boolean {
  const noun = nounAfter(sentence, at);
  return (
    numeral.value <= 4 &&
    (noun === undefined || (noun.at > at + 1 && noun.unit !== 'run' && noun.unit !== 'experiment')) &&
    /(?:^| )(?:the|these|those|other|all|both)$/.test(before) &&
    !/^(?:of|with|failed|finished|killed|running)/.test(after)
  );
}
