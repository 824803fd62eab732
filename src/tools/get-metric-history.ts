/** get_metric_history: metric curves with statistics over all points, and which runs diverged, overfit or stalled. */
import * as z from 'zod';
import type { Diagnosis } from '../analysis/curve.ts';
import type { Run } from '../mlflow/types.ts';
import type { ToolContext } from './kit/context.ts';
import {
  type Curve,
  type CurveRun,
  curveRunText,
  curveSentence,
  diagnosisCounts,
  diagnosisText,
  drawnSeries,
  type FindDirection,
  readCurves,
} from './kit/curves.ts';
import { findDirection } from './kit/direction.ts';
import { ToolError } from './kit/errors.ts';
import { readFilter } from './kit/filters.ts';
import type { Caveat, FindingBody, Table } from './kit/finding.ts';
import { countOf, formatCount, formatNumber } from './kit/format.ts';
import { askForMetric, keysOfKind, parseKey, resolveKey } from './kit/keys.ts';
import { runLink } from './kit/links.ts';
import { type NamedKey, nearMisses } from './kit/names.ts';
import { quoteName } from './kit/quote.ts';
import { pythonString } from './kit/reproduce.ts';
import { deletedCaveats, resolveRuns } from './kit/runs.ts';
import { coverageScope, narrowScope, resolveScope, type Scope, scopeName } from './kit/scope.ts';
import { defineTool } from './kit/tool.ts';

const MAX_DRAWN = 10;
const SENTENCES = 3;
/** Runs whose curves are read to look for a diagnosis, newest first. */
const MAX_SCANNED = 1_000;

const KINDS = {
  diverged: 'diverged',
  overfitting: 'overfitting',
  plateau: 'plateau',
  still_improving: 'still-improving',
} as const;
type Wanted = keyof typeof KINDS;

const input = z.strictObject({
  runs: z.array(z.string()).min(1).max(20).optional().describe('default: all in scope'),
  metrics: z.array(z.string()).max(5).optional(),
  experiment: z.string().optional(),
  filter: z.string().optional().describe('without runs'),
  diagnosis: z
    .enum(Object.keys(KINDS) as [Wanted, ...Wanted[]])
    .optional()
    .describe('find the runs that show it'),
  max_points: z.int().min(2).max(10_000).optional(),
});
type Input = z.output<typeof input>;

/** Runs and keys to read. */
interface Plan {
  readonly scope: Scope;
  readonly runs: readonly CurveRun[];
  readonly keys: readonly string[];
  /** Runs in scope that have one of the keys. */
  readonly matched: number;
  readonly caveats: readonly Caveat[];
}

export const getMetricHistory = defineTool({
  name: 'get_metric_history',
  title: 'Get metric history',
  description:
    'Curves of metrics over steps: first, last, min, max with steps from all points, and a diagnosis (diverged, overfitting, plateau, still improving). ' +
    'With diagnosis: which runs show it.',
  input,
  readOnly: true,
  async run(input, context) {
    const plan =
      input.runs === undefined ? await planScope(input, context) : await planRuns(input.runs, input, context);
    const known = plan.scope.experiments === 'all' ? plan.scope.known : plan.scope.experiments;
    const directionOf: FindDirection = (key) => findDirection(key, undefined, known)?.value;
    const curves = await readCurves(context, plan.runs, plan.keys, directionOf);
    if (curves.length === 0)
      throw new ToolError(
        'no_data',
        `No history of ${plan.keys.map((key) => quoteName(key)).join(', ')} in ${scopeName(plan.scope)}.`,
      );
    return input.diagnosis === undefined
      ? curvesFinding(input, plan, curves, context)
      : diagnosisFinding(input.diagnosis, input, plan, curves, directionOf, context);
  },
});

function curveRun({ id, name, status, experimentId, metrics }: Run): CurveRun {
  return { id, name, status, experimentId, keys: [...metrics.keys()].sort() };
}

async function planRuns(asked: readonly string[], input: Input, context: ToolContext): Promise<Plan> {
  const names = await resolveRuns(context, asked, input.experiment);
  const runs = await context.store.getRuns(
    names.map(({ id }) => id),
    context.signal,
  );
  const scope = await resolveScope(context, undefined, 'all');
  const ids = new Set(runs.map((run) => run.experimentId));
  const narrowed = narrowScope(
    scope,
    scope.known.filter(({ id }) => ids.has(id)),
  );
  const counts = new Map<string, number>();
  for (const run of runs) for (const key of run.metrics.keys()) counts.set(key, (counts.get(key) ?? 0) + 1);
  const logged = [...counts].map(([key, count]): NamedKey => ({ key, runs: count }));
  const own = logged.filter(({ key }) => !key.startsWith('system/'));
  const picked = input.metrics?.map((metric) => pickKey(metric, logged, runs));
  if (picked === undefined && own.length === 0) throw neverLogged(runs, 'a metric');
  if (picked === undefined && own.length > 1 && input.diagnosis === undefined) throw askForMetric(own, narrowed);
  return {
    scope: narrowed,
    runs: runs.map(curveRun),
    keys: picked?.map(({ key }) => key) ?? own.map(({ key }) => key),
    matched: runs.length,
    caveats: [...deletedCaveats(names), ...(picked?.flatMap(({ caveat }) => caveat ?? []) ?? [])],
  };
}

