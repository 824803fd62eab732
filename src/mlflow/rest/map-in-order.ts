/** Concurrent work over a list, with results in its order. */

/** Runs `work` on up to `limit` items at once and yields each result in the order of the items. */
export async function* mapInOrder<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  let next = 0;
  try {
    while (running.length > 0 || next < items.length) {
      while (running.length < limit && next < items.length) running.push(work(items[next++]!));
      yield await running.shift()!;
    }
  } finally {
    // A failure or an early end leaves others under way; their own failures have no other reader.
    void Promise.allSettled(running);
  }
}
