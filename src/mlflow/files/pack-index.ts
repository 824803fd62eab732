/** An index as one list of numbers and one of texts, which load many times faster than maps of maps. */
import type { DatasetInput, Experiment, Int64, Lifecycle, MetricPoint, Run, RunStatus } from '../types.ts';
import type { Place } from './check-slices.ts';
import type { Indexed, Reads } from './folder-index.ts';
import type { Read } from './read-run.ts';
import type { Stamp } from './stamp.ts';

export interface Packed {
  /** Stamps by themselves: files can be looked at before the rest is made. */
  readonly stamps: Float64Array;
  readonly values: Float64Array;
  /** Each once, whichever list names it. */
  readonly texts: readonly string[];
}

/** An index that is read part by part. */
export interface Unpacked {
  readonly places: readonly Place[];
  /** @throws RangeError where the numbers end too early. */
  indexed(): Indexed;
}

/** Stands for a time that is missing, and in place of a text's number. */
const NONE = -1;
/** No file name holds it. */
const SEPARATOR = '\0';

class Packer {
  readonly numbers: number[] = [];
  /** Where each text stands in the list of texts. */
  readonly #places: Map<string, number>;

  constructor(places: Map<string, number>) {
    this.#places = places;
  }

  number(value: number): void {
    this.numbers.push(value);
  }

  text(value: string | undefined): void {
    this.number(value === undefined ? NONE : this.#placeOf(value));
  }

  optional(value: number | undefined): void {
    this.number(value === undefined ? 0 : 1);
    if (value !== undefined) this.number(value);
  }

  #placeOf(text: string): number {
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    this.#places.set(text, this.#places.size);
    return this.#places.size - 1;
  }

  list<T>(items: Iterable<T> & { readonly size?: number; readonly length?: number }, pack: (item: T) => void): void {
    this.number(items.size ?? items.length ?? 0);
    for (const item of items) pack(item);
  }
}

class Unpacker {
  readonly #numbers: Float64Array;
  readonly #texts: readonly string[];
  readonly #lists = new Map<number, readonly string[]>();
  #at = 0;

  constructor(numbers: Float64Array, texts: readonly string[]) {
    this.#numbers = numbers;
    this.#texts = texts;
  }

  number(): number {
    const value = this.#numbers[this.#at++];
    if (value === undefined) throw new RangeError('the index ends too early');
    return value;
  }

  text(): string {
    return this.#texts[this.number()] ?? '';
  }

  optionalText(): string | undefined {
    return this.#texts[this.number()];
  }

  optional(): number | undefined {
    return this.number() === 0 ? undefined : this.number();
  }

  list<T>(unpack: () => T): T[] {
    const length = this.number();
    const items: T[] = [];
    for (let index = 0; index < length; index++) items.push(unpack());
    return items;
  }

  /** A map key by key: no list of entries between. */
  map<V>(unpack: () => V): Map<string, V> {
    const map = new Map<string, V>();
    for (let left = this.number(); left > 0; left--) map.set(this.text(), unpack());
    return map;
  }

