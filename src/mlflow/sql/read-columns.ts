/** Reads a population as columns. */
import type { SQLOutputValue } from 'node:sqlite';
import { compareText } from '../compare-text.ts';
import type { Population, Projection, RunColumns } from '../tracking-store.ts';
import type { RunStatus } from '../types.ts';
import { ATTRIBUTE_SQL, compilePopulation, inList, joinSql, prefixSql } from './compile-filter.ts';
import { toLifecycle, toMetricValue, toNumber, toStatus, toText } from './read-values.ts';
import type { Schema } from './schema.ts';
import type { Sql, SqliteConnection } from './sqlite-connection.ts';

type Column<T> = (T | undefined)[];

interface Source<T> {
  readonly table: string;
  readonly value: string;
  readonly convert: (value: SQLOutputValue | undefined) => T;
}

/** Up to so many runs are looked up; for more, the table is scanned. */
const FEW_RUNS = 2_000;
/** Up to so many keys come as rows; more come packed, one row a run, which crosses into JavaScript less often. */
const FEW_KEYS = 3;

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

function compileWhere(keys: readonly string[] | 'all', ids: readonly string[]): Sql {
  const parts: Sql[] = [];
  if (keys !== 'all') parts.push(prefixSql('key ', inList(keys)));
  if (ids.length <= FEW_RUNS) parts.push(prefixSql('run_uuid ', inList(ids)));
  return parts.length > 0 ? prefixSql('WHERE ', joinSql(parts, ' AND ')) : { text: '', values: [] };
}

/** Columns by key over the runs of `rowOf`; rows of other runs are passed over. */
function readColumns<T>(
  connection: SqliteConnection,
  { table, value, convert }: Source<T>,
  keys: readonly string[] | 'all' | undefined,
  ids: readonly string[],
  rowOf: ReadonlyMap<string, number>,
): Map<string, Column<T>> {
  const columns = new Columns<T>(ids.length);
  if (keys === undefined) return columns.byKey;
  if (keys !== 'all') for (const key of keys) columns.of(key);
  const where = compileWhere(keys, ids);
  if (keys !== 'all' && keys.length <= FEW_KEYS) {
    // The key index would fetch the rows in random order.
    const scan = ids.length > FEW_RUNS && !table.startsWith('(') ? 'NOT INDEXED' : '';
    const text = `SELECT run_uuid, key, ${value} FROM ${table} ${scan} ${where.text}`;
    for (const [id, key, cell] of connection.iterate({ text, values: where.values })) {
      const row = rowOf.get(id as string);
      if (row !== undefined) columns.of(key as string)[row] = convert(cell);
    }
    return columns.byKey;
  }
  const text = `SELECT run_uuid, json_group_array(key), json_group_array(${value}) FROM ${table} ${where.text}
    GROUP BY run_uuid`;
  for (const [id, packedKeys, packedCells] of connection.iterate({ text, values: where.values })) {
    const row = rowOf.get(id as string);
    if (row === undefined) continue;
    const cells: SQLOutputValue[] = JSON.parse(packedCells as string);
    for (const [index, key] of JSON.parse(packedKeys as string).entries()) columns.of(key)[row] = convert(cells[index]);
  }
  return columns.byKey;
}

/** By key as SQLite sorts text. */
function sortKeys<T>(columns: Map<string, T>): Map<string, T> {
  return new Map([...columns].sort(([a], [b]) => compareText(a, b)));
}

/** Few runs have parents: all of them along the key index cost less than a look for each run. */
function readParents(connection: SqliteConnection): Map<string, string> {
  const rows = connection.all({
    text: `SELECT run_uuid, value FROM tags WHERE key = 'mlflow.parentRunId'`,
    values: [],
  });
  return new Map(rows.map(([id, parent]) => [String(id), String(parent)]));
}

export function readRunColumns(
  connection: SqliteConnection,
  schema: Schema,
  population: Population,
  projection: Projection,
): RunColumns {
  const where = compilePopulation(population, schema);
  const rows = connection.all({
    text: `SELECT r.run_uuid, ${ATTRIBUTE_SQL.run_name}, CAST(r.experiment_id AS TEXT), r.status, r.lifecycle_stage,
      ${ATTRIBUTE_SQL.start_time}, ${ATTRIBUTE_SQL.end_time}
      FROM runs r WHERE ${where.text} ORDER BY r.start_time DESC, r.run_uuid`,
    values: where.values,
  });
  const ids = rows.map((row) => String(row[0]));
  const rowOf = new Map(ids.map((id, row) => [id, row]));
  const parents = readParents(connection);
  const text = { value: 'value', convert: (value: SQLOutputValue | undefined) => toText(value) ?? '' };
  const metric = { value: 'CASE WHEN is_nan THEN NULL ELSE value END', convert: toMetricValue };
  return {
    length: rows.length,
    ids,
    names: rows.map((row) => toText(row[1]) ?? ''),
    experimentIds: rows.map((row) => String(row[2])),
    statuses: rows.map((row): RunStatus => toStatus(row[3])),
    lifecycles: rows.map((row) => toLifecycle(row[4])),
    startTimes: rows.map((row) => toNumber(row[5])),
    endTimes: rows.map((row) => toNumber(row[6])),
    parentIds: ids.map((id) => parents.get(id)),
    metrics: sortKeys(
      readColumns(connection, { ...metric, table: schema.latestMetrics }, projection.metrics, ids, rowOf),
    ),
    params: sortKeys(readColumns(connection, { ...text, table: 'params' }, projection.params, ids, rowOf)),
    tags: sortKeys(readColumns(connection, { ...text, table: 'tags' }, projection.tags, ids, rowOf)),
  };
}
