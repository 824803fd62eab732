/** Which queries a summary answers. */
import { isQuery, type Query } from '../../query/query.ts';
import { experimentList, filterText, given, groupText, keyTexts } from '../resolve/query-input.ts';

/** Statistics of metrics over all runs in scope, or by one key; which group leads, where an order is asked for. */
export function answers(query: Query) {
  const { from, measure, by, aggregate, order, where } = query;
  const metrics = keyTexts(measure);
  if (isQuery(from) || from.scope.named !== undefined || metrics === undefined || by.length > 1) return undefined;
  return given({
    metrics,
    statistic: aggregate,
    group_by: groupText(by[0]),
    order: order?.end,
    experiment: experimentList(query),
    filter: filterText(where),
  });
}
