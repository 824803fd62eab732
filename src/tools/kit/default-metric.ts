/** The metric that is meant when none is named. */
import type { ToolContext } from './context.ts';
import { primaryMetric } from './direction.ts';
import { ToolError } from './errors.ts';
import { askForMetric, describeCounts, keysOfKind } from './keys.ts';
import { resolveScope, scopeName, soleExperiment } from './scope.ts';

/**
 * The experiment's primary metric, else its only one, with its prefix.
 * @throws ToolError ambiguous_metric with choices, no_data where nothing has a metric.
 */
export async function defaultMetric(context: ToolContext, named: string | undefined): Promise<string> {
  const scope = await resolveScope(context, named);
  const experiment = soleExperiment(scope);
  const primary = experiment && primaryMetric(experiment);
  if (primary !== undefined) return `metrics.${primary}`;
  const stats = await context.store.keyStats({ experimentIds: scope.ids }, context.signal);
  const metrics = keysOfKind(stats, 'metric').filter(({ key }) => !key.startsWith('system/'));
  const [only] = metrics;
  if (metrics.length > 1) throw askForMetric(metrics, scope);
  if (only !== undefined) return `metrics.${only.key}`;
  const counts = await context.store.countRuns({ experimentIds: scope.ids }, context.signal);
  throw new ToolError('no_data', `No run in ${scopeName(scope)} has a metric: ${describeCounts(counts)}.`);
}
