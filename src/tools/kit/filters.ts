/** Filter and order text of a tool input, and the keys they speak of. */
import type { Field, Filter, OrderKey } from '../../mlflow/filter/ast.ts';
import { FilterError, parseFilter, parseOrder } from '../../mlflow/filter/parse.ts';
import { ToolError } from './errors.ts';

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

/** Whether a filter asks for statuses, so that these are the ones meant; leaving one out asks for none. */
export function namesStatus(filter: Filter | undefined): boolean {
  if (filter === undefined || filter.op === 'not' || filter.op === 'null') return false;
  if ('of' in filter) return filter.of.some(namesStatus);
  const isStatus = filter.field.kind === 'attribute' && filter.field.key === 'status';
  return isStatus && (filter.op === 'in' || filter.comparator === '=');
}
