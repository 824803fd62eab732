/** Concurrent work over a list, with results in its order. */

/** Runs `work` on up to `limit` items at once and yields each result in the order of the items. */
export async function* mapInOrder<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  let next = 0;
  const start = (item: T): Promise<R> => {
    const result = work(item);
    // It may fail before its turn comes, or after nobody waits any more.
    result.catch(() => {});
    return result;
  };
  while (running.length > 0 || next < items.length) {
    while (running.length < limit && next < items.length) running.push(start(items[next++]!));
    yield await running.shift()!;
  }
}
