/** Says with each answer what of its scope the store could not read. */

import type { Caveat, FindingBody } from '../../finding/finding.ts';
import { countOf, formatCount } from '../../finding/format.ts';
import { quoteName, visibleText } from '../../finding/quote.ts';
import { idsOfKind } from '../../finding/refs.ts';
import type { Unreadable } from '../../mlflow/runs/tracking-store.ts';
import type { ToolContext } from './context.ts';
import { ToolError, type ToolErrorCode } from './errors.ts';

const MAX_NAMED = 3;
/** Refusals that might not stand if everything could be read. */
const MAY_BE_THERE: ReadonlySet<ToolErrorCode> = new Set([
  'unknown_experiment',
  'unknown_run',
  'unknown_metric',
  'unknown_param',
  'unknown_key',
  'no_data',
  'too_few',
]);

const NAMING = ['experiment', 'experiments', 'run', 'runs'] as const;

/** Whether anybody said what it is about: otherwise what cannot be read may belong to it. */
function isNamed(input: object, { memory, defaultExperiment }: ToolContext): boolean {
  const names: { readonly [name in (typeof NAMING)[number]]?: unknown } = input;
  return (
    memory.pinned !== undefined || defaultExperiment !== undefined || NAMING.some((name) => names[name] !== undefined)
  );
}

/**
 * Runs `work` and adds to what comes of it, finding or refusal, which runs and experiments could not be read.
 * @param input what the tool was asked.
 */
export async function sayUnreadable(
  context: ToolContext,
  input: object,
  work: () => Promise<FindingBody>,
): Promise<FindingBody> {
  const find = async () => (await context.store.unreadable?.(context.signal)) ?? [];
  try {
    return addTo(await work(), await find(), isNamed(input, context));
  } catch (error) {
    if (!(error instanceof ToolError) || !MAY_BE_THERE.has(error.code)) throw error;
    const notes = unreadableNotes((await find()).filter(({ deleted }) => !deleted));
    if (notes.length === 0) throw error;
    const hint = [error.hint, ...notes.map((note) => `${note.charAt(0).toUpperCase()}${note.slice(1)}.`)];
    throw new ToolError(error.code, error.message, {
      hint: hint.filter((part) => part !== undefined).join(' '),
      choices: error.choices,
    });
  }
}

function addTo(body: FindingBody, all: readonly Unreadable[], named: boolean): FindingBody {
  const touched = all.filter((one) => isTouched(body, one, named));
  if (touched.length === 0) return body;
  const caveats: Caveat[] = unreadableNotes(touched).map((text) => ({ code: 'UNREADABLE', text }));
  return { ...body, coverage: { ...body.coverage, complete: false }, caveats: [...caveats, ...body.caveats] };
}

/** A record of one of the things that are counted rests on no other. */
function isTouched({ kind, coverage, subject }: FindingBody, lost: Unreadable, named: boolean): boolean {
  const own = kind === 'record' ? idsOfKind(subject.refs, coverage.unit) : [];
  if (own.length > 0) return coverage.unit === lost.what && own.includes(lost.id);
  // Of a run that does not tell its experiment it may be any.
  if (!lost.deleted && (coverage.scope === 'all' || !named || lost.experimentId === '')) return true;
  return coverage.scope !== 'all' && idsOfKind(coverage.scope, 'experiment').includes(lost.experimentId);
}

/** `1 run could not be read: <id> (meta.yaml is empty)`: one note for each kind of loss. */
export function unreadableNotes(all: readonly Unreadable[]): string[] {
  const groups = [
    { what: 'experiment', partly: false, verb: 'could not be read' },
    { what: 'run', partly: false, verb: 'could not be read' },
    { what: 'experiment', partly: true, verb: 'could be read only in part' },
    { what: 'run', partly: true, verb: 'could be read only in part' },
  ] as const;
  return groups.flatMap(({ what, partly, verb }) => {
    const members = all.filter((one) => one.what === what && one.partly === partly);
    return members.length === 0 ? [] : [`${countOf(members.length, what)} ${verb}: ${nameThem(members)}`];
  });
}

function nameThem(members: readonly Unreadable[]): string {
  const named = members.slice(0, MAX_NAMED).map(({ id, reason }) => `${quoteName(id)} (${visibleText(reason)})`);
  const more = members.length - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${formatCount(more)} more` : ''}`;
}
