/** What a filter means, whatever it was written in and whoever evaluates it. */

export type FieldKind = 'metric' | 'param' | 'tag' | 'attribute' | 'dataset';

/** `duration` (milliseconds, end − start) and `parent_run_id` are ours; the rest are MLflow's. */
export const ATTRIBUTES = [
  'run_id',
  'run_name',
  'user_id',
  'status',
  'artifact_uri',
  'start_time',
  'end_time',
  'duration',
  'parent_run_id',
] as const;
export type Attribute = (typeof ATTRIBUTES)[number];
export const NUMERIC_ATTRIBUTES: ReadonlySet<string> = new Set<Attribute>(['start_time', 'end_time', 'duration']);

export type Field =
  | { readonly kind: 'metric' | 'param' | 'tag'; readonly key: string }
  | { readonly kind: 'attribute'; readonly key: Attribute }
  | { readonly kind: 'dataset'; readonly key: 'name' | 'digest' | 'context' };

export type Comparator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'like' | 'ilike';

export type Condition =
  | { readonly op: 'compare'; readonly field: Field; readonly comparator: Comparator; readonly value: string | number }
  | { readonly op: 'in'; readonly field: Field; readonly values: readonly string[] }
  | { readonly op: 'null'; readonly field: Field };

/**
 * A condition on a key that a run lacks is false, also `!=` (MLflow's rule); NOT turns it true.
 * A NaN metric satisfies `!=` only. Params compare as numbers when the value is an unquoted number:
 * a param whose text is no number then satisfies nothing.
 */
export type Filter =
  | Condition
  | { readonly op: 'and' | 'or'; readonly of: readonly Filter[] }
  | { readonly op: 'not'; readonly of: Filter };

export type OrderKey = { readonly field: Field; readonly ascending: boolean };
