/** What a finding looks like: one chart of the kind that its data supports, with its words for those who do not see it. */
import { describeChart } from './chart-words.ts';
import type { CurveDrawing, Drawing, Series } from './drawing.ts';
import type { Finding } from './finding.ts';

/** How much of the average so far a smoothed curve keeps: TensorBoard's default weight. */
export const SMOOTHING = 0.6;

/** Numbers are the finding's own, at full precision. */
export type Chart = {
  /** `chart-3` is drawn from finding #3. */
  readonly id: string;
  readonly title: string;
  /** Says in words what the chart shows. */
  readonly alt: string;
} & (CurveDrawing | Drawing);

/** Undefined where there is nothing to draw. */
export function chartOf(finding: Finding): Chart | undefined {
  const drawing = curvesOf(finding.data.series ?? []) ?? finding.data.drawing;
  if (drawing === undefined) return undefined;
  const { handle, title } = finding;
  return { id: `chart-${handle.slice(1)}`, title, alt: describeChart(drawing), ...drawing };
}

/** The charts that an answer shows unasked: what is about a shape is hard to read in any other way. */
export function chartsOf(findings: readonly Finding[]): Chart[] {
  return findings.flatMap((finding) => {
    const chart = chartOf(finding);
    return chart?.kind === 'curve' || chart?.kind === 'scatter' ? [chart] : [];
  });
}

function curvesOf(series: readonly Series[]): CurveDrawing | undefined {
  if (series.length === 0) return undefined;
  const axes = new Set(series.map(({ axis = 'step' }) => axis));
  const [axis = 'step'] = axes.size === 1 ? axes : [];
  return { kind: 'curve', series, axis };
}
