/** Answers which names of a question exist: keys, values and runs. */
import { compareText } from '../compare-text.ts';
import { StoreError } from '../errors.ts';
import { lowerAscii } from '../filter/like.ts';
import { ID_PREFIX, MAX_RUNS, VALUE_TAGS } from '../runs/run-names.ts';
import type { LookupQuery, LookupResult, RunName } from '../runs/tracking-store.ts';
import { attributeSql, inList, isKey, joinSql, ownWorkspace, readableRow } from './compile-filter.ts';
import type { SqlConnection } from './connection.ts';
import { isAny } from './is-any.ts';
import { defaultOrder } from './order.ts';
import { partsOf } from './parts.ts';
import { toLifecycle, toNumber, toStatus, toText } from './read-values.ts';
import type { Schema } from './schema.ts';
import type { Sql, SqlRow } from './statements.ts';

/** Different ones of metrics, of params or of tags: a question's words are compared with each. */
const MOST_KEYS = 150_000;

/** As EXISTS, but asked row by row: databases make a list of every row that could satisfy an EXISTS. */
const one = (text: string): string => `(SELECT 1 FROM ${text} LIMIT 1) IS NOT NULL`;

type Bound = Pick<LookupQuery, 'experimentIds'>;

/** A condition that follows others, on the experiment of a row of `alias`. */
function inExperiments(alias: string, { experimentIds }: Bound, { dialect }: Schema): Sql {
  if (experimentIds === undefined) return { text: '', values: [] };
  return { text: `AND ${dialect.asText(`${alias}.experiment_id`)} IN ??`, values: [experimentIds] };
}

/** Whether an active run of an active experiment is behind a row of table `alias`. */
function isActive(alias: string, bound: Bound, schema: Schema): Sql {
  const workspace = schema.hasWorkspaces ? `AND e.workspace = 'default'` : '';
  const { text, values } = inExperiments('r', bound, schema);
  return {
    text: one(`runs r JOIN experiments e ON e.experiment_id = r.experiment_id
    WHERE r.run_uuid = ${alias}.run_uuid AND r.lifecycle_stage = 'active' AND e.lifecycle_stage = 'active' ${workspace} ${text}`),
    values,
  };
}

/** Jumps from key to key along the index, then asks for each whether an active run has it. */
async function readKeys(connection: SqlConnection, table: string, bound: Bound, schema: Schema): Promise<string[]> {
  const active = isActive('t', bound, schema);
  const rows = await connection.all({
    text: `SELECT name FROM (${schema.dialect.distinctKeys(table)}) logged
      WHERE ${one(`${table} t WHERE t."key" = logged.name AND ${active.text}`)}
      ORDER BY ${schema.dialect.ordered('name')} LIMIT ${MOST_KEYS + 1}`,
    values: active.values,
  });
  if (rows.length > MOST_KEYS)
    throw new StoreError('database_unreadable', `${connection.location} has more than ${MOST_KEYS} keys of ${table}`, {
      hint: 'So many are not held at once: delete those that were logged by mistake, such as a key for each step.',
    });
  return rows.map((row) => String(row[0]));
}

async function readAllKeys(connection: SqlConnection, bound: Bound, schema: Schema): Promise<LookupResult['keys']> {
  const keys: { kind: 'metric' | 'param' | 'tag'; key: string }[] = [];
  const metrics = schema.latestMetrics === 'latest_metrics' ? schema.latestMetrics : 'metrics';
  for (const [kind, table] of [
    ['metric', metrics],
    ['param', 'params'],
    ['tag', 'tags'],
  ] as const)
    for (const key of await readKeys(connection, table, bound, schema)) keys.push({ kind, key });
  return keys;
}

/**
 * Values have no index, so this is a scan of the table. Of each value found one run is tried first: nearly always
 * it is active, and the others need no look.
 */
