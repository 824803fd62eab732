/** Reads what every run of a population has by itself, as columns. */
import { compareText } from '../compare-text.ts';
import type { Population, RunColumns } from '../runs/tracking-store.ts';
import { attributeSql, compilePopulation, joinSql } from './compile-filter.ts';
import type { SqlConnection } from './connection.ts';
import { ID_BYTES, IS_WHOLE_ID, PackedIds, reorderIds } from './packed-ids.ts';
import { partsOf } from './parts.ts';
import { toLifecycle, toNumber, toStatus, toText } from './read-values.ts';
import type { Schema } from './schema.ts';
import type { SqlRow } from './statements.ts';

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

const [NAME, START] = [0, 4];
/** What is selected of `runs r`, behind the id. */
function attributesOf({ dialect }: Schema): string[] {
  const { run_name, start_time, end_time } = attributeSql(dialect);
  return [run_name, dialect.asText('r.experiment_id'), 'r.status', 'r.lifecycle_stage', start_time, end_time];
}

/** By column of `attributesOf`, in any order of rows. */
type Cells = readonly (readonly unknown[])[];

/**
 * Start time descending, what has none last, then id: put in order here, since databases take several times as long for
 * so many rows.
 */
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
  const all = compilePopulation(population, schema);
  const columns = attributesOf(schema);
  const stored: string[] = [];
  const cells = columns.map((): unknown[] => []);
  const once = createOnce();
  const take = (row: SqlRow): void => {
    stored.push(String(row[0]));
    for (let column = 0; column < cells.length; column++) {
      const cell = row[column + 1];
      cells[column]!.push(column !== NAME && typeof cell === 'string' ? once(cell) : cell);
    }
  };
  for await (const part of partsOf(connection, 'runs', 'r')) {
    const where = joinSql([part, all], ' AND ');
    const text = `SELECT r.run_uuid, ${columns.join(', ')} FROM runs r WHERE ${where.text}`;
    await connection.each({ text, values: where.values }, take);
  }
  const places = placesOf(cells, (a, b) => compareText(stored[a]!, stored[b]!));
  const ids = places.map((place) => stored[place]!);
  const rowOf = new Map(ids.map((id, row) => [id, row]));
  return { length: ids.length, ids, ...takeAttributes(cells, places), rowOf: (id) => rowOf.get(id) };
}

/** Undefined where the database cannot, or an id is not as MLflow makes them. */
async function readPacked(
  connection: SqlConnection,
  schema: Schema,
  population: Population,
): Promise<PopulationRows | undefined> {
  const { dialect } = schema;
  if (dialect.eachBlock === undefined) return undefined;
  const columns = attributesOf(schema);
  const blocks: { readonly ids: Uint8Array; readonly cells: Cells }[] = [];
  const where = compilePopulation(population, schema);
  const query = { table: 'runs', alias: 'r', columns: [...columns, IS_WHOLE_ID], where, rows: BLOCK_ROWS };
  await dialect.eachBlock(connection, query, (ids, cells) => blocks.push({ ids, cells }));
  if (blocks.some(({ cells }) => cells.at(-1)?.includes(0))) return undefined;
  const stored = Buffer.concat(blocks.map(({ ids }) => ids));
  const none: unknown[] = [];
  const cells = columns.map((_, column) => none.concat(...blocks.map((block) => block.cells[column] ?? none)));
  const places = placesOf(cells, (a, b) =>
    stored.compare(stored, b * ID_BYTES, (b + 1) * ID_BYTES, a * ID_BYTES, (a + 1) * ID_BYTES),
  );
  const ids = new PackedIds(reorderIds(stored, places));
  return { length: ids.length, ids, ...takeAttributes(cells, places), rowOf: (id) => ids.rowOf(id) };
}

/** Where the rows stand that come first, second …: start time descending, what has none last, then id. */
function placesOf(cells: Cells, compareIds: (a: number, b: number) => number): number[] {
  const starts = Float64Array.from(cells[START] ?? [], (start) => toNumber(start) ?? Number.NEGATIVE_INFINITY);
  const places = Array.from(starts.keys()).reverse();
  // Mostly runs are stored as they started.
  const isOrdered = starts.every((start, place) => place === 0 || starts[place - 1]! < start);
  return isOrdered ? places : places.sort((a, b) => starts[b]! - starts[a]! || compareIds(a, b));
}

function takeAttributes(cells: Cells, places: readonly number[]): Pick<RunColumns, Attributes> {
  const take = <T>(column: number, convert: (cell: unknown) => T): T[] =>
    places.map((place) => convert(cells[column]![place]));
  return {
    names: take(NAME, (name) => toText(name) ?? ''),
    experimentIds: take(1, String),
    statuses: take(2, toStatus),
    lifecycles: take(3, toLifecycle),
    startTimes: take(START, toNumber),
    endTimes: take(5, toNumber),
  };
}
