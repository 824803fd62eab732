/** What the description of a kind says of its fields. */
import type { Field } from './filter.ts';
import type { FieldDescription, FieldGroup, FieldType, Kind } from './kinds/kind.ts';
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
export function fieldType(kind: Kind, field: Field): FieldType | undefined {
  const keys = groupOfField(kind, field)?.keys;
  if (keys === undefined || typeof keys === 'string') return keys;
  return Object.hasOwn(keys, field.key) ? keys[field.key]?.type : undefined;
}

/** Whether it is compared by size. */
export function isNumeric(field: Field, kind: Kind = RUN): boolean {
  const type = fieldType(kind, field);
  return type === 'number' || type === 'time';
}

export const isTime = (field: Field, kind: Kind = RUN): boolean => fieldType(kind, field) === 'time';
