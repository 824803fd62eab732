/** Counts that no finding states: sums, what is left of a whole, as many as are named. */
import { LEFT_BY_ANOTHER, REST_AFTER, REST_BEFORE, TAKEN_TOGETHER } from '../terms/amounts.ts';
import { qualifiersOf } from './amounts.ts';
import { nounAfter } from './mentions.ts';
import { isTextValue, type NumberReading } from './number-reading.ts';

/** As many as the sentence itself names. */
export function isAsManyAsNamed(reading: NumberReading): boolean {
  const { things, measures, tokens } = reading.sentence;
  const quoted = tokens.filter(({ type, quoted: isQuoted }) => type === 'name' && isQuoted).length;
  const { value } = reading.numeral;
  return (
    [things.length, measures.length, quoted].includes(value) || reading.sentence.context.listed?.has(value) === true
  );
}

/** `together 376`: what two of the counts come to. */
export function isSumOfCounts(reading: NumberReading): boolean {
  const counted = nounAfter(reading.sentence, reading.at)?.unit ?? 'run';
  if (counted !== 'run' || !TAKEN_TOGETHER.test(reading.sentence.shapes.join(' '))) return false;
  const own = reading.evidence.counts.filter(({ owner, unit }) => owner !== undefined && unit === 'run').slice(0, 60);
  return own.some((a, index) =>
    own.slice(index + 1).some((b) => a.finding === b.finding && a.value + b.value === reading.written.value),
  );
}

/** What is left of a whole when a number before is taken from it: `4 of 7 differ; 3 are equal`. */
export function isComplement(reading: NumberReading): boolean {
  if (
    qualifiersOf(reading.sentence, reading.at).statuses.length > 0 ||
    !LEFT_BY_ANOTHER.test(reading.sentence.shapes.slice(Math.max(0, reading.at - 6)).join(' '))
  )
    return false;
  const { value } = reading.numeral;
  const before = reading.sentence.tokens
    .slice(0, reading.at)
    .flatMap(({ numeral }) => (numeral !== undefined && Number.isInteger(numeral.value) ? [numeral.value] : []));
  const wholes = [
    ...before,
    ...reading.evidence.counts
      .filter(({ tags }) => tags.has('used') || tags.has('matched'))
      .map((count) => count.value),
  ];
  const { things } = reading.sentence;
  const named = reading.evidence.counts.filter(
    ({ owner }) => owner !== undefined && things.some(({ owners }) => owners.has(owner)),
  );
  const parts = [...before, ...named.map((count) => count.value)];
  return parts.some((part) => wholes.some((whole) => whole > part && whole - part === value));
}

/** `the other two`, `the next seven`, `the three weakest`: a part of what is listed. */
export function isRestOfCounts(reading: NumberReading): boolean {
  const { value } = reading.numeral;
  const unit = nounAfter(reading.sentence, reading.at);
  if (
    /(?:^| )(?:of|between|among) (?:the|these|those)$/.test(reading.before) &&
    unit !== undefined &&
    unit.at > reading.at + 1 &&
    reading.evidence.counts.some((count) => count.unit === unit.unit && count.value >= value)
  )
    return true;
  if (
    /(?:^| )the$/.test(reading.before) &&
    reading.evidence.counts.some(
      (count) => count.tags.has('shown') && count.unit === unit?.unit && count.value - value === 1,
    )
  )
    return true;
  if (/^(?:more|further)(?: |$)/.test(reading.after)) return isLeftOver(reading);
  if (!REST_BEFORE.test(reading.before) && !REST_AFTER.test(reading.after)) return false;
  return reading.evidence.counts.some(
    (count) =>
      count.value > value && (count.value - value <= 5 || !/(?:^| )(?:other|remaining|rest)$/.test(reading.before)),
  );
}

/** `+148 more`: what is left of a list behind its first rows; or the rows behind the first. */
function isLeftOver(reading: NumberReading): boolean {
  const { value } = reading.numeral;
  if (isTextValue(reading, (one) => one.around.words.has('more'))) return true;
  return reading.evidence.findings.some(({ data }) =>
    data.tables.some(({ total, rows }) => (value <= total && value >= total - rows.length) || value < rows.length),
  );
}

/** `the last 3 runs`: only said again after the question. */
export function isEchoOfQuestion(reading: NumberReading): boolean {
  const next = reading.after.split(' ')[0] ?? '';
  return (
    reading.evidence.echoes.has(`${reading.numeral.text.toLowerCase()} ${next}`) &&
    /(?:^| )(?:the|these|those|all|both|last|first|top|your)$/.test(reading.before)
  );
}
