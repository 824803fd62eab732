/** Reads experiments with their tags, and counts runs. */
import type { ExperimentQuery, Population, RunCount } from '../tracking-store.ts';
import type { Experiment } from '../types.ts';
import { ATTRIBUTE_SQL, compilePopulation } from './compile-filter.ts';
import { toLifecycle, toNumber, toStatus } from './read-values.ts';
import type { Schema } from './schema.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

function readExperimentTags(connection: SqliteConnection, schema: Schema): Map<string, Map<string, string>> {
  const tags = new Map<string, Map<string, string>>();
  if (!schema.hasExperimentTags) return tags;
  const text = 'SELECT CAST(experiment_id AS TEXT), key, value FROM experiment_tags ORDER BY key';
  for (const [rawId, key, value] of connection.all({ text, values: [] })) {
    const id = String(rawId);
    const known = tags.get(id) ?? new Map<string, string>();
    tags.set(id, known.set(String(key), String(value ?? '')));
  }
  return tags;
}

/** MLflow's order: creation time descending, then id. */
export function readExperiments(connection: SqliteConnection, schema: Schema, query: ExperimentQuery): Experiment[] {
  const lifecycle = query.lifecycle ?? 'active';
  const conditions = [
    ...(lifecycle === 'all' ? [] : ['lifecycle_stage = ?']),
    ...(schema.hasWorkspaces ? [`workspace = 'default'`] : []),
  ];
  const rows = connection.all({
    text: `SELECT CAST(experiment_id AS TEXT), name, lifecycle_stage, ${schema.experimentTimes} FROM experiments
      ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''} ORDER BY 4 DESC, experiment_id`,
    values: lifecycle === 'all' ? [] : [lifecycle],
  });
  const tags = readExperimentTags(connection, schema);
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

export function readRunCounts(connection: SqliteConnection, schema: Schema, population: Population): RunCount[] {
  const where = compilePopulation(population, schema);
  const { start_time: start, end_time: end } = ATTRIBUTE_SQL;
  const rows = connection.all({
    text: `SELECT CAST(r.experiment_id AS TEXT), r.status, r.lifecycle_stage, count(*), min(${start}), max(${start}),
      max(${end}) FROM runs r WHERE ${where.text} GROUP BY r.experiment_id, r.status, r.lifecycle_stage ORDER BY 1, 2, 3`,
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
