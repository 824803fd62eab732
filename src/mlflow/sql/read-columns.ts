/** Reads a population as columns. */
import { compareText } from '../compare-text.ts';
import type { Population, Projection, RunColumns } from '../runs/tracking-store.ts';
import type { SqlConnection } from './connection.ts';
import { type KeyedSource, readKeyed } from './read-keyed.ts';
import { createOnce, readPopulation } from './read-population.ts';
import { toMetricValue, toText } from './read-values.ts';
import type { Schema } from './schema.ts';

/** By key as SQLite sorts text. */
function sortKeys<T>(columns: Map<string, T>): Map<string, T> {
  return new Map([...columns].sort(([a], [b]) => compareText(a, b)));
}

/** Read by one statement, which keeps writers waiting. */
const PARENTS = 10_000;

/** Few runs have parents: all of them along the key index cost less than a look for each run. */
async function readParents(
  connection: SqlConnection,
  length: number,
  rowOf: (id: string) => number | undefined,
): Promise<(string | undefined)[]> {
  const isOwn = connection.dialect.isReadable('tags', 't');
  const parents = new Array<string | undefined>(length).fill(undefined);
  const text = `SELECT run_uuid, value FROM tags t WHERE "key" = 'mlflow.parentRunId' AND run_uuid > ?
    AND ${isOwn} ORDER BY run_uuid LIMIT ${PARENTS}`;
  for (let after = ''; ; ) {
    const page = await connection.all({ text, values: [after] });
    for (const [id, parent] of page) {
      const row = rowOf(String(id));
      if (row !== undefined) parents[row] = String(parent);
    }
    if (page.length < PARENTS) return parents;
    after = String(page.at(-1)?.[0]);
  }
}

export async function readRunColumns(
  connection: SqlConnection,
  schema: Schema,
  population: Population,
  projection: Projection,
): Promise<RunColumns> {
  const { rowOf, ...runs } = await readPopulation(connection, schema, population);
  const once = createOnce();
  const text = { value: 'value', convert: (value: unknown) => once(toText(value) ?? '') };
  const metric = { value: 'CASE WHEN is_nan THEN NULL ELSE value END', convert: toMetricValue };
  const read = async <T>(source: KeyedSource<T>, keys: readonly string[] | 'all' | undefined) =>
    sortKeys(await readKeyed(connection, schema, source, keys, { ...runs, rowOf }));
  return {
    ...runs,
    parentIds: await readParents(connection, runs.length, rowOf),
    metrics: await read({ ...metric, table: schema.latestMetrics, rows: 'latest_metrics' }, projection.metrics),
    params: await read({ ...text, table: 'params', rows: 'params' }, projection.params),
    tags: await read({ ...text, table: 'tags', rows: 'tags' }, projection.tags),
  };
}
