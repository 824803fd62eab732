/** Ids as bytes are found again, however they lie in memory and wherever they differ. */
import { expect, test } from 'vitest';
import { NO_ROW, PackedIds } from '../../src/mlflow/sql/packed-ids.ts';

const idOf = (n: number): string => n.toString(16).padStart(32, '0');
/** A view that begins at an odd byte, as slices of a larger buffer do. */
const blockOf = (ids: readonly string[]): Uint8Array => Buffer.from(`x${ids.join('')}`).subarray(1);

test('rows of ids that differ at their ends only, in blocks that begin at an odd byte', () => {
  const stored = Array.from({ length: 500 }, (_, n) => idOf(n));
  const ids = new PackedIds(blockOf(stored));
  expect([...ids]).toEqual(stored);
  expect([...ids.rowsOf(blockOf([idOf(499), idOf(500), idOf(0)]))]).toEqual([499, NO_ROW, 0]);
  expect([ids.rowOf(idOf(7)), ids.rowOf('7'), ids.at(-1), ids.at(500)]).toEqual([7, undefined, undefined, undefined]);
});
