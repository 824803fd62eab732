/** The stored plan of an answer: what was called on which state of the data, enough to ask it again. */
import type { Query } from '../query/query.ts';
import type { Receipt } from './events.ts';
import type { CallOutcome } from './run-calls.ts';

export interface ReceiptCall {
  readonly outcome: CallOutcome;
  /** Of the finding that the call gave. */
  readonly handle?: string | undefined;
}

export function createReceipt(
  about: { readonly version: string; readonly question: string; readonly now: number; readonly store: string },
  calls: readonly ReceiptCall[],
  queries: readonly Query[],
): Receipt {
  return {
    version: about.version,
    question: about.question,
    now: new Date(about.now).toISOString(),
    store: about.store,
    ...(queries.length > 0 && { queries }),
    calls: calls.map(({ outcome: { call, result, revision }, handle }) => ({
      handle,
      tool: call.name,
      input: result.ok ? result.input : call.input,
      ok: result.ok,
      revision,
    })),
  };
}
