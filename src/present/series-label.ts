/** How things and curves are named beside a drawing, on one line, so that a cut takes the name and never the id. */
import type { Series } from '../finding/drawing.ts';
import { formatCount } from '../finding/format.ts';
import { idNeeds, isRef, type Ref, shownId } from '../finding/refs.ts';
import { sanitizeLine } from './sanitize.ts';
import type { Screen } from './style.ts';
import { displayWidth, truncate } from './width.ts';

export interface Label {
  readonly head: string;
  /** What a cut must leave: an id, how many points are drawn. */
  readonly tail: string;
}

/** `run-017 (1a2b3c4d)`: names repeat, ids do not. */
export function refLabel(ref: Ref): Label {
  const id = sanitizeLine(shownId(ref));
  return ref.name === '' ? { head: '', tail: id } : { head: sanitizeLine(ref.name), tail: ` (${id})` };
}

/** Things with their ids where it takes them to tell them apart. */
export function nameLabels(names: readonly (Ref | string)[]): Label[] {
  const needsId = idNeeds(names);
  return names.map((name) => {
    if (!isRef(name)) return plainLabel(name);
    return name.name === '' || needsId(name) ? refLabel(name) : plainLabel(name.name);
  });
}

export function plainLabel(text: string): Label {
  return { head: sanitizeLine(text), tail: '' };
}

/** `training_loss of run-017 (1a2b3c4d)`, and how many of its points are drawn where not all are. */
export function seriesLabel({ of, metric, logged, points }: Series): Label {
  const sampled =
    logged > points.length ? `, ${formatCount(points.length)} of ${formatCount(logged)} points drawn` : '';
  const { head, tail } = refLabel(of);
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
