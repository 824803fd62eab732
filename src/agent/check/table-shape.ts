/** How a table of a finding is read: whose each of its cells is, which measure it is of and which statistic. */
import type { Finding } from '../../finding/finding.ts';
import { isRef, type Ref, refKey, refsOfKind } from '../../finding/refs.ts';
import type { Cell, Column, Table } from '../../finding/table.ts';
import { type SaidStatistic, STATISTICS } from '../terms/statistics.ts';
import { foldKey } from './fold.ts';

/** A thing by its `refKey`, or a row by its label: `group:random_forest`. */
export type Owner = string;

export const labelOwner = (label: string): Owner => `group:${foldKey(label)}`;

/** How a table is read: whose a cell is, and what of it. */
export interface Shape {
  readonly byRow: boolean;
  ownersOf(row: readonly Cell[]): Owner[];
  /** Undefined: the cell only names what the others are of. */
  place(
    row: readonly Cell[],
    column: Column,
    index: number,
  ): { readonly measure: string; readonly statistic?: SaidStatistic | undefined; readonly owner?: Owner } | undefined;
}

export function shapeOf(finding: Finding, table: Table): Shape {
  const { columns, rows } = table;
  const own = foldKey(finding.subject.measure ?? '');
  const runs = refsOfKind(finding.subject.refs, 'run');
  if (columns[0]?.key === 'key' && columns.some(({ key }) => SIDE.test(key))) return sideBySide(runs);
  if (columns[0]?.key === 'key' && columns[1]?.key === 'value') return record(finding.subject.refs[0]);
  const things = columns.findIndex((_, index) => rows.some((row) => isRef(row[index])));
  const metricAt = columns.findIndex(({ key }) => key === 'metric');
  const labelAt = things < 0 && !isMeasure(columns[0]) ? 0 : -1;
  return {
    byRow: false,
    ownersOf(row) {
      const thing = things < 0 ? undefined : row[things];
      if (isRef(thing)) return [refKey(thing)];
      const label = row[labelAt];
      return typeof label === 'string' || typeof label === 'number' ? [labelOwner(String(label))] : [];
    },
    place(row, column, index) {
      if (index === labelAt || index === things) return undefined;
      const [statistic, named] = isOwnName(column, own)
        ? [undefined, foldKey(column.label)]
        : readLabel(column.label, column.key);
      const metric = metricAt >= 0 && metricAt !== index ? row[metricAt] : undefined;
      const rowMeasure = typeof metric === 'string' ? foldKey(metric) : own;
      const isBare = statistic !== undefined && named === '';
      const measure = rowMeasure !== '' ? rowMeasure : column.kind === 'duration' ? 'duration' : '';
      return { measure: isBare && measure !== '' ? measure : named || foldKey(column.key), statistic };
    },
  };
}

/** `average f_hat` may be what a metric is called. */
const isOwnName = ({ key, label }: Column, own: string): boolean =>
  (key !== label && bareKey(key) === label) || (own !== '' && foldKey(label) === own);

export const SIDE = /^run(\d+)$/;

function sideBySide(runs: readonly Ref[]): Shape {
  return {
    byRow: true,
    ownersOf: () => [],
    place(row, column) {
      const measure = foldKey(String(row[0] ?? ''));
      const side = SIDE.exec(column.key)?.[1];
      const run = side === undefined ? undefined : runs[Number(side) - 1];
      if (run !== undefined) return { measure, owner: refKey(run) };
      return column.key === 'key' ? undefined : { measure: `${measure} ${column.key}` };
    },
  };
}

function record(of: Ref | undefined): Shape {
  return {
    byRow: true,
    ownersOf: () => (of === undefined ? [] : [refKey(of)]),
    place: (row, { key }) => (key === 'key' ? undefined : { measure: foldKey(String(row[0] ?? '')) }),
  };
}

/** `mean f1_score` is the mean of `f1_score`; `max` alone is of whatever the row is about. */
export function readLabel(label: string, key = label): [statistic: SaidStatistic | undefined, measure: string] {
  const words = label.split(/\s+/);
  if (/^best at/.test(label)) return [undefined, foldKey(bareKey(key))];
  const [first = ''] = words;
  const statistic = /^(?:started|ended|ends|end|start)$/i.test(first) ? undefined : STATISTICS.get(first.toLowerCase());
  if (words.length === 1) return statistic === undefined ? [undefined, foldKey(bareKey(key))] : [statistic, ''];
  return statistic === undefined ? [undefined, foldKey(bareKey(key))] : [statistic, foldKey(words.slice(1).join(' '))];
}

const bareKey = (key: string): string => key.replace(/^(?:metrics|params|tags|attributes)\./, '');

/** The column that the things of a table are ranked by: counts only where there is nothing else. */
export function mainColumn({ columns }: Table): number {
  const measured = columns.findIndex(({ kind }) => MEASURED.has(kind));
  return measured >= 0 ? measured : columns.findIndex(({ kind }) => kind === 'count');
}

const isMeasure = (column: Column | undefined): boolean =>
  column !== undefined && (MEASURED.has(column.kind) || column.kind === 'count' || column.kind === 'time');

const MEASURED: ReadonlySet<string> = new Set(['metric', 'number', 'percent', 'duration', 'delta']);