function pickKey(asked: string, logged: readonly NamedKey[], runs: readonly Run[]): { key: string; caveat?: Caveat } {
  const { key } = parseKey(asked);
  if (logged.some((one) => one.key === key)) return { key };
  const near = nearMisses(key, logged);
  const [only] = near;
  if (only === undefined) throw neverLogged(runs, quoteName(key));
  if (near.length === 1)
    return {
      key: only.key,
      caveat: { code: 'NAME_MENDED', text: `${quoteName(key)} was read as ${quoteName(only.key)}` },
    };
  throw new ToolError(
    'ambiguous_metric',
    `Several metrics fit ${quoteName(key)}: ${near.map((one) => quoteName(one.key)).join(', ')}. Which one?`,
    {
      choices: near.map((one) => ({ slot: 'metric', value: one.key, label: one.key })),
    },
  );
}

function neverLogged(runs: readonly Run[], what: string): ToolError {
  const said = runs.slice(0, SENTENCES).map((run) => {
    const keys = [...run.metrics.keys()].slice(0, 8).map((key) => quoteName(key));
    return `${curveRunText(curveRun(run))} has ${keys.join(', ') || 'no metrics'}`;
  });
  return new ToolError('no_data', `None of these runs logged ${what}: ${said.join('; ')}.`);
}

/** All runs of the scope that have the metrics, or any metric when a diagnosis is looked for. */
async function planScope(input: Input, context: ToolContext): Promise<Plan> {
  const scope = await resolveScope(context, input.experiment);
  const population = { experimentIds: scope.ids, filter: readFilter(input.filter) };
  const stats = keysOfKind(await context.store.keyStats({ experimentIds: scope.ids }, context.signal), 'metric');
  if (input.metrics === undefined && input.diagnosis === undefined) throw askForMetric(stats, scope);
  const resolved = await Promise.all(
    (input.metrics ?? []).map((metric) => resolveKey(context, scope, 'metric', parseKey(metric).key)),
  );
  const allKeys = stats.map(({ key }) => key);
  const keys =
    input.metrics === undefined ? allKeys.filter((key) => !key.startsWith('system/')) : resolved.map(({ key }) => key);
  const columns = await context.store.columns(population, { metrics: allKeys }, context.signal);
  const rows = columns.ids.flatMap((_, row) =>
    keys.some((key) => columns.metrics.get(key)?.[row] !== undefined) ? [row] : [],
  );
  const limit = input.diagnosis === undefined ? MAX_DRAWN : MAX_SCANNED;
  const runs = rows.slice(0, limit).map(
    (row): CurveRun => ({
      id: columns.ids[row] ?? '',
      name: columns.names[row] ?? '',
      status: columns.statuses[row] ?? 'FINISHED',
      experimentId: columns.experimentIds[row] ?? '',
      keys: allKeys.filter((key) => columns.metrics.get(key)?.[row] !== undefined),
    }),
  );
  const cut: Caveat[] =
    rows.length > limit
      ? [
          {
            code: 'TRUNCATED',
            text: `only the newest ${formatCount(limit)} of ${countOf(rows.length, 'run')} were read`,
          },
        ]
      : [];
  const mended = resolved.flatMap(({ caveat }) => caveat ?? []);
  return { scope, runs, keys, matched: rows.length, caveats: [...mended, ...cut] };
}

function curvesFinding(input: Input, plan: Plan, curves: readonly Curve[], context: ToolContext): FindingBody {
  const real = curves.filter((curve) => curve.points.length > 1);
  const shown = real.length > 0 ? real : curves;
  const summary = shown.length > SENTENCES ? overviewText(shown, plan) : shown.map(curveSentence).join(' ');
  const budget = input.max_points ?? context.limits.historyPoints;
  const single = curves.filter((curve) => curve.points.length === 1);
  const [first] = curves;
  const facts = curves.length === 1 && first !== undefined ? curveFacts(first) : { curves: real.length };
  const caveats: Caveat[] = [
    ...plan.caveats,
    ...(real.length > 0 && single.length > 0
      ? [{ code: 'ONE_POINT', text: `${countOf(single.length, 'metric')} had only one point: no curve` }]
      : []),
    ...curves.flatMap(repeatCaveat),
  ];
  return body(plan, curves, context, {
    summary,
    table: curveTable(shown),
    series: real.map((curve) => drawnSeries(curve, budget)),
    facts,
    caveats,
    considered: new Set(curves.map(({ run }) => run.id)).size,
  });
}

