/**
 * Runs as columns: a hundred thousand of them as objects with maps take a second to look through and half a gigabyte.
 * Rows are only ever added, so that whoever reads some of them may go on while others come.
 */
import type { MetricPoint } from '../../query/point.ts';
import type { DatasetInput, Lifecycle, Run, RunStatus } from '../runs/types.ts';
import { type AllGrowing, growAll, toArrays } from './growing.ts';
import { KeyedList, type KeyedParts, MetricList, type MetricParts } from './keyed-list.ts';
import { TextList, type TextListParts } from './text-list.ts';
import { Texts } from './texts.ts';

/** Some rows of a table; their order counts. */
export interface RunRows {
  readonly table: RunTable;
  readonly rows: readonly number[];
}

/** A run without what it holds by key, and without its datasets. */
export type RunHead = Pick<Run, 'id' | 'name' | 'experimentId' | 'status' | 'lifecycle'> & {
  readonly [name in 'startTime' | 'endTime']?: number | undefined;
} & { readonly [name in 'user' | 'parentId' | 'artifactUri']?: string | undefined };

/** Texts by their codes; NaN is no time. */
type Heads = {
  readonly [name in 'names' | 'experimentIds' | 'users' | 'parentIds']: Int32Array;
} & { readonly [name in 'statuses' | 'lifecycles']: Uint8Array } & {
  readonly [name in 'startTimes' | 'endTimes']: Float64Array;
};

/** By where the range of each row ends. */
type Datasets = { readonly ends: Uint32Array } & {
  readonly [name in 'names' | 'digests' | 'contexts']: Int32Array;
};

/** A table as it is kept in a file. */
export interface TableParts {
  readonly texts: readonly string[];
  readonly ids: TextListParts;
  readonly artifactUris: TextListParts;
  readonly heads: Heads;
  readonly metrics: MetricParts;
  readonly params: KeyedParts<Int32Array>;
  readonly tags: KeyedParts<Int32Array>;
  readonly datasets: Datasets;
}

export const STATUSES: readonly RunStatus[] = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'];
export const LIFECYCLES: readonly Lifecycle[] = ['active', 'deleted'];

/** Of a row without what it holds by key, and of each of that. */
const ROW_BYTES = 64;
const METRIC_BYTES = 24;
const TEXT_BYTES = 8;

function emptyKeyed<V>(values: V) {
  return { ends: new Uint32Array(), keys: new Int32Array(), values };
}

function emptyParts(): TableParts {
  const codes = () => new Int32Array();
  const list = () => ({ bytes: new Uint8Array(), ends: new Uint32Array(), kinds: new Uint8Array() });
  const times = () => new Float64Array();
  return {
    texts: [],
    ids: list(),
    artifactUris: list(),
    heads: {
      names: codes(),
      experimentIds: codes(),
      users: codes(),
      parentIds: codes(),
      statuses: new Uint8Array(),
      lifecycles: new Uint8Array(),
      startTimes: times(),
      endTimes: times(),
    },
    metrics: { ...emptyKeyed(times()), steps: codes(), timestamps: times(), longSteps: new Map() },
    params: emptyKeyed(codes()),
    tags: emptyKeyed(codes()),
    datasets: { ends: new Uint32Array(), names: codes(), digests: codes(), contexts: codes() },
  };
}

export class RunTable {
  /** What many runs have in common. */
  readonly texts: Texts;
  readonly ids: TextList;
  readonly artifactUris: TextList;
  readonly heads: AllGrowing<Heads>;
  readonly metrics: MetricList;
  readonly params: KeyedList<Int32Array>;
  readonly tags: KeyedList<Int32Array>;
  readonly #datasets: AllGrowing<Datasets>;

  constructor(parts = emptyParts()) {
    this.texts = new Texts([...parts.texts]);
    this.ids = new TextList(parts.ids);
    this.artifactUris = new TextList(parts.artifactUris);
    this.heads = growAll<Heads>(parts.heads);
    this.metrics = new MetricList(parts.metrics);
    this.params = new KeyedList(parts.params);
    this.tags = new KeyedList(parts.tags);
    this.#datasets = growAll<Datasets>(parts.datasets);
  }

  get length(): number {
    return this.ids.length;
  }

  /** About what it takes in memory. */
  get bytes(): number {
    const texts = this.texts.bytes + this.ids.bytes + this.artifactUris.bytes;
    const places = this.metrics.places * METRIC_BYTES + (this.params.places + this.tags.places) * TEXT_BYTES;
    return texts + places + this.length * ROW_BYTES;
  }

  toParts(): TableParts {
    return {
      texts: this.texts.all,
      ids: this.ids.toParts(),
      artifactUris: this.artifactUris.toParts(),
      heads: toArrays<Heads>(this.heads),
      metrics: this.metrics.toParts(),
      params: this.params.toParts(),
      tags: this.tags.toParts(),
      datasets: toArrays<Datasets>(this.#datasets),
    };
  }

  /** Begins a run, to which all that is added next belongs. Returns its row. */
  open(head: RunHead): number {
    const { heads, texts } = this;
    this.ids.push(head.id);
    this.artifactUris.push(head.artifactUri);
    heads.names.push(texts.add(head.name));
    heads.experimentIds.push(texts.add(head.experimentId));
    heads.users.push(texts.add(head.user));
    heads.parentIds.push(texts.add(head.parentId));
    heads.statuses.push(STATUSES.indexOf(head.status));
    heads.lifecycles.push(LIFECYCLES.indexOf(head.lifecycle));
    heads.startTimes.push(head.startTime ?? Number.NaN);
    heads.endTimes.push(head.endTime ?? Number.NaN);
    for (const list of [this.metrics, this.params, this.tags]) list.open();
    this.#datasets.ends.push(this.#datasets.names.length);
    return this.length - 1;
  }

  /** By key, as the params and tags. */
  addMetric(key: string, point: MetricPoint): void {
    this.metrics.addPoint(this.texts.add(key), point);
  }

  addParam(key: string, value: string): void {
    this.params.add(this.texts.add(key), this.texts.add(value));
  }

  addTag(key: string, value: string): void {
    this.tags.add(this.texts.add(key), this.texts.add(value));
  }

  addDataset({ name, digest, context }: DatasetInput): void {
    const { ends, names, digests, contexts } = this.#datasets;
    names.push(this.texts.add(name));
    digests.push(this.texts.add(digest));
    contexts.push(this.texts.add(context));
    ends.set(ends.length - 1, names.length);
  }

  /** Adds a whole run, whose maps are by key. Returns its row. */
  add(run: Run): number {
    const row = this.open(run);
    for (const [key, point] of run.metrics) this.addMetric(key, point);
    for (const [key, value] of run.params) this.addParam(key, value);
    for (const [key, value] of run.tags) this.addTag(key, value);
    for (const dataset of run.datasets) this.addDataset(dataset);
    return row;
  }

  datasetsOf(row: number): DatasetInput[] {
    const { ends, names, digests, contexts } = this.#datasets;
    const datasets: DatasetInput[] = [];
    for (let place = row === 0 ? 0 : ends.at(row - 1); place < ends.at(row); place++) {
      const context = this.texts.optional(contexts.at(place));
      const [name, digest] = [this.texts.at(names.at(place)), this.texts.at(digests.at(place))];
      datasets.push({ name, digest, ...(context !== undefined && { context }) });
    }
    return datasets;
  }
}
