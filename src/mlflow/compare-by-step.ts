/** The order of a metric's points. */
import type { MetricPoint } from '../query/point.ts';

/** Points of one step and time keep the order they came in. */
export function compareByStep(a: MetricPoint, b: MetricPoint): number {
  return a.step < b.step ? -1 : a.step > b.step ? 1 : a.timestamp - b.timestamp;
}
