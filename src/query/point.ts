/** A point of a metric's history. */

/** A 64-bit integer: a number while it is exact, a bigint beyond 2^53. */
export type Int64 = number | bigint;

export interface MetricPoint {
  readonly value: number;
  readonly step: Int64;
  /** Epoch milliseconds. */
  readonly timestamp: number;
}
