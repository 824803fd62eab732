/** Bounds and ranges that values are said to keep. */
import { OR_LESS, OR_MORE, RANGE_BEFORE } from '../terms/amounts.ts';
import { BOUNDS } from '../terms/counting.ts';
import { clauseOf } from './clauses.ts';
import { boundBefore, clauseWords, type NumberReading } from './number-reading.ts';
import type { Owner } from './table-shape.ts';
import { fitsAround } from './values.ts';

/** `above 0.75`: the bound of a filter, or one that the values named keep. */
export function isBoundClaim(reading: NumberReading, isCount: boolean): boolean {
  const bound = boundBefore(reading) ?? boundBehind(reading);
  if (bound === undefined && !isInRange(reading.before)) return false;
  if (isBoundOfFilter(reading)) return true;
  if (bound === undefined) return isEndOfRange(reading);
  const keeps = keepsBound(reading, bound);
  if (isCount && isRoundBound(reading) && reading.evidence.counts.some((count) => keeps(count.value))) return true;
  const scale = reading.numeral.unit === 'percent' ? 100 : 1;
  return reading.evidence.facts.all.some(
    ({ value, kind, measure, owner }) =>
      typeof value === 'number' &&
      kind !== 'time' &&
      isOfNamed(reading, measure, owner) &&
      keeps(value * (Math.abs(value) <= 1 ? scale : 1)),
  );
}

const boundBehind = ({ after }: NumberReading): 'more' | 'less' | undefined =>
  OR_MORE.test(after) ? 'more' : OR_LESS.test(after) ? 'less' : undefined;

const isBoundOfFilter = ({ evidence, numeral }: NumberReading): boolean =>
  evidence.findings.some(({ coverage: { filter = '' } }) =>
    [...filter.matchAll(/\d+(?:\.\d+)?(?:e[-+]?\d+)?/g)].some(([number]) => Number(number) === numeral.value),
  );

/** Whether a value lies on the side said, and not so far off that nobody would draw the bound there. */
function keepsBound({ sentence, at, numeral: { value } }: NumberReading, bound: 'more' | 'less') {
  const isDenied = sentence.shapes
    .slice(0, at)
    .some((shape) => /^(?:no|none|not|never|neither|nothing|n't)$/.test(shape));
  const reach = Math.abs(value) * 0.6;
  return (own: number): boolean =>
    (bound === 'more') !== isDenied ? own >= value && own <= value + reach : own <= value && own >= value - reach;
}

/** `over 150 runs`, but not the 150 runs that a mean is taken over. */
const isRoundBound = ({ numeral, before }: NumberReading): boolean =>
  numeral.value % 5 === 0 &&
  !/(?:^| )T over$/.test(before) &&
  !/(?:^| )(?:average[ds]?|mean|n|runs|computed|taken|figure|averages) over$/.test(before);

const isOfNamed = ({ said: { owners, measures } }: NumberReading, measure: string, owner: Owner | undefined): boolean =>
  (measures.length === 0 || measures.some((keys) => keys.has(measure))) &&
  (owners.every((things) => things.every(({ isExperiment }) => isExperiment)) ||
    owners.some((things) => things.some((thing) => owner !== undefined && thing.owners.has(owner))));

const isInRange = (before: string): boolean => BOUNDS.has(before.split(' ').at(-1) ?? '') || RANGE_BEFORE.test(before);

/** `between 0.71 and 0.74`: what lies in a range lies close to its ends. */
function isEndOfRange(reading: NumberReading): boolean {
  const { measures, isLoose } = reading.said;
  const [from, to] = clauseOf(reading.sentence, reading.at);
  const owners = reading.said.owners.filter((things) => things.some(({ at }) => at >= from && at < to));
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
