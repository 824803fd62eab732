/** Answers which names of a question exist: keys, values and runs. */
import { lowerAscii } from '../filter/like.ts';
import { ID_PREFIX, MAX_RUNS, VALUE_TAGS } from '../runs/run-names.ts';
import type { LookupQuery, LookupResult, RunName } from '../runs/tracking-store.ts';
import { attributeSql, inList, isKey, joinSql, ownWorkspace } from './compile-filter.ts';
import type { Sql, SqlConnection } from './connection.ts';
import { isAny } from './is-any.ts';
import { defaultOrder } from './order.ts';
import { toLifecycle, toNumber, toStatus, toText } from './read-values.ts';
import type { Schema } from './schema.ts';

/** As EXISTS, but asked row by row: databases make a list of every row that could satisfy an EXISTS. */
const one = (text: string): string => `(SELECT 1 FROM ${text} LIMIT 1) IS NOT NULL`;

/** Whether an active run of an active experiment is behind a row of table `alias`. */
function isActive(alias: string, schema: Schema): string {
  const workspace = schema.hasWorkspaces ? `AND e.workspace = 'default'` : '';
  return one(`runs r JOIN experiments e ON e.experiment_id = r.experiment_id
    WHERE r.run_uuid = ${alias}.run_uuid AND r.lifecycle_stage = 'active' AND e.lifecycle_stage = 'active' ${workspace}`);
}

/** Jumps from key to key along the index, then asks for each whether an active run has it. */
async function readKeys(connection: SqlConnection, table: string, schema: Schema): Promise<string[]> {
  const rows = await connection.all({
    text: `SELECT name FROM (${schema.dialect.distinctKeys(table)}) logged
      WHERE ${one(`${table} t WHERE t."key" = logged.name AND ${isActive('t', schema)}`)}
      ORDER BY ${schema.dialect.ordered('name')}`,
    values: [],
  });
  return rows.map((row) => String(row[0]));
}

async function readAllKeys(connection: SqlConnection, schema: Schema): Promise<LookupResult['keys']> {
  const keys: { kind: 'metric' | 'param' | 'tag'; key: string }[] = [];
  const metrics = schema.latestMetrics === 'latest_metrics' ? schema.latestMetrics : 'metrics';
  for (const [kind, table] of [
    ['metric', metrics],
    ['param', 'params'],
    ['tag', 'tags'],
  ] as const)
    for (const key of await readKeys(connection, table, schema)) keys.push({ kind, key });
  return keys;
}

/**
 * Values have no index, so this is one scan of the table. Of each value found one run is tried first: nearly always
 * it is active, and the others need no look.
 */
async function readValues(
  connection: SqlConnection,
  kind: 'param' | 'tag',
  { values: texts = [], ofKeys }: LookupQuery,
  schema: Schema,
): Promise<LookupResult['values']> {
  const { dialect } = schema;
  if (texts.length === 0) return [];
  const asked = ofKeys === undefined ? undefined : isKey(ofKeys, dialect);
  // The index knows at once whether a key is there at all.
  if (asked !== undefined && !(await isAny(connection, `${kind}s`, asked))) return [];
  const lowered = [...new Set(texts.map(lowerAscii))];
  const tags = inList('"key"', VALUE_TAGS, dialect);
  const keys = kind === 'param' ? [] : [{ text: `("key" NOT LIKE 'mlflow.%' OR ${tags.text})`, values: tags.values }];
  const where = joinSql(
    [...(asked === undefined ? [] : [asked]), dialect.isInLowered('value', lowered), ...keys],
    ' AND ',
  );
  const rows = await connection.all({
    text: `SELECT found."key", found.value FROM (SELECT "key", value, max(run_uuid) AS run_uuid
        FROM ${kind}s c${dialect.fullScan} WHERE ${where.text}
        GROUP BY ${dialect.group('"key"')}, ${dialect.group('value')}) found
      WHERE ${isActive('found', schema)} OR ${one(`${kind}s t WHERE t."key" = found."key"
        AND ${dialect.exact('t.value')} = ${dialect.exact('found.value')} AND ${isActive('t', schema)}`)}
      ORDER BY ${dialect.ordered('found."key"')}, ${dialect.ordered('found.value')}`,
    values: where.values,
  });
  return rows.map(([key, value]) => ({ kind, key: String(key), value: String(value) }));
}

/** The run conditions of a query; several may hold. */
function compileRunNames(query: LookupQuery, { dialect }: Schema): Sql[] {
  const parts: Sql[] = [];
  const name = attributeSql(dialect).run_name;
  const texts = (query.runs ?? []).map(lowerAscii);
  if (texts.length > 0) parts.push(dialect.isInLowered(name, texts));
  for (const prefix of texts.filter((text) => ID_PREFIX.test(text)))
    parts.push({ text: `r.run_uuid BETWEEN ? AND ?`, values: [prefix, `${prefix}g`] });
  for (const number of query.lastNumbers ?? []) parts.push(dialect.lastNumberIs(name, number));
  return parts;
}

async function readRunNames(connection: SqlConnection, query: LookupQuery, schema: Schema): Promise<RunName[]> {
  const parts = compileRunNames(query, schema);
  if (parts.length === 0) return [];
  const { dialect } = schema;
  const attribute = attributeSql(dialect);
  const any = joinSql(parts, ' OR ');
  const rows = await connection.all({
    text: `SELECT r.run_uuid, ${attribute.run_name}, ${dialect.asText('r.experiment_id')}, r.status, r.lifecycle_stage,
      ${attribute.start_time} FROM runs r WHERE (${any.text}) ${ownWorkspace(schema)}
      ORDER BY ${defaultOrder(dialect)} LIMIT ${MAX_RUNS}`,
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

export async function readNames(connection: SqlConnection, schema: Schema, query: LookupQuery): Promise<LookupResult> {
  const read = (kind: 'param' | 'tag') => readValues(connection, kind, query, schema);
  return {
    keys: query.keys ? await readAllKeys(connection, schema) : [],
    values: [...(await read('param')), ...(await read('tag'))],
    runs: await readRunNames(connection, query, schema),
  };
}
