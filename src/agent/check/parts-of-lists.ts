/** What a list of runs says of those that share a parameter: how many there are, the mean and the ends of their values. */
import type { Finding } from '../../finding/finding.ts';
import type { Cell, Table } from '../../finding/table.ts';
import { holdsThings } from '../../finding/table.ts';

export interface ListPart {
  /** The column that they share a value of, and the value. */
  readonly key: string;
  readonly label: string;
  readonly count: number;
  readonly values: readonly { readonly label: string; readonly numbers: readonly number[] }[];
}

const MOST_ROWS = 200;
/** A column of more values tells the rows apart rather than together. */
const MOST_PARTS = 6;

export const partsOfLists = ({ data }: Finding): ListPart[] => data.tables.flatMap(partsOf);

function partsOf({ columns, rows }: Table): ListPart[] {
  if (rows.length > MOST_ROWS || !columns.some((column) => holdsThings(column))) return [];
  const measured = columns.flatMap(({ kind, label }, index) =>
    kind === 'metric' || kind === 'duration' ? [{ label, index }] : [],
  );
  return columns.flatMap(({ kind, label: key }, index) => {
    if (kind !== 'param') return [];
    const groups = Map.groupBy(rows, (row) => row[index]);
    if (groups.size < 2 || groups.size > MOST_PARTS) return [];
    return [...groups].flatMap(([value, own]) =>
      value === undefined || typeof value === 'object'
        ? []
        : [{ key, label: String(value), count: own.length, values: measured.map((one) => numbersOf(own, one)) }],
    );
  });
}

const numbersOf = (rows: readonly (readonly Cell[])[], { label, index }: { label: string; index: number }) => ({
  label,
  numbers: rows.flatMap((row) => {
    const cell = row[index];
    return typeof cell === 'number' && Number.isFinite(cell) ? [cell] : [];
  }),
});
