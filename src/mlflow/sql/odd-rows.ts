/** The rows that were passed over, since a cell of them cannot be what MLflow wrote. */
import { StoreError } from '../errors.ts';
import type { RowTable } from './dialect.ts';

/** More are not held one by one. */
const MOST_ROWS = 500_000;

export interface OddRow {
  readonly table: RowTable;
  /** Of that table; of the input where it is a dataset or what is said of one. */
  readonly rowId: number;
}

export class OddRows {
  readonly #known = new Map<RowTable, Set<number>>();
  #count = 0;
  #fresh: OddRow[] = [];

  /** Throws `database_unreadable` where there are too many. */
  add(row: OddRow, location: string): void {
    const rows = this.#known.get(row.table) ?? new Set();
    if (rows.has(row.rowId)) return;
    this.#known.set(row.table, rows.add(row.rowId));
    this.#fresh.push(row);
    if (++this.#count > MOST_ROWS)
      throw new StoreError('database_unreadable', `${location} has more than ${MOST_ROWS} rows that cannot be read`, {
        hint: 'Give the database that mlflow itself writes.',
      });
  }

  /** Those that were added since it was last asked. */
  take(): readonly OddRow[] {
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  get byTable(): ReadonlyMap<RowTable, ReadonlySet<number>> {
    return this.#known;
  }
}
