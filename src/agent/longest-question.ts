/** How long a question may be. */
import { formatCount } from '../finding/format.ts';
import type { AnswerError } from './events.ts';

/** Characters: some 1,500 words. */
export const LONGEST_QUESTION = 10_000;

/** Undefined where it may be asked. */
export function lengthFault({ length }: string): AnswerError | undefined {
  if (length <= LONGEST_QUESTION) return undefined;
  return {
    code: 'bad_request',
    message: `The question has ${formatCount(length)} characters; up to ${formatCount(LONGEST_QUESTION)} are read`,
    hint: 'Ask for one thing in a sentence or two.',
    retryable: false,
    source: 'program',
  };
}
