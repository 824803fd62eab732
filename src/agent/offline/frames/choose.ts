/** Which frame a reading fits, or why none does. */
import type { Obstacle, Reading } from '../slots.ts';
import { declinedKinds } from './declined.ts';
import { accountsFor, type QuestionKind } from './frame.ts';
import { frames } from './index.ts';

export type FrameChoice =
  | { readonly kind: 'frame'; readonly frame: QuestionKind }
  | { readonly kind: 'obstacle' }
  /** The words that have no place. */
  | { readonly kind: 'not-understood'; readonly words: readonly string[] };

/** Obstacles that stand whatever the rest of the question asks. */
const DECIDING: ReadonlySet<Obstacle['kind']> = new Set([
  'too-long',
  'no-experiment',
  'deleted-experiment',
  'predicate',
]);

export function chooseFrame(reading: Reading): FrameChoice {
  const declining = declinedKinds.find((kind) => kind.fits(reading));
  if (declining) return { kind: 'frame', frame: declining };
  const { obstacle, unplaced } = reading;
  if (obstacle && DECIDING.has(obstacle.kind)) return { kind: 'obstacle' };
  if (unplaced.length > 0) return { kind: 'not-understood', words: unplaced };
  const frame = frames.find((one) => one.fits(reading) && accountsFor(one, reading));
  if (obstacle && !frame?.overcomes?.includes(obstacle.kind)) return { kind: 'obstacle' };
  return frame ? { kind: 'frame', frame } : { kind: 'not-understood', words: [] };
}
