/** Which way a metric is better, and who says so. */
import { directionOf } from '../../analysis/direction.ts';
import type { Direction } from '../../finding/finding.ts';
import { quoteName } from '../../finding/quote.ts';
import type { Experiment } from '../../mlflow/runs/types.ts';
import { ToolError } from '../define/errors.ts';

const PRIMARY_NAME = 'mlflow.experiment.primaryMetric.name';
const PRIMARY_GREATER = 'mlflow.experiment.primaryMetric.greaterIsBetter';

/** The metric that an experiment declares as its own measure of success. */
export function primaryMetric(experiment: Experiment): string | undefined {
  return experiment.tags.get(PRIMARY_NAME);
}

/** Asked, else the experiment's primary metric, else the metric's name; undefined where none of them tells. */
export function findDirection(
  metric: string,
  asked: Direction['value'] | undefined,
  experiments: readonly Experiment[],
): Direction | undefined {
  if (asked !== undefined) return { value: asked, source: 'asked' };
  for (const { tags } of experiments) {
    const greater = tags.get(PRIMARY_GREATER)?.toLowerCase();
    if (tags.get(PRIMARY_NAME) !== metric || (greater !== 'true' && greater !== 'false')) continue;
    return { value: greater === 'true' ? 'higher' : 'lower', source: 'experiment' };
  }
  const byName = directionOf(metric);
  return byName && { value: byName, source: 'name' };
}

/** @throws ToolError ambiguous_direction with both ways to choose from. */
export function requireDirection(direction: Direction | undefined, metric: string): Direction {
  if (direction !== undefined) return direction;
  throw new ToolError(
    'ambiguous_direction',
    `Is a higher or a lower ${quoteName(metric)} better? Its name does not tell.`,
    {
      hint: 'Say which, or ask for the highest or the lowest.',
      choices: [
        { slot: 'direction', value: 'higher', label: 'higher is better' },
        { slot: 'direction', value: 'lower', label: 'lower is better' },
      ],
    },
  );
}
