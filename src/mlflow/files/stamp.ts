/** What was read, and how to tell that it changed: every file and folder that a reading rests on, and a sum over their times and sizes. */
import type { Folder } from './folder.ts';

export interface Stamp {
  /** Relative to the folder that was read; order counts. */
  readonly paths: readonly string[];
  readonly sum: number;
  /**
   * Whether a later change is sure to show: a file system's clock ticks in milliseconds, so two changes within a tick
   * may look alike.
   */
  readonly settled: boolean;
}

export interface Times {
  readonly ctimeMs: number;
  readonly mtimeMs: number;
  readonly size: number;
}

const MISSING: Times = { ctimeMs: 0, mtimeMs: 0, size: -1 };
const SETTLING_MS = 2_000;

/** Whether a writer may still be at work on it. */
export function isYoung({ ctimeMs }: Times): boolean {
  return ctimeMs > Date.now() - SETTLING_MS;
}

/** Adds up times and sizes. The change time counts too: copying tools set the modification time back. */
class Sum {
  #low = 0x811c9dc5;
  #high = 0x1b873593;
  newest = 0;

  add(times: Times | undefined): void {
    const { ctimeMs, mtimeMs, size } = times ?? MISSING;
    if (ctimeMs > this.newest) this.newest = ctimeMs;
    this.#mix(ctimeMs);
    if (mtimeMs !== ctimeMs) this.#mix(mtimeMs);
    this.#mix(size);
  }

  /** 53 bits. */
  get value(): number {
    return (this.#low >>> 0) * 2 ** 21 + (this.#high >>> 11);
  }

  #mix(number: number): void {
    const whole = Math.floor(number);
    this.#low = Math.imul(this.#low ^ (whole | 0), 0x01000193);
    this.#high = Math.imul(
      (this.#high << 13) ^ (this.#high >>> 7) ^ (whole | 0) ^ ((number - whole) * 2 ** 20),
      0x5bd1e995,
    );
  }
}

/** Collects the stamp of a reading, file by file in the order of reading. */
export class StampTaker {
  readonly #startedAt = Date.now();
  readonly #sum = new Sum();
  readonly #paths: string[] = [];

  /** Folders before they are listed, so that what comes later shows. */
  add(path: string, times: Times | undefined): void {
    this.#paths.push(path);
    this.#sum.add(times);
  }

  finish(): Stamp {
    const settled = this.#sum.newest < this.#startedAt - SETTLING_MS;
    return { paths: this.#paths, sum: this.#sum.value, settled };
  }
}

/** Whether everything is as it was when the stamp was taken. */
export function isUnchanged(folder: Folder, base: string, stamp: Stamp): boolean {
  if (!stamp.settled) return false;
  const sum = new Sum();
  for (const path of stamp.paths) sum.add(folder.stat(path === '' ? base : `${base}/${path}`));
  return sum.value === stamp.sum;
}
