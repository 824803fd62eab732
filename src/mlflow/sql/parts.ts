/** Long scans in parts: statements that each end soon, where a long one would keep writers waiting; elsewhere one. */
import { setImmediate } from 'node:timers/promises';
import { StoreError } from '../errors.ts';
import type { Sql, SqlStatements } from './statements.ts';

const FIRST_ROWS = 5_000;
const LEAST_ROWS = 500;
/** What a part should take. The next one is longer or shorter than the last by how that went, at most so many times. */
const PART_MS = 30;
const MOST_GROWTH = 4;
/** A table whose row ids have wide gaps is not asked for each of them. */
const MOST_PARTS = 2_000;
/** Ids that are looked up by one statement. */
const SLICE = 500;

const WHOLE: Sql = { text: 'TRUE', values: [] };

/**
 * Conditions that together hold for each row of a table once.
 * @param most rows of a part, gaps apart.
 * @param where what all rows that matter have in common, where an index finds it.
 */
export async function* partsOf(
  connection: SqlStatements,
  table: string,
  alias: string,
  { most = Number.POSITIVE_INFINITY, where = WHOLE }: { readonly most?: number; readonly where?: Sql } = {},
): AsyncIterable<Sql> {
  if (connection.spentMs === undefined) {
    yield WHOLE;
    return;
  }
  const id = `${alias}.rowid`;
  // As floating-point numbers: a driver may refuse integers that JavaScript has no exact number for.
  const bound = (end: string) => `(SELECT ${end}(${id}) * 1.0 FROM ${table} ${alias} WHERE ${where.text})`;
  const [bounds = []] = await connection.all({
    text: `SELECT ${bound('min')}, ${bound('max')}`,
    values: [...where.values, ...where.values],
  });
  const [first, last] = bounds as [number | null, number | null];
  if (first === null || last === null) return;
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last))
    throw new StoreError('database_unreadable', `${connection.location}: the row ids of ${table} are out of range`, {
      hint: 'Give the database that mlflow itself writes.',
    });
  const limit = Math.max(most, Math.ceil((last - first + 1) / MOST_PARTS));
  let rows = Math.min(FIRST_ROWS, limit);
  for (let from = first; from <= last; ) {
    const to = from + Math.round(rows) - 1;
    const before = connection.spentMs;
    yield { text: `${id} BETWEEN ? AND ?`, values: [from, Math.min(to, last)] };
    if (to >= last) return;
    const growth = PART_MS / (connection.spentMs - before);
    rows = Math.min(limit, Math.max(LEAST_ROWS, rows * Math.min(growth, MOST_GROWTH)));
    from = to + 1;
    await setImmediate();
  }
}

/** A list of ids likewise. */
export function* slicesOf(connection: SqlStatements, ids: readonly string[]): Iterable<readonly string[]> {
  if (connection.spentMs === undefined) yield ids;
  else for (let from = 0; from < ids.length; from += SLICE) yield ids.slice(from, from + SLICE);
}