/** Many curves: how they ended and what they show. */
function overviewText(curves: readonly Curve[], { keys, scope }: Plan): string {
  const counts = diagnosisCounts(curves);
  const ends = keys.flatMap((key) => {
    const ended = curves.filter((curve) => curve.key === key && Number.isFinite(curve.summary.last?.value));
    const sorted = ended.sort((a, b) => (a.summary.last?.value ?? 0) - (b.summary.last?.value ?? 0));
    const [low, high] = [sorted[0], sorted.at(-1)];
    if (low === undefined || high === undefined) return [];
    const end = (curve: Curve) =>
      `${formatNumber(curve.summary.last?.value ?? Number.NaN)} (${curveRunText(curve.run)})`;
    return [`${quoteName(key)} ends between ${end(low)} and ${end(high)}`];
  });
  const runs = countOf(new Set(curves.map(({ run }) => run.id)).size, 'run');
  return `${countOf(curves.length, 'curve')} of ${runs} in ${scopeName(scope)}: ${ends.join('; ')}.${counts === '' ? '' : ` Diagnosis: ${counts}.`}`;
}

function curveFacts({ summary, points, run }: Curve) {
  return {
    run: { id: run.id, name: run.name },
    points: points.length,
    first: summary.first?.value,
    last: summary.last?.value,
    min: summary.min?.value,
    minStep: summary.min?.step,
    max: summary.max?.value,
    maxStep: summary.max?.step,
    nonFinite: summary.nonFinite,
  };
}

function repeatCaveat({ summary, run, key, points }: Curve): Caveat[] {
  if (summary.repeatedSteps === 0) return [];
  const where = `${quoteName(key)} of ${curveRunText(run)}`;
  const text =
    summary.distinctSteps === 1
      ? `all ${formatCount(points.length)} points of ${where} have the same step: drawn in log order`
      : `${where} logged ${countOf(summary.repeatedSteps, 'step')} more than once (resumed?): the last value of a step is drawn`;
  return [{ code: 'REPEATED_STEPS', text }];
}

function curveTable(curves: readonly Curve[]): Table {
  return {
    columns: [
      { key: 'run', label: 'run', kind: 'run' },
      { key: 'metric', label: 'metric', kind: 'text' },
      { key: 'points', label: 'points', kind: 'count' },
      { key: 'first', label: 'first', kind: 'metric' },
      { key: 'last', label: 'last', kind: 'metric' },
      { key: 'min', label: 'min', kind: 'metric' },
      { key: 'max', label: 'max', kind: 'metric' },
    ],
    rows: curves.map(({ run, key, points, summary }) => [
      { id: run.id, name: run.name },
      key,
      points.length,
      summary.first?.value,
      summary.last?.value,
      summary.min?.value,
      summary.max?.value,
    ]),
    total: curves.length,
  };
}

/** A score that ends below its start got worse; only an error, or what ended non-finite, is said to diverge. */
function isScoreThatFell({ key }: Curve, diagnosis: Diagnosis, directionOf: FindDirection): boolean {
  return diagnosis.kind === 'diverged' && Number.isFinite(diagnosis.last) && directionOf(key) === 'higher';
}

interface Shown {
  readonly curve: Curve;
  readonly diagnosis: Diagnosis;
}

