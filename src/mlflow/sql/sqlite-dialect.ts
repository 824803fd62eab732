/** SQL as SQLite takes it. */
import type { SqlConnection } from './connection.ts';
import { type Dialect, type PointsAccess, walkKeys } from './dialect.ts';
import { partsOf } from './parts.ts';
import { describeOddRows, isReadable, MOST_BYTES } from './sqlite-rows.ts';
import { readColumns } from './sqlite-tables.ts';

const same = (text: string): string => text;

/**
 * Left to itself SQLite reads a series by the primary key, which begins with the key: every run's points of it. Takes
 * the index that begins with the run, best one that goes on with the key; none in the oldest databases.
 */
async function findPoints(connection: SqlConnection): Promise<PointsAccess> {
  const read = (pragma: string) => connection.all({ text: `PRAGMA ${pragma}`, values: [] });
  const quote = (name: unknown) => `"${String(name).replaceAll('"', '""')}"`;
  const list = await read('index_list(metrics)');
  const names = list.flatMap(([, name, , , partial]) => (partial === 0 ? [quote(name)] : []));
  const indexes = [];
  for (const name of names) indexes.push({ name, columns: (await read(`index_info(${name})`)).map((row) => row[2]) });
  const byRun = indexes.filter(({ columns }) => columns[0] === 'run_uuid');
  const best = byRun.find(({ columns }) => columns[1] === 'key') ?? byRun[0];
  return { hint: best === undefined ? '' : ` INDEXED BY ${best.name}`, isByKey: best?.columns[1] === 'key' };
}

/** Packed, rows cross into JavaScript in a third of the time. */
const eachBlock: Dialect['eachBlock'] = async (connection, { columns, table, alias, where, rows }, onBlock) => {
  const packed = columns.map((column) => `, json_group_array(${column})`).join('');
  for await (const part of partsOf(connection, table, alias, { most: rows })) {
    const text = `SELECT CAST(group_concat(run_uuid, '') AS BLOB)${packed} FROM ${table} ${alias} NOT INDEXED
      WHERE ${part.text} AND ${where.text}`;
    const [row = []] = await connection.all({ text, values: [...part.values, ...where.values] });
    const [ids, ...cells] = row;
    if (ids !== null)
      onBlock(
        ids as Uint8Array,
        cells.map((cell) => JSON.parse(cell as string)),
      );
  }
};

export const SQLITE: Dialect = {
  name: 'sqlite',
  asText: (number) => `CAST(${number} AS TEXT)`,
  asDouble: (integer) => `${integer} * 1.0`,
  exactInteger: (integer) =>
    `CASE WHEN ${integer} BETWEEN -9007199254740991 AND 9007199254740991 THEN ${integer} ELSE CAST(${integer} AS TEXT) END`,
  exact: same,
  ordered: same,
  filled: (text) => `nullif(${text}, '')`,
  // Without the sign SQLite would walk the index in random order.
  group: (text) => `+${text}`,
  is: (column, value) => ({ text: `${column} = ?`, values: [value] }),
  isIn: (column, values) => ({ text: `${column} IN ??`, values: [values] }),
  isLike: (text, pattern) => ({ text: `${text} LIKE ?`, values: [pattern] }),
  lower: (text) => `lower(${text})`,
  // A list of its own, which a table of texts would be built for.
  isInLowered: (column, lowered) => ({
    text: `${column} COLLATE NOCASE IN (${lowered.map(() => '?').join(', ')})`,
    values: lowered,
  }),
  isReadable,
  describeOddRows,
  paramNumber: (text) => `param_number(${text})`,
  lastNumberIs: (name, number) => ({
    text: `(${name} LIKE ? AND last_number(${name}) = ?)`,
    values: [`%${number}%`, number],
  }),
  distinctKeys: (table) => `SELECT name FROM (${walkKeys(table)}) WHERE typeof(name) = 'text'
    AND octet_length(name) <= ${MOST_BYTES}`,
  eachBlock,
  nullsLast: '',
  fullScan: ' NOT INDEXED',
  logOrder: 'rowid',
  columnsOf: readColumns,
  findPoints,
};