  /** Most runs hold the same files: their list is made once. */
  paths(): readonly string[] {
    const place = this.number();
    const known = this.#lists.get(place);
    if (known !== undefined) return known;
    const paths = (this.#texts[place] ?? '').split(SEPARATOR);
    this.#lists.set(place, paths);
    return paths;
  }
}

/** Only what was read without a problem: the rest is read again anyway. */
export function pack({ experiments, runs }: Indexed): Packed {
  const texts = new Map<string, number>();
  const [stamps, values] = [new Packer(texts), new Packer(texts)];
  packReads(stamps, values, experiments, packExperiment);
  packReads(stamps, values, runs, packRun);
  const [stampNumbers, valueNumbers] = [Float64Array.from(stamps.numbers), Float64Array.from(values.numbers)];
  return { stamps: stampNumbers, values: valueNumbers, texts: [...texts.keys()] };
}

/** @throws RangeError where the numbers end too early. */
export function unpack({ stamps, values, texts }: Packed): Unpacked {
  const from = new Unpacker(stamps, texts);
  const [experiments, runs] = [unpackPlaces(from), unpackPlaces(from)];
  return {
    places: [...experiments, ...runs],
    indexed() {
      const from = new Unpacker(values, texts);
      return {
        experiments: unpackReads(experiments, () => unpackExperiment(from)),
        runs: unpackReads(runs, () => unpackRun(from)),
      };
    },
  };
}

function packReads<T>(
  stamps: Packer,
  values: Packer,
  reads: Reads<T>,
  packValue: (to: Packer, value: T) => void,
): void {
  const whole = [...reads].flatMap(([base, { stamp, value, problems }]) =>
    value === undefined || problems.length > 0 ? [] : [{ base, stamp, value }],
  );
  stamps.list(whole, ({ base, stamp, value }) => {
    stamps.text(base);
    stamps.text(stamp.paths.join(SEPARATOR));
    stamps.number(stamp.sum);
    stamps.number(stamp.settled ? 1 : 0);
    packValue(values, value);
  });
}

function unpackPlaces(from: Unpacker): Place[] {
  return from.list((): Place => {
    const base = from.text();
    const stamp: Stamp = { paths: from.paths(), sum: from.number(), settled: from.number() === 1 };
    return [base, stamp];
  });
}

function unpackReads<T>(places: readonly Place[], unpackValue: () => T): Reads<T> {
  const read = (stamp: Stamp): Read<T> => ({ stamp, value: unpackValue(), problems: [], mayPass: false });
  return new Map(places.map(([base, stamp]) => [base, read(stamp)]));
}

function packExperiment(to: Packer, { id, name, lifecycle, creationTime, lastUpdateTime, tags }: Experiment): void {
  for (const text of [id, name, lifecycle]) to.text(text);
  for (const time of [creationTime, lastUpdateTime]) to.optional(time);
  packTexts(to, tags);
}

function unpackExperiment(from: Unpacker): Experiment {
  const [id, name, lifecycle] = [from.text(), from.text(), from.text() as Lifecycle];
  const [creationTime, lastUpdateTime] = [from.optional(), from.optional()];
  return {
    id,
    name,
    lifecycle,
    ...(creationTime !== undefined && { creationTime }),
    ...(lastUpdateTime !== undefined && { lastUpdateTime }),
    tags: from.map(() => from.text()),
  };
}

function packRun(to: Packer, run: Run): void {
  for (const text of [run.id, run.name, run.experimentId, run.status, run.lifecycle]) to.text(text);
  for (const time of [run.startTime, run.endTime]) to.optional(time);
  for (const text of [run.user, run.parentId, run.artifactUri]) to.text(text);
  to.list(run.metrics, ([key, point]) => {
    to.text(key);
    packPoint(to, point);
  });
  packTexts(to, run.params);
  packTexts(to, run.tags);
  to.list(run.datasets, (dataset) => {
    for (const text of [dataset.name, dataset.digest, dataset.context]) to.text(text);
  });
}

function unpackRun(from: Unpacker): Run {
  const [id, name, experimentId] = [from.text(), from.text(), from.text()];
  const [status, lifecycle] = [from.text() as RunStatus, from.text() as Lifecycle];
  const [startTime, endTime] = [from.optional(), from.optional()];
  const [user, parentId, artifactUri] = [from.optionalText(), from.optionalText(), from.optionalText()];
  return {
    id,
    name,
    experimentId,
    status,
    lifecycle,
    ...(startTime !== undefined && { startTime }),
    ...(endTime !== undefined && { endTime }),
    ...(user !== undefined && { user }),
    ...(parentId !== undefined && { parentId }),
    ...(artifactUri !== undefined && { artifactUri }),
    metrics: from.map(() => unpackPoint(from)),
    params: from.map(() => from.text()),
    tags: from.map(() => from.text()),
    datasets: from.list(() => unpackDataset(from)),
  };
}

function packTexts(to: Packer, texts: ReadonlyMap<string, string>): void {
  to.list(texts, ([key, value]) => {
    to.text(key);
    to.text(value);
  });
}

/** A step beyond 2^53 goes as text. */
function packPoint(to: Packer, { value, step, timestamp }: MetricPoint): void {
  to.number(value);
  to.number(timestamp);
  to.number(typeof step === 'bigint' ? 1 : 0);
  if (typeof step === 'bigint') to.text(String(step));
  else to.number(step);
}

function unpackPoint(from: Unpacker): MetricPoint {
  const [value, timestamp] = [from.number(), from.number()];
  const step: Int64 = from.number() === 1 ? BigInt(from.text()) : from.number();
  return { value, step, timestamp };
}

function unpackDataset(from: Unpacker): DatasetInput {
  const [name, digest, context] = [from.text(), from.text(), from.optionalText()];
  return { name, digest, ...(context !== undefined && { context }) };
}
