/** Texts of which each is another, such as ids: held as bytes outside the program's heap, and made when looked at. */
import { growAll, toArrays } from './growing.ts';

export interface TextListParts {
  readonly bytes: Uint8Array;
  /** Where each text ends; it begins where the one before ends. */
  readonly ends: Uint32Array;
  readonly kinds: Uint8Array;
}

const MISSING = 0;
/** A byte for each character. */
const NARROW = 1;
/** Two for each unit of UTF-16: half a surrogate pair is kept too. */
const WIDE = 2;

const IS_NARROW = /^[\0-\xff]*$/;
const LEAST_BYTES = 1_024;

export class TextList {
  #bytes: Buffer;
  readonly #columns;

  constructor({ bytes, ends, kinds }: TextListParts) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#columns = growAll({ ends, kinds });
  }

  get length(): number {
    return this.#columns.ends.length;
  }

  get bytes(): number {
    return this.#bytes.length;
  }

  at(row: number): string | undefined {
    const { ends, kinds } = this.#columns;
    const kind = kinds.at(row);
    if (kind === MISSING) return undefined;
    return this.#bytes.toString(kind === NARROW ? 'latin1' : 'utf16le', this.#endBefore(row), ends.at(row));
  }

  push(text: string | undefined): void {
    const { ends, kinds } = this.#columns;
    const isNarrow = text !== undefined && IS_NARROW.test(text);
    const from = this.#endBefore(this.length);
    const to = from + (text?.length ?? 0) * (isNarrow ? 1 : 2);
    if (to > this.#bytes.length) this.#grow(to);
    if (text !== undefined) this.#bytes.write(text, from, isNarrow ? 'latin1' : 'utf16le');
    ends.push(to);
    kinds.push(text === undefined ? MISSING : isNarrow ? NARROW : WIDE);
  }

  toParts(): TextListParts {
    return { bytes: this.#bytes.subarray(0, this.#endBefore(this.length)), ...toArrays(this.#columns) };
  }

  #endBefore(row: number): number {
    return row === 0 ? 0 : this.#columns.ends.at(row - 1);
  }

  #grow(bytes: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(LEAST_BYTES, bytes, this.#bytes.length * 2));
    this.#bytes.copy(larger);
    this.#bytes = larger;
  }
}
