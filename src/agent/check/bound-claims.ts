/** Bounds and ranges that values are said to keep. */
import { LESS_THAN, MORE_THAN, OR_LESS, OR_MORE, RANGE_BEFORE } from '../terms/amounts.ts';
import { BOUNDS } from '../terms/counting.ts';
import { clauseWords, type NumberReading } from './number-reading.ts';
import { fitsAround } from './values.ts';

/** `above 0.75`: the bound of a filter, or one that the values named keep. */
export function isBoundClaim(reading: NumberReading, isCount: boolean): boolean {
  const bound = MORE_THAN.test(reading.before)
    ? 'more'
    : LESS_THAN.test(reading.before)
      ? 'less'
      : OR_MORE.test(reading.after)
        ? 'more'
        : OR_LESS.test(reading.after)
          ? 'less'
          : undefined;
  if (bound === undefined && !isInRange(reading.before)) return false;
  const { value } = reading.numeral;
  const filters = reading.evidence.findings.flatMap(({ coverage }) =>
    coverage.filter === undefined ? [] : [coverage.filter],
  );
  if (
    filters.some((filter) =>
      [...filter.matchAll(/\d+(?:\.\d+)?(?:e[-+]?\d+)?/g)].some(([number]) => Number(number) === value),
    )
  )
    return true;
  if (bound === undefined) return isEndOfRange(reading);
  const isDenied = reading.sentence.shapes
    .slice(0, reading.at)
    .some((shape) => /^(?:no|none|not|never|neither|nothing|n't)$/.test(shape));
  const keeps = (own: number) =>
    (bound === 'more') !== isDenied
      ? own >= value && own <= value + Math.abs(value) * 0.6
      : own <= value && own >= value - Math.abs(value) * 0.6;
  const scale = reading.numeral.unit === 'percent' ? 100 : 1;
  const isRound =
    value % 5 === 0 &&
    !/(?:^| )T over$/.test(reading.before) &&
    !/(?:^| )(?:average[ds]?|mean|n|runs|computed|taken|figure|averages) over$/.test(reading.before);
  if (isCount && isRound && reading.evidence.counts.some((count) => keeps(count.value))) return true;
  const { owners, measures } = reading.said;
  const facts = reading.evidence.facts.all.filter(
    (fact) =>
      typeof fact.value === 'number' &&
      fact.kind !== 'time' &&
      (measures.length === 0 || measures.some((keys) => keys.has(fact.measure))) &&
      (owners.length === 0 ||
        owners.some((things) => things.some((thing) => fact.owner !== undefined && thing.owners.has(fact.owner)))),
  );
  return facts.some((fact) => keeps((fact.value as number) * (Math.abs(fact.value as number) <= 1 ? scale : 1)));
}

const isInRange = (before: string): boolean => BOUNDS.has(before.split(' ').at(-1) ?? '') || RANGE_BEFORE.test(before);

/** `between 0.71 and 0.74`: what lies in a range lies close to its ends. */
function isEndOfRange(reading: NumberReading): boolean {
  const { owners, measures, isLoose } = reading.said;
  const { value } = reading.numeral;
  const scale = reading.numeral.unit === 'percent' ? 100 : 1;
  const near = Math.max(reading.written.slack * 2, Math.abs(value) * 0.02);
  if (
    reading.evidence.texts.some(
      (one) =>
        one.isPercent === (scale === 100) &&
        Math.abs(one.value - value) <= near &&
        fitsAround(one.around, reading.said, clauseWords(reading)),
    )
  )
    return true;
  return reading.evidence.facts
    .near(value / scale, near / scale)
    .some(
      (fact) =>
        fact.kind !== 'time' &&
        fact.kind !== 'duration' &&
        (isLoose || measures.length === 0 || measures.some((keys) => keys.has(fact.measure))) &&
        (owners.length === 0 ||
          reading.said.isOpen ||
          owners.some((things) => things.some((thing) => fact.owner !== undefined && thing.owners.has(fact.owner)))),
    );
}
