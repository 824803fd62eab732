/** One question over the demo in several wordings, and what its answer must hold. */
import type { Check } from './checks.ts';

export interface DemoCase {
  readonly wordings: readonly string[];
  readonly check: Check;
}
