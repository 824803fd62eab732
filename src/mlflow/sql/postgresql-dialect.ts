/** SQL as PostgreSQL takes it. Texts compare by their bytes; order and case follow the locale unless told otherwise. */
import { type Dialect, readCatalogue, walkKeys } from './dialect.ts';

// A question mark would stand for a bound value.
const PLAIN = '([0-9]{1,250}[.]{0,1}[0-9]{0,250}|[.][0-9]{1,250})';
const SCIENTIFIC = '([0-9]{1,8}[.]{0,1}[0-9]{0,20}|[.][0-9]{1,20})e[+-]{0,1}0*[0-2]{0,1}[0-9]{1,2}';
const SPACES = '[ \t\n\v\f\r]*';
/** Numbers that a cast takes without overflow, which would be an error; params beyond about 1e±300 count as texts. */
const NUMBER = `'^${SPACES}[+-]{0,1}(${PLAIN}|${SCIENTIFIC})${SPACES}$'`;

const ordered = (text: string): string => `${text} COLLATE "C"`;

export const POSTGRESQL: Dialect = {
  name: 'postgresql',
  asText: (number) => `CAST(${number} AS text)`,
  asDouble: (integer) => `CAST(${integer} AS double precision)`,
  exactInteger: (integer) => integer,
  exact: (text) => text,
  ordered,
  filled: (text) => `nullif(${text}, '')`,
  group: (text) => text,
  is: (column, value) => ({ text: `${column} = ?`, values: [value] }),
  isIn: (column, values) => ({ text: `${column} IN ??`, values: [values] }),
  isLike: (text, pattern) => ({ text: `${text} LIKE ? ESCAPE ''`, values: [pattern] }),
  lower: (text) => `lower(${ordered(text)})`,
  isInLowered: (column, lowered) => ({ text: `lower(${ordered(column)}) IN ??`, values: [lowered] }),
  isReadable: () => 'TRUE',
  paramNumber: (text) =>
    `CASE WHEN ${text} ~* ${NUMBER} THEN CAST(btrim(${text}, E' \\t\\n\\r\\f\\v') AS double precision) END`,
  lastNumberIs: (name, number) => ({ text: `${name} ~ ?`, values: [`(^|[^0-9])0*${number}[^0-9]*$`] }),
  distinctKeys: walkKeys,
  nullsLast: ' NULLS LAST',
  fullScan: '',
  logOrder: 'ctid',
  columnsOf: (connection, tables) => readCatalogue(connection, tables, 'table_schema = ANY(current_schemas(false))'),
  findPoints: async () => ({ hint: '', isByKey: false }),
};
