/** Loads whole runs by id, with what a projection asks for. */

import type { MetricPoint } from '../../query/point.ts';
import type { Projection } from '../runs/tracking-store.ts';
import type { DatasetInput, Run } from '../runs/types.ts';
import { attributeSql, isKey, joinSql, ownWorkspace, readableRow } from './compile-filter.ts';
import type { SqlConnection } from './connection.ts';
import type { Dialect, RowTable } from './dialect.ts';
import { slicesOf } from './parts.ts';
import { toInt64, toLifecycle, toMetricValue, toNumber, toStatus, toText } from './read-values.ts';
import type { Schema } from './schema.ts';
import type { Sql, SqlRow } from './statements.ts';

type Keys = readonly string[] | 'all' | undefined;

interface KeyedRows<T> {
  readonly table: string;
  readonly rows: RowTable;
  readonly columns: string;
  readonly convert: (cells: SqlRow) => T;
}

/** A keyed table by run; each run's in the order of its keys. */
async function readKeyed<T>(
  connection: SqlConnection,
  { dialect }: Schema,
  { table, rows, columns, convert }: KeyedRows<T>,
  ids: readonly string[],
  keys: Keys,
): Promise<Map<string, Map<string, T>>> {
  const byRun = new Map<string, Map<string, T>>();
  if (keys === undefined || keys.length === 0) return byRun;
  const parts: Sql[] = [{ text: 'run_uuid IN ??', values: [ids] }];
  if (keys !== 'all') parts.push(isKey(keys, dialect));
  parts.push(readableRow(rows, 'c', dialect));
  const where = joinSql(parts, ' AND ');
  const text = `SELECT run_uuid, "key", ${columns} FROM ${table} c WHERE ${where.text}
    ORDER BY run_uuid, ${dialect.ordered('"key"')}`;
  await connection.each({ text, values: where.values }, ([run, key, ...cells]) => {
    const id = String(run);
    const known = byRun.get(id) ?? new Map<string, T>();
    byRun.set(id, known.set(String(key), convert(cells)));
  });
  return byRun;
}

async function readDatasets(
  connection: SqlConnection,
  schema: Schema,
  ids: readonly string[],
): Promise<Map<string, DatasetInput[]>> {
  const byRun = new Map<string, DatasetInput[]>();
  if (!schema.hasDatasets) return byRun;
  const { isReadable } = schema.dialect;
  const order = ['d.name', 'd.digest', 't.value'].map(schema.dialect.ordered).join(', ');
  const text = `SELECT i.destination_id, d.name, d.digest, t.value FROM inputs i
    JOIN datasets d ON d.dataset_uuid = i.source_id AND ${isReadable('datasets', 'd')}
    LEFT JOIN input_tags t ON t.input_uuid = i.input_uuid AND t.name = 'mlflow.data.context'
      AND ${isReadable('input_tags', 't')}
    WHERE i.destination_type = 'RUN' AND i.source_type = 'DATASET' AND i.destination_id IN ??
    ORDER BY ${order}`;
  for (const [run, name, digest, context] of await connection.all({ text, values: [ids] })) {
    const dataset = {
      name: String(name),
      digest: String(digest),
      ...(context !== null && { context: String(context) }),
    };
    const id = String(run);
    byRun.set(id, [...(byRun.get(id) ?? []), dataset]);
  }
  return byRun;
}

const toPoint = ([value, step, timestamp]: SqlRow): MetricPoint => ({
  value: toMetricValue(value),
  step: toInt64(step),
  timestamp: Number(timestamp),
});

const text = { columns: 'value', convert: ([value]: SqlRow): string => toText(value) ?? '' };

function coreColumns(dialect: Dialect): string {
  const attribute = attributeSql(dialect);
  return `r.run_uuid, ${attribute.run_name}, ${dialect.asText('r.experiment_id')}, r.status, r.lifecycle_stage,
    ${attribute.start_time}, ${attribute.end_time}, ${attribute.user_id},
    ${attribute.parent_run_id}, ${attribute.artifact_uri}`;
}

function toCore(row: SqlRow): Omit<Run, 'metrics' | 'params' | 'tags' | 'datasets'> {
  const [id, name, experimentId, status, lifecycle, start, end, user, parent, artifacts] = row;
  const startTime = toNumber(start);
  const endTime = toNumber(end);
  return {
    id: String(id),
    name: toText(name) ?? '',
    experimentId: String(experimentId),
    status: toStatus(status),
    lifecycle: toLifecycle(lifecycle),
    ...(startTime !== undefined && { startTime }),
    ...(endTime !== undefined && { endTime }),
    ...(user !== null && { user: String(user) }),
    ...(parent !== null && { parentId: String(parent) }),
    ...(artifacts !== null && { artifactUri: String(artifacts) }),
  };
}

/** In the order of `ids`; ids that do not exist are left out. */
export async function readRuns(
  connection: SqlConnection,
  schema: Schema,
  ids: readonly string[],
  projection: Projection,
): Promise<Run[]> {
  const runs: Run[] = [];
  for (const slice of slicesOf(connection, ids)) {
    for (const run of await readSlice(connection, schema, slice, projection)) runs.push(run);
  }
  return runs;
}

async function readSlice(
  connection: SqlConnection,
  schema: Schema,
  ids: readonly string[],
  projection: Projection,
): Promise<Run[]> {
  const { dialect } = schema;
  const rows = await connection.all({
    text: `SELECT ${coreColumns(dialect)} FROM runs r WHERE r.run_uuid IN ?? AND ${dialect.isReadable('runs', 'r')}
      ${ownWorkspace(schema)}`,
    values: [ids],
  });
  const cores = new Map(rows.map((row) => [String(row[0]), toCore(row)]));
  const read = <T>(source: KeyedRows<T>, keys: Keys) => readKeyed(connection, schema, source, ids, keys);
  const point = {
    table: schema.latestMetrics,
    rows: 'latest_metrics' as const,
    columns: `CASE WHEN is_nan THEN NULL ELSE value END, ${dialect.exactInteger('step')}, ${dialect.asDouble('timestamp')}`,
    convert: toPoint,
  };
  const metrics = await read(point, projection.metrics);
  const params = await read({ ...text, table: 'params', rows: 'params' }, projection.params);
  const tags = await read({ ...text, table: 'tags', rows: 'tags' }, projection.tags);
  const datasets = projection.datasets
    ? await readDatasets(connection, schema, ids)
    : new Map<string, DatasetInput[]>();
  return ids.flatMap((id) => {
    const core = cores.get(id);
    if (core === undefined) return [];
    return {
      ...core,
      metrics: metrics.get(id) ?? new Map<string, MetricPoint>(),
      params: params.get(id) ?? new Map<string, string>(),
      tags: tags.get(id) ?? new Map<string, string>(),
      datasets: datasets.get(id) ?? [],
    };
  });
}
