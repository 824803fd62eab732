/** Lists of numbers in typed arrays, which take a fraction of the room of objects and are read as fast as they are written. */

export type Numbers = Float64Array | Int32Array | Uint32Array | Uint8Array;

const SHIFT = 15;
/** Numbers in a whole block. Whole blocks stay where they are: nothing is copied, and no copy waits to be collected. */
const BLOCK = 1 << SHIFT;
const LEAST = 16;

export class Growing<T extends Numbers> {
  /** All of them whole but the last. */
  readonly #blocks: T[] = [];
  readonly #empty: T;
  #length: number;
  #room: number;

  /** @param items what it begins with; stays where it is. */
  constructor(items: T) {
    this.#empty = items.subarray(0, 0) as T;
    this.#length = items.length;
    this.#room = items.length;
    for (let from = 0; from < items.length; from += BLOCK) this.#blocks.push(items.subarray(from, from + BLOCK) as T);
  }

  get length(): number {
    return this.#length;
  }

  at(index: number): number {
    return this.#blocks[index >>> SHIFT]![index & (BLOCK - 1)]!;
  }

  push(value: number): void {
    if (this.#length === this.#room) this.#grow();
    this.set(this.#length++, value);
  }

  set(index: number, value: number): void {
    this.#blocks[index >>> SHIFT]![index & (BLOCK - 1)] = value;
  }

  /** All in one list. */
  toArray(): T {
    const all = this.#create(this.#length);
    for (const [index, block] of this.#blocks.entries())
      all.set(block.subarray(0, this.#length - index * BLOCK), index * BLOCK);
    return all;
  }

  /** By a whole block, but a short list by no more than it has. */
  #grow(): void {
    const last = this.#blocks.at(-1);
    if (last !== undefined && last.length < BLOCK) {
      const longer = this.#create(Math.min(BLOCK, Math.max(LEAST, last.length * 2)));
      longer.set(last);
      this.#blocks[this.#blocks.length - 1] = longer;
    } else this.#blocks.push(this.#create(last === undefined ? LEAST : BLOCK));
    this.#room = (this.#blocks.length - 1) * BLOCK + this.#blocks.at(-1)!.length;
  }

  #create(length: number): T {
    return new (this.#empty.constructor as new (length: number) => T)(length);
  }
}

export type AllNumbers = { readonly [name: string]: Numbers };
export type AllGrowing<P extends AllNumbers> = { readonly [name in keyof P]: Growing<P[name]> };

/** Each list of numbers as one that grows. */
export function growAll<P extends AllNumbers>(lists: P): AllGrowing<P> {
  return Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, new Growing(list)])) as AllGrowing<P>;
}

export function toArrays<P extends AllNumbers>(lists: AllGrowing<P>): P {
  return Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list.toArray()])) as unknown as P;
}
