/** A question's time: signals that follow the user's own and end by themselves. */
import { anySignal } from '../deadline.ts';
import type { Limits } from './limits.ts';

export interface Deadlines {
  /** Ends when it is time for the last words. */
  readonly working: AbortSignal;
  /** Ends with the question's time. */
  readonly closing: AbortSignal;
  clear(): void;
}

export function startDeadlines(user: AbortSignal, limits: Limits): Deadlines {
  const working = new AbortController();
  const closing = new AbortController();
  const timers = [
    setTimeout(() => working.abort(), limits.questionMs - limits.closingMs),
    setTimeout(() => closing.abort(), limits.questionMs),
  ];
  return {
    working: anySignal([user, working.signal], limits.questionMs - limits.closingMs),
    closing: anySignal([user, closing.signal], limits.questionMs),
    clear() {
      for (const timer of timers) clearTimeout(timer);
      // Whatever still runs belongs to a question that is over.
      working.abort();
      closing.abort();
    },
  };
}
