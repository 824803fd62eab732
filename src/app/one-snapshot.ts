/** One state of the data for a whole question, where that keeps nobody waiting. */
import { emitting } from '../agent/emit.ts';
import type { AgentEvent } from '../agent/events.ts';
import type { TrackingStore } from '../mlflow/runs/tracking-store.ts';

/**
 * One state of the data, read once, serves to understand the question and to answer it, and how far that read has come
 * is reported. A fault here is left to the calls inside, which meet it too. `gone` aborts when nobody listens any more.
 */
export async function* onOneSnapshot<T>(
  store: TrackingStore,
  work: (gone: AbortSignal) => AsyncGenerator<AgentEvent, T, undefined>,
): AsyncGenerator<AgentEvent, T, undefined> {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  return yield* emitting<AgentEvent, T>(async (emit, gone) => {
    const progress = (message: string) => emit({ type: 'progress', message });
    const held = store.snapshot(() => released, progress).catch(() => undefined);
    try {
      const working = work(gone);
      for (;;) {
        const next = await working.next();
        if (next.done) return next.value;
        emit(next.value);
      }
    } finally {
      release();
      await held;
    }
  });
}
