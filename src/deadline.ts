/** Signals that know when they will abort by themselves: nobody then begins to wait for what comes too late. */

/** By the clock of `performance.now()`. */
const deadlines = new WeakMap<AbortSignal, number>();

/** When a signal will abort, as far as that is known: Infinity where it is not. */
export function deadlineOf(signal: AbortSignal): number {
  return deadlines.get(signal) ?? Number.POSITIVE_INFINITY;
}

/** Aborts with the first of some signals, and has the earliest of their deadlines; `ownMs` is from now on. */
export function anySignal(signals: readonly AbortSignal[], ownMs = Number.POSITIVE_INFINITY): AbortSignal {
  const any = AbortSignal.any([...signals]);
  deadlines.set(any, Math.min(performance.now() + ownMs, ...signals.map(deadlineOf)));
  return any;
}

/** For work that several wait for: the last of their deadlines is its own. */
export function extendDeadline(work: AbortSignal, waiting: AbortSignal): void {
  deadlines.set(work, Math.max(deadlines.get(work) ?? 0, deadlineOf(waiting)));
}
