/** How a question ended: with a turn, at a limit, or by a fault. */
import type { CheckedText } from './check/check-text.ts';
import type { AnswerError } from './events.ts';
import { ModelError, type ModelTurn } from './models/model.ts';
import { isStoreFault } from './run-calls.ts';

export interface Ending {
  /** The model's last words, where it came to any. */
  readonly turn?: ModelTurn | undefined;
  /** Those words as they were checked, where a model worded them freely; code's own need no check. */
  readonly checked?: CheckedText | undefined;
  /** The limit that was hit, worded to follow "Stopped at". */
  readonly limit?: string | undefined;
  readonly fault?: AnswerError | undefined;
}

/** What a person has to mend. @throws what is nobody's to mend but ours. */
export function faultOf(error: unknown): AnswerError {
  if (error instanceof ModelError) {
    const { code, message, hint, retryable, requestId } = error;
    return { code, message, hint, retryable, source: 'model', requestId };
  }
  if (!isStoreFault(error)) throw error;
  const { code, message, hint, retryable } = error;
  return { code, message, hint, retryable, source: 'store' };
}
