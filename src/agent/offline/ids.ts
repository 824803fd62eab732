/** "run id …", "experiment id 4": things by their ids, whatever else is called so. Choices are worded like this. */
import { isGlue, isKind, type Segment } from './meanings.ts';
import type { ReadingDraft } from './slots.ts';

type Owner = 'run' | 'experiment';

/** Puts the thing in the place of the words; before a colon its noun stays, as in `(run: …)`. */
export function readIds(draft: ReadingDraft): void {
  const { segments } = draft;
  const out: Segment[] = [];
  for (let at = 0; at < segments.length; ) {
    const label = labelAt(segments, at);
    const colon = segments[at + (label?.length ?? 0)];
    const isColon = isGlue(colon, ':');
    const id = segments[at + (label?.length ?? 0) + (isColon ? 1 : 0)];
    if (label === undefined || !isId(id, label.owner)) {
      out.push(segments[at] as Segment);
      at += 1;
      continue;
    }
    const first = segments[at] as Segment;
    if (isColon) out.push({ ...first, meaning: { kind: 'noun', noun: label.owner } }, colon as Segment);
    out.push({ ...id, meaning: thingOf(id, label.owner, draft), start: isColon ? id.start : first.start });
    at += label.length + (isColon ? 2 : 1);
  }
  draft.segments = out;
}

function labelAt(
  segments: readonly Segment[],
  at: number,
): { readonly owner: Owner; readonly length: number } | undefined {
  const [first, second] = [segments[at], segments[at + 1]];
  const isLabel = (one: Segment | undefined, ...words: readonly string[]) =>
    isKind(one, 'key') && one.meaning.kinds[0] === 'attribute' && words.includes(one.norm);
  if (isLabel(first, 'run id')) return { owner: 'run', length: 1 };
  const isExperiment = isKind(first, 'noun') && first.meaning.noun === 'experiment' && isLabel(second, 'id');
  return isExperiment ? { owner: 'experiment', length: 2 } : undefined;
}

function isId(segment: Segment | undefined, owner: Owner): segment is Segment {
  if (segment === undefined) return false;
  return segment.quoted === true || isKind(segment, owner) || (owner === 'experiment' && isKind(segment, 'number'));
}

function thingOf({ text, meaning }: Segment, owner: Owner, { names }: ReadingDraft): Segment['meaning'] {
  if (owner === 'run') {
    const options = meaning.kind === 'run' ? meaning.options.filter(({ id }) => id === text.toLowerCase()) : [];
    return { kind: 'run', options, isId: true };
  }
  const options = names.experiments.filter(({ id }) => id === text);
  return options.length > 0 ? { kind: 'experiment', options, exact: true } : { kind: 'unknown', quoted: true };
}
