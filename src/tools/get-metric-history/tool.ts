/** get_metric_history: metric curves with statistics over all points, and which runs diverged, overfit or stalled. */

import * as z from 'zod';
import { type Exclusion, exclusionsOf } from '../../finding/coverage.ts';
import type { Series } from '../../finding/drawing.ts';
import type { Caveat, FindingBody } from '../../finding/finding.ts';
import { countOf, formatCount } from '../../finding/format.ts';
import { quoteName } from '../../finding/quote.ts';
import { refOf } from '../../finding/refs.ts';
import type { Table } from '../../finding/table.ts';
import { takeTurns } from '../../mlflow/take-turns.ts';
import type { ToolContext } from '../define/context.ts';
import { ToolError } from '../define/errors.ts';
import { experiment } from '../define/inputs.ts';
import { runLink } from '../define/links.ts';
import { defineTool } from '../define/tool.ts';
import { findDirection } from '../resolve/direction.ts';
import { coverageScope } from '../resolve/scope.ts';
import { answers } from './answers.ts';
import { type CurvePlan, planRuns, planScope } from './curve-plan.ts';
import { type Curve, drawnSeries, type FindDirection, isCurve, readCurves, readEpochs } from './curves.ts';
import { pythonCurves } from './python.ts';
import { stepSummary } from './step-words.ts';
import {
  countObstacles,
  DIAGNOSES,
  type Judged,
  judgeRuns,
  namedSummary,
  nonFiniteCaveats,
  scanSummary,
  type Verdicts,
  type Wanted,
} from './verdicts.ts';
import { curveRunText, curveSentence, overviewText } from './words.ts';

const MAX_DRAWN = 10;
const SENTENCES = 4;
/** Runs whose curves are read to look for a diagnosis, newest first. */
const MAX_SCANNED = 1_000;

const input = z.strictObject({
  runs: z.array(z.string()).min(1).max(20).optional().describe('ids, names or numbers; default: all in scope'),
  metrics: z.array(z.string()).min(1).max(5).optional().describe('metric keys; with diagnosis default all'),
  experiment,
  filter: z.string().optional().describe('run filter, without runs'),
  diagnosis: z
    .enum(Object.keys(DIAGNOSES) as [Wanted, ...Wanted[]])
    .optional()
    .describe('find the runs that show it'),
  at_step: z.int().min(0).optional().describe('the value at this step'),
  x: z.enum(['step', 'epoch', 'time']).optional().describe('x axis; default step'),
  max_points: z.int().min(2).max(10_000).optional().describe('points drawn per curve'),
});
type Input = z.output<typeof input>;

export const getMetricHistory = defineTool({
  name: 'get_metric_history',
  title: 'Get metric history',
  description:
    'Curves of metrics over steps, drawn for the user: first, last, min and max with their steps, from all points, and what they show (diverged, overfitting, plateau, still improving). ' +
    'With diagnosis: which runs of the scope show it.',
  input,
  kind: 'run',
  verbs: ['history', 'diagnose'],
  readOnly: true,
  answers,
  async run(input, context) {
    const request = { ...input, anyMetric: input.diagnosis !== undefined };
    const limit = input.diagnosis === undefined ? MAX_DRAWN : MAX_SCANNED;
    const plan =
      input.runs === undefined
        ? await planScope(context, request, limit)
        : await planRuns(context, input.runs, request);
    const known = plan.scope.experiments === 'all' ? plan.scope.known : plan.scope.experiments;
    const directionOf: FindDirection = (key) => findDirection(key, undefined, known)?.value;
    const curves = await readCurves(context, plan.runs, plan.keys, directionOf);
    if (curves.length === 0) throw noHistory(plan);
    const draw: Draw = async (chosen) => {
      const epochs = input.x === 'epoch' ? await readEpochs(context, chosen) : undefined;
      const budget = input.max_points ?? context.limits.historyPoints;
      const drawn: Series[] = [];
      const draw = (curve: Curve) => drawn.push(drawnSeries(curve, budget, input.x, epochs));
      await takeTurns(chosen, draw, context.signal, 1);
      return drawn;
    };
    return input.diagnosis === undefined
      ? curvesFinding(plan, curves, { draw, step: input.at_step }, context)
      : diagnosisFinding(input.diagnosis, input, plan, curves, draw, context);
  },
});

function noHistory({ keys, where }: CurvePlan): ToolError {
  const names = keys.slice(0, SENTENCES).map((key) => quoteName(key));
  return new ToolError('no_data', `No history of ${names.join(', ') || 'any metric'} ${where}.`);
}

type Draw = (curves: readonly Curve[]) => Promise<Series[]>;

