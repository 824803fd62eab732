/** POST /api/v1/ml/experiments/{id}/compare: metrics of some runs, the best of them, and what params go with the first. */
import * as z from 'zod';
import { rank } from '../../../analysis/rank.ts';
import type { Experiment, Run } from '../../../mlflow/runs/types.ts';
import { idReference } from '../../../query/reference.ts';
import type { ToolContext } from '../../../tools/define/context.ts';
import { ToolError } from '../../../tools/define/errors.ts';
import { defaultMetric } from '../../../tools/resolve/default-metric.ts';
import { findDirection } from '../../../tools/resolve/direction.ts';
import { parseKey } from '../../../tools/resolve/keys.ts';
import { defineRoute } from '../route.ts';
import { experimentOf, loggedKey, runOf } from './find.ts';
import { impactOfParameters, ParameterImpact } from './parameter-impact.ts';
import { experimentParams, metricValue } from './runs.ts';
import { jsonMap, jsonNumber } from './values.ts';

const keys = (what: string) => z.array(z.string().min(1).max(500)).min(1).max(20).describe(what);

const Comparison = z.object({
  comparison: z.object({
    runs: z
      .array(z.object({ run_id: z.string() }).catchall(z.union([metricValue, z.null()])))
      .describe('Each with the last value of every metric asked for; null where it has none.'),
    best_run: z.string().nullable().describe('The finished run that is best by the first metric.'),
    best_run_reason: z.string().optional().describe('Why there is none.'),
    parameter_impact: z.record(z.string(), ParameterImpact),
  }),
});

export const compareRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/ml/experiments/{id}/compare',
  tag: 'tracking',
  summary: 'Compare runs of an experiment.',
  params: z.strictObject(experimentParams),
  body: z.strictObject({
    run_ids: z.array(z.string().min(1).max(500)).min(2).max(20).describe('Ids or names.'),
    metrics: keys("The first decides; default: the experiment's primary or only metric.").optional(),
    parameters: keys('Default: those that differ between the runs.').optional(),
  }),
  replies: { 200: { description: 'The comparison.', schema: Comparison } },
  faults: [404, 409, 422, 503, 504],
  async answer({ params, body }, { app, signal }) {
    const context = await app.toolContext(signal);
    return context.store.snapshot(async (store) => {
      const own = { ...context, store };
      const experiment = await experimentOf(own, params.id);
      const runs = await runsOf(own, experiment, body.run_ids);
      const metrics = await metricsOf(own, experiment, body.metrics);
      const [first = ''] = metrics;
      const parameters = body.parameters ?? differingParams(runs);
      for (const one of body.parameters ?? []) await loggedKey(own, experiment, 'param', one);
      const comparison = {
        runs: runs.map((run) => toComparedRun(run, metrics)),
        ...bestRun(runs, first, experiment),
        parameter_impact: await impactOfParameters(own, experiment, first, parameters),
      };
      return { body: { comparison } };
    });
  },
});

async function runsOf(context: ToolContext, experiment: Experiment, asked: readonly string[]): Promise<Run[]> {
  const ids = new Set<string>();
  for (const one of asked) ids.add((await runOf(context, experiment, one)).id);
  if (ids.size < 2) throw new ToolError('too_few', 'run_ids names only one run.');
  return context.store.getRuns([...ids], context.signal);
}

async function metricsOf(
  context: ToolContext,
  experiment: Experiment,
  asked: readonly string[] | undefined,
): Promise<string[]> {
  if (asked === undefined) return [parseKey(await defaultMetric(context, idReference(experiment.id), undefined)).key];
  const metrics = new Set<string>();
  for (const one of asked) metrics.add(await loggedKey(context, experiment, 'metric', one));
  return [...metrics];
}

const MOST_PARAMS = 20;

function differingParams(runs: readonly Run[]): string[] {
  const all = new Set(runs.flatMap(({ params }) => [...params.keys()]));
  const differing = [...all].filter((key) => new Set(runs.map(({ params }) => params.get(key))).size > 1);
  return differing.sort().slice(0, MOST_PARAMS);
}

/** A metric that is called run_id stands beside the run's own id. */
function toComparedRun(run: Run, metrics: readonly string[]) {
  const values = metrics.map((key) => {
    const value = run.metrics.get(key)?.value;
    return [key === 'run_id' ? 'metrics.run_id' : key, value === undefined ? null : jsonNumber(value)] as const;
  });
  return jsonMap<string | number | null>([['run_id', run.id], ...values]);
}

/** As everywhere, NaN and ±Infinity never win, and neither do failed or running runs. */
function bestRun(runs: readonly Run[], metric: string, experiment: Experiment) {
  const none = (reason: string) => ({ best_run: null, best_run_reason: reason });
  const direction = findDirection(metric, undefined, [experiment]);
  if (direction === undefined) return none(`whether a higher or a lower ${metric} is better is not known`);
  const finished = runs.filter(({ status }) => status === 'FINISHED');
  const { ties } = rank(
    finished.map(({ id, metrics }) => ({ id, value: metrics.get(metric)?.value })),
    direction.value,
  );
  const [best, ...others] = ties;
  if (best === undefined) return none(`no finished run of these has a finite ${metric}`);
  return others.length === 0 ? { best_run: best.id } : none(`${ties.map(({ id }) => id).join(' and ')} tie`);
}
