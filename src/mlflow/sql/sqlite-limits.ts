/** How much of a SQLite file is taken in at once. */
import type { DatabaseSync } from 'node:sqlite';

/** Of one text, blob or row; a block of rows is packed into one text. Larger ones end the statement. */
export const MOST_CELL_BYTES = 64 * 2 ** 20;

/** Node has them since 24.15; the statements themselves leave out what is too long for a cell of MLflow's. */
export function setLimits(database: DatabaseSync): void {
  const { limits } = database as { readonly limits?: { length: number } };
  if (limits !== undefined) limits.length = MOST_CELL_BYTES;
}
