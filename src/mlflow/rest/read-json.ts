/** Parses what a server sends: integers beyond 2^53 stay exact, and anything but a JSON object is refused. */
import { StoreError } from '../errors.ts';
import { cleanText } from './http-errors.ts';
import { type SplitList, splitList } from './split-list.ts';

export type JsonObject = { readonly [key: string]: unknown };

const LONG_INTEGER = /[:[,]\s*-?\d{16,}/;

function keepLongIntegers(_key: string, value: unknown, context: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  return /^-?\d+$/.test(context.source ?? '') ? BigInt(context.source!) : value;
}

type Reviver = (this: unknown, key: string, value: unknown) => unknown;

/** Objects, of which each is made when it is come to: a page of a thousand runs is never held as objects. */
export class JsonList implements Iterable<JsonObject> {
  readonly #list: SplitList;
  readonly #read: (text: string) => JsonObject;

  constructor(list: SplitList, read: (text: string) => JsonObject) {
    this.#list = list;
    this.#read = read;
  }

  get length(): number {
    return this.#list.ends.length;
  }

  /** Throws `bad_response` at what is no object. */
  *[Symbol.iterator](): Iterator<JsonObject> {
    const { text, starts, ends } = this.#list;
    for (const [index, start] of starts.entries()) yield this.#read(text.slice(start, ends[index]));
  }
}

/** An answer whose list of that name may be a `JsonList`. Throws `bad_response`, saying what came instead. */
export function readJsonWithList(list: string, text: string, contentType: string, location: string): JsonObject {
  const read = (part: string): JsonObject => readJson(part, contentType, location);
  const found = splitList(text, list);
  return found === undefined ? read(text) : { ...read(found.rest), [list]: new JsonList(found, read) };
}

/** Throws `bad_response`, saying what came instead. */
export function readJson(text: string, contentType: string, location: string): JsonObject {
  let value: unknown;
  try {
    value = LONG_INTEGER.test(text) ? JSON.parse(text, keepLongIntegers as Reviver) : JSON.parse(text);
  } catch {
    // The parser's error quotes the text, and the text may quote what the server was sent: it is no cause to keep.
    const kind = cleanText(contentType.split(';')[0]!);
    const came = text === '' ? 'nothing' : kind.includes('json') ? 'cut or broken JSON' : kind || 'text of no type';
    throw new StoreError('bad_response', `${location} sent ${came} where MLflow sends JSON`, {
      hint: 'Check that the address is MLflow itself, not a proxy or login page.',
      retryable: true,
    });
  }
  if (isObject(value)) return value;
  throw new StoreError('bad_response', `${location} sent JSON that is no object`, {
    hint: 'Check that the address is MLflow itself.',
  });
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
