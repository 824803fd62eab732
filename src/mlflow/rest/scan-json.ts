/** Cuts the elements of a long JSON list out of an answer while it arrives, without parsing them. */
import { isUtf8 } from 'node:buffer';

/** MLflow's own answers nest seven deep. */
const MAX_DEPTH = 64;
/** Brackets, colons and commas of one element, or of all outside the list: what is parsed and kept in a tenth of a second. */
const MAX_PARTS = 150_000;
/** Before a list: its name, and white space. */
const NAME_BYTES = 80;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const SPACE = 0x20;

export type ScanFault = 'too many parts' | 'text that is no UTF-8';

/** One element as it came, or why it is not to be parsed. */
export type Element = string | { readonly fault: ScanFault };

/** Bytes in the pieces in which they came. */
class Bytes {
  readonly #pieces: Uint8Array[] = [];
  readonly #starts: number[] = [];
  #length = 0;
  /** Where the last slice ended: they are asked for in order. */
  #at = 0;

  get length(): number {
    return this.#length;
  }

  push(piece: Uint8Array): void {
    this.#starts.push(this.#length);
    this.#pieces.push(piece);
    this.#length += piece.length;
  }

  slice(from: number, to: number): Buffer {
    if ((this.#starts[this.#at] ?? 0) > from) this.#at = 0;
    while ((this.#starts[this.#at + 1] ?? Number.POSITIVE_INFINITY) <= from) this.#at++;
    const parts: Uint8Array[] = [];
    for (let piece = this.#at; piece < this.#pieces.length && this.#starts[piece]! < to; piece++) {
      const start = this.#starts[piece]!;
      parts.push(this.#pieces[piece]!.subarray(Math.max(0, from - start), to - start));
    }
    return parts.length === 1
      ? Buffer.from(parts[0]!.buffer, parts[0]!.byteOffset, parts[0]!.length)
      : Buffer.concat(parts);
  }
}

const decode = (bytes: Buffer): Element =>
  isUtf8(bytes) ? bytes.toString('utf8') : { fault: 'text that is no UTF-8' };

export class ListScanner {
  readonly #bytes = new Bytes();
  readonly #before: RegExp | undefined;
  /** Where each element begins and ends, and those that have too many parts. */
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #tooMany = new Set<number>();
  /** Of the list, its brackets included; undefined until it is come to, or has ended. */
  #from: number | undefined;
  #to: number | undefined;
  #depth = 0;
  #inText = false;
  #isEscaped = false;
  /** Of the element that is read, or of all outside the list. */
  #parts = 0;
  #outsideParts = 0;
  #elementFrom = 0;
  #isBlank = true;

  /** @param list name of a list in the outermost object; without one there are no elements, and all is the rest. */
  constructor(list: string | undefined) {
    this.#before = list === undefined ? undefined : new RegExp(`(?<!\\\\)"${list}"\\s*:\\s*$`);
  }

  get bytes(): number {
    return this.#bytes.length;
  }

  /** Whether there is a list of that name. */
  get hasList(): boolean {
    return this.#from !== undefined;
  }

  /** How many elements there are. */
  get length(): number {
    return this.#ends.length;
  }

  elementAt(index: number): Element {
    if (this.#tooMany.has(index)) return { fault: 'too many parts' };
    return decode(this.#bytes.slice(this.#starts[index]!, this.#ends[index]!));
  }

  /** All but the elements: JSON where it was JSON, with an empty list where they were. */
  rest(): Element {
    if (this.#from === undefined) return decode(this.#bytes.slice(0, this.#bytes.length));
    const [head, tail] = [
      this.#bytes.slice(0, this.#from + 1),
      this.#bytes.slice(this.#to ?? this.#bytes.length, this.#bytes.length),
    ];
    return decode(Buffer.concat([head, tail]));
  }

  /** Whether it may go on: not where there are too many parts outside of the list. */
  push(chunk: Uint8Array): boolean {
    const base = this.#bytes.length;
    this.#bytes.push(chunk);
    for (let at = 0; at < chunk.length; at++) {
      const unit = chunk[at]!;
      if (this.#inText) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (unit === BACKSLASH) this.#isEscaped = true;
        else if (unit === QUOTE) this.#inText = false;
      } else if (unit > SPACE) this.#read(unit, base + at);
    }
    return this.#outsideParts <= MAX_PARTS;
  }

  get #isInList(): boolean {
    return this.#from !== undefined && this.#to === undefined;
  }

  #read(unit: number, place: number): void {
    if (this.#isBorder(unit, place)) return;
    this.#isBlank = false;
    switch (unit) {
      case QUOTE:
        this.#inText = true;
        break;
      case OPEN_LIST:
      case OPEN_OBJECT:
        this.#depth++;
        this.#count(this.#depth > MAX_DEPTH ? MAX_PARTS + 1 : 1);
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        this.#depth--;
        break;
      case COMMA:
      case COLON:
        this.#count(1);
        break;
    }
  }

  /** Whether the list or an element of it begins or ends here. */
  #isBorder(unit: number, place: number): boolean {
    const isInside = this.#isInList && this.#depth === 2;
    if (isInside && unit === COMMA) this.#closeElement(place);
    else if (isInside && (unit === CLOSE_LIST || unit === CLOSE_OBJECT)) this.#closeList(place);
    else if (unit === OPEN_LIST && this.#depth === 1 && this.#isBeforeList(place)) this.#openList(place);
    else return false;
    return true;
  }

  #count(parts: number): void {
    if (this.#isInList) this.#parts += parts;
    else this.#outsideParts += parts;
  }

  #isBeforeList(place: number): boolean {
    if (this.#before === undefined || this.#from !== undefined) return false;
    return this.#before.test(this.#bytes.slice(Math.max(0, place - NAME_BYTES), place).toString('latin1'));
  }

  #openList(place: number): void {
    this.#from = place;
    this.#depth++;
    this.#openElement(place + 1);
  }

  #openElement(place: number): void {
    this.#elementFrom = place;
    this.#parts = 0;
    this.#isBlank = true;
  }

  #closeElement(place: number): void {
    if (this.#parts > MAX_PARTS) this.#tooMany.add(this.#ends.length);
    this.#starts.push(this.#elementFrom);
    this.#ends.push(place);
    this.#openElement(place + 1);
  }

  #closeList(place: number): void {
    if (!this.#isBlank || this.#ends.length > 0) this.#closeElement(place);
    this.#to = place;
    this.#depth--;
  }
}
