/** How runs and curves are named beside a drawing, on one line, so that a cut takes the name and never the id. */
import type { RunRef, Series } from '../finding/finding.ts';
import { formatCount } from '../finding/format.ts';
import { sanitizeLine } from './sanitize.ts';
import type { Screen } from './style.ts';
import { displayWidth, truncate } from './width.ts';

export interface Label {
  readonly head: string;
  /** What a cut must leave: a run's id, how many points are drawn. */
  readonly tail: string;
}

/** `run-017 (1a2b3c4d)`: names repeat, ids do not. */
export function runLabel({ id, name }: RunRef): Label {
  const shortId = sanitizeLine(id.slice(0, 8));
  return name === '' ? { head: '', tail: shortId } : { head: sanitizeLine(name), tail: ` (${shortId})` };
}

export function plainLabel(text: string): Label {
  return { head: sanitizeLine(text), tail: '' };
}

/** `training_loss of run-017 (1a2b3c4d)`, and how many of its points are drawn where not all are. */
export function seriesLabel({ run, metric, logged, points }: Series): Label {
  const sampled =
    logged > points.length ? `, ${formatCount(points.length)} of ${formatCount(logged)} points drawn` : '';
  const { head, tail } = runLabel(run);
  return { head: `${sanitizeLine(metric)} of ${head}`, tail: `${tail}${sampled}` };
}

export const labelText = ({ head, tail }: Label): string => head + tail;

/** A label in at most `width` columns. */
export function fitLabel(label: Label, width: number, { unicode }: Pick<Screen, 'unicode'>): string {
  const mark = unicode ? '…' : '...';
  const room = width - displayWidth(label.tail);
  return room < displayWidth(label.head) && room > mark.length
    ? truncate(label.head, room, mark) + label.tail
    : truncate(labelText(label), width, mark);
}
