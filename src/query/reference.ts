/**
 * Things as they are named to tools, each in one text: `id:3` is an id and `name:3` a name, whatever else is called so.
 * Bare text may be either, or the number of a run.
 */

const TYPED = /^(id|name):(.*)$/s;
/** A run's name that bare would also be the beginning of an id, or typed already. */
const MISREAD = /^(?:[0-9a-f]{6,32}$|(?:id|name):)/i;

/** An experiment's name that is no id, not typed, and holds no quotes. */
const PLAIN_NAME = /^(?!\d+$|(?:id|name):)[^\s"'`“”‘’«»](?:[^"'`“”‘’«»]*[^\s"'`“”‘’«»])?$/;

export interface Reference {
  /** Undefined of bare text. */
  readonly kind: 'id' | 'name' | undefined;
  readonly text: string;
}

export const idReference = (id: string): string => `id:${id}`;

export const nameReference = (name: string): string => `name:${name}`;

/** Bare, where nothing else can be meant. */
export const runNameReference = (name: string): string => (MISREAD.test(name) ? nameReference(name) : name);

/** By its name where that, also in quotes, can be nothing else. */
export const experimentReference = ({ id, name }: { readonly id: string; readonly name: string }): string =>
  PLAIN_NAME.test(name) ? name : idReference(id);

export function readReference(reference: string): Reference {
  const [, kind, text] = TYPED.exec(reference) ?? [];
  return text === undefined ? { kind: undefined, text: reference } : { kind: kind as 'id' | 'name', text };
}
