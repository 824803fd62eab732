/** Reads metrics, params or tags of a population as columns by key. */
import { isKey, joinSql, readableRow } from './compile-filter.ts';
import type { SqlConnection } from './connection.ts';
import type { RowTable } from './dialect.ts';
import { isAny } from './is-any.ts';
import { IS_WHOLE_ID, NO_ROW, PackedIds } from './packed-ids.ts';
import { partsOf, slicesOf } from './parts.ts';
import type { PopulationRows } from './read-population.ts';
import type { Schema } from './schema.ts';
import type { Sql } from './statements.ts';

export interface KeyedSource<T> {
  /** A table or sub-query. */
  readonly table: string;
  /** What its rows are. */
  readonly rows: RowTable;
  readonly value: string;
  readonly convert: (value: unknown) => T;
}

type Column<T> = (T | undefined)[];
type Runs = Pick<PopulationRows, 'length' | 'ids' | 'rowOf'>;

/** Up to so many runs are looked up, each by its keys; for more, the table is scanned. */
const FEW_RUNS = 2_000;
/** What a filter left is mostly few of many, and of one key a look is one row, where the scan reads those of all keys. */
const FEW_RUNS_OF_ONE_KEY = 20_000;
/** Rows of the table behind a block: of one key among many the block holds few. */
const ROWS_OF_ALL_KEYS = 2_000;
const ROWS_OF_SOME_KEYS = 20_000;

class Columns<T> {
  readonly byKey = new Map<string, Column<T>>();
  readonly #length: number;

  constructor(length: number) {
    this.#length = length;
  }

  /** The column of a key, made on first sight. */
  of(key: string): Column<T> {
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const column = new Array<T | undefined>(this.#length).fill(undefined);
    this.byKey.set(key, column);
    return column;
  }
}

/** Columns by key over some runs; rows of other runs are passed over. */
export async function readKeyed<T>(
  connection: SqlConnection,
  schema: Schema,
  source: KeyedSource<T>,
  keys: readonly string[] | 'all' | undefined,
  runs: Runs,
): Promise<Map<string, Column<T>>> {
  const columns = new Columns<T>(runs.length);
  if (keys === undefined || keys.length === 0) return columns.byKey;
  if (keys !== 'all') for (const key of keys) columns.of(key);
  const { table } = source;
  const isWhole = runs.ids instanceof PackedIds;
  const areFew = runs.length <= (keys.length === 1 && !isWhole ? FEW_RUNS_OF_ONE_KEY : FEW_RUNS);
  const isRow = readableRow(source.rows, 'c', schema.dialect);
  const isKnown = keys === 'all' ? undefined : isKey(keys, schema.dialect);
  // Of most rows the key alone is looked at.
  const where = isKnown === undefined ? isRow : joinSql([isKnown, isRow], ' AND ');
  if (areFew) {
    for (const slice of slicesOf(connection, [...runs.ids])) {
      const ids: Sql = { text: 'run_uuid IN ??', values: [slice] };
      await readRows(connection, source, { ...runs, columns }, '', joinSql([ids, where], ' AND '));
    }
    return columns.byKey;
  }
  const { eachBlock, fullScan } = schema.dialect;
  const isTable = !table.startsWith('(');
  // The key index would fetch the rows in random order; but it knows whether there are any.
  if (isTable && fullScan !== '' && isKnown !== undefined && !(await isAny(connection, table, isKnown)))
    return columns.byKey;
  if (isTable && eachBlock !== undefined && runs.ids instanceof PackedIds)
    await readBlocks(connection, schema, source, { ids: runs.ids, columns }, keys, where);
  else if (isTable)
    for await (const part of partsOf(connection, table, 'c'))
      await readRows(connection, source, { ...runs, columns }, fullScan, joinSql([part, where], ' AND '));
  else await readRows(connection, source, { ...runs, columns }, '', where);
  return columns.byKey;
}

async function readRows<T>(
  connection: SqlConnection,
  { table, value, convert }: KeyedSource<T>,
  { rowOf, columns }: Pick<Runs, 'rowOf'> & { readonly columns: Columns<T> },
  scan: string,
  where: Sql,
): Promise<void> {
  const text = `SELECT run_uuid, "key", ${value} FROM ${table} c${scan} WHERE ${where.text}`;
  await connection.each({ text, values: where.values }, ([id, key, cell]) => {
    const row = typeof id === 'string' ? rowOf(id) : undefined;
    if (row !== undefined) columns.of(key as string)[row] = convert(cell);
  });
}

async function readBlocks<T>(
  connection: SqlConnection,
  { dialect }: Schema,
  { table, value, convert }: KeyedSource<T>,
  { ids, columns }: { readonly ids: PackedIds; readonly columns: Columns<T> },
  keys: readonly string[] | 'all',
  where: Sql,
): Promise<void> {
  const only = keys.length === 1 ? columns.of(keys[0] as string) : undefined;
  const whole = { text: IS_WHOLE_ID, values: [] };
  const query = {
    table,
    alias: 'c',
    columns: only === undefined ? [value, '"key"'] : [value],
    where: joinSql([where, whole], ' AND '),
    rows: keys === 'all' ? ROWS_OF_ALL_KEYS : ROWS_OF_SOME_KEYS,
  };
  await dialect.eachBlock!(connection, query, (block, [cells = [], logged = []]) => {
    const rows = ids.rowsOf(block);
    for (let place = 0; place < rows.length; place++) {
      const row = rows[place]!;
      if (row !== NO_ROW) (only ?? columns.of(logged[place] as string))[row] = convert(cells[place]);
    }
  });
}
