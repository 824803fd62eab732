/** GET /api/v1/ml/experiments/{id}/runs: runs of an experiment with their params and metrics, in any order. */
import * as z from 'zod';
import type { Experiment, Run } from '../../../mlflow/runs/types.ts';
import type { OrderKey } from '../../../query/filter.ts';
import type { RunField } from '../../../query/kinds/run.ts';
import type { ToolContext } from '../../../tools/define/context.ts';
import { ToolError } from '../../../tools/define/errors.ts';
import { readFilter } from '../../../tools/resolve/filters.ts';
import { isAttribute, parseKey } from '../../../tools/resolve/keys.ts';
import { pageFields, pageOf, pageQuery, readPage } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { experimentOf, loggedKey } from './find.ts';
import { durationSeconds, isoTime, jsonMap, jsonNumber, parameterValue, RUN_STATUSES } from './values.ts';

export const experimentParams = { id: z.string().min(1).max(500).describe('Id or name of the experiment.') };
export const metricValue = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]);

const RunRow = z.object({
  run_id: z.string(),
  status: z.enum(Object.values(RUN_STATUSES)),
  parameters: z.record(z.string(), z.union([z.number(), z.string()])),
  metrics: z.record(z.string(), metricValue).describe('Last values.'),
  duration_seconds: z.number().nullable(),
  created_at: z.string().nullable(),
});

export const runsRoute = (most: number) =>
  defineRoute({
    method: 'GET',
    path: '/api/v1/ml/experiments/{id}/runs',
    tag: 'tracking',
    summary: 'Active runs of an experiment, of any status.',
    params: z.strictObject(experimentParams),
    query: z.strictObject({
      sort_by: z
        .string()
        .max(500)
        .optional()
        .describe(
          'metrics.KEY, params.KEY, tags.KEY, created_at, duration_seconds or an attribute; default created_at.',
        ),
      order: z.enum(['asc', 'desc']).optional().describe('Default desc; what lacks the key comes last either way.'),
      filter: z
        .string()
        .max(5_000)
        .optional()
        .describe("Run filter, e.g. metrics.`f1` > 0.9 AND params.`model` = 'xgb'."),
      ...pageQuery(most),
    }),
    replies: { 200: { description: 'One page.', schema: z.object({ runs: z.array(RunRow), ...pageFields }) } },
    faults: [404, 409, 422, 503, 504],
    async answer({ params, query }, { app, signal }) {
      const context = await app.toolContext(signal);
      const page = readPage(query, most);
      const filter = readFilter(query.filter);
      return context.store.snapshot(async (store) => {
        const experiment = await experimentOf({ ...context, store }, params.id);
        const order = await orderOf({ ...context, store }, experiment, query.sort_by, query.order ?? 'desc');
        const population = { experimentIds: [experiment.id], filter };
        // What comes before the page is only counted off: it is not worth its params and metrics.
        const { runs: heads, matched } = await store.topRuns(population, order, page.offset + page.limit, {}, signal);
        const runs = await store.getRuns(
          heads.slice(page.offset).map(({ id }) => id),
          signal,
        );
        return { body: { runs: runs.map(toRunRow), ...pageOf(matched, page) } };
      });
    },
  });

const ALIASES: Readonly<Record<string, RunField>> = {
  created_at: { kind: 'attribute', key: 'start_time' },
  duration_seconds: { kind: 'attribute', key: 'duration' },
};

/** @throws ToolError where nothing was logged so. */
async function orderOf(
  context: ToolContext,
  experiment: Experiment,
  sortBy: string | undefined,
  order: 'asc' | 'desc',
): Promise<OrderKey[]> {
  if (sortBy === undefined && order === 'desc') return [];
  return [{ field: await fieldOf(context, experiment, sortBy ?? 'created_at'), ascending: order === 'asc' }];
}

async function fieldOf(context: ToolContext, experiment: Experiment, sortBy: string): Promise<RunField> {
  const { kind, key } = parseKey(sortBy);
  const alias = kind === undefined || kind === 'attribute' ? ALIASES[key] : undefined;
  if (alias !== undefined && Object.hasOwn(ALIASES, key)) return alias;
  if (kind !== 'metric' && kind !== 'param' && kind !== 'tag') {
    if (isAttribute(key)) return { kind: 'attribute', key };
    throw new ToolError(
      'invalid_input',
      'sort_by is neither metrics.KEY, params.KEY, tags.KEY nor an attribute of runs.',
      {
        hint: 'For a metric called f1_score write metrics.f1_score.',
      },
    );
  }
  return { kind, key: await loggedKey(context, experiment, kind, key) };
}

function toRunRow(run: Run): z.output<typeof RunRow> {
  const metrics = [...run.metrics].map(([key, { value }]) => [key, jsonNumber(value)] as const);
  return {
    run_id: run.id,
    status: RUN_STATUSES[run.status],
    parameters: jsonMap([...run.params].map(([key, text]) => [key, parameterValue(text)] as const)),
    metrics: jsonMap(metrics) as z.output<typeof RunRow>['metrics'],
    duration_seconds: durationSeconds(run.startTime, run.endTime),
    created_at: isoTime(run.startTime),
  };
}
