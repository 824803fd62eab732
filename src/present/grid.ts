/** A table or curves of a finding as plain rows at full precision: what every exported file is made of. */
import type { Cell, Column, RunRef, Series, Table } from '../finding/finding.ts';

/** Undefined: missing. `isNumber`: it was a number, also where it is written `NaN` or `-inf`. */
export type PlainCell = { readonly text: string; readonly isNumber: boolean } | undefined;

export interface Grid {
  /** Durations name their unit, `duration (ms)`; a run is two columns, `run_id` and `run_name`. */
  readonly header: readonly string[];
  readonly rows: readonly (readonly PlainCell[])[];
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
  const isRun = table.columns.map(({ kind }, i) => kind === 'run' || table.rows.some((row) => isRunRef(row[i])));
  return {
    header: table.columns.flatMap((column, i) => headers(nameOf(column, table.columns), column, isRun[i] === true)),
    rows: table.rows.map((row) =>
      table.columns.flatMap(({ kind }, i) => (isRun[i] ? runCells(row[i]) : [plainCell(row[i], kind)])),
    ),
  };
}

const AXIS_HEADERS = { step: 'step', order: 'step', epoch: 'epoch', time: 'elapsed (ms)' } as const;

/** Long format: a row for each point that is drawn. */
export function seriesGrid(series: readonly Series[]): Grid {
  const placed = series.find(({ points }) => points.some(({ at }) => at !== undefined));
  return {
    header: [
      ...['run_id', 'run_name', 'metric', 'step', 'value'],
      ...(placed === undefined ? [] : [AXIS_HEADERS[placed.axis ?? 'step']]),
    ],
    rows: series.flatMap(({ run, metric, points }) =>
      points.map(({ step, value, at }) => [
        ...runCells(run),
        textCell(metric),
        numberCell(step),
        numberCell(value),
        ...(placed === undefined ? [] : [at === undefined ? undefined : numberCell(at)]),
      ]),
    ),
  };
}

/** The label, which says more than the key does; the key where a label stands twice. */
function nameOf(column: Column, columns: readonly Column[]): string {
  return columns.filter(({ label }) => label === column.label).length > 1 ? column.key : column.label;
}

function headers(name: string, { kind }: Column, isRun: boolean): string[] {
  if (isRun) return [`${name}_id`, `${name}_name`];
  return [kind === 'duration' ? `${name} (ms)` : name];
}

const isRunRef = (cell: Cell): cell is RunRef => typeof cell === 'object';

/** A run without a name has an empty one; what is no run but stands among them is a name. */
function runCells(cell: Cell): PlainCell[] {
  if (isRunRef(cell)) return [textCell(cell.id), textCell(cell.name)];
  return [undefined, plainCell(cell, 'text')];
}

function plainCell(cell: Cell, kind: Column['kind']): PlainCell {
  if (cell === undefined || isRunRef(cell)) return undefined;
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
