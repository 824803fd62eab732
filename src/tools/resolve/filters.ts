/** Filter and order text of a tool input, and the keys they speak of. */
import type { Field, Filter, OrderKey } from '../../query/filter.ts';
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

/** Runs that pass every filter that is there. */
export function allOf(...filters: readonly (Filter | undefined)[]): Filter | undefined {
  const given = filters.filter((filter) => filter !== undefined);
  return given.length > 1 ? { op: 'and', of: given } : given[0];
}

/** Runs that have a field. */
export function hasField(field: Field): Filter {
  return { op: 'not', of: { op: 'null', field } };
}

/** What speaks of the same field, together; in the order of first mention. */
export function fieldsAlike<T extends { readonly field: Field }>(parts: readonly T[]): [T, ...T[]][] {
  const groups = Map.groupBy(parts, ({ field }) => `${field.kind}.${field.key}`);
  return [...groups.values()] as [T, ...T[]][];
}

/** The fields that a filter compares, each once. */
export function filterFields(filter: Filter | undefined): Field[] {
  const fields = new Map<string, Field>();
  const visit = (part: Filter): void => {
    if (part.op === 'not') visit(part.of);
    else if ('of' in part) for (const inner of part.of) visit(inner);
    else fields.set(`${part.field.kind}.${part.field.key}`, part.field);
  };
  if (filter !== undefined) visit(filter);
  return [...fields.values()];
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
