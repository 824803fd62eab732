/** How a question was read in the light of those before it. */
import type { Query } from '../../../query/query.ts';
import type { PlannedCall } from '../compile.ts';
import type { Reading } from '../slots.ts';

export interface Settled {
  readonly reading: Reading;
  /** Of an earlier answer: the call that it came from, and what is asked beside it. The talk goes on about that answer. */
  readonly explains?: { readonly calls: readonly PlannedCall[]; readonly queries: readonly Query[] } | undefined;
  /** The question read alone, for where what it was taken to go on about has no answer. */
  readonly otherwise?: Reading | undefined;
}
