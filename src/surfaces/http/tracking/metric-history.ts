/** GET /api/v1/ml/experiments/{id}/runs/{run_id}/metrics/{metric_name}: the points of one metric. */
import * as z from 'zod';
import { downsample } from '../../../analysis/curve.ts';
import type { MetricPoint } from '../../../query/point.ts';
import { defineRoute } from '../route.ts';
import { experimentOf, metricOfRun, runOf } from './find.ts';
import { experimentParams, metricValue } from './runs.ts';
import { isoTime, jsonInteger, jsonNumber } from './values.ts';

const History = z.object({
  metric: z.string(),
  steps: z.array(
    z.object({
      step: z.union([z.int(), z.string()]).describe('Text beyond 2^53.'),
      value: metricValue,
      timestamp: z.string().nullable(),
    }),
  ),
  total: z.int().describe('Points that were logged.'),
  limit: z.int(),
  complete: z
    .boolean()
    .describe(
      'Whether all are there; else first, last, lowest, highest and points around gaps are among those that are.',
    ),
});

export const metricHistoryRoute = (most: number) =>
  defineRoute({
    method: 'GET',
    path: '/api/v1/ml/experiments/{id}/runs/{run_id}/metrics/{metric_name}',
    tag: 'tracking',
    summary: 'The history of a metric of a run.',
    params: z.strictObject({
      ...experimentParams,
      run_id: z.string().min(1).max(500).describe('Id or name of the run.'),
      metric_name: z.string().min(1).max(500),
    }),
    query: z.strictObject({
      limit: z.int().min(2).max(most).optional().describe(`Points; default and most: ${most}.`),
    }),
    replies: { 200: { description: 'Its points, by step.', schema: History } },
    faults: [404, 409, 503, 504],
    async answer({ params, query: { limit = most } }, { app, signal }) {
      const context = await app.toolContext(signal);
      return context.store.snapshot(async (store) => {
        const own = { ...context, store };
        const experiment = await experimentOf(own, params.id);
        const { id } = await runOf(own, experiment, params.run_id);
        const [run] = await store.getRuns([id], signal);
        const metric = metricOfRun(run!, params.metric_name);
        const [series] = await Array.fromAsync(store.metricHistory([id], [metric], signal));
        const points = series?.points ?? [];
        const shown = downsample(points, limit);
        const steps = shown.map(toStep);
        return { body: { metric, steps, total: points.length, limit, complete: steps.length === points.length } };
      });
    },
  });

function toStep({ step, value, timestamp }: MetricPoint) {
  return { step: jsonInteger(step), value: jsonNumber(value), timestamp: isoTime(timestamp) };
}
