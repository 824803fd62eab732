/** Which queries a list of experiments answers. */
import type { Field, Filter } from '../../query/filter.ts';
import { populationOf, type Query } from '../../query/query.ts';
import { asksOnly, given } from '../resolve/query-input.ts';

/** Experiments, all of them or those with a text, the latest or the largest first. */
export function answers(query: Query) {
  const { where, order, limit } = query;
  const text = where && textOf(where);
  const isKnown = asksOnly(query, ['lifecycle', 'where', 'order', 'limit']);
  if (!isKnown || (where !== undefined && text === undefined)) return undefined;
  if (order !== undefined && order.by?.key !== 'runs') return undefined;
  return given({
    text,
    lifecycle: populationOf(query).scope.lifecycle,
    order: order?.by?.key === 'runs' ? ('runs' as const) : undefined,
    limit,
  });
}

function textOf(filter: Filter<Field>): string | undefined {
  const isText = filter.op === 'compare' && filter.comparator === 'like' && filter.field.key === 'text';
  return isText && typeof filter.value === 'string' ? filter.value : undefined;
}
