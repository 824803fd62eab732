/**
 * Plain data as JSON and back, with all that JSON itself would lose: NaN, ±Infinity, -0, undefined, bigints, maps and
 * sets. Each is a string that begins with `~` (`"~NaN"`, `"~12n"`), maps and sets a list that begins with one; a text that
 * itself begins with `~` gets another.
 */

const MARK = '~';
const MAP = '~map';
const SET = '~set';
const NUMBERS: readonly number[] = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0];
const nameOf = (number: number): string => `${MARK}${Object.is(number, -0) ? '-0' : number}`;
const NUMBER_BY_NAME: ReadonlyMap<string, number> = new Map(NUMBERS.map((number) => [nameOf(number), number]));
const BIGINT = /^~(-?\d+)n$/;

/** What `JSON.stringify` keeps whole. @throws TypeError on what is no plain data: a bug of ours. */
export function toJson(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
      return value.startsWith(MARK) ? MARK + value : value;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? value : nameOf(value);
    case 'bigint':
      return `${MARK}${value}n`;
    case 'undefined':
      return `${MARK}undefined`;
    case 'boolean':
      return value;
    case 'object':
      return value === null ? null : objectToJson(value);
    default:
      throw new TypeError(`a ${typeof value} is no plain data`);
  }
}

function objectToJson(value: object): unknown {
  if (Array.isArray(value)) return Array.from(value, toJson);
  if (value instanceof Map) return [MAP, ...Array.from(value, ([key, item]) => [toJson(key), toJson(item)])];
  if (value instanceof Set) return [SET, ...Array.from(value, toJson)];
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw new TypeError(`${Object.prototype.toString.call(value)} is no plain data`);
  return mapEntries(value, toJson);
}

/** Takes what `JSON.parse` gave. @throws TypeError on a mark that is not known. */
export function fromJson(value: unknown): unknown {
  if (typeof value === 'string') return value.startsWith(MARK) ? readMarked(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (!Array.isArray(value)) return mapEntries(value, fromJson);
  const [first, ...rest] = value;
  if (first === MAP) return new Map(rest.map(readPair));
  if (first === SET) return new Set(rest.map(fromJson));
  return value.map(fromJson);
}

function readPair(pair: unknown): [unknown, unknown] {
  if (!Array.isArray(pair) || pair.length !== 2) throw new TypeError('an entry of a map is no pair');
  return [fromJson(pair[0]), fromJson(pair[1])];
}

function readMarked(text: string): unknown {
  if (text.startsWith(MARK + MARK)) return text.slice(MARK.length);
  if (text === `${MARK}undefined`) return undefined;
  const integer = BIGINT.exec(text)?.[1];
  if (integer !== undefined) return BigInt(integer);
  const number = NUMBER_BY_NAME.get(text);
  if (number === undefined) throw new TypeError(`"${text.slice(0, 40)}" stands for nothing`);
  return number;
}

/** Keys come from users: `__proto__` is one like any other. */
function mapEntries(object: object, map: (value: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}
