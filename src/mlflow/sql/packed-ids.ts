/** Run ids as bytes: a hundred thousand of them are joined to their metrics without a text being made of each. */
import type { TextColumn } from '../table/text-column.ts';

/** Bytes of an id as MLflow makes it. */
export const ID_BYTES = 32;
/** Whether the id of a row is so, to a database that delivers blocks. */
export const IS_WHOLE_ID = `typeof(run_uuid) = 'text' AND octet_length(run_uuid) = ${ID_BYTES}`;
const ID_WORDS = ID_BYTES / 4;
/** Of an id that the population has not. */
export const NO_ROW = -1;

/** Whole ids, one behind the other. */
export type IdBlock = Uint8Array;

/** A block that can be compared four bytes at a time. */
function wordsOf(block: IdBlock): Uint32Array {
  const aligned = block.byteOffset % 4 === 0 ? block : new Uint8Array(block);
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
}

/** The ids at some places of a block. */
export function reorderIds(block: IdBlock, places: readonly number[]): IdBlock {
  const words = wordsOf(block);
  const ordered = new Uint32Array(places.length * ID_WORDS);
  for (let row = 0; row < places.length; row++) {
    const from = places[row]! * ID_WORDS;
    for (let word = 0; word < ID_WORDS; word++) ordered[row * ID_WORDS + word] = words[from + word]!;
  }
  return new Uint8Array(ordered.buffer);
}

/** The ids of a population, row by row, and the row of each. */
export class PackedIds implements TextColumn {
  readonly length: number;
  readonly #bytes: Buffer;
  readonly #words: Uint32Array;
  /** Rows by open addressing, at most half full. */
  readonly #slots: Int32Array;
  readonly #mask: number;

  constructor(block: IdBlock) {
    this.#bytes = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
    this.#words = wordsOf(block);
    this.length = block.byteLength / ID_BYTES;
    const slots = 2 ** Math.ceil(Math.log2(Math.max(2, this.length * 2)));
    this.#slots = new Int32Array(slots).fill(NO_ROW);
    this.#mask = slots - 1;
    for (let row = 0; row < this.length; row++) this.#slots[this.#find(this.#words, row)] = row;
  }

  at(row: number): string | undefined {
    if (row < 0 || row >= this.length) return undefined;
    return this.#bytes.toString('latin1', row * ID_BYTES, (row + 1) * ID_BYTES);
  }

  *[Symbol.iterator](): Iterator<string> {
    for (let row = 0; row < this.length; row++) yield this.at(row) as string;
  }

  rowOf(id: string): number | undefined {
    const block = Buffer.from(id);
    const row = block.byteLength === ID_BYTES ? this.rowsOf(block)[0]! : NO_ROW;
    return row === NO_ROW ? undefined : row;
  }

  /** The row of each id of a block, or `NO_ROW`. */
  rowsOf(block: IdBlock): Int32Array {
    const words = wordsOf(block);
    const rows = new Int32Array(words.length / ID_WORDS);
    for (let place = 0; place < rows.length; place++) rows[place] = this.#slots[this.#find(words, place)]!;
    return rows;
  }

  /** The slot of an id, or the free one where it belongs. */
  #find(words: Uint32Array, place: number): number {
    const from = place * ID_WORDS;
    let hash = 0;
    // All of it: ids that other programs wrote may differ at their ends only. Constants: Fibonacci hashing.
    for (let word = from; word < from + ID_WORDS; word++)
      hash = Math.imul((hash << 5) ^ (hash >>> 27) ^ words[word]!, 0x9e3779b1);
    let slot = (hash ^ (hash >>> 15)) & this.#mask;
    while (this.#slots[slot] !== NO_ROW && !this.#isSame(this.#slots[slot]!, words, from))
      slot = (slot + 1) & this.#mask;
    return slot;
  }

  #isSame(row: number, words: Uint32Array, from: number): boolean {
    const own = row * ID_WORDS;
    for (let word = 0; word < ID_WORDS; word++) if (this.#words[own + word] !== words[from + word]) return false;
    return true;
  }
}
