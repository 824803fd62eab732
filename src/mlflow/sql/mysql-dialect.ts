/**
 * SQL as MySQL and MariaDB take it. Their usual collations ignore case and trailing spaces, so what must be exact is
 * compared as bytes, beside the plain comparison that finds it by an index.
 */
import { type Dialect, readCatalogue } from './dialect.ts';

/** Not [:space:], which MySQL takes for all spaces of Unicode and then finds no number behind them. */
const SPACES = '[ \t\n\v\f\r]*';
/**
 * A question mark would stand for a bound value. No digit can be matched in two ways: MySQL ends a statement whose
 * expression goes back too often.
 */
const NUMBER = `'^${SPACES}[+-]{0,1}([0-9]+([.][0-9]*){0,1}|[.][0-9]+)([eE][+-]{0,1}[0-9]+){0,1}${SPACES}$'`;

const unicode = (text: string): string => `CONVERT(${text} USING utf8mb4)`;
/** UTF-8's bytes stand in the order of the code points. */
const exact = (text: string): string => `CAST(${unicode(text)} AS BINARY)`;

/** No function of these databases leaves other letters alone. */
function lower(text: string): string {
  const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index));
  return letters.reduce((sql, letter) => `REPLACE(${sql}, '${letter}', '${letter.toLowerCase()}')`, exact(text));
}

export const MYSQL: Dialect = {
  name: 'mysql',
  asText: (number) => `CAST(${number} AS CHAR)`,
  asDouble: (integer) => `(${integer} + 0e0)`,
  exactInteger: (integer) => `CAST(${integer} AS CHAR)`,
  exact,
  ordered: exact,
  // Collations take spaces, and some take characters without a width, for nothing.
  filled: (text) => `nullif(${text}, CAST('' AS BINARY))`,
  group: exact,
  is: (column, value) => ({ text: `(${column} = ? AND ${exact(column)} = ${exact('?')})`, values: [value, value] }),
  isIn: (column, values) => ({ text: `(${column} IN ?? AND ${exact(column)} IN ??)`, values: [values, values] }),
  // MariaDB takes an empty escape for its usual one, the backslash.
  isLike: (text, pattern) => ({
    text: `${unicode(text)} COLLATE utf8mb4_bin LIKE ? ESCAPE '!'`,
    values: [pattern.replaceAll('!', '!!')],
  }),
  lower,
  // First what most rows fail quickly.
  isInLowered: (column, lowered) => ({
    text: `(LOWER(${column}) IN ?? AND ${lower(column)} IN ??)`,
    values: [lowered, lowered],
  }),
  isReadable: () => 'TRUE',
  paramNumber: (text) => `CASE WHEN ${text} REGEXP ${NUMBER} THEN ${text} + 0e0 END`,
  lastNumberIs: (name, number) => ({ text: `${name} REGEXP ?`, values: [`(^|[^0-9])0*${number}[^0-9]*$`] }),
  distinctKeys: (table) => `SELECT DISTINCT "key" AS name FROM ${table}`,
  nullsLast: '',
  fullScan: '',
  logOrder: 'value',
  columnsOf: (connection, tables) => readCatalogue(connection, tables, 'table_schema = DATABASE()'),
  findPoints: async () => ({ hint: '', isByKey: false }),
};
