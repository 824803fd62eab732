/** How a question was read in the light of those before it. */
import type { Plan } from '../frames/frame.ts';
import type { Reading } from '../slots.ts';

export interface Settled {
  readonly reading: Reading;
  /** Asked for instead of what a frame would plan. */
  readonly plan?: Plan | undefined;
  readonly isAside?: boolean | undefined;
  /** The question read alone, for where what it was taken to go on about has no answer. */
  readonly otherwise?: Reading | undefined;
}
