/** Whether a question stands alone, or is a fragment that goes on about another. */
import { chooseFrame } from '../frames/choose.ts';
import { isFilled } from '../frames/frame.ts';
import type { Mark, Noun } from '../meanings.ts';
import { markNames, type Reading, type Slots } from '../slots.ts';
import { changesKind } from './merge.ts';
import type { Links } from './refs.ts';

export const fits = (reading: Reading): boolean => chooseFrame(reading).kind !== 'not-understood';

const HEADS: readonly Noun[] = ['run', 'experiment', 'metric', 'param', 'tag', 'dataset', 'config'];
/** Marks that a fragment may have: "how many?", "plot it", "compare". */
const LIGHT: ReadonlySet<Mark> = new Set([
  'count',
  'plot',
  'wall-time',
  'compare',
  'differ',
  'details',
  'each',
  'recent',
  'shared',
]);

export function standsAlone(alone: Reading, { refs, tie }: Links): boolean {
  if (refs.length > 0 || !fits(alone)) return false;
  if (tie !== undefined) return false;
  return hasHead(alone) && !isBare(alone);
}

/** Whether it says itself what it is about. */
export function hasHead({ slots, marks, nouns }: Reading): boolean {
  return (
    HEADS.some((noun) => nouns.includes(noun)) ||
    slots.runs.length > 0 ||
    slots.experiments.length > 0 ||
    slots.everywhere ||
    (slots.superlatives.length > 0 && slots.keys.length > 0) ||
    markNames(marks).some((mark) => !LIGHT.has(mark))
  );
}

const BARE: readonly (keyof Slots)[] = ['experiments', 'keys', 'conditions', 'window', 'top', 'direction'];

/** One name, condition or time and no more: by itself hardly a question, after another one an edit of it. */
function isBare(reading: Reading): boolean {
  const { slots, nouns } = reading;
  const filled = BARE.filter((slot) => isFilled(slots, slot));
  return !changesKind(reading) && nouns.length === 0 && slots.runs.length === 0 && filled.length === 1;
}

/** Whether it names nothing to ask about and nothing to do: "and the other?". */
export function asksNothing(own: Reading): boolean {
  return own.slots.keys.length === 0 && own.nouns.length === 0 && !changesKind(own);
}
