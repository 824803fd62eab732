/** Finds the first runs of a population in an order, and counts it. */
import type { OrderKey } from '../../query/filter.ts';
import type { Population } from '../runs/tracking-store.ts';
import { compilePopulation, joinSql, prefixSql } from './compile-filter.ts';
import type { SqlConnection } from './connection.ts';
import { compileOrder } from './order.ts';
import { partsOf } from './parts.ts';
import type { Schema } from './schema.ts';
import type { Sql, SqlRow } from './statements.ts';

const NO_COUNT: Sql = { text: '0', values: [] };

/** Of each part its first runs, then the first of those. */
export async function readFirst(
  connection: SqlConnection,
  schema: Schema,
  population: Population,
  order: readonly OrderKey[],
  limit: number,
): Promise<{ readonly ids: string[]; readonly matched: number }> {
  const all = compilePopulation(population, schema);
  const select = async (where: Sql, count: Sql): Promise<SqlRow[]> => {
    const { joins, values, orderBy } = compileOrder(order, schema);
    return connection.all({
      text: `SELECT r.run_uuid, ${count.text} FROM runs r ${joins} WHERE ${where.text} ORDER BY ${orderBy} LIMIT ?`,
      // One row at least, for its count.
      values: [...count.values, ...values, ...where.values, Math.max(limit, 1)],
    });
  };
  const found: string[] = [];
  let parts = 0;
  let matched = 0;
  for await (const part of partsOf(connection, 'runs', 'r')) {
    const where = joinSql([part, all], ' AND ');
    // A filter costs more than to hold what it leaves, so it is applied once; all runs are sooner counted than held.
    const count =
      population.filter === undefined
        ? prefixSql('(SELECT count(*) FROM runs r WHERE ', { text: `${where.text})`, values: where.values })
        : { text: 'count(*) OVER ()', values: [] };
    const rows = await select(where, count);
    for (const [id] of rows) found.push(String(id));
    matched += Number(rows[0]?.[1] ?? 0);
    parts++;
  }
  const isOrdered = parts <= 1 || limit === 0;
  const ids = isOrdered
    ? found
    : (await select({ text: 'r.run_uuid IN ??', values: [found] }, NO_COUNT)).map(([id]) => String(id));
  return { ids: ids.slice(0, limit), matched };
}
