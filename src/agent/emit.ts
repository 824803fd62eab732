/** Lets work report while it goes on. */
import { untilAborted } from '../until-aborted.ts';

/**
 * Yields what `work` emits as it comes, then returns what `work` settles to; a rejection is thrown. `gone` aborts when the
 * reader leaves before the end, who then waits until the work has ended.
 */
export async function* emitting<E, T>(
  work: (emit: (event: E) => void, gone: AbortSignal) => Promise<T>,
): AsyncGenerator<E, T, undefined> {
  const left = new AbortController();
  const queue: E[] = [];
  let wake = () => {};
  let settled = false;
  const finish = () => {
    settled = true;
    wake();
  };
  const result = work((event) => {
    queue.push(event);
    wake();
  }, left.signal);
  const end = result.then(finish, finish);
  try {
    while (!settled || queue.length > 0) {
      yield* queue.splice(0);
      if (!settled && queue.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    }
    return await result;
  } finally {
    left.abort();
    await end;
  }
}

/** The same items; an abort throws at once, though the source may not listen, and the source is closed at the end. */
export async function* abortable<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T, void, undefined> {
  const items = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await untilAborted(items.next(), signal);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // Not awaited: a source that does not listen closes when it comes to it.
    items.return?.().catch(() => {});
  }
}
