/** Loads whole runs by id, with what a projection asks for. */
import type { Projection } from '../tracking-store.ts';
import type { DatasetInput, MetricPoint, Run } from '../types.ts';
import { ATTRIBUTE_SQL, inList, ownWorkspace } from './compile-filter.ts';
import { exactInteger, toInt64, toLifecycle, toMetricValue, toNumber, toStatus, toText } from './read-values.ts';
import type { Schema } from './schema.ts';
import type { SqliteConnection, SqlRow, SqlValue } from './sqlite-connection.ts';

type Keys = readonly string[] | 'all' | undefined;

/** Rows of a keyed table by run; each run's in the order of its keys. */
function readKeyed(
  connection: SqliteConnection,
  table: string,
  columns: string,
  ids: readonly string[],
  keys: Keys,
): Map<string, SqlRow[]> {
  const byRun = new Map<string, SqlRow[]>();
  if (keys === undefined || keys.length === 0) return byRun;
  const runs = inList(ids);
  const only = keys === 'all' ? { text: '', values: [] as SqlValue[] } : inList(keys);
  const where = keys === 'all' ? '' : `AND key ${only.text}`;
  const text = `SELECT run_uuid, ${columns} FROM ${table} WHERE run_uuid ${runs.text} ${where} ORDER BY run_uuid, key`;
  for (const row of connection.all({ text, values: [...runs.values, ...only.values] })) {
    const id = String(row[0]);
    const rows = byRun.get(id);
    if (rows === undefined) byRun.set(id, [row]);
    else rows.push(row);
  }
  return byRun;
}

function readDatasets(
  connection: SqliteConnection,
  schema: Schema,
  ids: readonly string[],
): Map<string, DatasetInput[]> {
  const byRun = new Map<string, DatasetInput[]>();
  if (!schema.hasDatasets) return byRun;
  const runs = inList(ids);
  const text = `SELECT i.destination_id, d.name, d.digest, t.value FROM inputs i
    JOIN datasets d ON d.dataset_uuid = i.source_id
    LEFT JOIN input_tags t ON t.input_uuid = i.input_uuid AND t.name = 'mlflow.data.context'
    WHERE i.destination_type = 'RUN' AND i.source_type = 'DATASET' AND i.destination_id ${runs.text}
    ORDER BY d.name, d.digest, t.value`;
  for (const [run, name, digest, context] of connection.all({ text, values: runs.values })) {
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

const toPoint = ([, , value, step, timestamp]: SqlRow): MetricPoint => ({
  value: toMetricValue(value),
  step: toInt64(step),
  timestamp: Number(timestamp),
});

const toTexts = (rows: SqlRow[] | undefined): Map<string, string> =>
  new Map((rows ?? []).map(([, key, value]) => [String(key), toText(value) ?? '']));

const CORE = `r.run_uuid, ${ATTRIBUTE_SQL.run_name}, CAST(r.experiment_id AS TEXT), r.status, r.lifecycle_stage,
  ${ATTRIBUTE_SQL.start_time}, ${ATTRIBUTE_SQL.end_time}, ${ATTRIBUTE_SQL.user_id},
  ${ATTRIBUTE_SQL.parent_run_id}, ${ATTRIBUTE_SQL.artifact_uri}`;

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
export function readRuns(
  connection: SqliteConnection,
  schema: Schema,
  ids: readonly string[],
  projection: Projection,
): Run[] {
  const wanted = inList(ids);
  const rows = connection.all({
    text: `SELECT ${CORE} FROM runs r WHERE r.run_uuid ${wanted.text} ${ownWorkspace(schema)}`,
    values: wanted.values,
  });
  const cores = new Map(rows.map((row) => [String(row[0]), toCore(row)]));
  const point = `CASE WHEN is_nan THEN NULL ELSE value END, ${exactInteger('step')}, timestamp * 1.0`;
  const metrics = readKeyed(connection, schema.latestMetrics, `key, ${point}`, ids, projection.metrics);
  const params = readKeyed(connection, 'params', 'key, value', ids, projection.params);
  const tags = readKeyed(connection, 'tags', 'key, value', ids, projection.tags);
  const datasets = projection.datasets ? readDatasets(connection, schema, ids) : new Map<string, DatasetInput[]>();
  return ids.flatMap((id) => {
    const core = cores.get(id);
    if (core === undefined) return [];
    return {
      ...core,
      metrics: new Map((metrics.get(id) ?? []).map((row) => [String(row[1]), toPoint(row)])),
      params: toTexts(params.get(id)),
      tags: toTexts(tags.get(id)),
      datasets: datasets.get(id) ?? [],
    };
  });
}
