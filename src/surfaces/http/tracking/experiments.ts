/** GET /api/v1/ml/experiments: experiments, each with the best value of its primary metric. */
import * as z from 'zod';
import type { Experiment } from '../../../mlflow/runs/types.ts';
import { TENANT_TAG } from '../../../mlflow/tenant-store.ts';
import { idReference } from '../../../query/reference.ts';
import type { ToolContext } from '../../../tools/define/context.ts';
import { ToolError } from '../../../tools/define/errors.ts';
import { matchesTag } from '../../../tools/list-experiments/tool.ts';
import { rankRuns } from '../../../tools/rank-runs/tool.ts';
import { printKey } from '../../../tools/resolve/keys.ts';
import { pageFields, pageOf, pageQuery, readPage } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { isoTime, jsonMap } from './values.ts';

const ExperimentRow = z.object({
  id: z.string(),
  name: z.string(),
  run_count: z.int().describe('Active runs of any status.'),
  best_metric: z
    .record(z.string(), z.number())
    .nullable()
    .describe('The metric with its best value, of finished leaf runs.'),
  best_metric_reason: z.string().optional().describe('Why there is none.'),
  status: z.literal('active'),
  created_at: z.string().nullable(),
});

export const experimentsRoute = (most: number) =>
  defineRoute({
    method: 'GET',
    path: '/api/v1/ml/experiments',
    tag: 'tracking',
    summary: 'Experiments, by name.',
    query: z.strictObject({
      tenant_id: z.string().max(200).optional().describe('Only narrows what the token lets be seen.'),
      name: z.string().max(500).optional().describe('Exactly.'),
      tag: z.string().max(500).optional().describe('key or key=value.'),
      metric: z
        .string()
        .min(1)
        .max(500)
        .optional()
        .describe('What best_metric is of; default: the primary or only one.'),
      ...pageQuery(most),
    }),
    replies: {
      200: { description: 'One page.', schema: z.object({ experiments: z.array(ExperimentRow), ...pageFields }) },
    },
    faults: [503, 504],
    async answer({ query }, { app, signal, caller }) {
      const context = await app.toolContext(signal);
      const page = readPage(query, most);
      return context.store.snapshot(async (store) => {
        const own = { ...context, store };
        const all = await store.searchExperiments({}, signal);
        const matching = all
          .filter(({ tags }) => isOf(query.tenant_id, caller.tenant ?? tags.get(TENANT_TAG)))
          .filter(({ name }) => query.name === undefined || name === query.name)
          .filter((one) => matchesTag(one, query.tag))
          .sort((a, b) => (a.name < b.name ? -1 : 1));
        const shown = matching.slice(page.offset, page.offset + page.limit);
        const counts = await countRunsOf(own, shown);
        const experiments: z.output<typeof ExperimentRow>[] = [];
        for (const one of shown)
          experiments.push({
            id: one.id,
            name: one.name,
            run_count: counts.get(one.id) ?? 0,
            ...(await bestMetric(own, one, query.metric)),
            status: 'active',
            created_at: isoTime(one.creationTime),
          });
        return { body: { experiments, ...pageOf(matching.length, page) } };
      });
    },
  });

const isOf = (asked: string | undefined, tenant: string | undefined) => asked === undefined || asked === tenant;

async function countRunsOf({ store, signal }: ToolContext, shown: readonly Experiment[]): Promise<Map<string, number>> {
  const counts = await store.countRuns({ experimentIds: shown.map(({ id }) => id) }, signal);
  const sums = new Map<string, number>();
  for (const { experimentId, count } of counts) sums.set(experimentId, (sums.get(experimentId) ?? 0) + count);
  return sums;
}

type BestMetric = Pick<z.output<typeof ExperimentRow>, 'best_metric' | 'best_metric_reason'>;

/** The ranking's own rules, but that a RUNNING run does not stand in where no finished one has the metric. */
async function bestMetric(context: ToolContext, { id }: Experiment, metric: string | undefined): Promise<BestMetric> {
  const asked = metric === undefined ? {} : { metric: printKey(metric, 'metric') };
  const input = { experiment: idReference(id), filter: "attributes.status = 'FINISHED'", top: 1, ...asked };
  try {
    const { data, subject } = await rankRuns.run(input, context);
    const value = data.facts?.value;
    if (typeof value === 'number' && subject.measure !== undefined)
      return { best_metric: jsonMap([[subject.measure, value]]) };
    return { best_metric: null, best_metric_reason: 'no finished run has a finite value' };
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return { best_metric: null, best_metric_reason: error.message };
  }
}
