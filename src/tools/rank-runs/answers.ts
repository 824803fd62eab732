/** Which queries a ranking answers. */
import { isQuery, type Query } from '../../query/query.ts';
import { filterText, given, keyTexts, oneExperiment } from '../resolve/query-input.ts';

/** Runs in an order by one measure, or by the experiment's own metric. */
export function answers(query: Query) {
  const { from, measure, by, order, limit, place, where } = query;
  if (isQuery(from) || from.scope.named !== undefined || measure.length > 1 || by.length > 0) return undefined;
  return given({
    metric: keyTexts(measure)?.[0],
    order: order?.end,
    direction: order?.direction,
    top: limit,
    place,
    experiment: oneExperiment(query),
    filter: filterText(where),
  });
}
