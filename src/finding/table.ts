/** Tables of a finding: cells at full precision, and what they are. */
import type { Ref } from './refs.ts';

/** Undefined is missing; NaN and ±Infinity are themselves. */
export type Cell = string | number | bigint | boolean | Ref | undefined;

const VALUE_KINDS = [
  'metric',
  'param',
  'tag',
  'status',
  'count',
  'number',
  'percent',
  'delta',
  'duration',
  'time',
  'text',
] as const;

/** How values are written. */
export type ValueKind = (typeof VALUE_KINDS)[number];

/** Of a column of things it is their kind: `run`, `experiment`, … */
export type ColumnKind = ValueKind | (string & {});

export interface Column {
  /** Unique in its table, e.g. `run`, `metrics.f1_score`, `params.learning_rate`. */
  readonly key: string;
  readonly label: string;
  /** `duration` cells are milliseconds, `time` cells epoch milliseconds, `percent` cells fractions. */
  readonly kind: ColumnKind;
}

export interface Table {
  readonly title?: string | undefined;
  readonly columns: readonly Column[];
  /** Cells in column order. */
  readonly rows: readonly (readonly Cell[])[];
  /** Rows there are in all: larger than `rows.length` when the list was cut. */
  readonly total: number;
}

/** Whether a column holds things, be it that all of them are missing. */
export const holdsThings = ({ kind }: Column): boolean => !VALUE_KINDS.some((known) => known === kind);