async function readValues(
  connection: SqlConnection,
  kind: 'param' | 'tag',
  { values: texts = [], ofKeys, ...bound }: LookupQuery,
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
  const isRow = readableRow(`${kind}s`, 'c', dialect);
  const where = joinSql(
    [...(asked === undefined ? [] : [asked]), dialect.isInLowered('value', lowered), ...keys, isRow],
    ' AND ',
  );
  const active = isActive('found', bound, schema);
  const found = new Map<string, FoundValue>();
  for await (const part of partsOf(connection, `${kind}s`, 'c')) {
    const all = joinSql([part, where], ' AND ');
    const rows = await connection.all({
      text: `SELECT found."key", found.value, CASE WHEN ${active.text} THEN 1 ELSE 0 END
        FROM (SELECT "key", value, max(run_uuid) AS run_uuid FROM ${kind}s c${dialect.fullScan} WHERE ${all.text}
          GROUP BY ${dialect.group('"key"')}, ${dialect.group('value')}) found`,
      values: [...active.values, ...all.values],
    });
    for (const [key, value, active] of rows) {
      const one = { kind, key: String(key), value: String(value) };
      const id = JSON.stringify([one.key, one.value]);
      found.set(id, { one, isActive: Number(active) === 1 || (found.get(id)?.isActive ?? false) });
    }
  }
  const values: FoundValue['one'][] = [];
  for (const { one, isActive } of found.values())
    if (isActive || (await isOfActiveRun(connection, one, bound, schema))) values.push(one);
  return values.sort((a, b) => compareText(a.key, b.key) || compareText(a.value, b.value));
}

interface FoundValue {
  readonly one: LookupResult['values'][number];
  /** Whether the run that was tried is. */
  readonly isActive: boolean;
}

/** Looks at every run that has a value until one is active. */
async function isOfActiveRun(
  connection: SqlConnection,
  { kind, key, value }: FoundValue['one'],
  bound: Bound,
  schema: Schema,
): Promise<boolean> {
  const { dialect } = schema;
  const active = isActive('t', bound, schema);
  const isValue: Sql = { text: `t."key" = ? AND ${dialect.exact('t.value')} = ?`, values: [key, value] };
  for await (const part of partsOf(connection, `${kind}s`, 't')) {
    const where = joinSql([part, isValue], ' AND ');
    const text = `SELECT 1 FROM ${kind}s t${dialect.fullScan} WHERE ${where.text} AND ${active.text} LIMIT 1`;
    if ((await connection.all({ text, values: [...where.values, ...active.values] })).length > 0) return true;
  }
  return false;
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
  const conditions = compileRunNames(query, schema);
  if (conditions.length === 0) return [];
  const { dialect } = schema;
  const attribute = attributeSql(dialect);
  const any = joinSql(conditions, ' OR ');
  const isOwn = dialect.isReadable('runs', 'r');
  const bound = inExperiments('r', query, schema);
  const found: RunName[] = [];
  for await (const part of partsOf(connection, 'runs', 'r')) {
    const rows = await connection.all({
      text: `SELECT r.run_uuid, ${attribute.run_name}, ${dialect.asText('r.experiment_id')}, r.status,
        r.lifecycle_stage, ${attribute.start_time} FROM runs r WHERE ${part.text} AND (${any.text}) AND ${isOwn}
        ${ownWorkspace(schema)} ${bound.text} ORDER BY ${defaultOrder(dialect)} LIMIT ${MAX_RUNS}`,
      values: [...part.values, ...any.values, ...bound.values],
    });
    found.push(...rows.map(toRunName));
  }
  return found.sort(newestFirst).slice(0, MAX_RUNS);
}

function toRunName([id, name, experimentId, status, lifecycle, start]: SqlRow): RunName {
  const startTime = toNumber(start);
  return {
    id: String(id),
    name: toText(name) ?? '',
    experimentId: String(experimentId),
    status: toStatus(status),
    lifecycle: toLifecycle(lifecycle),
    ...(startTime !== undefined && { startTime }),
  };
}

function newestFirst(a: RunName, b: RunName): number {
  const [first, second] = [a.startTime ?? Number.NEGATIVE_INFINITY, b.startTime ?? Number.NEGATIVE_INFINITY];
  return first === second ? compareText(a.id, b.id) : second - first;
}

export async function readNames(connection: SqlConnection, schema: Schema, query: LookupQuery): Promise<LookupResult> {
  const read = (kind: 'param' | 'tag') => readValues(connection, kind, query, schema);
  return {
    keys: query.keys ? await readAllKeys(connection, query, schema) : [],
    values: [...(await read('param')), ...(await read('tag'))],
    runs: await readRunNames(connection, query, schema),
  };
}
