/** Whether a table has a row that satisfies a condition. */
import type { SqlConnection } from './connection.ts';
import type { Sql } from './statements.ts';

export async function isAny(connection: SqlConnection, table: string, where: Sql): Promise<boolean> {
  const text = `SELECT 1 FROM ${table} WHERE ${where.text} LIMIT 1`;
  return (await connection.all({ text, values: where.values })).length > 0;
}
