/** Rows of a table → columns, for stores that deliver whole runs. */
import { compareText } from '../compare-text.ts';
import type { Growing, Numbers } from '../table/growing.ts';
import type { KeyedList } from '../table/keyed-list.ts';
import { LIFECYCLES, type RunRows, STATUSES } from '../table/run-table.ts';
import type { TextColumn } from '../table/text-column.ts';
import { takeTurns } from '../take-turns.ts';
import type { Projection, RunColumns } from './tracking-store.ts';

/** Texts of rows, made when looked at. */
class RowTexts implements TextColumn {
  readonly #rows: readonly number[];
  readonly #read: (row: number) => string;

  constructor(rows: readonly number[], read: (row: number) => string) {
    this.#rows = rows;
    this.#read = read;
  }

  get length(): number {
    return this.#rows.length;
  }

  at(index: number): string | undefined {
    const row = this.#rows[index];
    return row === undefined ? undefined : this.#read(row);
  }

  *[Symbol.iterator](): Iterator<string> {
    for (const row of this.#rows) yield this.#read(row);
  }
}

type Keys = readonly string[] | 'all' | undefined;

/** Which keys some rows have. */
export async function readColumnKeys(
  { table, rows }: RunRows,
  list: KeyedList<Numbers>,
  signal: AbortSignal,
): Promise<string[]> {
  const isUsed = new Uint8Array(table.texts.length);
  const mark = (row: number): void => {
    const to = list.to(row);
    for (let place = list.from(row); place < to; place++) isUsed[list.keyAt(place)] = 1;
  };
  await takeTurns(rows, mark, signal);
  return table.texts.all.filter((_, code) => isUsed[code] === 1).sort(compareText);
}

/** A column for each key asked for, by key. */
async function readKeyed<T>(
  { table, rows }: RunRows,
  list: KeyedList<Numbers>,
  asked: Keys,
  read: (value: number) => T,
  signal: AbortSignal,
): Promise<Map<string, readonly (T | undefined)[]>> {
  const keys =
    asked === 'all' ? await readColumnKeys({ table, rows }, list, signal) : [...new Set(asked)].sort(compareText);
  const columns = keys.map(() => new Array<T | undefined>(rows.length).fill(undefined));
  const columnOf = new Array<(T | undefined)[] | undefined>(table.texts.length);
  for (const [index, key] of keys.entries()) {
    const code = table.texts.find(key);
    if (code >= 0) columnOf[code] = columns[index];
  }
  const readRow = (row: number, index: number): void => {
    const to = list.to(row);
    for (let place = list.from(row); place < to; place++) {
      const column = columnOf[list.keyAt(place)];
      if (column !== undefined) column[index] = read(list.valueAt(place));
    }
  };
  if (keys.length > 0) await takeTurns(rows, readRow, signal);
  return new Map(keys.map((key, index) => [key, columns[index]!]));
}

/** Keeps the order of the rows. */
export async function toColumns(
  { table, rows }: RunRows,
  projection: Projection,
  signal: AbortSignal,
): Promise<RunColumns> {
  const { heads, texts, ids, metrics, params, tags } = table;
  const timesOf = (times: Growing<Float64Array>) =>
    rows.map((row) => (Number.isNaN(times.at(row)) ? undefined : times.at(row)));
  const text = (code: number): string => texts.at(code);
  return {
    length: rows.length,
    ids: new RowTexts(rows, (row) => ids.at(row)!),
    names: new RowTexts(rows, (row) => texts.at(heads.names.at(row))),
    experimentIds: rows.map((row) => texts.at(heads.experimentIds.at(row))),
    statuses: rows.map((row) => STATUSES[heads.statuses.at(row)]!),
    lifecycles: rows.map((row) => LIFECYCLES[heads.lifecycles.at(row)]!),
    startTimes: timesOf(heads.startTimes),
    endTimes: timesOf(heads.endTimes),
    parentIds: rows.map((row) => texts.optional(heads.parentIds.at(row))),
    metrics: await readKeyed({ table, rows }, metrics, projection.metrics, (value) => value, signal),
    params: await readKeyed({ table, rows }, params, projection.params, text, signal),
    tags: await readKeyed({ table, rows }, tags, projection.tags, text, signal),
  };
}
