/** Reads experiments with their tags, and counts runs. */
import type { ExperimentQuery, Population, RunCount } from '../runs/tracking-store.ts';
import type { Experiment } from '../runs/types.ts';
import { attributeSql, compilePopulation } from './compile-filter.ts';
import type { SqlConnection } from './connection.ts';
import { toLifecycle, toNumber, toStatus } from './read-values.ts';
import type { Schema } from './schema.ts';

async function readExperimentTags(
  connection: SqlConnection,
  schema: Schema,
): Promise<Map<string, Map<string, string>>> {
  const tags = new Map<string, Map<string, string>>();
  if (!schema.hasExperimentTags) return tags;
  const { asText, ordered } = schema.dialect;
  const text = `SELECT ${asText('experiment_id')}, "key", value FROM experiment_tags ORDER BY ${ordered('"key"')}`;
  for (const [rawId, key, value] of await connection.all({ text, values: [] })) {
    const id = String(rawId);
    const known = tags.get(id) ?? new Map<string, string>();
    tags.set(id, known.set(String(key), String(value ?? '')));
  }
  return tags;
}

/** MLflow's order: creation time descending, then id. */
export async function readExperiments(
  connection: SqlConnection,
  schema: Schema,
  query: ExperimentQuery,
): Promise<Experiment[]> {
  const { asText, nullsLast } = schema.dialect;
  const lifecycle = query.lifecycle ?? 'active';
  const conditions = [
    ...(lifecycle === 'all' ? [] : ['lifecycle_stage = ?']),
    ...(schema.hasWorkspaces ? [`workspace = 'default'`] : []),
  ];
  const rows = await connection.all({
    text: `SELECT ${asText('experiment_id')}, name, lifecycle_stage, ${schema.experimentTimes} FROM experiments
      ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''} ORDER BY 4 DESC${nullsLast}, experiment_id`,
    values: lifecycle === 'all' ? [] : [lifecycle],
  });
  const tags = await readExperimentTags(connection, schema);
  return rows.map(([id, name, stage, created, updated]) => {
    const creationTime = toNumber(created);
    const lastUpdateTime = toNumber(updated);
    return {
      id: String(id),
      name: String(name),
      lifecycle: toLifecycle(stage),
      ...(creationTime !== undefined && { creationTime }),
      ...(lastUpdateTime !== undefined && { lastUpdateTime }),
      tags: tags.get(String(id)) ?? new Map<string, string>(),
    };
  });
}

/** By experiment id, status and stage, as text. */
export async function readRunCounts(
  connection: SqlConnection,
  schema: Schema,
  population: Population,
): Promise<RunCount[]> {
  const { dialect } = schema;
  const where = compilePopulation(population, schema);
  const { start_time: start, end_time: end } = attributeSql(dialect);
  const order = [dialect.asText('r.experiment_id'), 'r.status', 'r.lifecycle_stage'].map(dialect.ordered).join(', ');
  const rows = await connection.all({
    text: `SELECT ${dialect.asText('r.experiment_id')}, r.status, r.lifecycle_stage, count(*), min(${start}), max(${start}),
      max(${end}) FROM runs r WHERE ${where.text} GROUP BY r.experiment_id, r.status, r.lifecycle_stage ORDER BY ${order}`,
    values: where.values,
  });
  return rows.map(([experimentId, status, stage, count, first, last, ended]) => {
    const firstStart = toNumber(first);
    const lastStart = toNumber(last);
    const lastEnd = toNumber(ended);
    return {
      experimentId: String(experimentId),
      status: toStatus(status),
      lifecycle: toLifecycle(stage),
      count: Number(count),
      ...(firstStart !== undefined && { firstStart }),
      ...(lastStart !== undefined && { lastStart }),
      ...(lastEnd !== undefined && { lastEnd }),
    };
  });
}
