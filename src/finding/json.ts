/** A finding as plain JSON: full precision, rows as objects, non-finite numbers as strings, what is missing left out. */
import type { Finding, FindingBody } from './finding.ts';
import { isRef, refOf } from './refs.ts';
import type { Cell, Table } from './table.ts';

/** JSON has neither NaN nor 64-bit integers: they travel as strings. */
function jsonCell(cell: Exclude<Cell, undefined>): unknown {
  if (typeof cell === 'bigint') return String(cell);
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : String(cell);
  return isRef(cell) ? refOf(cell.kind, cell) : cell;
}

/** A null-prototype object: column keys come from users. */
function jsonObject(entries: Iterable<readonly [string, Cell]>): Record<string, unknown> {
  const object: Record<string, unknown> = Object.create(null);
  for (const [key, cell] of entries) if (cell !== undefined) object[key] = jsonCell(cell);
  return object;
}

function jsonTable(table: Table): Record<string, unknown> {
  const rows = table.rows.map((row) => jsonObject(table.columns.map((column, i) => [column.key, row[i]] as const)));
  return {
    ...(table.title === undefined ? {} : { title: table.title }),
    columns: table.columns,
    rows,
    total: table.total,
  };
}

/** JSON-ready: `JSON.stringify` of the result loses nothing. */
export function findingJson(finding: Finding | FindingBody): Record<string, unknown> {
  const { data, coverage, ...rest } = finding;
  const series = data.series?.map(({ of, metric, logged, ...one }) => ({
    of,
    metric,
    logged,
    points: one.points.map((point) => ({ step: jsonCell(point.step), value: jsonCell(point.value) })),
  }));
  return {
    ...rest,
    data: {
      tables: data.tables.map(jsonTable),
      ...(series === undefined ? {} : { series }),
      ...(data.facts === undefined ? {} : { facts: jsonObject(Object.entries(data.facts)) }),
    },
    coverage: { ...coverage, excluded: jsonObject(coverage.excluded.map(({ reason, count }) => [reason, count])) },
  };
}
