/** Which queries a summary answers. */
import type { Query } from '../../query/query.ts';
import { asksOnly, experimentList, filterText, given, groupText, keyTexts } from '../resolve/query-input.ts';

/** Statistics of metrics over all runs in scope, or by one key; which group leads, where an order is asked for. */
export function answers(query: Query) {
  const { measure, by, aggregate, order, where } = query;
  const metrics = keyTexts(measure);
  const isKnown = asksOnly(query, ['experiment', 'experiments', 'where', 'measure', 'aggregate', 'by', 'order']);
  if (!isKnown || metrics === undefined || by.length > 1) return undefined;
  return given({
    metrics,
    statistic: aggregate,
    group_by: groupText(by[0]),
    order: order?.end,
    experiment: experimentList(query),
    filter: filterText(where),
  });
}
