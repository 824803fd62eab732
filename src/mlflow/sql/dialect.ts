/** Where the SQL of the databases differs, as texts of expressions. Names are quoted with ANSI's double quotes everywhere. */

import type { IdBlock } from './packed-ids.ts';
import type { Sql, SqlStatements } from './statements.ts';

export interface BlockQuery {
  /** Has a column `run_uuid`, whose values must be of `ID_BYTES` each. */
  readonly table: string;
  readonly alias: string;
  readonly columns: readonly string[];
  readonly where: Sql;
  /** Rows of the table that are looked at for a block, at most. */
  readonly rows: number;
}

export interface PointsAccess {
  /** Behind `metrics`: makes the database find them by their run. */
  readonly hint: string;
  /** Whether their key is looked up as well: else all points of the run are passed. */
  readonly isByKey: boolean;
}

/** Tables whose rows are looked at before they are believed. */
export type RowTable =
  | 'experiments'
  | 'experiment_tags'
  | 'runs'
  | 'params'
  | 'tags'
  | 'latest_metrics'
  | 'metrics'
  // Of inputs that are called `i`.
  | 'datasets'
  | 'input_tags';

export interface Dialect {
  readonly name: 'sqlite' | 'postgresql' | 'mysql';
  /** A number as text. */
  asText(number: string): string;
  /** An integer as a floating-point number: exact enough for times in milliseconds. */
  asDouble(integer: string): string;
  /** An integer exactly: a number, or its text. */
  exactInteger(integer: string): string;
  /** A text in the form that equals nothing but itself. */
  exact(text: string): string;
  /** A text in the form that orders by code point. */
  ordered(text: string): string;
  /** A text, or NULL where it is empty. */
  filled(text: string): string;
  /** A grouping term for a text, by code point. */
  group(text: string): string;
  /** `column = ?`, exactly, by an index where there is one. */
  is(column: string, value: string): Sql;
  /** `column IN ??`, exactly, by an index where there is one. */
  isIn(column: string, values: readonly string[]): Sql;
  /** Whether a text is like a bound pattern: `%`, `_` and no escape, case counts. */
  isLike(text: string, pattern: string): Sql;
  /** ASCII letters in lower case, all others as they are. */
  lower(text: string): string;
  /** Whether a column is one of `lowered`, which are in lower case, ASCII letters compared without case. */
  isInLowered(column: string, lowered: readonly string[]): Sql;
  /** A condition over a row of a table: whether each cell is of its column's type, where the database does not see to it. */
  isReadable(table: RowTable, alias: string): string;
  /** What rows are that are not readable, by a list of row ids as JSON. */
  describeOddRows?(table: RowTable): string;
  /** The number that a param's whole text spells, else NULL. */
  paramNumber(text: string): string;
  /** Whether the last group of digits of a name is this number. */
  lastNumberIs(name: string, number: number): Sql;
  /** A query of the distinct keys of a table as `name`, which jumps from key to key along its index. */
  distinctKeys(table: string): string;
  /** A whole table, many rows at a time, column by column, where single rows cost more. Order: as stored. */
  eachBlock?(
    connection: SqlStatements,
    query: BlockQuery,
    onBlock: (ids: IdBlock, columns: readonly (readonly unknown[])[]) => void,
  ): Promise<void>;
  /** Behind a descending order key, so that NULL comes last. */
  readonly nullsLast: string;
  /** Behind a table's name, where every row of it is going to be read. */
  readonly fullScan: string;
  /** What tells points of one step and time apart: the order they were logged in, where the database knows. */
  readonly logOrder: string;
  /** Columns of the tables that are there, in the order of `tables`; none for a table that is not. */
  columnsOf(connection: SqlStatements, tables: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
  /** How one run's points are found. */
  findPoints(connection: SqlStatements): Promise<PointsAccess>;
}

/** For databases whose DISTINCT reads every row of the index. */
export function walkKeys(table: string): string {
  return `WITH RECURSIVE walked(name) AS (SELECT min(a."key") FROM ${table} a UNION ALL
      SELECT (SELECT min(b."key") FROM ${table} b WHERE b."key" > walked.name) FROM walked WHERE name IS NOT NULL)
    SELECT name FROM walked WHERE name IS NOT NULL`;
}

/** Columns by table from the standard's catalogue. */
export async function readCatalogue(
  connection: SqlStatements,
  tables: readonly string[],
  schemaCondition: string,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const rows = await connection.all({
    text: `SELECT table_name, column_name FROM information_schema.columns
      WHERE ${schemaCondition} AND table_name IN ??`,
    values: [tables],
  });
  const columns = new Map(tables.map((table) => [table, new Set<string>()]));
  for (const [table, column] of rows) columns.get(String(table))?.add(String(column));
  return columns;
}
