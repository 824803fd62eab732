/** A table or curves of a finding as plain rows at full precision: what every exported file is made of. */
import type { Series } from '../finding/drawing.ts';
import { isRef } from '../finding/refs.ts';
import { type Cell, type Column, holdsThings, type Table } from '../finding/table.ts';

/** Undefined: missing. `isNumber`: it was a number, also where it is written `NaN` or `-inf`. */
export type PlainCell = { readonly text: string; readonly isNumber: boolean } | undefined;

export interface Grid {
  /** Durations name their unit, `duration (ms)`; a thing is two columns, `run_id` and `run_name`. */
  readonly header: readonly string[];
  /** Made while they are read. */
  readonly rows: Iterable<readonly PlainCell[]>;
}

const textCell = (text: string): PlainCell => ({ text, isNumber: false });
const numberCell = (value: number | bigint): PlainCell => ({ text: plainNumber(value), isNumber: true });

/** The shortest text that reads back as the same number; `NaN`, `inf` and `-inf`, as Python and R read them. */
export function plainNumber(value: number | bigint): string {
  if (Object.is(value, -0)) return '-0';
  if (value === Number.POSITIVE_INFINITY) return 'inf';
  return value === Number.NEGATIVE_INFINITY ? '-inf' : String(value);
}

export function tableGrid(table: Table): Grid {
  const hasRefs = table.columns.map((column, i) => holdsThings(column) || table.rows.some((row) => isRef(row[i])));
  return {
    header: table.columns.flatMap((column, i) => headers(nameOf(column, table.columns), column, hasRefs[i] === true)),
    rows: {
      *[Symbol.iterator]() {
        for (const row of table.rows)
          yield table.columns.flatMap(({ kind }, i) => (hasRefs[i] ? refCells(row[i]) : [plainCell(row[i], kind)]));
      },
    },
  };
}

const AXIS_HEADERS = { step: 'step', order: 'step', epoch: 'epoch', time: 'elapsed (ms)' } as const;

/** Long format: a row for each point that is drawn. */
export function seriesGrid(series: readonly Series[]): Grid {
  const placed = series.find(({ points }) => points.some(({ at }) => at !== undefined));
  const kinds = new Set(series.map(({ of }) => of.kind));
  const [kind = ''] = kinds.size === 1 ? kinds : ['of'];
  return {
    header: [
      ...refHeaders(kind),
      ...['metric', 'step', 'value'],
      ...(placed === undefined ? [] : [AXIS_HEADERS[placed.axis ?? 'step']]),
    ],
    rows: {
      *[Symbol.iterator]() {
        for (const { of, metric, points } of series)
          for (const { step, value, at } of points)
            yield [
              ...refCells(of),
              textCell(metric),
              numberCell(step),
              numberCell(value),
              ...(placed === undefined ? [] : [at === undefined ? undefined : numberCell(at)]),
            ];
      },
    },
  };
}

/** The label, which says more than the key does; the key where a label stands twice. */
function nameOf(column: Column, columns: readonly Column[]): string {
  return columns.filter(({ label }) => label === column.label).length > 1 ? column.key : column.label;
}

const refHeaders = (name: string): string[] => [`${name}_id`, `${name}_name`];

function headers(name: string, { kind }: Column, hasRefs: boolean): string[] {
  if (hasRefs) return refHeaders(name);
  return [kind === 'duration' ? `${name} (ms)` : name];
}

/** What has no name has an empty one; what is no thing but stands among them is a name. */
function refCells(cell: Cell): PlainCell[] {
  if (isRef(cell)) return [textCell(cell.id), textCell(cell.name)];
  return [undefined, plainCell(cell, 'text')];
}

function plainCell(cell: Cell, kind: Column['kind']): PlainCell {
  if (cell === undefined || isRef(cell)) return undefined;
  if (typeof cell === 'string' || typeof cell === 'boolean') return textCell(String(cell));
  return (kind === 'time' ? timeCell(Number(cell)) : undefined) ?? numberCell(cell);
}

/** ISO 8601 with its Z; undefined for what no calendar of four-digit years can write exactly. */
function timeCell(time: number): PlainCell {
  const date = new Date(time);
  if (!Number.isInteger(time) || Number.isNaN(date.getTime())) return undefined;
  const text = date.toISOString();
  return /^\d{4}-/.test(text) ? textCell(text) : undefined;
}
