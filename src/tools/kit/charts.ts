/** A finding as a chart. */
import type { Finding, Series } from './finding.ts';

export type Chart = {
  readonly kind: 'curve';
  readonly id: string;
  readonly title: string;
  /** Says in words what the chart shows. */
  readonly alt: string;
  readonly series: readonly Series[];
};

/** Undefined where a finding has nothing to draw. */
export function chartOf({ handle, title, summary, data }: Finding): Chart | undefined {
  const series = data.series ?? [];
  if (series.length === 0) return undefined;
  return { kind: 'curve', id: `chart-${handle.slice(1)}`, title, alt: summary, series };
}
