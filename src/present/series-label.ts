/** How runs and curves are named beside a drawing, on one line. */
import type { RunRef, Series } from '../tools/kit/finding.ts';
import { formatCount } from '../tools/kit/format.ts';
import { sanitizeLine } from './sanitize.ts';
import type { Screen } from './style.ts';
import { displayWidth, truncate } from './width.ts';

/** `run-017 (1a2b3c4d)`: names repeat, ids do not. */
export function runLabel({ id, name }: RunRef): string {
  const shortId = sanitizeLine(id.slice(0, 8));
  return name === '' ? shortId : `${sanitizeLine(name)} (${shortId})`;
}

/** `training_loss of run-017 (1a2b3c4d)`, and how many of its points are drawn where not all are. */
export function seriesLabel({ run, metric, logged, points }: Series): string {
  const sampled =
    logged > points.length ? `, ${formatCount(points.length)} of ${formatCount(logged)} points drawn` : '';
  return `${sanitizeLine(metric)} of ${runLabel(run)}${sampled}`;
}

/** The id of a run that a label ends in, and what is said after it: a cut must not take them. */
const TAIL = / ?\([^()\s]{1,8}\)(?:, [\d,]+ of [\d,]+ points drawn)?$/u;

/** A label in at most `width` columns; of one that ends in a run's id the name before it is cut. */
export function fitLabel(label: string, width: number, { unicode }: Pick<Screen, 'unicode'>): string {
  if (displayWidth(label) <= width) return label;
  const mark = unicode ? '…' : '...';
  const tail = TAIL.exec(label)?.[0] ?? '';
  const room = width - displayWidth(tail);
  return room < 2 * mark.length
    ? truncate(label, width, mark)
    : truncate(label.slice(0, -tail.length || undefined), room, mark) + tail;
}
