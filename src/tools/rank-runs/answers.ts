/** Which queries a ranking answers. */
import type { Query } from '../../query/query.ts';
import { asksOnly, filterText, given, keyTexts, oneExperiment } from '../resolve/query-input.ts';

/** Runs in an order by one measure, or by the experiment's own metric. */
export function answers(query: Query) {
  const { measure, order, limit, place, where } = query;
  const isOne = measure.length <= 1;
  if (!isOne || !asksOnly(query, ['experiment', 'where', 'measure', 'order', 'limit', 'place'])) return undefined;
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
