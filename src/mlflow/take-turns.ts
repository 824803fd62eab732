/** Long work that leaves room for others: screens are drawn and cancelling is heard in between. */
import { setImmediate } from 'node:timers/promises';

const TURN_MS = 40;
/** So often the clock is looked at: a step is short. */
const STEPS = 64;

/** Calls `work` with 0 to `length` − 1. Throws the signal's reason. */
export async function takeTurns(length: number, work: (index: number) => void, signal: AbortSignal): Promise<void> {
  let ends = performance.now() + TURN_MS;
  for (let index = 0; index < length; index++) {
    work(index);
    if (index % STEPS !== 0 || performance.now() < ends) continue;
    await setImmediate();
    signal.throwIfAborted();
    ends = performance.now() + TURN_MS;
  }
}
