/** Sorted numbers as an index: over 100,000 of them much faster than a `Map`, which boxes and hashes each. */

/** Ascending, each once; NaN left out. */
export function distinctSorted(values: Float64Array): Float64Array {
  const sorted = values.toSorted();
  return sorted.filter((value, i) => i === 0 || value > sorted[i - 1]!).filter((value) => !Number.isNaN(value));
}

/** Index of the first that is not below `value`. */
export function positionIn(sorted: Float64Array, value: number): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (sorted[middle]! < value) from = middle + 1;
    else to = middle;
  }
  return from;
}
