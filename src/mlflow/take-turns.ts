/** Long work that leaves room for others: screens are drawn and cancelling is heard in between. */
import { setImmediate } from 'node:timers/promises';

const TURN_MS = 25;

/**
 * Calls `work` with each item and its place. Throws the signal's reason.
 * @param stride how many items are so few that the clock need not be looked at in between.
 */
export async function takeTurns<T>(
  items: Iterable<T>,
  work: (item: T, index: number) => void,
  signal: AbortSignal,
  stride = 64,
): Promise<void> {
  let ends = performance.now() + TURN_MS;
  let index = 0;
  for (const item of items) {
    work(item, index);
    if (index++ % stride !== 0 || performance.now() < ends) continue;
    await setImmediate();
    signal.throwIfAborted();
    ends = performance.now() + TURN_MS;
  }
}
