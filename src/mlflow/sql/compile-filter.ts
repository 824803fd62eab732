/** Filter and population → SQL over `runs r`, with bound values; the meaning is that of `matches`. */
import type { Attribute, Comparator, Condition, Field, Filter } from '../filter/ast.ts';
import { lowerAscii } from '../filter/like.ts';
import type { Population } from '../tracking-store.ts';
import type { Schema } from './schema.ts';
import type { Sql, SqlValue } from './sqlite-connection.ts';

const runTag = (key: string): string => `(SELECT value FROM tags WHERE key = '${key}' AND run_uuid = r.run_uuid)`;

/** SQL of each attribute over `runs r`; NULL where the run lacks it. */
export const ATTRIBUTE_SQL: { readonly [key in Attribute]: string } = {
  run_id: 'r.run_uuid',
  run_name: `coalesce(nullif(r.name, ''), nullif(${runTag('mlflow.runName')}, ''))`,
  user_id: `coalesce(nullif(${runTag('mlflow.user')}, ''), nullif(r.user_id, ''))`,
  status: 'r.status',
  artifact_uri: `nullif(r.artifact_uri, '')`,
  start_time: 'r.start_time * 1.0',
  end_time: 'nullif(r.end_time, 0) * 1.0',
  duration: '(nullif(r.end_time, 0) - r.start_time) * 1.0',
  parent_run_id: runTag('mlflow.parentRunId'),
};

/** MLflow stores ±Infinity as the largest doubles. */
export const METRIC_VALUE_SQL = `CASE WHEN value >= 1.797e308 THEN 9e999 WHEN value <= -1.797e308 THEN -9e999 ELSE value END`;

const NEVER: Sql = { text: '0', values: [] };

export function joinSql(parts: readonly Sql[], separator: string): Sql {
  return { text: parts.map((part) => part.text).join(separator), values: parts.flatMap((part) => part.values) };
}

export function prefixSql(text: string, sql: Sql): Sql {
  return { text: text + sql.text, values: sql.values };
}

/** One bound value that stands for a list of texts. */
export function inList(values: readonly string[]): Sql {
  return { text: 'IN (SELECT value FROM json_each(?))', values: [JSON.stringify(values)] };
}

function compareText(value: string, comparator: Comparator, text: string): Sql {
  switch (comparator) {
    case '=':
    case '!=':
      return { text: `${value} ${comparator} ?`, values: [text] };
    case 'like':
      return { text: `${value} LIKE ?`, values: [text] };
    case 'ilike':
      return { text: `lower(${value}) LIKE ?`, values: [lowerAscii(text)] };
    default:
      return NEVER;
  }
}

function compareNumber(value: string, comparator: Comparator, number: number): Sql {
  if (comparator === 'like' || comparator === 'ilike') return NEVER;
  return { text: `${value} ${comparator} ?`, values: [number] };
}

/** The test on one stored value; it may be NULL where the value is. */
function testValue(value: string, condition: Condition, isNumber: boolean): Sql {
  if (condition.op === 'null') return { text: '1', values: [] };
  if (condition.op === 'in') {
    const list = inList(condition.values);
    return isNumber ? NEVER : { text: `${value} ${list.text}`, values: list.values };
  }
  if (typeof condition.value === 'number') {
    const number = isNumber ? value : `param_number(${value})`;
    return compareNumber(number, condition.comparator, condition.value);
  }
  return isNumber ? NEVER : compareText(value, condition.comparator, condition.value);
}

function testMetric(condition: Condition): Sql {
  const { text, values } = testValue(`(${METRIC_VALUE_SQL})`, condition, true);
  // A NaN differs from every number and is otherwise in no relation to one.
  const isUnequal = condition.op === 'compare' && condition.comparator === '!=';
  if (condition.op === 'null' || text === NEVER.text) return { text, values };
  return { text: isUnequal ? `(is_nan OR ${text})` : `(NOT is_nan AND ${text})`, values };
}

function compileKeyed(field: Field & { kind: 'metric' | 'param' | 'tag' }, condition: Condition, schema: Schema): Sql {
  const table = field.kind === 'metric' ? schema.latestMetrics : `${field.kind}s`;
  const test = field.kind === 'metric' ? testMetric(condition) : testValue('value', condition, false);
  return {
    text: `EXISTS (SELECT 1 FROM ${table} WHERE key = ? AND run_uuid = r.run_uuid AND ${test.text})`,
    values: [field.key, ...test.values],
  };
}

function compileDataset(key: string, condition: Condition, schema: Schema): Sql {
  if (!schema.hasDatasets) return NEVER;
  const value = key === 'context' ? 't.value' : `d.${key}`;
  const test = testValue(value, condition, false);
  const context =
    key === 'context' ? `JOIN input_tags t ON t.input_uuid = i.input_uuid AND t.name = 'mlflow.data.context'` : '';
  return {
    text: `EXISTS (SELECT 1 FROM inputs i JOIN datasets d ON d.dataset_uuid = i.source_id ${context}
      WHERE i.destination_type = 'RUN' AND i.destination_id = r.run_uuid AND i.source_type = 'DATASET' AND ${test.text})`,
    values: test.values,
  };
}

/** True where the condition's field is there and satisfies it; for `null`, where it is there. */
function compilePresent(condition: Condition, schema: Schema): Sql {
  const { field } = condition;
  if (field.kind === 'dataset') return compileDataset(field.key, condition, schema);
  if (field.kind !== 'attribute') return compileKeyed(field, condition, schema);
  const value = ATTRIBUTE_SQL[field.key];
  const isNumber = field.key === 'start_time' || field.key === 'end_time' || field.key === 'duration';
  const test = testValue(value, condition, isNumber);
  return { text: `(${value} IS NOT NULL AND ${test.text})`, values: test.values };
}

/** A condition over `runs r` that is 0 or 1, never NULL. */
export function compileFilter(filter: Filter, schema: Schema): Sql {
  switch (filter.op) {
    case 'and':
    case 'or': {
      if (filter.of.length === 0) return { text: filter.op === 'and' ? '1' : '0', values: [] };
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
  if (ids === undefined)
    return {
      text: `r.experiment_id IN (SELECT experiment_id FROM experiments WHERE lifecycle_stage = 'active'${workspace})`,
      values: [],
    };
  const list = inList(ids);
  return {
    text: `r.experiment_id IN (SELECT experiment_id FROM experiments WHERE CAST(experiment_id AS TEXT) ${list.text}${workspace})`,
    values: list.values,
  };
}

/** The WHERE condition of a population over `runs r`. */
export function compilePopulation(population: Population, schema: Schema): Sql {
  const lifecycle = population.lifecycle ?? 'active';
  const stage: SqlValue[] = lifecycle === 'all' ? [] : [lifecycle];
  const parts: Sql[] = [compileExperiments(population.experimentIds, schema)];
  if (stage.length > 0) parts.push({ text: 'r.lifecycle_stage = ?', values: stage });
  if (population.filter !== undefined) parts.push(compileFilter(population.filter, schema));
  return joinSql(parts, ' AND ');
}
