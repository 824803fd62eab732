/** meta.yaml → its fields, all of them text: ids pass 2^53, and a name may look like a number. */
import { FAILSAFE_SCHEMA, load, nullCoreTag, realMapTag } from 'js-yaml';
import { type Folder, UnreadableError } from './folder.ts';

/** Strings, lists and maps; nothing is converted but null, and a key such as `__proto__` is a key of a map. */
const SCHEMA = FAILSAFE_SCHEMA.withTags(nullCoreTag, realMapTag);
/** Profiles of datasets take the most. */
const MOST_BYTES = 16 << 20;
const MOST_DEPTH = 32;

export type Meta = ReadonlyMap<unknown, unknown>;

/** @throws UnreadableError where it is missing, empty, cut off or no map. */
export function readMeta(folder: Folder, relative: string): Meta {
  const { text } = folder.read(relative, MOST_BYTES);
  if (text.trim() === '') throw new UnreadableError('is empty', true);
  return parseMeta(text);
}

function parseMeta(text: string): Meta {
  let value: unknown;
  try {
    value = load(text, { schema: SCHEMA, maxDepth: MOST_DEPTH });
  } catch {
    throw new UnreadableError('is no YAML', true);
  }
  if (!(value instanceof Map)) throw new UnreadableError('has no fields', true);
  return value;
}

/** Undefined where the field is missing or null. */
export function textOf(meta: Meta, name: string): string | undefined {
  const value = meta.get(name);
  return typeof value === 'string' ? value : undefined;
}

/** @throws UnreadableError, since a writer may be half done. */
export function requiredTextOf(meta: Meta, ...names: readonly string[]): string {
  for (const name of names) {
    const text = textOf(meta, name);
    if (text !== undefined && text !== '') return text;
  }
  throw new UnreadableError(`has no ${names[0]}`, true);
}

/** Epoch milliseconds; undefined where there is none. */
export function timeOf(meta: Meta, name: string): number | undefined {
  const text = textOf(meta, name);
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined;
}