async function curvesFinding(
  plan: CurvePlan,
  curves: readonly Curve[],
  { draw, step }: { readonly draw: Draw; readonly step: number | undefined },
  context: ToolContext,
): Promise<FindingBody> {
  const real = curves.filter(isCurve);
  const shown = real.length > 0 ? real : curves;
  const single = curves.length - real.length;
  const lone: Caveat[] =
    real.length > 0 && single > 0
      ? [{ code: 'ONE_POINT', text: `${countOf(single, 'metric')} had only one point: no curve` }]
      : [];
  const [first] = curves;
  return body(plan, curves, context, {
    summary:
      step !== undefined
        ? stepSummary(curves, step)
        : shown.length > SENTENCES
          ? overviewText(shown, plan.keys, plan.where)
          : shown.map(curveSentence).join(' '),
    table: curveTable(shown),
    series: await draw(real),
    facts: curves.length === 1 && first !== undefined ? curveFacts(first) : { curves: real.length },
    caveats: [...plan.caveats, ...lone, ...curves.flatMap(repeatCaveat)],
    considered: new Set(curves.map(({ run }) => run.id)).size,
  });
}

function curveFacts({ summary, points, run }: Curve) {
  return {
    run: refOf('run', run),
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
      refOf('run', run),
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

/** Which of the runs show what was looked for. */
async function diagnosisFinding(
  wanted: Wanted,
  input: Input,
  plan: CurvePlan,
  curves: readonly Curve[],
  draw: Draw,
  context: ToolContext,
): Promise<FindingBody> {
  const real = curves.filter(isCurve);
  const verdicts = judgeRuns(wanted, real);
  const { found } = verdicts;
  return body(
    plan,
    found.map(({ curve }) => curve),
    context,
    {
      summary: diagnosisSummary(wanted, input, plan, real, verdicts),
      table: diagnosisTable(found),
      series: await draw(found.slice(0, MAX_DRAWN).map(({ curve }) => curve)),
      facts: { runs: new Set(found.map(({ curve }) => curve.run.id)).size, judged: verdicts.judged },
      caveats: [...plan.caveats, ...(wanted === 'diverged' ? nonFiniteCaveats(curves, found) : [])],
      considered: verdicts.judged,
      unjudged: exclusionsOf(countObstacles(verdicts)),
    },
  );
}

function diagnosisSummary(
  wanted: Wanted,
  input: Input,
  plan: CurvePlan,
  curves: readonly Curve[],
  verdicts: Verdicts,
): string {
  if (curves.length === 0) {
    const what = input.metrics === undefined ? 'every metric' : plan.keys.map((key) => quoteName(key)).join(' and ');
    return `No run ${plan.where} has a curve to judge: ${what} was logged once.`;
  }
  if (input.runs === undefined) return scanSummary(wanted, verdicts, plan.where);
  const shapes = verdicts.found.length > 0 ? [] : curves.slice(0, SENTENCES).map(curveSentence);
  return [namedSummary(wanted, verdicts), ...shapes].join(' ');
}

function diagnosisTable(found: readonly Judged[]): Table {
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
      refOf('run', curve.run),
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
  /** Runs whose curves were judged. */
  readonly considered: number;
  /** Runs whose curves could not be. */
  readonly unjudged?: readonly Exclusion[];
}

function body(plan: CurvePlan, curves: readonly Curve[], context: ToolContext, said: Said): FindingBody {
  const runs = [...new Map(curves.map(({ run }) => [run.id, run])).values()];
  const [run] = runs;
  const { scope, keys, matched } = plan;
  const complete = matched <= plan.runs.length;
  const unread = complete ? 'without such a curve' : 'not read or without such a curve';
  const { unjudged = [] } = said;
  const left = matched - said.considered - unjudged.reduce((sum, { count }) => sum + count, 0);
  const drawn = runs.slice(0, MAX_DRAWN).map((one) => refOf('run', one));
  const titled = curves.length > 0 ? new Set(curves.map(({ key }) => key)) : keys;
  return {
    kind: 'series',
    title: `History of ${[...titled].slice(0, 3).join(', ')}`,
    summary: said.summary,
    data: { tables: [said.table], series: said.series, facts: said.facts },
    coverage: {
      unit: 'run',
      scope: coverageScope(scope),
      filter: plan.filter,
      matched,
      considered: said.considered,
      excluded: left > 0 ? [...unjudged, { reason: unread, count: left }] : unjudged,
      complete,
    },
    method: 'all points, any status',
    caveats: said.caveats,
    links: run === undefined ? [] : runLink(context, run.experimentId, run),
    reproduce: pythonCurves(
      runs.map(({ id }) => id),
      keys,
      said.unjudged !== undefined,
    ),
    followUps: [],
    subject: {
      refs: [
        ...drawn,
        ...(scope.experiments === 'all' ? [] : scope.experiments.map((one) => refOf('experiment', one))),
      ],
      named: drawn,
      measure: keys.length === 1 ? keys[0] : undefined,
    },
  };
}
