/** Order keys → joins and ORDER BY over `runs r`, with NaN after every number and what is missing last. */
import type { OrderKey } from '../filter/ast.ts';
import { ATTRIBUTE_SQL } from './compile-filter.ts';
import type { Schema } from './schema.ts';
import type { SqlValue } from './sqlite-connection.ts';

export interface OrderSql {
  readonly joins: string;
  /** Bound values of the joins. */
  readonly values: readonly SqlValue[];
  readonly orderBy: string;
}

/** MLflow's default, and the last word between ties. */
const DEFAULT_ORDER = 'r.start_time DESC, r.run_uuid';

function compileKey({ field, ascending }: OrderKey, index: number, schema: Schema): OrderSql {
  const direction = ascending ? 'ASC' : 'DESC';
  if (field.kind === 'attribute') {
    const value = ATTRIBUTE_SQL[field.key];
    return { joins: '', values: [], orderBy: `${value} IS NULL, ${value} ${direction}` };
  }
  if (field.kind === 'dataset') return { joins: '', values: [], orderBy: '0' };
  const alias = `o${index}`;
  const table = field.kind === 'metric' ? schema.latestMetrics : `${field.kind}s`;
  const joins = ` LEFT JOIN ${table} ${alias} ON ${alias}.run_uuid = r.run_uuid AND ${alias}.key = ?`;
  const missing = `${alias}.run_uuid IS NULL`;
  const orderBy =
    field.kind === 'metric'
      ? `${missing}, ${alias}.is_nan, ${alias}.value ${direction}`
      : field.kind === 'tag'
        ? `${missing}, ${alias}.value ${direction}`
        : // Params: numbers by value, then other texts.
          `${missing}, param_number(${alias}.value) IS NULL, param_number(${alias}.value) ${direction}, ${alias}.value ${direction}`;
  return { joins, values: [field.key], orderBy };
}

export function compileOrder(order: readonly OrderKey[], schema: Schema): OrderSql {
  const keys = order.map((key, index) => compileKey(key, index, schema));
  return {
    joins: keys.map((key) => key.joins).join(''),
    values: keys.flatMap((key) => key.values),
    orderBy: [...keys.map((key) => key.orderBy), DEFAULT_ORDER].join(', '),
  };
}
