/** Answers which names of a question exist: keys, values and runs. */
import { lowerAscii } from '../filter/like.ts';
import { ID_PREFIX, MAX_RUNS, VALUE_TAGS } from '../run-names.ts';
import type { LookupQuery, LookupResult, RunName } from '../tracking-store.ts';
import { ATTRIBUTE_SQL, inList, joinSql, ownWorkspace, prefixSql } from './compile-filter.ts';
import { toLifecycle, toNumber, toStatus, toText } from './read-values.ts';
import type { Schema } from './schema.ts';
import type { Sql, SqliteConnection } from './sqlite-connection.ts';

/** Whether an active run of an active experiment is behind a row of table `alias`. */
function isActive(alias: string, schema: Schema): string {
  const workspace = schema.hasWorkspaces ? `AND e.workspace = 'default'` : '';
  return `EXISTS (SELECT 1 FROM runs r JOIN experiments e ON e.experiment_id = r.experiment_id
    WHERE r.run_uuid = ${alias}.run_uuid AND r.lifecycle_stage = 'active' AND e.lifecycle_stage = 'active' ${workspace})`;
}

/** Jumps from key to key along the index, then asks for each whether an active run has it. */
function readKeys(connection: SqliteConnection, table: string, schema: Schema): string[] {
  const rows = connection.all({
    text: `WITH RECURSIVE k(key) AS (SELECT min(key) FROM ${table}
      UNION ALL SELECT (SELECT min(key) FROM ${table} WHERE key > k.key) FROM k WHERE k.key IS NOT NULL)
      SELECT key FROM k WHERE key IS NOT NULL
        AND EXISTS (SELECT 1 FROM ${table} t WHERE t.key = k.key AND ${isActive('t', schema)}) ORDER BY key`,
    values: [],
  });
  return rows.map((row) => String(row[0]));
}

function readAllKeys(connection: SqliteConnection, schema: Schema): LookupResult['keys'] {
  const metrics = schema.latestMetrics === 'latest_metrics' ? schema.latestMetrics : 'metrics';
  return [
    ...readKeys(connection, metrics, schema).map((key) => ({ kind: 'metric' as const, key })),
    ...readKeys(connection, 'params', schema).map((key) => ({ kind: 'param' as const, key })),
    ...readKeys(connection, 'tags', schema).map((key) => ({ kind: 'tag' as const, key })),
  ];
}

/**
 * Values have no index, so this is one scan of the table. Of each value found one run is tried first: nearly always
 * it is active, and the others need no look.
 */
function readValues(
  connection: SqliteConnection,
  kind: 'param' | 'tag',
  texts: readonly string[],
  schema: Schema,
): LookupResult['values'] {
  const lowered = inList([...new Set(texts.map(lowerAscii))]);
  const tags = inList(VALUE_TAGS);
  const keys = kind === 'param' ? [] : [{ text: `(key NOT LIKE 'mlflow.%' OR key ${tags.text})`, values: tags.values }];
  const where = joinSql([prefixSql('lower(value) ', lowered), ...keys], ' AND ');
  const rows = connection.all({
    text: `SELECT key, value FROM (SELECT key, value, max(run_uuid) AS run_uuid FROM ${kind}s NOT INDEXED
        WHERE ${where.text} GROUP BY +key, +value) found
      WHERE ${isActive('found', schema)} OR EXISTS (SELECT 1 FROM ${kind}s t
        WHERE t.key = found.key AND t.value = found.value AND ${isActive('t', schema)}) ORDER BY key, value`,
    values: where.values,
  });
  return rows.map(([key, value]) => ({ kind, key: String(key), value: String(value) }));
}

/** The run conditions of a query; several may hold. */
function compileRunNames(query: LookupQuery): Sql[] {
  const parts: Sql[] = [];
  const texts = (query.runs ?? []).map(lowerAscii);
  if (texts.length > 0) {
    const names = inList(texts);
    parts.push({ text: `lower(${ATTRIBUTE_SQL.run_name}) ${names.text}`, values: names.values });
  }
  for (const prefix of texts.filter((text) => ID_PREFIX.test(text)))
    parts.push({ text: `r.run_uuid BETWEEN ? AND ?`, values: [prefix, `${prefix}g`] });
  for (const number of query.lastNumbers ?? [])
    parts.push({
      text: `(${ATTRIBUTE_SQL.run_name} LIKE ? AND last_number(${ATTRIBUTE_SQL.run_name}) = ?)`,
      values: [`%${number}%`, number],
    });
  return parts;
}

function readRunNames(connection: SqliteConnection, query: LookupQuery, schema: Schema): RunName[] {
  const parts = compileRunNames(query);
  if (parts.length === 0) return [];
  const any = joinSql(parts, ' OR ');
  const rows = connection.all({
    text: `SELECT r.run_uuid, ${ATTRIBUTE_SQL.run_name}, CAST(r.experiment_id AS TEXT), r.status, r.lifecycle_stage,
      ${ATTRIBUTE_SQL.start_time} FROM runs r WHERE (${any.text}) ${ownWorkspace(schema)}
      ORDER BY r.start_time DESC, r.run_uuid LIMIT ${MAX_RUNS}`,
    values: any.values,
  });
  return rows.map(([id, name, experimentId, status, lifecycle, start]) => {
    const startTime = toNumber(start);
    return {
      id: String(id),
      name: toText(name) ?? '',
      experimentId: String(experimentId),
      status: toStatus(status),
      lifecycle: toLifecycle(lifecycle),
      ...(startTime !== undefined && { startTime }),
    };
  });
}

export function readNames(connection: SqliteConnection, schema: Schema, query: LookupQuery): LookupResult {
  const texts = query.values ?? [];
  return {
    keys: query.keys ? readAllKeys(connection, schema) : [],
    values:
      texts.length === 0
        ? []
        : [...readValues(connection, 'param', texts, schema), ...readValues(connection, 'tag', texts, schema)],
    runs: readRunNames(connection, query, schema),
  };
}
