/** Filter and population → SQL over `runs r`, with bound values; the meaning is that of `matches`. */
import type { Comparator, Condition, Filter } from '../../query/filter.ts';
import type { RunAttribute, RunField } from '../../query/kinds/run.ts';
import { lowerAscii } from '../filter/like.ts';
import type { Population } from '../runs/tracking-store.ts';
import type { Dialect, RowTable } from './dialect.ts';
import type { Schema } from './schema.ts';
import type { Sql } from './statements.ts';

/** Few runs have parents: one look at all that do costs less than a look for each run. */
const PARENT = 'mlflow.parentRunId';

type AttributeSql = { readonly [key in RunAttribute]: string };

function writeAttributes({ asDouble, filled, isReadable }: Dialect): AttributeSql {
  const runTag = (key: string): string =>
    `(SELECT t.value FROM tags t WHERE t."key" = '${key}' AND t.run_uuid = r.run_uuid AND ${isReadable('tags', 't')})`;
  return {
    run_id: 'r.run_uuid',
    run_name: `coalesce(${filled('r.name')}, ${filled(runTag('mlflow.runName'))})`,
    user_id: `coalesce(${filled(runTag('mlflow.user'))}, ${filled('r.user_id')})`,
    status: 'r.status',
    artifact_uri: filled('r.artifact_uri'),
    start_time: asDouble('r.start_time'),
    end_time: asDouble('nullif(r.end_time, 0)'),
    duration: asDouble('(nullif(r.end_time, 0) - r.start_time)'),
    parent_run_id: runTag(PARENT),
  };
}

const attributes = new Map<Dialect, AttributeSql>();

/** SQL of each attribute over `runs r`; NULL where the run lacks it. */
export function attributeSql(dialect: Dialect): AttributeSql {
  const known = attributes.get(dialect) ?? writeAttributes(dialect);
  attributes.set(dialect, known);
  return known;
}

/** MLflow stores ±Infinity as the largest doubles; not every database has infinities of its own. */
const LARGEST = '1.7976931348623157e308';
const METRIC_VALUE = `CASE WHEN value >= 1.797e308 THEN ${LARGEST} WHEN value <= -1.797e308 THEN -${LARGEST} ELSE value END`;

const NEVER: Sql = { text: 'FALSE', values: [] };

export function joinSql(parts: readonly Sql[], separator: string): Sql {
  return { text: parts.map((part) => part.text).join(separator), values: parts.flatMap((part) => part.values) };
}

export function prefixSql(text: string, sql: Sql): Sql {
  return { text: text + sql.text, values: sql.values };
}

/** Whether a row can be read, as a condition to be joined to others. */
export function readableRow(table: RowTable, alias: string, dialect: Dialect): Sql {
  return { text: dialect.isReadable(table, alias), values: [] };
}

export function tableOf(kind: 'metric' | 'param' | 'tag'): RowTable {
  return kind === 'metric' ? 'latest_metrics' : `${kind}s`;
}

/** Rows of some keys. One key is compared sooner than a list of one. */
export function isKey(keys: readonly string[], { is, isIn }: Dialect): Sql {
  return keys.length === 1 ? is('"key"', keys[0] as string) : isIn('"key"', keys);
}

/** As `isIn`, where no column is compared by its index. */
export function inList(text: string, values: readonly string[], { exact }: Dialect): Sql {
  return { text: `${exact(text)} IN ??`, values: [values] };
}

function compareText(value: string, comparator: Comparator, text: string, dialect: Dialect): Sql {
  switch (comparator) {
    case '=':
    case '!=':
      return { text: `${dialect.exact(value)} ${comparator} ?`, values: [text] };
    case 'like':
      return dialect.isLike(value, text);
    case 'ilike':
      return dialect.isLike(dialect.lower(value), lowerAscii(text));
    default:
      return NEVER;
  }
}

/** Just below what stands for infinity; no stored value is between 1.797e308 and it. */
const LARGEST_FINITE = 1.7975e308;
const clamp = (number: number, bound: number): number => Math.min(Math.max(number, -bound), bound);

function compareNumber(value: string, comparator: Comparator, number: number): Sql {
  if (comparator === 'like' || comparator === 'ilike') return NEVER;
  const bound = Number.isFinite(number) ? clamp(number, LARGEST_FINITE) : clamp(number, Number.MAX_VALUE);
  return { text: `${value} ${comparator} ?`, values: [bound] };
}

/** The test on one stored value; it may be NULL where the value is. */
function testValue(value: string, condition: Condition, isNumber: boolean, dialect: Dialect): Sql {
  if (condition.op === 'null') return { text: 'TRUE', values: [] };
  if (condition.op === 'in') return isNumber ? NEVER : inList(value, condition.values, dialect);
  if (typeof condition.value === 'number') {
    const number = isNumber ? value : dialect.paramNumber(value);
    return compareNumber(number, condition.comparator, condition.value);
  }
  return isNumber ? NEVER : compareText(value, condition.comparator, condition.value, dialect);
}

function testMetric(condition: Condition, dialect: Dialect): Sql {
  const { text, values } = testValue(`(${METRIC_VALUE})`, condition, true, dialect);
  // A NaN differs from every number and is otherwise in no relation to one.
  const isUnequal = condition.op === 'compare' && condition.comparator === '!=';
  if (condition.op === 'null' || text === NEVER.text) return { text, values };
  return { text: isUnequal ? `(is_nan OR ${text})` : `(NOT is_nan AND ${text})`, values };
}

