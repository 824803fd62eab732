/** Which stores and which writers a part has: a writer of one part words no store of another. */
import { createRandom } from './random.ts';
import type { Schema } from './schema.ts';

export type Part = 'train' | 'tune' | 'sealed';

const WRITERS: readonly (readonly [Part, number])[] = [
  ['train', 18],
  ['tune', 5],
  ['sealed', 5],
];
const STORES: Readonly<Record<Exclude<Part, 'train'>, number>> = { tune: 8, sealed: 8 };
const STORES_A_WRITER = 6;

export function partsOf(schemas: readonly Schema[]): ReadonlyMap<string, Part> {
  const mixed = createRandom('parts').some(schemas, schemas.length);
  const partAt = (at: number): Part =>
    at < STORES.sealed ? 'sealed' : at < STORES.sealed + STORES.tune ? 'tune' : 'train';
  return new Map(mixed.map(({ id }, at) => [id, partAt(at)]));
}

export interface Pack {
  readonly writer: string;
  readonly part: Part;
  readonly schemas: readonly Schema[];
}

/** Every store of a part comes to about equally many of its writers. */
export function packsOf(schemas: readonly Schema[]): Pack[] {
  const parts = partsOf(schemas);
  return WRITERS.flatMap(([part, count]) => {
    const own = schemas.filter(({ id }) => parts.get(id) === part);
    return Array.from({ length: count }, (_, writer) => ({
      writer: `${part}-${writer + 1}`,
      part,
      schemas: Array.from(
        { length: STORES_A_WRITER },
        (_none, at) => own[(writer * STORES_A_WRITER + at) % own.length] as Schema,
      ),
    }));
  });
}
