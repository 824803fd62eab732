/** Filter and order text of a tool input. */
import type { Filter, OrderKey } from '../../query/filter.ts';
import { FilterError, parseFilter, parseOrder } from '../../query/parse.ts';
import { ToolError } from '../define/errors.ts';

function asToolError<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof FilterError) throw new ToolError('invalid_filter', error.message);
    throw error;
  }
}

/** @throws ToolError invalid_filter with what is wrong and a correct example. */
export function readFilter(text: string | undefined): Filter | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  return asToolError(() => parseFilter(text));
}

/** @throws ToolError invalid_filter. */
export function readOrder(text: string | undefined): OrderKey | undefined {
  return text === undefined ? undefined : asToolError(() => parseOrder(text));
}

/**
 * Whether a filter asks for statuses, so that these are the ones meant: by name, or by leaving FINISHED out. Leaving
 * another one out asks for none.
 */
export function namesStatus(filter: Filter | undefined, negated = false): boolean {
  if (filter === undefined || filter.op === 'null') return false;
  if (filter.op === 'not') return namesStatus(filter.of, !negated);
  if ('of' in filter) return filter.of.some((part) => namesStatus(part, negated));
  if (filter.field.kind !== 'attribute' || filter.field.key !== 'status') return false;
  const values = filter.op === 'in' ? filter.values : [filter.value];
  const leavesOut = negated !== (filter.op === 'compare' && filter.comparator === '!=');
  return !leavesOut || values.includes('FINISHED');
}
