/** An index in a few long lists, which load many times faster than objects and maps. */

import type { Experiment } from '../runs/types.ts';
import { RunTable, type TableParts } from '../table/run-table.ts';
import type { Indexed, Reads } from './indexed.ts';
import type { Read } from './read-run.ts';

export interface Packed {
  readonly experiments: PackedReads<readonly Experiment[]>;
  readonly runs: PackedReads<Int32Array>;
  readonly table: TableParts;
}

/** What was read of each place: element i of each belongs to the same one. */
interface PackedReads<V> {
  readonly bases: readonly string[];
  /** Most runs hold the same files: each list of paths once. */
  readonly pathLists: readonly (readonly string[])[];
  readonly pathListOf: Int32Array;
  readonly sums: Float64Array;
  readonly settled: Uint8Array;
  readonly values: V;
}

/** No file name holds it. */
const SEPARATOR = '\0';

/** Only what was read without a problem: the rest is read again anyway. */
export function pack({ experiments, runs, table }: Indexed): Packed {
  return {
    experiments: packReads(experiments, (values) => values),
    runs: packReads(runs, (rows) => Int32Array.from(rows)),
    table: table.toParts(),
  };
}

export function unpack({ experiments, runs, table }: Packed): Indexed {
  return { experiments: unpackReads(experiments), runs: unpackReads(runs), table: new RunTable(table) };
}

function packReads<T, V>(reads: Reads<T>, packValues: (values: readonly T[]) => V): PackedReads<V> {
  const whole = [...reads].flatMap(([base, { stamp, value, problems }]) =>
    value === undefined || problems.length > 0 ? [] : [{ base, stamp, value }],
  );
  const lists = new Map<string, { readonly paths: readonly string[]; readonly place: number }>();
  const placeOf = (paths: readonly string[]): number => {
    const name = paths.join(SEPARATOR);
    const list = lists.get(name) ?? { paths, place: lists.size };
    lists.set(name, list);
    return list.place;
  };
  return {
    bases: whole.map(({ base }) => base),
    pathListOf: Int32Array.from(whole, ({ stamp }) => placeOf(stamp.paths)),
    pathLists: [...lists.values()].map(({ paths }) => paths),
    sums: Float64Array.from(whole, ({ stamp }) => stamp.sum),
    settled: Uint8Array.from(whole, ({ stamp }) => (stamp.settled ? 1 : 0)),
    values: packValues(whole.map(({ value }) => value)),
  };
}

function unpackReads<T>(packed: PackedReads<ArrayLike<T>>): Reads<T> {
  const { bases, pathLists, pathListOf, sums, settled, values } = packed;
  const readOf = (index: number): Read<T> => ({
    stamp: { paths: pathLists[pathListOf[index]!]!, sum: sums[index]!, settled: settled[index] === 1 },
    value: values[index]!,
    problems: [],
    mayPass: false,
  });
  return new Map(bases.map((base, index) => [base, readOf(index)]));
}
