/** Parses what a server sends: integers beyond 2^53 stay exact, and anything but a JSON object is refused. */
import { StoreError } from '../errors.ts';
import { plainType } from './http-errors.ts';
import { ListScanner } from './scan-json.ts';

export type JsonObject = { readonly [key: string]: unknown };

/** A row that is no JSON object, or not to be parsed. */
export class BadRow {
  /** What it is instead. */
  readonly what: string;

  constructor(what: string) {
    this.what = what;
  }
}

/** What fills 64 bits has at most 19 digits; more are no integer of MLflow's, and slow to read as one. */
const LONG_INTEGER = /[:[,]\s*-?\d{16,}/;
const INT64 = /^-?\d{1,19}$/;

function keepLongIntegers(_key: string, value: unknown, context: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  return INT64.test(context.source ?? '') ? BigInt(context.source!) : value;
}

type Reviver = (this: unknown, key: string, value: unknown) => unknown;

/** Within a text each quote is escaped, so that none has this in it. */
const BARE_NUMBER = /("value":\s*)(NaN|-?Infinity)\b/g;

function parse(text: string): unknown {
  return LONG_INTEGER.test(text) ? JSON.parse(text, keepLongIntegers as Reviver) : JSON.parse(text);
}

/** What Python writes is not always JSON: it has words for what is no number. @throws SyntaxError */
function parseLoosely(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    const mended = text.replace(BARE_NUMBER, '$1"$2"');
    if (mended === text) throw error;
    return parse(mended);
  }
}

/** Objects, of which each is made when it is come to: a page of a thousand runs is never held as objects. */
export class JsonList implements Iterable<JsonObject | BadRow> {
  readonly #scanner: ListScanner;
  readonly #toBroken: () => StoreError;

  constructor(scanner: ListScanner, toBroken: () => StoreError) {
    this.#scanner = scanner;
    this.#toBroken = toBroken;
  }

  get length(): number {
    return this.#scanner.length;
  }

  /** Throws `bad_response` at what is no JSON. */
  *[Symbol.iterator](): Iterator<JsonObject | BadRow> {
    for (let index = 0; index < this.#scanner.length; index++) yield this.#read(index);
  }

  #read(index: number): JsonObject | BadRow {
    const element = this.#scanner.elementAt(index);
    if (typeof element !== 'string') return new BadRow(element.fault);
    try {
      const value = parseLoosely(element);
      return isObject(value) ? value : new BadRow('no object');
    } catch {
      throw this.#toBroken();
    }
  }
}

/** Reads one answer as it arrives; throws `bad_response`, saying what came instead. */
export class JsonReader {
  readonly #scanner: ListScanner;
  readonly #list: string | undefined;
  readonly #contentType: string;
  readonly #location: string;

  /** @param list name of a list that is to come as a `JsonList`. */
  constructor(list: string | undefined, contentType: string, location: string) {
    this.#scanner = new ListScanner(list);
    this.#list = list;
    this.#contentType = contentType;
    this.#location = location;
  }

  get bytes(): number {
    return this.#scanner.bytes;
  }

  push(chunk: Uint8Array): void {
    if (!this.#scanner.push(chunk)) throw this.#refuse('JSON of more parts than MLflow sends');
  }

  end(): JsonObject {
    const rest = this.#scanner.rest();
    if (typeof rest !== 'string') throw this.#refuse(rest.fault);
    const value = this.#parseRest(rest);
    if (!isObject(value)) throw this.#refuse('JSON that is no object');
    if (this.#list === undefined || !this.#scanner.hasList) return value;
    const { [this.#list]: placeholder } = value;
    if (!Array.isArray(placeholder) || placeholder.length > 0) throw this.#refuse(`JSON with "${this.#list}" twice`);
    return { ...value, [this.#list]: new JsonList(this.#scanner, () => this.#toBroken('')) };
  }

  #parseRest(rest: string): unknown {
    try {
      return parseLoosely(rest);
    } catch {
      // The parser's error quotes the text, and the text may quote what the server was sent: it is no cause to keep.
      throw this.#toBroken(rest);
    }
  }

  #toBroken(text: string): StoreError {
    const kind = plainType(this.#contentType);
    const came =
      this.#scanner.bytes === 0 && text === '' ? 'nothing' : kind.includes('json') ? 'cut or broken JSON' : kind;
    return new StoreError('bad_response', `${this.#location} sent ${came} where MLflow sends JSON`, {
      hint: 'Check that the address is MLflow itself, not a proxy or login page.',
      retryable: true,
    });
  }

  #refuse(what: string): StoreError {
    return new StoreError('bad_response', `${this.#location} sent ${what}`, {
      hint: 'Check that the address is MLflow itself.',
    });
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
