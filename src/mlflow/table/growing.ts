/** Lists of numbers in typed arrays, which take a fraction of the room of objects and are read as fast as they are written. */

export type Numbers = Float64Array | Int32Array | Uint32Array | Uint8Array;

const LEAST = 16;

export class Growing<T extends Numbers> {
  #items: T;
  #length: number;

  /** @param items what it begins with: not written to while it only grows, so that a part of a file may be taken. */
  constructor(items: T) {
    this.#items = items;
    this.#length = items.length;
  }

  get length(): number {
    return this.#length;
  }

  at(index: number): number {
    return this.#items[index]!;
  }

  push(value: number): void {
    if (this.#length === this.#items.length) this.#grow();
    this.#items[this.#length++] = value;
  }

  set(index: number, value: number): void {
    this.#items[index] = value;
  }

  /** The numbers without the room to grow. */
  trimmed(): T {
    return this.#items.subarray(0, this.#length) as T;
  }

  #grow(): void {
    const larger = new (this.#items.constructor as new (length: number) => T)(Math.max(LEAST, this.#length * 2));
    larger.set(this.#items);
    this.#items = larger;
  }
}

export type AllNumbers = { readonly [name: string]: Numbers };
export type AllGrowing<P extends AllNumbers> = { readonly [name in keyof P]: Growing<P[name]> };

/** Each list of numbers as one that grows. */
export function growAll<P extends AllNumbers>(lists: P): AllGrowing<P> {
  return Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, new Growing(list)])) as AllGrowing<P>;
}

export function trimAll<P extends AllNumbers>(lists: AllGrowing<P>): P {
  return Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list.trimmed()])) as unknown as P;
}
