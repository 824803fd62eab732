/** How a curve is named in a legend. */
import type { Series } from '../tools/kit/finding.ts';
import { formatCount } from '../tools/kit/format.ts';
import { sanitizeLine } from './sanitize.ts';

/** `training_loss of run-017 (1a2b3c4d)`, and how many of its points are drawn where not all are. */
export function seriesLabel({ run, metric, logged, points }: Series): string {
  const id = run.id.slice(0, 8);
  const name = run.name === '' ? id : `${run.name} (${id})`;
  const sampled =
    logged > points.length ? `, ${formatCount(points.length)} of ${formatCount(logged)} points drawn` : '';
  return sanitizeLine(`${metric} of ${name}${sampled}`);
}
