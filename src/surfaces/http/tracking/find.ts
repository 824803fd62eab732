/** Names and ids of a path or a body to what they mean: exactly, never by a guess. */
import { formatRun } from '../../../finding/format.ts';
import { quoteName } from '../../../finding/quote.ts';
import type { Experiment, Run } from '../../../mlflow/runs/types.ts';
import { compare } from '../../../query/filter.ts';
import type { ToolContext } from '../../../tools/define/context.ts';
import { ToolError } from '../../../tools/define/errors.ts';
import { resolveKey } from '../../../tools/resolve/keys.ts';
import { nearestNames } from '../../../tools/resolve/names.ts';
import { findExperiment, narrowScope, resolveScope, type Scope } from '../../../tools/resolve/scope.ts';

/** An active experiment by its id or name. @throws ToolError */
export async function experimentOf(context: ToolContext, asked: string): Promise<Experiment> {
  const all = await context.store.searchExperiments({ lifecycle: 'all' }, context.signal);
  const known = all.filter(({ lifecycle }) => lifecycle === 'active');
  const found = known.filter(({ id, name }) => id === asked || name === asked);
  const [experiment] = found;
  if (experiment !== undefined && found.length === 1) return experiment;
  // Says what there is instead, or which two it may be.
  return findExperiment(asked, known, all);
}

export async function scopeOf(context: ToolContext, experiment: Experiment): Promise<Scope> {
  return narrowScope(await resolveScope(context, undefined), [experiment]);
}

/** An active run of the experiment by its id or name. @throws ToolError */
export async function runOf(context: ToolContext, { id, name }: Experiment, asked: string): Promise<Run> {
  const filter = {
    op: 'or' as const,
    of: (['run_id', 'run_name'] as const).map((key) => compare({ kind: 'attribute' as const, key }, '=', asked)),
  };
  const { runs } = await context.store.topRuns({ experimentIds: [id], filter }, [], 3, {}, context.signal);
  const [run, ...others] = runs.some((one) => one.id === asked) ? runs.filter((one) => one.id === asked) : runs;
  if (run === undefined)
    throw new ToolError('unknown_run', `No run in ${quoteName(name)} has ${quoteName(asked)} as its id or name.`);
  if (others.length === 0) return run;
  throw new ToolError('ambiguous_run', `Several runs in ${quoteName(name)} are called ${quoteName(asked)}.`, {
    hint: `Use an id: ${[run, ...others].map((one) => formatRun(one)).join(', ')}.`,
    choices: [run, ...others].map((one) => ({ slot: 'run', value: one.id, label: formatRun(one) })),
  });
}

/** A key that was logged, exactly so. @throws ToolError with the nearest */
export async function loggedKey(
  context: ToolContext,
  experiment: Experiment,
  kind: 'metric' | 'param' | 'tag',
  asked: string,
): Promise<string> {
  const { key } = await resolveKey(context, await scopeOf(context, experiment), kind, asked);
  if (key === asked) return key;
  throw new ToolError(
    kind === 'metric' ? 'unknown_metric' : kind === 'param' ? 'unknown_param' : 'unknown_key',
    `No ${kind} ${quoteName(asked)} was logged in ${quoteName(experiment.name)}.`,
    { hint: `Nearest: ${quoteName(key)}.` },
  );
}

/** A metric of this very run. @throws ToolError */
export function metricOfRun(run: Run, asked: string): string {
  if (run.metrics.has(asked)) return asked;
  const names = [...run.metrics.keys()];
  const near = nearestNames(asked, names);
  const listed = (near.length > 0 ? near : names.slice(0, 8)).map((name) => quoteName(name)).join(', ');
  throw new ToolError('unknown_metric', `${formatRun(run)} has no metric ${quoteName(asked)}.`, {
    hint: `${near.length > 0 ? 'Nearest' : 'It has'}: ${listed || 'none at all'}.`,
  });
}
