/** What the description of a kind says of its fields. */
import type { Field } from './filter.ts';
import type { FieldDescription, FieldGroup, Kind } from './kinds/kind.ts';
import { RUN } from './kinds/run.ts';

export function groupOfPrefix({ fields }: Kind, prefix: string): FieldGroup | undefined {
  return fields.find(({ prefixes }) => prefixes.includes(prefix.toLowerCase()));
}

export function groupOfField({ fields }: Kind, field: Field): FieldGroup | undefined {
  return fields.find(({ kind }) => kind === field.kind);
}

/** Keys of a closed list, whatever their case and spelling; undefined where the list has none such. */
export function listedKey(keys: Readonly<Record<string, FieldDescription>>, asked: string): string | undefined {
  const name = asked.toLowerCase();
  const found = Object.entries(keys).find(([key, { aliases = [] }]) => key === name || aliases.includes(name));
  return found?.[0];
}

/** Undefined: the kind has no such field. */
function describeField(field: Field, kind: Kind): FieldDescription | undefined {
  const keys = groupOfField(kind, field)?.keys;
  if (typeof keys === 'string') return { type: keys };
  return keys !== undefined && Object.hasOwn(keys, field.key) ? keys[field.key] : undefined;
}

/** Whether it is compared by size. */
export function isNumeric(field: Field, kind: Kind = RUN): boolean {
  const type = describeField(field, kind)?.type;
  return type === 'number' || type === 'time';
}

export const isTime = (field: Field, kind: Kind = RUN): boolean => describeField(field, kind)?.type === 'time';

/** A text as the field's values are written. */
export function normalizeText(text: string, field: Field, kind: Kind = RUN): string {
  return describeField(field, kind)?.isUpper === true ? text.toUpperCase() : text;
}

/** As the grammar writes it: ``metrics.`f1` ``, `attributes.status`. */
export function printField(field: Field, kind: Kind = RUN): string {
  const { prefixes, keys } = groupOfField(kind, field) ?? { prefixes: [`${field.kind}s`], keys: 'text' };
  return `${prefixes[0]}.${typeof keys === 'string' ? quoteText(field.key, '`') : field.key}`;
}

/** The mark doubled within. */
export function quoteText(text: string, mark: string): string {
  return `${mark}${text.replaceAll(mark, mark + mark)}${mark}`;
}
