/** Order keys → joins and ORDER BY over `runs r`, with NaN after every number and what is missing last. */
import type { OrderKey } from '../../query/filter.ts';
import { attributeSql, tableOf } from './compile-filter.ts';
import type { Dialect } from './dialect.ts';
import type { Schema } from './schema.ts';
import type { SqlValue } from './statements.ts';

export interface OrderSql {
  readonly joins: string;
  /** Bound values of the joins. */
  readonly values: readonly SqlValue[];
  readonly orderBy: string;
}

/** MLflow's default, and the last word between ties. */
export function defaultOrder({ nullsLast, ordered }: Dialect): string {
  return `r.start_time DESC${nullsLast}, ${ordered('r.run_uuid')}`;
}

const TIMES: ReadonlySet<string> = new Set(['start_time', 'end_time', 'duration']);

function compileKey({ field, ascending }: OrderKey, index: number, schema: Schema): OrderSql {
  const { dialect } = schema;
  const direction = ascending ? 'ASC' : 'DESC';
  if (field.kind === 'attribute') {
    const value = attributeSql(dialect)[field.key];
    const ordered = TIMES.has(field.key) ? value : dialect.ordered(value);
    return { joins: '', values: [], orderBy: `${value} IS NULL, ${ordered} ${direction}` };
  }
  if (field.kind === 'dataset') return { joins: '', values: [], orderBy: 'NULL' };
  const alias = `o${index}`;
  const table = field.kind === 'metric' ? schema.latestMetrics : `${field.kind}s`;
  const key = dialect.is(`${alias}."key"`, field.key);
  const joins = ` LEFT JOIN ${table} ${alias} ON ${alias}.run_uuid = r.run_uuid AND ${key.text}
    AND ${dialect.isReadable(tableOf(field.kind), alias)}`;
  const missing = `${alias}.run_uuid IS NULL`;
  const text = `${dialect.ordered(`${alias}.value`)} ${direction}`;
  const number = dialect.paramNumber(`${alias}.value`);
  const orderBy = {
    metric: `${missing}, ${alias}.is_nan, ${alias}.value ${direction}`,
    tag: `${missing}, ${text}`,
    // Numbers by value, then other texts.
    param: `${missing}, ${number} IS NULL, ${number} ${direction}, ${text}`,
  }[field.kind];
  return { joins, values: key.values, orderBy };
}

export function compileOrder(order: readonly OrderKey[], schema: Schema): OrderSql {
  const keys = order.map((key, index) => compileKey(key, index, schema));
  return {
    joins: keys.map((key) => key.joins).join(''),
    values: keys.flatMap((key) => key.values),
    orderBy: [...keys.map((key) => key.orderBy), defaultOrder(schema.dialect)].join(', '),
  };
}
