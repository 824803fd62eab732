/** Which frame a reading fits, or why none does. */
import type { Reading } from '../slots.ts';
import { accountsFor, type Frame } from './frame.ts';
import { frames } from './index.ts';

export type Choice =
  | { readonly kind: 'frame'; readonly frame: Frame }
  | { readonly kind: 'obstacle' }
  /** The words that have no place. */
  | { readonly kind: 'not-understood'; readonly words: readonly string[] };

export function chooseFrame(reading: Reading): Choice {
  const declining = frames.find((frame) => frame.name.startsWith('decline-') && frame.fits(reading));
  if (declining) return { kind: 'frame', frame: declining };
  const { obstacle, unplaced } = reading;
  if (obstacle?.kind === 'no-experiment') return { kind: 'obstacle' };
  if (unplaced.length > 0) return { kind: 'not-understood', words: unplaced };
  const frame = frames.find((one) => one.fits(reading) && accountsFor(one, reading));
  if (obstacle && !frame?.overcomes?.includes(obstacle.kind)) return { kind: 'obstacle' };
  return frame ? { kind: 'frame', frame } : { kind: 'not-understood', words: [] };
}
