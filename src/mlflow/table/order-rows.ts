/** Puts rows of a table in order. */

import type { OrderKey } from '../../query/filter.ts';
import { compareText } from '../compare-text.ts';
import { OrderColumn } from '../filter/order.ts';
import { takeTurns } from '../take-turns.ts';
import { RunRow } from './run-row.ts';
import type { RunRows, RunTable } from './run-table.ts';

/** So many at once are sorted in a few milliseconds. */
const BLOCK = 8_192;

/** The first of some items in an order, found block by block; equal ones stay as they were. */
export async function sortInTurns<T>(
  items: readonly T[],
  compare: (a: T, b: T) => number,
  limit: number,
  signal: AbortSignal,
): Promise<T[]> {
  let first: T[] = [];
  const takeBlock = (from: number): void => {
    first = [...first, ...items.slice(from, from + BLOCK)].sort(compare).slice(0, limit);
  };
  const starts = Array.from({ length: Math.ceil(items.length / BLOCK) }, (_, block) => block * BLOCK);
  await takeTurns(starts, takeBlock, signal, 1);
  return first;
}

/** By start time descending, runs without one last, then id: MLflow's default and the last word between ties. */
export function sortByStart({ heads, ids }: RunTable, rows: readonly number[], signal: AbortSignal): Promise<number[]> {
  const startOf = (row: number): number => {
    const time = heads.startTimes.at(row);
    return Number.isNaN(time) ? -Number.MAX_VALUE : time;
  };
  /** Only of runs that began together; a text is made once. */
  const read = new Array<string | undefined>(ids.length);
  const idOf = (row: number): string => {
    read[row] ??= ids.at(row) ?? '';
    return read[row];
  };
  const compare = (a: number, b: number) => startOf(b) - startOf(a) || compareText(idOf(a), idOf(b));
  return sortInTurns(rows, compare, rows.length, signal);
}

/** The first rows in an order. @param rows by start time, which is the last word between ties. */
export async function firstRows(
  { table, rows }: RunRows,
  order: readonly OrderKey[],
  limit: number,
  signal: AbortSignal,
): Promise<number[]> {
  if (order.length === 0) return rows.slice(0, limit);
  const columns = order.map((key) => new OrderColumn(key, rows.length));
  const view = new RunRow(table);
  const read = (row: number, index: number): void => {
    view.row = row;
    for (const column of columns) column.read(index, view);
  };
  await takeTurns(rows, read, signal);
  const compare = (a: number, b: number): number => {
    for (const column of columns) {
      const result = column.compare(a, b);
      if (result !== 0) return result;
    }
    return 0;
  };
  const first = await sortInTurns([...rows.keys()], compare, limit, signal);
  return first.map((index) => rows[index]!);
}
