/** Which queries a search answers. */
import { allOf } from '../../query/filter.ts';
import type { RunField } from '../../query/kinds/run.ts';
import { printOrder } from '../../query/print.ts';
import { isQuery, populationOf, type Query } from '../../query/query.ts';
import {
  asksOnly,
  experimentList,
  filterText,
  given,
  groupText,
  isNewestFirst,
  keyText,
} from '../resolve/query-input.ts';

/** Runs listed or counted, in all or by one key; and the share of those that meet one more condition. */
export function answers(query: Query) {
  if (query.verb === 'share') return shareInput(query);
  return query.verb === 'count' ? countInput(query) : listInput(query);
}

function commonInput(query: Query) {
  return {
    experiment: experimentList(query),
    filter: filterText(query.where),
    lifecycle: populationOf(query).scope.lifecycle,
  };
}

function listInput(query: Query) {
  if (!asksOnly(query, ['experiment', 'experiments', 'lifecycle', 'where', 'order', 'limit', 'output']))
    return undefined;
  const { order, limit, output } = query;
  return given({
    ...commonInput(query),
    order_by: order && !isNewestFirst(order) ? orderText(order) : undefined,
    limit,
    columns: output?.columns?.map(keyText),
  });
}

function orderText({ by, end }: NonNullable<Query['order']>): string | undefined {
  const [kind] = by?.kinds ?? [];
  if (by?.key === undefined || kind === undefined) return undefined;
  return printOrder({ field: { kind, key: by.key } as RunField, ascending: end === 'lowest' });
}

const COUNT_ORDERS = { highest: 'most', lowest: 'fewest', best: 'most', worst: 'fewest' } as const;

function countInput(query: Query) {
  const { by, order } = query;
  const isKnown = asksOnly(query, ['experiment', 'experiments', 'lifecycle', 'where', 'by', 'order']);
  if (!isKnown || by.length > 1 || (order !== undefined && by.length === 0)) return undefined;
  return given({
    ...commonInput(query),
    count_only: true,
    count_by: groupText(by[0]),
    count_order: order && COUNT_ORDERS[order.end],
  });
}

/** The whole is another query: of its runs, those that meet the condition. */
function shareInput(query: Query) {
  const { from, where } = query;
  const isWhole =
    isQuery(from) && from.verb === 'list' && asksOnly(from, ['experiment', 'experiments', 'lifecycle', 'where']);
  if (!isWhole || !asksOnly(query, ['query', 'experiment', 'experiments', 'lifecycle', 'where'])) return undefined;
  return given({
    ...commonInput(query),
    filter: filterText(allOf(from.where, where)),
    share_of: filterText(from.where) ?? '',
    count_only: true,
  });
}
