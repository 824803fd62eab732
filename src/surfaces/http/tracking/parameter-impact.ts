/** Which params go with a metric, over all finished leaf runs of an experiment and never over a few that are compared. */
import * as z from 'zod';
import { spearman } from '../../../analysis/association.ts';
import { typeParam } from '../../../analysis/params.ts';
import type { Experiment } from '../../../mlflow/runs/types.ts';
import { idReference } from '../../../query/reference.ts';
import type { ToolContext } from '../../../tools/define/context.ts';
import { ToolError } from '../../../tools/define/errors.ts';
import { readMeasures } from '../../../tools/population/measures.ts';
import { selectRuns } from '../../../tools/population/population.ts';
import { printKey } from '../../../tools/resolve/keys.ts';
import { jsonMap } from './values.ts';

/** Below, a rank correlation says nothing worth repeating. */
const FEWEST_RUNS = 10;
const METHOD = 'spearman';

/** `correlation_with_f1` of the metric `f1_score`. */
export const ParameterImpact = z
  .object({ n: z.int().describe('Runs that have both.'), method: z.literal(METHOD), reason: z.string().optional() })
  .catchall(z.number().nullable())
  .describe('correlation_with_METRIC is Spearman’s ρ, null with a reason where it would say nothing.');

export async function impactOfParameters(
  context: ToolContext,
  { id }: Experiment,
  metric: string,
  parameters: readonly string[],
): Promise<Record<string, unknown>> {
  const { target, paramOf } = await readPopulation(context, id, metric, parameters);
  const name = `correlation_with_${metric.replace(/_score$/, '')}`;
  return jsonMap(
    parameters.map((param) => {
      const { n, value, reason } = correlate(paramOf(param), target, param);
      return [param, { [name]: value, n, method: METHOD, ...(reason !== undefined && { reason }) }] as const;
    }),
  );
}

interface ImpactPopulation {
  readonly target: readonly number[];
  paramOf(name: string): readonly (string | undefined)[];
}

/** Finished leaf runs with a finite value of the metric, of which there may be none. */
async function readPopulation(
  context: ToolContext,
  experimentId: string,
  metric: string,
  params: readonly string[],
): Promise<ImpactPopulation> {
  try {
    const reading = await readMeasures(context, {
      experiment: idReference(experimentId),
      measures: [printKey(metric, 'metric')],
      filter: "attributes.status = 'FINISHED'",
      projection: { params },
      experiments: 'one',
    });
    const [measure] = reading.measures;
    const { rows } = selectRuns(reading, measure!);
    return {
      target: rows.map((row) => measure!.values[row]!),
      paramOf: (name) => rows.map((row) => reading.columns.params.get(name)?.[row]),
    };
  } catch (error) {
    if (error instanceof ToolError && error.code === 'no_data') return { target: [], paramOf: () => [] };
    throw error;
  }
}

function correlate(texts: readonly (string | undefined)[], target: readonly number[], param: string) {
  const { kind, numbers, missing } = typeParam(texts, param);
  const n = texts.length - missing;
  const none = (reason: string) => ({ n, value: null, reason });
  if (n < FEWEST_RUNS) return none(`${n} finished runs have both: fewer than ${FEWEST_RUNS}`);
  if (kind !== 'number' || numbers === undefined) return none('its values are no numbers');
  const { value } = spearman(numbers, target);
  return value === undefined ? none('one of the two is the same in all of them') : { n, value, reason: undefined };
}
