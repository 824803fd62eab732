/** The metric that is meant when none is named. */
import type { ToolContext } from '../define/context.ts';
import { ToolError } from '../define/errors.ts';
import { primaryMetric } from './direction.ts';
import { whereText } from './filter-words.ts';
import { readFilter } from './filters.ts';
import { readKeyStats } from './key-stats.ts';
import { askForMetric, describeCounts, keysOfKind, printKey } from './keys.ts';
import { resolveScope, soleExperiment } from './scope.ts';

/**
 * The experiment's primary metric, else the only one that the runs which pass the filter have, with its prefix.
 * @throws ToolError ambiguous_metric with choices, no_data where nothing has a metric.
 */
export async function defaultMetric(
  context: ToolContext,
  named: string | undefined,
  filterText: string | undefined,
): Promise<string> {
  const scope = await resolveScope(context, named);
  const filter = readFilter(filterText);
  const experiment = soleExperiment(scope);
  const primary = experiment && primaryMetric(experiment);
  if (primary !== undefined && filter === undefined) return printKey(primary, 'metric');
  const population = { experimentIds: scope.ids, filter };
  const stats = await readKeyStats(context, population, { metrics: 'all' });
  const metrics = keysOfKind(stats, 'metric').filter(({ key }) => !key.startsWith('system/'));
  const meant = metrics.length > 1 ? metrics.find(({ key }) => key === primary) : metrics[0];
  if (meant !== undefined) return printKey(meant.key, 'metric');
  const where = whereText(scope, filter, context.timeZone);
  if (metrics.length > 1) throw askForMetric(metrics, where);
  const counts = await context.store.countRuns(population, context.signal);
  throw new ToolError('no_data', `No run ${where} has a metric: ${describeCounts(counts)}.`);
}
