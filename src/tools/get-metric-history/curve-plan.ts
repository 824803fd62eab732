/** Which runs and which metrics a question about curves is about. */

import type { Caveat } from '../../finding/finding.ts';
import { countOf, formatCount } from '../../finding/format.ts';
import { quoteName } from '../../finding/quote.ts';
import type { Run } from '../../mlflow/runs/types.ts';
import { allOf, hasField } from '../../query/filter.ts';
import type { RunField } from '../../query/kinds/run.ts';
import type { ToolContext } from '../define/context.ts';
import { ToolError } from '../define/errors.ts';
import { whereText } from '../resolve/filter-words.ts';
import { readFilter } from '../resolve/filters.ts';
import { readKeyStats } from '../resolve/key-stats.ts';
import { askForMetric, keysOfKind, parseKey, pickMetric, resolveKey } from '../resolve/keys.ts';
import type { NamedKey } from '../resolve/names.ts';
import { deletedCaveats, resolveRuns } from '../resolve/runs.ts';
import { narrowScope, resolveScope, type Scope, scopeName } from '../resolve/scope.ts';
import type { CurveRun } from './curves.ts';
import { curveRunText } from './words.ts';

export interface CurvePlan {
  readonly scope: Scope;
  /** `` in `churn` ``, `among the FAILED runs`: what the curves are of. */
  readonly where: string;
  readonly filter: string | undefined;
  readonly runs: readonly CurveRun[];
  readonly keys: readonly string[];
  /** Runs in scope that have one of the keys; more than `runs` when not all are read. */
  readonly matched: number;
  readonly caveats: readonly Caveat[];
}

export interface CurveRequest {
  readonly metrics?: readonly string[] | undefined;
  readonly experiment?: string | undefined;
  readonly filter?: string | undefined;
  /** Whether every metric is meant when none is named; otherwise one is asked for. */
  readonly anyMetric: boolean;
}

const RUNS_NAMED = 3;
const KEYS_NAMED = 8;

function curveRun({ id, name, status, lifecycle, experimentId, metrics }: Run): CurveRun {
  return { id, name, status, lifecycle, experimentId, keys: [...metrics.keys()].sort() };
}

/** Named runs. @throws ToolError of `resolveRun`; ambiguous_metric; no_data where none of them logged the metric. */
export async function planRuns(
  context: ToolContext,
  asked: readonly string[],
  request: CurveRequest,
): Promise<CurvePlan> {
  const names = await resolveRuns(context, asked, request.experiment);
  const found = await context.store.getRuns(
    names.map(({ id }) => id),
    context.signal,
  );
  const runs = found.map(curveRun);
  const whole = await resolveScope(context, undefined, 'all');
  const ids = new Set(runs.map((run) => run.experimentId));
  const scope = narrowScope(
    whole,
    whole.known.filter(({ id }) => ids.has(id)),
  );
  const logged = [
    ...Map.groupBy(
      runs.flatMap(({ keys }) => keys),
      (key) => key,
    ),
  ].map(([key, all]): NamedKey => ({ key, runs: all.length }));
  const own = logged.filter(({ key }) => !key.startsWith('system/'));
  const picked = request.metrics?.map((metric) => {
    const { key } = parseKey(metric);
    const found = pickMetric(key, logged);
    if (found === undefined) throw neverLogged(runs, quoteName(key));
    return found;
  });
  if (picked === undefined && own.length === 0) throw neverLogged(runs, 'a metric');
  if (picked === undefined && own.length > 1 && !request.anyMetric) throw askForMetric(own, `in ${scopeName(scope)}`);
  return {
    scope,
    where: `in ${scopeName(scope)}`,
    filter: undefined,
    runs,
    keys: (picked ?? own).map(({ key }) => key),
    matched: runs.length,
    caveats: [...deletedCaveats(names), ...(picked ?? []).flatMap(({ caveat }) => caveat ?? [])],
  };
}

function neverLogged(runs: readonly CurveRun[], what: string): ToolError {
  const said = runs.slice(0, RUNS_NAMED).map((run) => {
    const keys = run.keys.slice(0, KEYS_NAMED).map((key) => quoteName(key));
    return `${curveRunText(run)} has ${keys.join(', ') || 'no metrics'}`;
  });
  return new ToolError(
    'no_data',
    `${runs.length === 1 ? 'The run' : 'None of these runs'} ${runs.length === 1 ? 'never ' : ''}logged ${what}: ${said.join('; ')}.`,
  );
}

/** The newest `limit` runs of the scope that have one of the metrics; when any metric will do, the newest of all. */
export async function planScope(context: ToolContext, request: CurveRequest, limit: number): Promise<CurvePlan> {
  const scope = await resolveScope(context, request.experiment);
  const asked = readFilter(request.filter);
  const where = whereText(scope, asked, context.timeZone);
  if (request.metrics === undefined && !request.anyMetric) {
    const stats = await readKeyStats(context, { experimentIds: scope.ids, filter: asked }, { metrics: 'all' });
    throw askForMetric(keysOfKind(stats, 'metric'), where);
  }
  const resolved = await Promise.all(
    (request.metrics ?? []).map((metric) => resolveKey(context, scope, 'metric', parseKey(metric).key)),
  );
  const logged = resolved.map(({ key }) => hasField<RunField>({ kind: 'metric', key }));
  const filter = allOf(asked, logged.length > 0 ? { op: 'or', of: logged } : undefined);
  const population = { experimentIds: scope.ids, filter };
  const { runs: found, matched } = await context.store.topRuns(
    population,
    [],
    limit,
    { metrics: 'all' },
    context.signal,
  );
  const runs = found.map(curveRun);
  const own = [...new Set(runs.flatMap(({ keys }) => keys))].filter((key) => !key.startsWith('system/')).sort();
  const cut = `only the newest ${formatCount(limit)} of ${countOf(matched, 'run')} were read`;
  return {
    scope,
    where,
    filter: request.filter,
    runs,
    keys: request.metrics === undefined ? own : resolved.map(({ key }) => key),
    matched,
    caveats: [
      ...resolved.flatMap(({ caveat }) => caveat ?? []),
      ...(matched > limit ? [{ code: 'TRUNCATED', text: cut }] : []),
    ],
  };
}
