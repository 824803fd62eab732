/** Reads what every run of a population has by itself, as columns. */
import type { Population, RunColumns } from '../tracking-store.ts';
import type { Lifecycle, RunStatus } from '../types.ts';
import { attributeSql, compilePopulation } from './compile-filter.ts';
import type { SqlConnection } from './connection.ts';
import { isAny } from './is-any.ts';
import { defaultOrder } from './order.ts';
import { ID_BYTES, PackedIds, reorderIds } from './packed-ids.ts';
import { toLifecycle, toNumber, toStatus, toText } from './read-values.ts';
import type { Schema } from './schema.ts';

type Attributes = 'names' | 'experimentIds' | 'statuses' | 'lifecycles' | 'startTimes' | 'endTimes';

export interface PopulationRows extends Pick<RunColumns, 'length' | Attributes> {
  readonly ids: PackedIds | readonly string[];
  rowOf(id: string): number | undefined;
}

/** Longer texts are seldom repeated. */
const SHORT = 24;
/** Rows of a block: so many that a statement for each costs nothing beside them. */
const BLOCK_ROWS = 10_000;

/** Drivers make a new string of every cell; of equal short ones, one is enough. */
export function createOnce(): (text: string) => string {
  const seen = new Map<string, string>();
  return (text) => {
    if (text.length > SHORT) return text;
    const known = seen.get(text);
    if (known === undefined) seen.set(text, text);
    return known ?? text;
  };
}

/** What is selected of `runs r`, behind the id. */
function attributesOf({ dialect }: Schema): string[] {
  const { run_name, start_time, end_time } = attributeSql(dialect);
  return [run_name, dialect.asText('r.experiment_id'), 'r.status', 'r.lifecycle_stage', start_time, end_time];
}

/** Start time descending, then id. */
export async function readPopulation(
  connection: SqlConnection,
  schema: Schema,
  population: Population,
): Promise<PopulationRows> {
  // What a filter leaves is found by its own indexes, and is mostly little.
  const isWhole = population.filter === undefined;
  const packed = isWhole ? await readPacked(connection, schema, population) : undefined;
  return packed ?? (await readRowByRow(connection, schema, population));
}

async function readRowByRow(
  connection: SqlConnection,
  schema: Schema,
  population: Population,
): Promise<PopulationRows> {
  const where = compilePopulation(population, schema);
  const ids: string[] = [];
  const names: string[] = [];
  const experimentIds: string[] = [];
  const statuses: RunStatus[] = [];
  const lifecycles: Lifecycle[] = [];
  const startTimes: (number | undefined)[] = [];
  const endTimes: (number | undefined)[] = [];
  const once = createOnce();
  const query = {
    text: `SELECT r.run_uuid, ${attributesOf(schema).join(', ')} FROM runs r WHERE ${where.text}
      ORDER BY ${defaultOrder(schema.dialect)}`,
    values: where.values,
  };
  await connection.each(query, ([id, name, experimentId, status, lifecycle, start, end]) => {
    ids.push(String(id));
    names.push(toText(name) ?? '');
    experimentIds.push(once(String(experimentId)));
    statuses.push(toStatus(once(String(status ?? 'RUNNING'))));
    lifecycles.push(toLifecycle(lifecycle));
    startTimes.push(toNumber(start));
    endTimes.push(toNumber(end));
  });
  const rowOf = new Map(ids.map((id, row) => [id, row]));
  const attributes = { names, experimentIds, statuses, lifecycles, startTimes, endTimes };
  return { length: ids.length, ids, ...attributes, rowOf: (id) => rowOf.get(id) };
}

/** Undefined where the database cannot, or an id is not as MLflow makes them. */
async function readPacked(
  connection: SqlConnection,
  schema: Schema,
  population: Population,
): Promise<PopulationRows | undefined> {
  const { dialect } = schema;
  if (dialect.eachBlock === undefined) return undefined;
  const isOdd = { text: `octet_length(run_uuid) <> ${ID_BYTES}`, values: [] };
  if (await isAny(connection, 'runs', isOdd)) return undefined;
  const where = compilePopulation(population, schema);
  const columns = attributesOf(schema);
  const ids: Uint8Array[] = [];
  const blocks: (readonly (readonly unknown[])[])[] = [];
  const query = { table: 'runs r', columns, where, rows: BLOCK_ROWS };
  await dialect.eachBlock(connection, query, (block, cells) => {
    ids.push(block);
    blocks.push(cells);
  });
  const none: unknown[] = [];
  const cells = columns.map((_, column) => none.concat(...blocks.map((block) => block[column] ?? none)));
  return inStoreOrder(Buffer.concat(ids), cells);
}

/** Rows as they are stored → start time descending, what has none last, then id. */
function inStoreOrder(ids: Buffer, cells: readonly (readonly unknown[])[]): PopulationRows {
  const [names = [], experimentIds = [], statuses = [], lifecycles = [], starts = [], ends = []] = cells;
  const order = Float64Array.from(starts, (start) => (start as number | null) ?? Number.NEGATIVE_INFINITY);
  const compareIds = (a: number, b: number) =>
    ids.compare(ids, b * ID_BYTES, (b + 1) * ID_BYTES, a * ID_BYTES, (a + 1) * ID_BYTES);
  const places = [...starts.keys()].reverse();
  // Mostly they are stored as they started.
  const isOrdered = order.every((start, place) => place === 0 || order[place - 1]! < start);
  if (!isOrdered) places.sort((a, b) => order[b]! - order[a]! || compareIds(a, b));
  const take = <T>(column: readonly unknown[], convert: (cell: unknown) => T) =>
    places.map((place) => convert(column[place]));
  const packed = new PackedIds(reorderIds(ids, places));
  return {
    length: places.length,
    ids: packed,
    names: take(names, (name) => toText(name) ?? ''),
    experimentIds: take(experimentIds, String),
    statuses: take(statuses, toStatus),
    lifecycles: take(lifecycles, toLifecycle),
    startTimes: take(starts, toNumber),
    endTimes: take(ends, toNumber),
    rowOf: (id) => packed.rowOf(id),
  };
}
