/** Reads experiments with their tags, and counts runs. */
import { compareText } from '../compare-text.ts';
import type { ExperimentQuery, Population, RunCount } from '../runs/tracking-store.ts';
import type { Experiment } from '../runs/types.ts';
import { attributeSql, compilePopulation, joinSql } from './compile-filter.ts';
import type { SqlConnection } from './connection.ts';
import { partsOf } from './parts.ts';
import { toLifecycle, toNumber, toStatus } from './read-values.ts';
import type { Schema } from './schema.ts';
import type { SqlRow } from './statements.ts';

async function readExperimentTags(
  connection: SqlConnection,
  schema: Schema,
): Promise<Map<string, Map<string, string>>> {
  const tags = new Map<string, Map<string, string>>();
  if (!schema.hasExperimentTags) return tags;
  const { asText, ordered, isReadable } = schema.dialect;
  const text = `SELECT ${asText('experiment_id')}, "key", value FROM experiment_tags t
    WHERE ${isReadable('experiment_tags', 't')} ORDER BY ${ordered('"key"')}`;
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
    schema.dialect.isReadable('experiments', 'e'),
  ];
  const rows = await connection.all({
    text: `SELECT ${asText('experiment_id')}, name, lifecycle_stage, ${schema.experimentTimes} FROM experiments e
      WHERE ${conditions.join(' AND ')} ORDER BY 4 DESC${nullsLast}, experiment_id`,
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
  const all = compilePopulation(population, schema);
  const { start_time: start, end_time: end } = attributeSql(schema.dialect);
  const counts = new Map<string, RunCount>();
  for await (const part of partsOf(connection, 'runs', 'r')) {
    const where = joinSql([part, all], ' AND ');
    const rows = await connection.all({
      text: `SELECT ${schema.dialect.asText('r.experiment_id')}, r.status, r.lifecycle_stage, count(*), min(${start}),
        max(${start}), max(${end}) FROM runs r WHERE ${where.text}
        GROUP BY r.experiment_id, r.status, r.lifecycle_stage`,
      values: where.values,
    });
    for (const row of rows) {
      const group = JSON.stringify(row.slice(0, 3));
      counts.set(group, addCounts(toCount(row), counts.get(group)));
    }
  }
  return [...counts.values()].sort(
    (a, b) =>
      compareText(a.experimentId, b.experimentId) ||
      compareText(a.status, b.status) ||
      compareText(a.lifecycle, b.lifecycle),
  );
}

function toCount([experimentId, status, stage, count, first, last, ended]: SqlRow): RunCount {
  return {
    experimentId: String(experimentId),
    status: toStatus(status),
    lifecycle: toLifecycle(stage),
    count: Number(count),
    ...pickTimes({ firstStart: toNumber(first), lastStart: toNumber(last), lastEnd: toNumber(ended) }),
  };
}

function addCounts(one: RunCount, other: RunCount | undefined): RunCount {
  if (other === undefined) return one;
  return {
    ...one,
    count: one.count + other.count,
    ...pickTimes({
      firstStart: choose(Math.min, one.firstStart, other.firstStart),
      lastStart: choose(Math.max, one.lastStart, other.lastStart),
      lastEnd: choose(Math.max, one.lastEnd, other.lastEnd),
    }),
  };
}

type Choose = (a: number, b: number) => number;

function choose(which: Choose, a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : which(a, b);
}

type Times = Pick<RunCount, 'firstStart' | 'lastStart' | 'lastEnd'>;

/** What is not known has no key. */
function pickTimes(times: { readonly [key in keyof Times]: number | undefined }): Times {
  return Object.fromEntries(Object.entries(times).filter(([, time]) => time !== undefined));
}
