/** Which experiments a question is about: named, else the pinned one, else the configured one, else the whole store. */
import { nameTokens } from '../../analysis/direction.ts';
import type { Coverage } from '../../finding/coverage.ts';
import type { Caveat } from '../../finding/finding.ts';
import { formatCount } from '../../finding/format.ts';
import { quoteName, visibleText } from '../../finding/quote.ts';
import { type Ref, refOf } from '../../finding/refs.ts';
import type { Experiment, Lifecycle } from '../../mlflow/runs/types.ts';
import { experimentReference, readReference } from '../../query/reference.ts';
import type { ToolContext } from '../define/context.ts';
import { type Choice, ToolError } from '../define/errors.ts';
import { nearestNames } from './names.ts';

export interface Scope {
  /** `all` is every active experiment. */
  readonly experiments: readonly Experiment[] | 'all';
  /** As a store's `Population` takes them. */
  readonly ids: readonly string[] | undefined;
  /** Every experiment of the lifecycle asked for, to name those that rows belong to. */
  readonly known: readonly Experiment[];
}

/** A scope of exactly these experiments. */
export function narrowScope(scope: Scope, experiments: readonly Experiment[]): Scope {
  return { ...scope, experiments, ids: experiments.map((experiment) => experiment.id) };
}

/** The one experiment of a scope, where there is only one. */
export function soleExperiment(scope: Scope): Experiment | undefined {
  return scope.experiments !== 'all' && scope.experiments.length === 1 ? scope.experiments[0] : undefined;
}

/** Whether every active experiment is meant. */
export function isWholeStore({ experiments, known }: Scope): boolean {
  return experiments === 'all' || experiments.length === known.length;
}

export function coverageScope(scope: Scope): Coverage['scope'] {
  return scope.experiments === 'all' ? 'all' : scope.experiments.map((one) => refOf('experiment', one));
}

/** Each experiment of a scope. */
export function experimentRefs(scope: Scope): Ref[] {
  const known = new Map(scope.known.map((one) => [one.id, refOf('experiment', one)]));
  const ids = scope.ids ?? [...known.keys()];
  return ids.map((id) => known.get(id) ?? { kind: 'experiment', id, name: id });
}

/** `` `churn` ``, `` `a` and `b` ``, `5 experiments`, `the whole store`: what follows "in". */
export function scopeName(scope: Scope): string {
  if (scope.experiments === 'all') return 'the whole store';
  const names = scope.experiments.map((experiment) => quoteName(experiment.name));
  return names.length <= 2 ? names.join(' and ') : `${formatCount(names.length)} experiments`;
}

export function experimentName(scope: Scope, id: string): string {
  return scope.known.find((experiment) => experiment.id === id)?.name ?? id;
}

export function experimentRef(scope: Scope, id: string): Ref {
  return { kind: 'experiment', id, name: experimentName(scope, id) };
}

/** @throws ToolError unknown_experiment or ambiguous_experiment when a name is not one experiment's. */
export async function resolveScope(
  context: ToolContext,
  named: string | readonly string[] | undefined,
  lifecycle: Lifecycle | 'all' = 'active',
): Promise<Scope> {
  const all = await context.store.searchExperiments({ lifecycle: 'all' }, context.signal);
  const known = all.filter((experiment) => lifecycle !== 'active' || experiment.lifecycle === 'active');
  const names = typeof named === 'string' ? [named] : named;
  if (names !== undefined && names.length > 0) {
    const found = new Set(names.map((name) => findExperiment(name, known, all)));
    return narrowScope({ experiments: 'all', ids: undefined, known }, [...found]);
  }
  return defaultScope(context, known, all, lifecycle);
}

function defaultScope(
  context: ToolContext,
  known: readonly Experiment[],
  all: readonly Experiment[],
  lifecycle: Lifecycle | 'all',
): Scope {
  const whole: Scope = { experiments: 'all', ids: lifecycle === 'active' ? undefined : all.map(({ id }) => id), known };
  const pinned = known.filter(({ id }) => id === context.memory.pinned?.id);
  if (pinned.length > 0) return narrowScope(whole, pinned);
  if (context.defaultExperiment !== undefined)
    return narrowScope(whole, [findDefault(context.defaultExperiment, known, all)]);
  return known.length === 1 ? narrowScope(whole, known) : whole;
}

