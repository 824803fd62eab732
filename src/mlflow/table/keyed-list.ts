/** What runs hold by key, row after row in flat lists: a run has its range, and no list is as long as runs times keys. */
import type { Int64, MetricPoint } from '../../query/point.ts';
import { type AllGrowing, growAll, type Numbers, toArrays } from './growing.ts';

export interface KeyedParts<V extends Numbers> {
  /** Where the range of each row ends; it begins where the one before ends. */
  readonly ends: Uint32Array;
  /** Codes of texts. */
  readonly keys: Int32Array;
  readonly values: V;
}

type Columns<V extends Numbers> = { readonly [name in keyof KeyedParts<V>]: KeyedParts<V>[name] };

export class KeyedList<V extends Numbers> {
  readonly #columns: AllGrowing<Columns<V>>;

  constructor(parts: KeyedParts<V>) {
    this.#columns = growAll<Columns<V>>(parts);
  }

  /** How many keys all rows have. */
  get places(): number {
    return this.#columns.keys.length;
  }

  from(row: number): number {
    return row === 0 ? 0 : this.#columns.ends.at(row - 1);
  }

  to(row: number): number {
    return this.#columns.ends.at(row);
  }

  keyAt(place: number): number {
    return this.#columns.keys.at(place);
  }

  valueAt(place: number): number {
    return this.#columns.values.at(place);
  }

  /** Where a row has a key; undefined where it lacks it. */
  find(row: number, key: number): number | undefined {
    const to = this.to(row);
    for (let place = this.from(row); place < to; place++) if (this.keyAt(place) === key) return place;
    return undefined;
  }

  /** Begins the next row. */
  open(): void {
    this.#columns.ends.push(this.#columns.keys.length);
  }

  /** Adds to the last row, keys in order; a key that comes again counts as it came last. Returns the place. */
  add(key: number, value: number): number {
    const { ends, keys, values } = this.#columns;
    const row = ends.length - 1;
    const last = keys.length - 1;
    if (last >= this.from(row) && keys.at(last) === key) {
      values.set(last, value);
      return last;
    }
    keys.push(key);
    values.push(value);
    ends.set(row, keys.length);
    return last + 1;
  }

  toParts(): KeyedParts<V> {
    return toArrays<Columns<V>>(this.#columns);
  }
}

export interface MetricParts extends KeyedParts<Float64Array> {
  readonly steps: Int32Array;
  readonly timestamps: Float64Array;
  /** Steps that take more than 32 bits, by place. */
  readonly longSteps: ReadonlyMap<number, Int64>;
}

export class MetricList extends KeyedList<Float64Array> {
  readonly #points: AllGrowing<{ readonly steps: Int32Array; readonly timestamps: Float64Array }>;
  readonly #longSteps: Map<number, Int64>;

  constructor({ steps, timestamps, longSteps, ...parts }: MetricParts) {
    super(parts);
    this.#points = growAll({ steps, timestamps });
    this.#longSteps = new Map(longSteps);
  }

  pointAt(place: number): MetricPoint {
    const { steps, timestamps } = this.#points;
    const step = this.#longSteps.get(place) ?? steps.at(place);
    return { value: this.valueAt(place), step, timestamp: timestamps.at(place) };
  }

  addPoint(key: number, { value, step, timestamp }: MetricPoint): void {
    const { steps, timestamps } = this.#points;
    const place = this.add(key, value);
    const shortStep = Number(step) | 0;
    if (place === steps.length) {
      steps.push(shortStep);
      timestamps.push(timestamp);
    } else {
      steps.set(place, shortStep);
      timestamps.set(place, timestamp);
    }
    if (Object.is(step, shortStep)) this.#longSteps.delete(place);
    else this.#longSteps.set(place, step);
  }

  override toParts(): MetricParts {
    return { ...super.toParts(), ...toArrays(this.#points), longSteps: this.#longSteps };
  }
}
