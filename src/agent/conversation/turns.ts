/** One question of a conversation at a time, in the order in which they were asked. */
import { untilAborted } from '../../until-aborted.ts';

export interface Turns {
  /** Waits until it is this question's turn; what comes back ends it. @throws the signal's reason, without holding up the next. */
  take(conversationId: string, signal: AbortSignal): Promise<() => void>;
}

export function createTurns(): Turns {
  const ends = new Map<string, Promise<void>>();
  return {
    async take(id, signal) {
      const before = ends.get(id);
      const { promise: over, resolve: end } = Promise.withResolvers<void>();
      const ended = Promise.all([before, over]).then(() => {
        if (ends.get(id) === ended) ends.delete(id);
      });
      ends.set(id, ended);
      try {
        if (before !== undefined) await untilAborted(before, signal);
        signal.throwIfAborted();
      } catch (error) {
        end();
        throw error;
      }
      return end;
    },
  };
}