/** Who asks has not typed this name: what is wrong with it says also where it stands. */
function findDefault(name: string, known: readonly Experiment[], all: readonly Experiment[]): Experiment {
  try {
    return findExperiment(name, known, all);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    const { code, message, hint, choices } = error;
    throw new ToolError(code, message, {
      hint: `${hint} The question names none: ${quoteName(name)} comes from --experiment, MLFLOW_EXPERIMENT_NAME, MLFLOW_EXPERIMENT_ID or the config file.`,
      choices,
    });
  }
}

/**
 * By id, name, or name but for case.
 * @throws ToolError unknown_experiment, or ambiguous_experiment where bare text is the id of one and the name of another.
 */
export function findExperiment(asked: string, known: readonly Experiment[], all: readonly Experiment[]): Experiment {
  const { kind, text } = readReference(asked);
  const name = text.trim();
  const byId = kind === 'name' ? undefined : known.find(({ id }) => id === name);
  const byName =
    kind === 'id' ? undefined : (known.find((one) => one.name === text) ?? known.find((one) => one.name === name));
  if (byId !== undefined && byName !== undefined && byId !== byName)
    throw ambiguousExperiment(
      `${quoteName(name)} is the id of one experiment and the name of another.`,
      [byId, byName],
      ({ id }) => ` (id ${id})`,
    );
  const exact = byId ?? byName;
  if (exact !== undefined) return exact;
  if (kind === 'id') throw unknownExperiment(name, known);
  const alike = known.filter((experiment) => experiment.name.toLowerCase() === name.toLowerCase());
  if (alike.length === 1 && alike[0] !== undefined) return alike[0];
  if (alike.length > 1)
    throw ambiguousExperiment(`Several experiments are called ${quoteName(name)} but for case.`, alike);
  const deleted = all.find((experiment) => experiment.lifecycle === 'deleted' && experiment.name === name);
  if (deleted !== undefined)
    throw new ToolError('unknown_experiment', `Experiment ${quoteName(name)} is deleted.`, {
      hint: 'Deleted experiments are left out; list_experiments shows them with lifecycle "deleted".',
    });
  throw unknownExperiment(name, known);
}

/** Several names that contain every word asked for are a question back, everything else an unknown name. */
function unknownExperiment(name: string, known: readonly Experiment[]): ToolError {
  const words = nameTokens(name);
  const containing = known.filter((experiment) => {
    const tokens = new Set(nameTokens(experiment.name));
    return words.length > 0 && words.every((word) => tokens.has(word));
  });
  if (containing.length > 1) return ambiguousExperiment(`Several experiments fit ${quoteName(name)}.`, containing);
  const near = nearestNames(
    name,
    known.map((experiment) => experiment.name),
  );
  const some = near.length > 0 ? near : known.slice(0, 5).map((experiment) => experiment.name);
  return new ToolError('unknown_experiment', `No experiment is called ${quoteName(name)}.`, {
    hint: `${near.length > 0 ? 'Nearest' : 'There are'}: ${some.map((one) => quoteName(one)).join(', ') || 'none at all'}.`,
    choices: near.flatMap((name) => known.filter((one) => one.name === name).map((one) => choiceOf(one))),
  });
}

/**
 * The one of several experiments that the conversation was about just now, and the note that says so: for what would
 * otherwise be asked back.
 */
export function settledByTalk(
  context: ToolContext,
  candidates: readonly Experiment[],
): { readonly experiment: Experiment; readonly caveat: Caveat } | undefined {
  const recent = context.memory.recentExperimentIds ?? [];
  const [experiment, ...others] = candidates.filter(({ id }) => recent.includes(id));
  if (experiment === undefined || others.length > 0) return undefined;
  const text = `no experiment was named: taken as ${quoteName(experiment.name)}, which was talked about just now`;
  return { experiment, caveat: { code: 'SCOPE_FROM_TALK', text } };
}

/** Asks which of several experiments is meant. */
export function ambiguousExperiment(
  message: string,
  experiments: readonly Experiment[],
  detail: (experiment: Experiment) => string = () => '',
): ToolError {
  const shown = experiments.slice(0, 10);
  const more = experiments.length > shown.length ? ` and ${formatCount(experiments.length - shown.length)} more` : '';
  return new ToolError('ambiguous_experiment', `${message} Which one?`, {
    hint: `${shown.map((experiment) => quoteName(experiment.name)).join(', ')}${more}.`,
    choices: shown.map((experiment) => choiceOf(experiment, detail(experiment))),
  });
}

const choiceOf = (experiment: Experiment, detail = ''): Choice => ({
  slot: 'experiment',
  value: experimentReference(experiment),
  label: `${visibleText(experiment.name)}${detail}`,
});