/** Which of the runs show what was looked for. */
function diagnosisFinding(
  wanted: Wanted,
  input: Input,
  plan: Plan,
  curves: readonly Curve[],
  directionOf: FindDirection,
  context: ToolContext,
): FindingBody {
  const judged = curves.filter(
    ({ points, diagnoses }) => points.length > 1 && !diagnoses.some(({ kind }) => kind === 'too-short'),
  );
  const found = judged.flatMap((curve): Shown[] => {
    const diagnosis = curve.diagnoses.find(({ kind }) => kind === KINDS[wanted]);
    return diagnosis === undefined || isScoreThatFell(curve, diagnosis, directionOf) ? [] : [{ curve, diagnosis }];
  });
  const byRun = Map.groupBy(found, ({ curve }) => curve.run.id);
  const judgedRuns = new Set(judged.map(({ run }) => run.id)).size;
  const names = [...byRun.values()].slice(0, MAX_DRAWN).map((shown) => {
    const texts = shown
      .slice(0, 2)
      .map(({ curve, diagnosis }) => `${quoteName(curve.key)} ${diagnosisText(diagnosis)}`);
    return `${curveRunText((shown[0] as Shown).curve.run)} (${texts.join('; ')})`;
  });
  const verb = {
    diverged: 'diverged',
    overfitting: 'overfitted',
    plateau: 'reached a plateau',
    still_improving: 'were still improving at the end',
  }[wanted];
  const of = `of ${countOf(judgedRuns, 'run')} with curves of 10 points or more in ${scopeName(plan.scope)}`;
  const more = byRun.size > names.length ? `, +${formatCount(byRun.size - names.length)} more` : '';
  const summary =
    byRun.size === 0
      ? `No run ${of} ${verb.replace('were', 'was')}.`
      : `${formatCount(byRun.size)} ${of} ${verb}: ${names.join(', ')}${more}.`;
  const unfinite = judged.filter((curve) => !byRun.has(curve.run.id) && curve.summary.nonFinite > 0);
  const others: Caveat[] =
    wanted === 'diverged' && unfinite.length > 0
      ? [
          {
            code: 'NON_FINITE',
            text: `left out, since they recovered: ${unfinite
              .slice(0, SENTENCES)
              .map(
                (curve) =>
                  `${curveRunText(curve.run)} (${quoteName(curve.key)} ${diagnosisText(curve.diagnoses[0] as Diagnosis)})`,
              )
              .join(', ')}`,
          },
        ]
      : [];
  return body(
    plan,
    found.map(({ curve }) => curve),
    context,
    {
      summary,
      table: diagnosisTable(found),
      series: found
        .slice(0, MAX_DRAWN)
        .map(({ curve }) => drawnSeries(curve, input.max_points ?? context.limits.historyPoints)),
      facts: { runs: byRun.size, judged: judgedRuns },
      caveats: [...plan.caveats, ...others],
      considered: judgedRuns,
    },
  );
}

function diagnosisTable(found: readonly Shown[]): Table {
  return {
    columns: [
      { key: 'run', label: 'run', kind: 'run' },
      { key: 'status', label: 'status', kind: 'status' },
      { key: 'metric', label: 'metric', kind: 'text' },
      { key: 'step', label: 'best at step', kind: 'count' },
      { key: 'best', label: 'best', kind: 'metric' },
      { key: 'last', label: 'last', kind: 'metric' },
    ],
    rows: found.map(({ curve, diagnosis }) => [
      { id: curve.run.id, name: curve.run.name },
      curve.run.status,
      curve.key,
      diagnosis.step,
      'best' in diagnosis ? diagnosis.best : undefined,
      curve.summary.last?.value,
    ]),
    total: found.length,
  };
}

interface Said {
  readonly summary: string;
  readonly table: Table;
  readonly series: FindingBody['data']['series'];
  readonly facts: FindingBody['data']['facts'];
  readonly caveats: readonly Caveat[];
  readonly considered: number;
}

function body(plan: Plan, curves: readonly Curve[], context: ToolContext, said: Said): FindingBody {
  const runs = [...new Map(curves.map(({ run }) => [run.id, run])).values()];
  const [run] = runs;
  const { scope, keys, matched } = plan;
  const python = `mlflow.MlflowClient().get_metric_history(${pythonString(run?.id ?? '')}, ${pythonString(keys[0] ?? '')})`;
  return {
    kind: 'series',
    title: `History of ${keys.slice(0, 3).join(', ')}`,
    summary: said.summary,
    data: { tables: [said.table], series: said.series, facts: said.facts },
    coverage: {
      scope: coverageScope(scope),
      matched,
      considered: said.considered,
      excluded:
        matched > said.considered
          ? new Map([
              [
                matched > plan.runs.length ? 'not read or without such a curve' : 'without such a curve',
                matched - said.considered,
              ],
            ])
          : new Map(),
      complete: matched <= plan.runs.length,
    },
    method: 'all points, any status',
    caveats: said.caveats,
    links: run === undefined ? [] : runLink(context, run.experimentId, run),
    reproduce: `import mlflow\n${python}`,
    followUps: [],
    subject: {
      experimentIds: scope.experiments === 'all' ? [] : scope.experiments.map(({ id }) => id),
      runIds: runs.slice(0, MAX_DRAWN).map(({ id }) => id),
      ...(keys.length === 1 && keys[0] !== undefined && { metric: keys[0] }),
    },
  };
}
