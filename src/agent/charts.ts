/** The curves of a question's findings as charts, each with its words for those who do not see it. */
import type { Finding, Series } from '../tools/kit/finding.ts';
import { countOf, formatNumber, formatRun } from '../tools/kit/format.ts';
import { quoteName } from '../tools/kit/quote.ts';
import type { Chart } from './events.ts';

const MAX_DESCRIBED = 4;

export function chartsOf(findings: readonly Finding[]): Chart[] {
  return findings.flatMap((finding) => {
    const series = finding.data.series ?? [];
    if (series.length === 0) return [];
    const id = `chart-${finding.handle.slice(1)}`;
    return [{ id, title: finding.title, alt: describeSeries(series), series }];
  });
}

function describeSeries(series: readonly Series[]): string {
  const described = series.slice(0, MAX_DESCRIBED).map(describeOne);
  const more = series.length - described.length;
  if (more > 0) described.push(`And ${countOf(more, 'more curve')}.`);
  return described.join(' ');
}

function describeOne({ run, metric, points }: Series): string {
  const name = `${quoteName(metric)} of ${formatRun(run)}`;
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return `${name}: no points.`;
  const finite = points.filter((point) => Number.isFinite(point.value));
  const lowest = finite.reduce((low, point) => (point.value < low.value ? point : low), finite[0] ?? first);
  const highest = finite.reduce((high, point) => (point.value > high.value ? point : high), finite[0] ?? first);
  const at = ({ step, value }: Series['points'][number]) => `${formatNumber(value)} at step ${step}`;
  const broken = points.length - finite.length;
  const gaps = broken > 0 ? `; ${countOf(broken, 'point is', 'points are')} NaN or infinite` : '';
  return `${name}: from ${at(first)} to ${at(last)}; lowest ${at(lowest)}, highest ${at(highest)}${gaps}.`;
}
