/** Runs nested in another: "children of sweep-1", "runs in sweep-1", "nested runs". */
import { compare, hasField } from '../../query/filter.ts';
import type { RunField } from '../../query/kinds/run.ts';
import { isGlue, isKind, type Segment } from './meanings.ts';
import { addNoun, type ReadingDraft } from './slots.ts';

const PARENT: RunField = { kind: 'attribute', key: 'parent_run_id' };

/** Takes what says whose children are meant, as a condition; a parent known by its number alone is left to refuse. */
export function readFamilies(draft: ReadingDraft): void {
  const { segments } = draft;
  const out: Segment[] = [];
  for (let at = 0; at < segments.length; ) {
    const segment = segments[at] as Segment;
    const isChildren = isKind(segment, 'children');
    const isRuns = isKind(segment, 'noun') && segment.meaning.noun === 'run' && segment.norm.endsWith('s');
    const parent = parentAt(segments, at + 1, isChildren);
    if (!isChildren && !(isRuns && parent)) {
      out.push(segment);
      at += 1;
      continue;
    }
    addNoun(draft, 'run');
    const filter = parent ? compare(PARENT, '=', parent.id) : hasField(PARENT);
    draft.slots.conditions.push({ filter, field: PARENT, place: 'clause', joint: 'and' });
    at += 1 + (parent?.length ?? 0);
  }
  draft.segments = out;
}

/** The one run that is named at `at`, after "in" or "of"; "of" alone says nothing of children. */
function parentAt(
  segments: readonly Segment[],
  at: number,
  isChildren: boolean,
): { readonly id: string; readonly length: number } | undefined {
  const link = isGlue(segments[at], 'in') || (isChildren && isGlue(segments[at], 'of', 'with')) ? 1 : 0;
  if (link === 0 && !isChildren) return undefined;
  const noun = segments[at + link];
  const skip = isKind(noun, 'noun') && noun.meaning.noun === 'run' ? 1 : 0;
  const run = segments[at + link + skip];
  if (!isKind(run, 'run')) return undefined;
  const active = run.meaning.options.filter(({ deleted }) => !deleted);
  const [only] = active;
  if (only === undefined || active.length > 1) return undefined;
  return { id: only.id, length: link + skip + 1 };
}
