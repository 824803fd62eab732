/** How far apart two values are said to be. */
import { COMES_AS_GAP, GAP_AFTER, GAP_ANYWHERE } from '../terms/amounts.ts';
import { isDifferenceOf, isGapWithin } from './amounts.ts';
import { pairsHere } from './compared-pairs.ts';
import { boundBefore, type NumberReading, sinceNumber } from './number-reading.ts';

export function comesAsGap(reading: NumberReading): boolean {
  if (Number.isInteger(reading.numeral.value) && GAP_ANYWHERE.test(reading.sentence.shapes.join(' '))) return true;
  return COMES_AS_GAP.test(sinceNumber(reading)) || GAP_AFTER.test(reading.after);
}

export function isGapClaim(reading: NumberReading): boolean {
  const bound = boundBefore(reading);
  const pairs = pairsHere(reading);
  return (
    isDifferenceOf(reading.written, pairs) || (bound !== undefined && isGapWithin(reading.written.value, pairs, bound))
  );
}
