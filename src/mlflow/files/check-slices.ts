/** Which places of an index are as they were, slice by slice: whoever is free takes the next one. */
import { Folder } from './folder.ts';
import { isUnchanged, type Stamp } from './stamp.ts';

export type Place = readonly [base: string, stamp: Stamp];

/** What the threads at work on one index share. */
export interface Share {
  readonly root: string;
  readonly places: readonly Place[];
  /** In shared memory: the first place that nobody has taken yet. */
  readonly next: Int32Array<SharedArrayBuffer>;
  /** In shared memory, for each place: 1 where nothing changed. What a thread that failed had taken stays 0. */
  readonly unchanged: Uint8Array<SharedArrayBuffer>;
}

const SLICE = 200;

export function createShare(root: string, places: readonly Place[]): Share {
  return {
    root,
    places,
    next: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
    unchanged: new Uint8Array(new SharedArrayBuffer(places.length)),
  };
}

/** Looks at slices until none is left; yields after each. */
export function* checkSlices({ root, places, next, unchanged }: Share): Generator<void> {
  const folder = new Folder(root);
  for (let from = Atomics.add(next, 0, SLICE); from < places.length; from = Atomics.add(next, 0, SLICE)) {
    for (const [offset, [base, stamp]] of places.slice(from, from + SLICE).entries())
      if (isUnchanged(folder, base, stamp)) unchanged[from + offset] = 1;
    yield;
  }
}
