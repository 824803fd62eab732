/** Orders runs as `topRuns` promises: NaN after every number, what is missing after that, in both directions. */

import type { OrderKey } from '../../query/filter.ts';
import { compareText } from '../compare-text.ts';
import { fieldValues, type RunView, readParamNumber } from './matches.ts';

/** Groups that keep their place whatever the direction. */
const NUMBER_OR_TEXT = 0;
/** NaN, and a param's text that is no number. */
const OTHER = 1;
const MISSING = 2;

/** What one key of an order finds in each run, read once: runs are compared many times. Params compare as numbers where both are. */
export class OrderColumn {
  readonly #key: OrderKey;
  readonly #groups: Uint8Array;
  readonly #numbers: Float64Array;
  readonly #texts: (string | undefined)[] = [];

  constructor(key: OrderKey, length: number) {
    this.#key = key;
    this.#groups = new Uint8Array(length).fill(MISSING);
    this.#numbers = new Float64Array(length);
  }

  read(index: number, run: RunView): void {
    const { field } = this.#key;
    const [value] = fieldValues(field, run);
    if (value === undefined) return;
    const isText = typeof value === 'string';
    if (isText) this.#texts[index] = value;
    const number = isText && field.kind === 'param' ? readParamNumber(value) : isText ? 0 : value;
    this.#groups[index] = number === undefined || Number.isNaN(number) ? OTHER : NUMBER_OR_TEXT;
    this.#numbers[index] = number ?? 0;
  }

  compare(a: number, b: number): number {
    const byGroup = this.#groups[a]! - this.#groups[b]!;
    return byGroup || (this.#key.ascending ? this.#compareValues(a, b) : this.#compareValues(b, a));
  }

  #compareValues(a: number, b: number): number {
    // Infinities of one sign would subtract to NaN, which neither is before nor after another.
    const [left, right] = [this.#numbers[a]!, this.#numbers[b]!];
    if (left < right) return -1;
    if (left > right) return 1;
    const [leftText, rightText] = [this.#texts[a], this.#texts[b]];
    return leftText === undefined || rightText === undefined ? 0 : compareText(leftText, rightText);
  }
}
