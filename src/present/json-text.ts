/** JSON as it is printed: what cannot be seen is written as `\u…`, which reads back as the same text. */
import { escapeUnsafe } from './sanitize.ts';

/** @param indent blanks of each level; 0 writes one line. */
export function jsonText(value: unknown, indent = 0): string {
  return escapeUnsafe(JSON.stringify(value, undefined, indent), (character) =>
    Array.from({ length: character.length }, (_, unit) => escapeUnit(character.charCodeAt(unit))).join(''),
  );
}

/** Records hold their long lists so deep at most: what lies deeper is written at once. */
const MOST_DEPTH = 6;
const INDENT = 2;

/** The same with an indentation, piece by piece: each element of a long list is one. */
export function* jsonPieces(value: unknown, margin = '', depth = 0): Generator<string, void, undefined> {
  const isList = Array.isArray(value);
  const parts = depth < MOST_DEPTH && (isList || isPlain(value)) ? partsOf(value) : [];
  if (parts.length === 0) return yield jsonText(value, INDENT).replaceAll('\n', `\n${margin}`);
  const inner = margin + ' '.repeat(INDENT);
  let mark = isList ? '[' : '{';
  for (const [key, part] of parts) {
    yield `${mark}\n${inner}${isList ? '' : `${jsonText(key)}: `}`;
    yield* jsonPieces(part, inner, depth + 1);
    mark = ',';
  }
  yield `\n${margin}${isList ? ']' : '}'}`;
}

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value));

/** What is undefined has no key, and is null in a list. */
function partsOf(value: object): [string, unknown][] {
  const parts = Object.entries(value);
  return Array.isArray(value)
    ? parts.map(([key, part]) => [key, part ?? null])
    : parts.filter(([, part]) => part !== undefined);
}

const escapeUnit = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`;
