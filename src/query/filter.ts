/** What a filter means, whatever it was written in and whoever evaluates it. */
import type { RunField } from './kinds/run.ts';

/** What a filter, an order or a measure speaks of in a thing of some kind. */
export interface Field {
  readonly kind: string;
  readonly key: string;
}

export type Comparator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'like' | 'ilike';

export type Comparison<F extends Field = RunField> = {
  readonly op: 'compare';
  readonly field: F;
  readonly comparator: Comparator;
  readonly value: string | number;
};

export type Condition<F extends Field = RunField> =
  | Comparison<F>
  | { readonly op: 'in'; readonly field: F; readonly values: readonly string[] }
  | { readonly op: 'null'; readonly field: F };

/**
 * A condition on a key that a run lacks is false, also `!=` (MLflow's rule); NOT turns it true.
 * A NaN metric satisfies `!=` only. Params compare as numbers when the value is an unquoted number:
 * a param whose text is no number then satisfies nothing.
 */
export type Filter<F extends Field = RunField> =
  | Condition<F>
  | { readonly op: 'and' | 'or'; readonly of: readonly Filter<F>[] }
  | { readonly op: 'not'; readonly of: Filter<F> };

export type OrderKey<F extends Field = RunField> = { readonly field: F; readonly ascending: boolean };

export const isSameField = (a: Field, b: Field): boolean => a.kind === b.kind && a.key === b.key;

export function compare<F extends Field>(field: F, comparator: Comparator, value: string | number): Comparison<F> {
  return { op: 'compare', field, comparator, value };
}

/** What passes every filter that is there; one conjunction, however many are joined. */
export function allOf<F extends Field>(...filters: readonly (Filter<F> | undefined)[]): Filter<F> | undefined {
  const parts = filters.flatMap((filter) => (filter === undefined ? [] : filter.op === 'and' ? filter.of : [filter]));
  return parts.length > 1 ? { op: 'and', of: parts } : parts[0];
}

/** What has a field. */
export function hasField<F extends Field>(field: F): Filter<F> {
  return { op: 'not', of: { op: 'null', field } };
}

/** What speaks of the same field, together; in the order of first mention. */
export function fieldsAlike<T extends { readonly field: Field }>(parts: readonly T[]): [T, ...T[]][] {
  const groups = Map.groupBy(parts, ({ field }) => JSON.stringify([field.kind, field.key]));
  return [...groups.values()] as [T, ...T[]][];
}

/** The conditions that a filter is made of, in order. */
export function conditionsOf<F extends Field>(filter: Filter<F> | undefined): Condition<F>[] {
  if (filter === undefined) return [];
  if (filter.op === 'not') return conditionsOf(filter.of);
  return 'of' in filter ? filter.of.flatMap((part) => conditionsOf(part)) : [filter];
}

/** The fields that a filter compares, each once. */
export function filterFields<F extends Field>(filter: Filter<F> | undefined): F[] {
  return fieldsAlike(conditionsOf(filter)).map(([{ field }]) => field);
}
