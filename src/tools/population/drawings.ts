/** What tools put into a finding for a picture of it: points, groups and bars at full precision. */
import { pearson, regressionLine } from '../../analysis/association.ts';
import { describe } from '../../analysis/describe.ts';
import type { ImpactRow } from '../../analysis/impact.ts';
import type { ParamColumn } from '../../analysis/params.ts';
import type { BarsDrawing, GroupsDrawing, Quantity, ScatterDrawing, XY } from '../../finding/drawing.ts';
import { isRef } from '../../finding/refs.ts';
import type { ColumnKind, Table } from '../../finding/table.ts';

const MOST_POINTS = 2_000;
const MOST_GROUPS = 40;
const CURVE_PLACES = 61;

/** One axis of a scatter: a metric's values, or a param that is a number. */
export type Side = Quantity & { readonly values: ParamColumn | readonly number[] };

/** Two columns of numbers, run by run, with the straight line through them; undefined where there is nothing to draw. */
export function pairDrawing(x: Side, y: Side): ScatterDrawing | undefined {
  const [xs, ys] = [numbersOf(x.values), numbersOf(y.values)];
  if (xs === undefined || ys === undefined) return undefined;
  const log = 'kind' in x.values && x.values.logScale;
  const points = Array.from(xs, (value, i) => ({ x: value, y: ys[i] ?? Number.NaN }));
  const scaled = log ? Float64Array.from(xs, Math.log10) : xs;
  return scatterDrawing({ ...quantityOf(x), log }, quantityOf(y), 'run', points, lineThrough(scaled, ys, log));
}

/** A single param against a metric: points with the curve that was fitted, or its levels where they were. */
export function paramDrawing(row: ImpactRow, y: Quantity): ScatterDrawing | GroupsDrawing | undefined {
  const [param = ''] = row.params;
  if (row.form === 'category' && row.levels !== undefined) {
    const groups = row.levels.map(({ value, n, mean, sd }) => ({ name: value, n, centre: mean, sd }));
    return groupsDrawing({ by: param, value: y, statistic: 'mean', each: 'configuration', groups });
  }
  if (row.scatter === undefined || row.form === 'category') return undefined;
  const { points, curve } = row.scatter;
  const fit = curve && { form: row.form, curve };
  return scatterDrawing({ label: param, kind: 'param', log: row.scale === 'log10' }, y, 'configuration', points, fit);
}

/** A metric by the levels of a category, run by run. */
export function levelsDrawing(by: string, column: ParamColumn, value: Quantity, values: readonly number[]) {
  const rows = [...values.keys()].filter((row) => column.codes[row]! >= 0 && Number.isFinite(values[row]));
  const byLevel = Map.groupBy(rows, (row) => column.codes[row]!);
  const groups = [...byLevel]
    .sort(([a], [b]) => a - b)
    .map(([code, members]) =>
      groupOf(
        column.levels[code],
        members.map((row) => values[row]!),
      ),
    );
  return groupsDrawing({ by, value, statistic: 'mean', each: 'run', groups });
}

/** Mean and spread of one group's finite values. */
function groupOf(name: string | undefined, values: readonly number[]): GroupsDrawing['groups'][number] {
  const { n, mean, sd } = describe(values);
  return { name, n, centre: mean ?? Number.NaN, sd };
}

/** At most 40 groups, in the order given; undefined where there are none. */
export function groupsDrawing(drawing: Omit<GroupsDrawing, 'kind' | 'total'>): GroupsDrawing | undefined {
  const { groups } = drawing;
  if (groups.length === 0) return undefined;
  return { kind: 'groups', ...drawing, groups: groups.slice(0, MOST_GROUPS), total: groups.length };
}

const DRAWN_KINDS: ReadonlySet<ColumnKind> = new Set(['metric', 'number', 'count', 'duration', 'percent']);

/** Bars of a table's first column of numbers over its first column; undefined where it has none. */
export function barsOf(table: Table | undefined): BarsDrawing | undefined {
  const [first] = table?.columns ?? [];
  const at = table?.columns.findIndex(({ kind }, i) => i > 0 && DRAWN_KINDS.has(kind)) ?? -1;
  if (table === undefined || first === undefined || at < 0) return undefined;
  const { label, kind } = table.columns[at]!;
  const spread = table.columns.findIndex(({ key }) => key === 'sd');
  const bars = table.rows.flatMap((row) => {
    const [name, value, sd] = [row[0], row[at], spread > at ? row[spread] : undefined];
    if (typeof value !== 'number' && typeof value !== 'bigint') return [];
    const shown = isRef(name) ? name : name === undefined ? 'none' : String(name);
    return [{ name: shown, value: Number(value), sd: typeof sd === 'number' ? sd : undefined }];
  });
  return bars.length === 0 ? undefined : { kind: 'bars', value: { label, kind }, bars, total: table.total };
}

function scatterDrawing(
  x: ScatterDrawing['x'],
  y: Quantity,
  each: ScatterDrawing['each'],
  points: readonly XY[],
  fit: ScatterDrawing['fit'],
): ScatterDrawing | undefined {
  const finite = points.filter((point) => Number.isFinite(point.x) && Number.isFinite(point.y));
  if (finite.length === 0) return undefined;
  return { kind: 'scatter', x, y, each, points: thin(finite), total: finite.length, fit };
}

/** At most 2,000 points, whatever their order: every so many-th by x and y, with the lowest and the highest. */
function thin(points: readonly XY[]): readonly XY[] {
  const ordered = points.toSorted((a, b) => a.x - b.x || a.y - b.y);
  if (ordered.length <= MOST_POINTS) return ordered;
  const lowest = ordered.reduce((low, { y }, i) => (y < ordered[low]!.y ? i : low), 0);
  const highest = ordered.reduce((high, { y }, i) => (y > ordered[high]!.y ? i : high), 0);
  const kept = new Set([lowest, highest]);
  const rest = MOST_POINTS - kept.size;
  for (let i = 0; i < rest; i++) kept.add(Math.round((i * (ordered.length - 1)) / (rest - 1)));
  return ordered.filter((_, i) => kept.has(i));
}

function lineThrough(xs: ArrayLike<number>, ys: ArrayLike<number>, log: boolean): ScatterDrawing['fit'] {
  const line = regressionLine(xs, ys);
  if (line === undefined || pearson(xs, ys).value === undefined) return undefined;
  const finite = Array.from(xs).filter((x, i) => Number.isFinite(x) && Number.isFinite(ys[i]));
  const low = finite.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = finite.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const curve = Array.from({ length: CURVE_PLACES }, (_, i) => {
    const at = low + ((high - low) * i) / (CURVE_PLACES - 1);
    return { x: log ? 10 ** at : at, y: line(at) };
  });
  return { form: 'line', curve: curve.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)) };
}

const quantityOf = ({ label, kind }: Quantity): Quantity => ({ label, kind });

function numbersOf(values: Side['values']): ArrayLike<number> | undefined {
  return 'kind' in values ? values.numbers : values;
}
