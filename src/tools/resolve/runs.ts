/** Which run a reference means: an id, the beginning of one, a name, or the number that people call it by. */

import type { Caveat } from '../../finding/finding.ts';
import { formatCount, formatRun, formatTime } from '../../finding/format.ts';
import { quoteName, visibleText } from '../../finding/quote.ts';
import type { RunName } from '../../mlflow/runs/tracking-store.ts';
import { idReference, type Reference, readReference, runNameReference } from '../../query/reference.ts';
import type { ToolContext } from '../define/context.ts';
import { ToolError } from '../define/errors.ts';
import { nearestNames } from './names.ts';
import { experimentName, resolveScope, type Scope, scopeName, soleExperiment } from './scope.ts';

const NUMBER = /^(?:run)?[\s_#-]*0*(\d{1,9})$/i;
const ID_PREFIX = /^[0-9a-f]{6,32}$/i;
/** `vivid-gnu-500`: MLflow's own names, whose number counts nothing. */
const GENERATED = /^[a-z]+-[a-z]+-\d{1,3}$/;
const MAX_CHOICES = 10;
const MAX_NAMES_COMPARED = 5_000;

type Rule = (run: RunName) => boolean;

/** The surest reading first. Blanks around a name are a part of it where a run is called so. */
function rulesFor({ kind, text: asked }: Reference): Rule[] {
  const text = asked.trim();
  const lower = text.toLowerCase();
  const isOfId: Rule = ({ id }) => id === lower || (ID_PREFIX.test(text) && id.startsWith(lower));
  const isNamed: Rule = ({ name }) => name === asked;
  if (kind === 'id') return [isOfId];
  return [
    // Bare text that is the id of one and the name of another is asked back.
    kind === 'name' ? isNamed : (run) => isOfId(run) || isNamed(run),
    (run) => run.name === text,
    (run) => run.name.toLowerCase() === lower,
  ];
}

/**
 * The run that `asked` means, deleted only where no active one fits.
 * @throws ToolError ambiguous_run with choices, unknown_run with the nearest names.
 */
export async function resolveRun(context: ToolContext, asked: string, experiment?: string): Promise<RunName> {
  const reference = readReference(asked);
  const text = reference.text.trim();
  const scope = await resolveScope(context, experiment);
  const inScope: Rule = (run) => experiment === undefined || scope.ids?.includes(run.experimentId) === true;
  const named = await context.store.lookup({ runs: [...new Set([reference.text, text])] }, context.signal);
  const found = firstFit(context, text, scope, named.runs.filter(inScope), rulesFor(reference));
  if (found !== undefined) return found;
  const number = reference.kind === undefined ? Number(NUMBER.exec(text)?.[1] ?? Number.NaN) : Number.NaN;
  if (Number.isSafeInteger(number)) {
    const numbered = await context.store.lookup({ lastNumbers: [number] }, context.signal);
    const candidates = numbered.runs.filter(inScope);
    const isCounted: Rule = ({ name }) => !GENERATED.test(name);
    const byNumber = firstFit(context, text, scope, candidates, [isCounted]);
    const run = byNumber ?? (await runByPosition(context, scope, number));
    if (run !== undefined) return run;
    if (candidates.length > 0) throw ambiguousRun(context, scope, text, candidates);
  }
  throw await unknownRun(context, scope, text);
}

export async function resolveRuns(
  context: ToolContext,
  asked: readonly string[],
  experiment?: string,
): Promise<RunName[]> {
  // One after the other: the first that cannot be told is the one asked about.
  const runs: RunName[] = [];
  for (const one of asked) runs.push(await resolveRun(context, one, experiment));
  return [...new Map(runs.map((run) => [run.id, run])).values()];
}

function firstFit(
  context: ToolContext,
  asked: string,
  scope: Scope,
  candidates: readonly RunName[],
  rules: readonly Rule[],
): RunName | undefined {
  for (const lifecycle of ['active', 'deleted']) {
    for (const rule of rules) {
      const fits = candidates.filter((run) => run.lifecycle === lifecycle && rule(run));
      const meant = scope.ids ?? context.memory.recentExperimentIds;
      const inConversation = fits.filter((run) => meant?.includes(run.experimentId));
      const [only] = inConversation.length === 1 ? inConversation : fits;
      if (fits.length === 1 || inConversation.length === 1) return only;
      if (fits.length > 1) throw ambiguousRun(context, scope, asked, fits);
    }
  }
  return undefined;
}

/** The Nth run by start: only where one experiment is meant. */
async function runByPosition(context: ToolContext, scope: Scope, position: number): Promise<RunName | undefined> {
  if (soleExperiment(scope) === undefined || position < 1) return undefined;
  const columns = await context.store.columns({ experimentIds: scope.ids }, {}, context.signal);
  const row = columns.length - position;
  if (row < 0) return undefined;
  const startTime = columns.startTimes[row];
  return {
    id: columns.ids.at(row) ?? '',
    name: columns.names.at(row) ?? '',
    experimentId: columns.experimentIds[row] ?? '',
    status: columns.statuses[row] ?? 'FINISHED',
    lifecycle: columns.lifecycles[row] ?? 'active',
    ...(startTime !== undefined && { startTime }),
  };
}

function ambiguousRun(context: ToolContext, scope: Scope, asked: string, runs: readonly RunName[]): ToolError {
  const shown = runs.slice(0, MAX_CHOICES);
  const started = ({ startTime }: RunName) =>
    startTime === undefined ? '' : `, ${formatTime(startTime, context.timeZone)}`;
  const experiment = (run: RunName) => experimentName(scope, run.experimentId);
  const more = runs.length > shown.length ? `, +${formatCount(runs.length - shown.length)} more` : '';
  const [only, ...others] = shown;
  const list = shown.map((run) => `${formatRun(run)} in ${quoteName(experiment(run))}${started(run)}`).join('; ');
  const lead =
    only !== undefined && others.length === 0
      ? `No run is called ${quoteName(asked)}. Is it`
      : `Several runs fit ${quoteName(asked)}:`;
  return new ToolError('ambiguous_run', `${lead} ${list}${more}${others.length === 0 ? '?' : '. Which one?'}`, {
    choices: shown.map((run) => ({
      slot: 'run',
      value: idReference(run.id),
      label: visibleText(`${run.name || 'unnamed'} (${run.id.slice(0, 8)}), ${experiment(run)}${started(run)}`, 160),
    })),
  });
}

async function unknownRun(context: ToolContext, scope: Scope, asked: string): Promise<ToolError> {
  const { names, ids } = await context.store.columns({ experimentIds: scope.ids }, {}, context.signal);
  const rowOf = new Map<string, number>();
  for (let row = 0; row < Math.min(names.length, MAX_NAMES_COMPARED); row++) {
    const name = names.at(row) ?? '';
    if (name !== '' && !rowOf.has(name)) rowOf.set(name, row);
  }
  const near = nearestNames(asked, [...rowOf.keys()]);
  const hint = near.map((name) => formatRun({ name, id: ids.at(rowOf.get(name) ?? 0) ?? '' })).join(', ');
  return new ToolError('unknown_run', `No run in ${scopeName(scope)} is called ${quoteName(asked)}.`, {
    hint: hint === '' ? 'find_runs lists the runs there are.' : `Nearest: ${hint}.`,
    choices: near.map((name) => ({ slot: 'run', value: runNameReference(name), label: visibleText(name) })),
  });
}

/** Says of runs that nobody would expect that they are deleted. */
export function deletedCaveats(runs: readonly RunName[]): Caveat[] {
  return runs
    .filter((run) => run.lifecycle === 'deleted')
    .map((run) => ({ code: 'DELETED', text: `${formatRun(run)} is deleted` }));
}