function compileKeyed(
  field: RunField & { kind: 'metric' | 'param' | 'tag' },
  condition: Condition,
  schema: Schema,
): Sql {
  const { dialect } = schema;
  const table = field.kind === 'metric' ? schema.latestMetrics : `${field.kind}s`;
  const key = dialect.is('k."key"', field.key);
  const test = field.kind === 'metric' ? testMetric(condition, dialect) : testValue('value', condition, false, dialect);
  const which = joinSql([key, readableRow(tableOf(field.kind), 'k', dialect), test], ' AND ');
  const text =
    field.kind === 'tag' && field.key === PARENT
      ? `r.run_uuid IN (SELECT k.run_uuid FROM ${table} k WHERE ${which.text})`
      : `EXISTS (SELECT 1 FROM ${table} k WHERE k.run_uuid = r.run_uuid AND ${which.text})`;
  return { text, values: which.values };
}

function compileDataset(key: string, condition: Condition, schema: Schema): Sql {
  if (!schema.hasDatasets) return NEVER;
  const value = key === 'context' ? 't.value' : `d.${key}`;
  const test = testValue(value, condition, false, schema.dialect);
  const isOwn =
    key === 'context' ? readableRow('input_tags', 't', schema.dialect) : readableRow('datasets', 'd', schema.dialect);
  const context =
    key === 'context' ? `JOIN input_tags t ON t.input_uuid = i.input_uuid AND t.name = 'mlflow.data.context'` : '';
  return {
    text: `EXISTS (SELECT 1 FROM inputs i JOIN datasets d ON d.dataset_uuid = i.source_id ${context}
      WHERE i.destination_type = 'RUN' AND i.destination_id = r.run_uuid AND i.source_type = 'DATASET'
        AND ${isOwn.text} AND ${test.text})`,
    values: test.values,
  };
}

const HAS_PARENT: Sql = {
  text: `r.run_uuid IN (SELECT t.run_uuid FROM tags t WHERE t."key" = '${PARENT}' AND t.value IS NOT NULL)`,
  values: [],
};

/** True where the condition's field is there and satisfies it; for `null`, where it is there. */
function compilePresent(condition: Condition, schema: Schema): Sql {
  const { field } = condition;
  if (field.kind === 'dataset') return compileDataset(field.key, condition, schema);
  if (field.kind !== 'attribute') return compileKeyed(field, condition, schema);
  if (field.key === 'parent_run_id' && condition.op === 'null') return HAS_PARENT;
  const value = attributeSql(schema.dialect)[field.key];
  const isNumber = field.key === 'start_time' || field.key === 'end_time' || field.key === 'duration';
  const test = testValue(value, condition, isNumber, schema.dialect);
  return { text: `(${value} IS NOT NULL AND ${test.text})`, values: test.values };
}

/** A condition over `runs r` that is true or false, never NULL. */
export function compileFilter(filter: Filter, schema: Schema): Sql {
  switch (filter.op) {
    case 'and':
    case 'or': {
      if (filter.of.length === 0) return { text: filter.op === 'and' ? 'TRUE' : 'FALSE', values: [] };
      const { text, values } = joinSql(
        filter.of.map((part) => compileFilter(part, schema)),
        ` ${filter.op} `,
      );
      return { text: `(${text})`, values };
    }
    case 'not': {
      const { text, values } = compileFilter(filter.of, schema);
      return { text: `(NOT ${text})`, values };
    }
    case 'null': {
      const { text, values } = compilePresent(filter, schema);
      return { text: `(NOT ${text})`, values };
    }
    default:
      return compilePresent(filter, schema);
  }
}

/** Runs of other workspaces do not exist for us: a condition over `runs r`, to be added with AND. */
export function ownWorkspace(schema: Schema): string {
  return schema.hasWorkspaces
    ? `AND r.experiment_id IN (SELECT experiment_id FROM experiments WHERE workspace = 'default')`
    : '';
}

function compileExperiments(ids: readonly string[] | undefined, schema: Schema): Sql {
  const workspace = schema.hasWorkspaces ? ` AND workspace = 'default'` : '';
  const isOwn = schema.dialect.isReadable('experiments', 'e');
  if (ids === undefined)
    return {
      text: `r.experiment_id IN (SELECT experiment_id FROM experiments e WHERE lifecycle_stage = 'active'${workspace}
        AND ${isOwn})`,
      values: [],
    };
  // One is found before any run is looked at.
  const isThat = ids.length === 1 ? '=' : 'IN';
  return {
    text: `r.experiment_id ${isThat} (SELECT experiment_id FROM experiments e
      WHERE ${schema.dialect.asText('experiment_id')} IN ??${workspace} AND ${isOwn})`,
    values: [ids],
  };
}

/** The WHERE condition of a population over `runs r`. */
export function compilePopulation(population: Population, schema: Schema): Sql {
  const lifecycle = population.lifecycle ?? 'active';
  const parts: Sql[] = [compileExperiments(population.experimentIds, schema)];
  if (lifecycle !== 'all') parts.push({ text: 'r.lifecycle_stage = ?', values: [lifecycle] });
  parts.push(readableRow('runs', 'r', schema.dialect));
  if (population.filter !== undefined) parts.push(compileFilter(population.filter, schema));
  return joinSql(parts, ' AND ');
}
