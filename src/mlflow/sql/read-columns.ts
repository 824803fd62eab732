/** Reads a population as columns. */
import { compareText } from '../compare-text.ts';
import type { Population, Projection, RunColumns } from '../tracking-store.ts';
import type { Lifecycle, RunStatus } from '../types.ts';
import { attributeSql, compilePopulation, joinSql } from './compile-filter.ts';
import type { Sql, SqlConnection } from './connection.ts';
import { defaultOrder } from './order.ts';
import { toLifecycle, toMetricValue, toNumber, toStatus, toText } from './read-values.ts';
import type { Schema } from './schema.ts';

type Column<T> = (T | undefined)[];

interface Source<T> {
  readonly table: string;
  readonly value: string;
  readonly convert: (value: unknown) => T;
}

/** Up to so many runs are looked up; for more, the table is scanned. */
const FEW_RUNS = 2_000;
/** Up to so many keys come row by row. */
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

function compileWhere(keys: readonly string[] | 'all', ids: readonly string[], { dialect }: Schema): Sql {
  const parts: Sql[] = [];
  const [key] = keys;
  if (keys !== 'all') parts.push(keys.length === 1 ? dialect.is('"key"', key!) : dialect.isIn('"key"', keys));
  if (ids.length <= FEW_RUNS) parts.push({ text: 'run_uuid IN ??', values: [ids] });
  return parts.length > 0 ? joinSql(parts, ' AND ') : { text: 'TRUE', values: [] };
}

/** Columns by key over the runs of `rowOf`; rows of other runs are passed over. */
async function readColumns<T>(
  connection: SqlConnection,
  schema: Schema,
  { table, value, convert }: Source<T>,
  keys: readonly string[] | 'all' | undefined,
  ids: readonly string[],
  rowOf: ReadonlyMap<string, number>,
): Promise<Map<string, Column<T>>> {
  const columns = new Columns<T>(ids.length);
  if (keys === undefined || keys.length === 0) return columns.byKey;
  if (keys !== 'all') for (const key of keys) columns.of(key);
  const { dialect } = schema;
  const where = compileWhere(keys, ids, schema);
  const put = (id: unknown, key: unknown, cell: unknown): void => {
    const row = rowOf.get(id as string);
    if (row !== undefined) columns.of(key as string)[row] = convert(cell);
  };
  const isTable = !table.startsWith('(');
  const areFew = ids.length <= FEW_RUNS || (keys !== 'all' && keys.length <= FEW_KEYS);
  if (dialect.eachChunk !== undefined && isTable && !areFew) {
    const query = { columns: ['run_uuid', '"key"', value], table, where };
    await dialect.eachChunk(connection, query, ([runs = [], logged = [], cells = []]) => {
      for (const [index, id] of runs.entries()) put(id, logged[index], cells[index]);
    });
    return columns.byKey;
  }
  const scan = ids.length > FEW_RUNS && isTable ? dialect.fullScan : '';
  // The key index would fetch the rows in random order; but it knows whether there are any.
  if (scan !== '' && !(await isAny(connection, table, where))) return columns.byKey;
  const text = `SELECT run_uuid, "key", ${value} FROM ${table} c${scan} WHERE ${where.text}`;
  await connection.each({ text, values: where.values }, ([id, key, cell]) => put(id, key, cell));
  return columns.byKey;
}

async function isAny(connection: SqlConnection, table: string, where: Sql): Promise<boolean> {
  const rows = await connection.all({
    text: `SELECT 1 FROM ${table} WHERE ${where.text} LIMIT 1`,
    values: where.values,
  });
  return rows.length > 0;
}

/** Longer texts are seldom repeated. */
const SHORT = 24;

/** Drivers make a new string of every cell; of equal short ones, one is enough. */
function createOnce(): (text: string) => string {
  const seen = new Map<string, string>();
  return (text) => {
    if (text.length > SHORT) return text;
    const known = seen.get(text);
    if (known === undefined) seen.set(text, text);
    return known ?? text;
  };
}

/** By key as SQLite sorts text. */
function sortKeys<T>(columns: Map<string, T>): Map<string, T> {
  return new Map([...columns].sort(([a], [b]) => compareText(a, b)));
}

/** Few runs have parents: all of them along the key index cost less than a look for each run. */
async function readParents(connection: SqlConnection): Promise<Map<string, string>> {
  const rows = await connection.all({
    text: `SELECT run_uuid, value FROM tags WHERE "key" = 'mlflow.parentRunId'`,
    values: [],
  });
  return new Map(rows.map(([id, parent]) => [String(id), String(parent)]));
}

export async function readRunColumns(
  connection: SqlConnection,
  schema: Schema,
  population: Population,
  projection: Projection,
): Promise<RunColumns> {
  const { dialect } = schema;
  const where = compilePopulation(population, schema);
  const attribute = attributeSql(dialect);
  const ids: string[] = [];
  const names: string[] = [];
  const experimentIds: string[] = [];
  const statuses: RunStatus[] = [];
  const lifecycles: Lifecycle[] = [];
  const startTimes: (number | undefined)[] = [];
  const endTimes: (number | undefined)[] = [];
  const once = createOnce();
  const query = {
    text: `SELECT r.run_uuid, ${attribute.run_name}, ${dialect.asText('r.experiment_id')}, r.status, r.lifecycle_stage,
      ${attribute.start_time}, ${attribute.end_time}
      FROM runs r WHERE ${where.text} ORDER BY ${defaultOrder(dialect)}`,
    values: where.values,
  };
  await connection.each(query, ([id, name, experimentId, status, lifecycle, start, end]) => {
    ids.push(String(id));
    names.push(toText(name) ?? '');
    experimentIds.push(once(String(experimentId)));
    statuses.push(toStatus(once(String(status ?? 'RUNNING'))));
    lifecycles.push(toLifecycle(lifecycle));
    startTimes.push(toNumber(start));
    endTimes.push(toNumber(end));
  });
  const rowOf = new Map(ids.map((id, row) => [id, row]));
  const parents = await readParents(connection);
  const text = { value: 'value', convert: (value: unknown) => once(toText(value) ?? '') };
  const metric = { value: 'CASE WHEN is_nan THEN NULL ELSE value END', convert: toMetricValue };
  const read = async <T>(source: Source<T>, keys: readonly string[] | 'all' | undefined) =>
    sortKeys(await readColumns(connection, schema, source, keys, ids, rowOf));
  return {
    length: ids.length,
    ids,
    names,
    experimentIds,
    statuses,
    lifecycles,
    startTimes,
    endTimes,
    parentIds: ids.map((id) => parents.get(id)),
    metrics: await read({ ...metric, table: schema.latestMetrics }, projection.metrics),
    params: await read({ ...text, table: 'params' }, projection.params),
    tags: await read({ ...text, table: 'tags' }, projection.tags),
  };
}
