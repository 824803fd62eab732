/** Takes what came in, oldest first, a few at a time, until told to stop; what a dead process left comes again too. */
import { setTimeout } from 'node:timers/promises';
import type { Inbox, InboxWork } from '../../conversations/inbox.ts';

const AT_ONCE = 4;
const POLL_MS = 1_000;
/** After a fault that may pass. */
const PAUSE_MS = 2_000;
/** What cannot be done for so long is given up. */
const PATIENCE_MS = 30 * 60_000;

export interface Workers {
  /** Something came. */
  wake(): void;
  /** When what is under way was left. */
  stop(): Promise<void>;
}

/** `isFinal` tells of a fault that trying again does not mend. */
export function startWorkers(
  inbox: Inbox,
  settle: (work: InboxWork, signal: AbortSignal) => Promise<void>,
  onFault: (error: unknown) => void,
  isFinal: (error: unknown) => boolean,
): Workers {
  const stopping = new AbortController();
  const { signal } = stopping;
  let woken = Promise.withResolvers<void>();
  const wake = () => {
    woken.resolve();
    woken = Promise.withResolvers();
  };
  const pause = (ms: number) => setTimeout(ms, undefined, { signal }).catch(() => {});

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        const { promise } = woken;
        const work = await inbox.take();
        if (work === undefined) await Promise.race([promise, pause(POLL_MS)]);
        else await finish(work);
      } catch (error) {
        onFault(error);
        await pause(PAUSE_MS);
      }
    }
  }

  async function finish(work: InboxWork): Promise<void> {
    try {
      await settle(work, signal);
      // Another of the same thread may wait for this one.
      wake();
    } catch (error) {
      if (signal.aborted) return work.leave();
      onFault(error);
      if (isFinal(error) || Date.now() - work.item.created > PATIENCE_MS) return work.settle(work.item.progress);
      await pause(PAUSE_MS);
      await work.leave();
    }
  }

  const running = Array.from({ length: AT_ONCE }, run);
  return {
    wake,
    async stop() {
      stopping.abort();
      wake();
      await Promise.all(running);
    },
  };
}
