/** MLflow's tables must be ordinary ones: what only looks like a table may compute without end, or say anything. */
import { StoreError } from '../errors.ts';
import type { SqlStatements } from './statements.ts';

/** What finds a row of these, and keeps it from being there twice. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  experiments: ['experiment_id'],
  runs: ['run_uuid'],
  params: ['key', 'run_uuid'],
  tags: ['key', 'run_uuid'],
  latest_metrics: ['key', 'run_uuid'],
};
/** MLflow's longest is a twentieth of it. */
const MOST_SQL = 65_536;
/** Of a column that is computed whenever it is read; one that is stored is like any other. */
const VIRTUAL_COLUMN = 2;

/** In the order in which a statement that makes something is looked at. */
const ODD: readonly (readonly [RegExp, string])[] = [
  [/^CREATE\s+VIEW\b/i, 'is a view'],
  [/^CREATE\s+VIRTUAL\b/i, 'is a virtual table'],
  [/^(?!CREATE TABLE\s)/i, 'is no table'],
  [/\bWITHOUT\s+ROWID\b/i, 'is a table without row ids'],
  [/\bCOLLATE\b/i, 'has a collation of its own'],
];

/**
 * Columns by table, none for one that is not there. No row of the tables is read for it.
 * @throws StoreError `database_unreadable`, that names what is no ordinary table.
 */
export async function readColumns(
  connection: SqlStatements,
  tables: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const made = await connection.all({
    text: `SELECT lower(name), CASE WHEN octet_length(sql) <= ${MOST_SQL} THEN sql END FROM sqlite_master
      WHERE lower(name) IN ??`,
    values: [tables],
  });
  for (const [table, sql] of made) {
    const odd = ODD.find(([pattern]) => pattern.test(String(sql ?? '')));
    if (odd !== undefined) throw refuse(connection, String(table), odd[1]);
  }
  const there = new Set(made.map(([table]) => table));
  const columns = new Map<string, ReadonlySet<string>>();
  for (const table of tables) columns.set(table, there.has(table) ? await readTable(connection, table) : new Set());
  return columns;
}

async function readTable(connection: SqlStatements, table: string): Promise<ReadonlySet<string>> {
  const rows = await connection.all({ text: `PRAGMA table_xinfo(${table})`, values: [] });
  const columns = rows.map(([, name, , , , place, hidden]) => ({
    name: String(name).toLowerCase(),
    isKey: Number(place) > 0,
    hidden,
  }));
  const names = new Set(columns.map(({ name }) => name));
  const computed = columns.find(({ hidden }) => hidden === VIRTUAL_COLUMN);
  if (computed !== undefined) throw refuse(connection, table, `computes its column ${computed.name}`);
  if (names.has('rowid')) throw refuse(connection, table, 'has a column called rowid');
  const needed = KEYS[table];
  const key = columns.filter(({ isKey }) => isKey).map(({ name }) => name);
  // A table of another program lacks the columns as well, and is told by them.
  const isOwn = needed?.every((name) => names.has(name)) ?? false;
  if (isOwn && !(needed!.length === key.length && needed!.every((name) => key.includes(name))))
    throw refuse(connection, table, `has not the primary key ${needed!.join(', ')}`);
  return names;
}

function refuse({ location }: SqlStatements, table: string, what: string): StoreError {
  return new StoreError('database_unreadable', `${location} is not as MLflow makes it: ${table} ${what}`, {
    hint: 'Give the database that mlflow itself writes, not one that was changed or made by hand.',
  });
}
