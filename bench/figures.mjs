/** Times of several turns as the benchmarks print them. */

/** Milliseconds. */
export function summarize(times) {
  const sorted = times.toSorted((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)], least: sorted[0] };
}

export function print(label, { median, least }) {
  console.log(
    `${label.padEnd(28)} median ${median.toFixed(1).padStart(8)} ms   least ${least.toFixed(1).padStart(8)} ms`,
  );
}
