/**
 * One MLflow backend behind one interface. Every method is read-only, takes the question's signal, and holds no
 * transaction after it settles. One contract suite (test/contract) says what all stores agree on.
 */
import type { Filter, OrderKey } from '../../query/filter.ts';
import type { MetricPoint } from '../../query/point.ts';
import type { FamilyData } from '../family.ts';
import type { TextColumn } from '../table/text-column.ts';
import type { Experiment, Lifecycle, Run, RunStatus } from './types.ts';

export interface Capabilities {
  readonly kind: 'sqlite' | 'postgresql' | 'mysql' | 'files' | 'rest' | 'databricks';
  /** Where the data is, for people: a path or URL without secrets. */
  readonly location: string;
  /** What routes of the MLflow UI are appended to, where one is known. */
  readonly uiUrl?: string;
  /** Workspace of a server that has them; links name it. */
  readonly workspace?: string;
  /** What a server is reached through, for people, where that is not directly. */
  readonly route?: string;
  /** Schema revision or server version where it is known, for messages only. */
  readonly version?: string;
  /**
   * How long one state of the data may be held: for a whole question, where it is a copy that is dear to read again;
   * for one that nobody thinks about for long; for a single call, where writers would wait for its end.
   */
  readonly holds: 'question' | 'quick question' | 'call';
  /** Changes whenever the data does, where the store can tell; kept in receipts. */
  revision(): string | undefined;
}

/** Which runs are meant. */
export interface Population {
  /** Undefined: every active experiment. */
  readonly experimentIds?: readonly string[] | undefined;
  /** Default: active. */
  readonly lifecycle?: Lifecycle | 'all' | undefined;
  readonly filter?: Filter | undefined;
}

/** Which parts of a run are needed; `undefined` is none. Parent, name, status and times always come. */
export interface Projection {
  readonly metrics?: readonly string[] | 'all' | undefined;
  readonly params?: readonly string[] | 'all' | undefined;
  readonly tags?: readonly string[] | 'all' | undefined;
  readonly datasets?: boolean | undefined;
}

export interface ExperimentQuery {
  /** Default: active. */
  readonly lifecycle?: Lifecycle | 'all' | undefined;
}

export interface RunCount {
  readonly experimentId: string;
  readonly status: RunStatus;
  readonly lifecycle: Lifecycle;
  readonly count: number;
  /** Epoch milliseconds of the earliest and latest start and the latest end, where any run has one. */
  readonly firstStart?: number;
  readonly lastStart?: number;
  readonly lastEnd?: number;
}

export interface MetricKeyStats {
  readonly kind: 'metric';
  readonly key: string;
  /** Runs that have the key. */
  readonly runs: number;
  /** Runs whose latest value is NaN or ±Infinity. */
  readonly nonFinite: number;
  /** Over finite latest values. */
  readonly min?: number;
  readonly max?: number;
}
export interface TextKeyStats {
  readonly kind: 'param' | 'tag';
  readonly key: string;
  readonly runs: number;
  readonly distinct: number;
  /** Up to ten values with their run counts, commonest first, then by text. */
  readonly values: readonly { readonly value: string; readonly runs: number }[];
}
export type KeyStats = MetricKeyStats | TextKeyStats;

/** A population as parallel columns: row i of each belongs to one run. Order: start time descending, then id. */
export interface RunColumns {
  readonly length: number;
  readonly ids: TextColumn;
  readonly names: TextColumn;
  readonly experimentIds: readonly string[];
  readonly statuses: readonly RunStatus[];
  readonly lifecycles: readonly Lifecycle[];
  /** Epoch milliseconds; undefined where there is none. */
  readonly startTimes: readonly (number | undefined)[];
  readonly endTimes: readonly (number | undefined)[];
  readonly parentIds: readonly (string | undefined)[];
  /** Latest values by key; undefined where the run lacks the metric, NaN and ±Infinity as they are. */
  readonly metrics: ReadonlyMap<string, readonly (number | undefined)[]>;
  readonly params: ReadonlyMap<string, readonly (string | undefined)[]>;
  readonly tags: ReadonlyMap<string, readonly (string | undefined)[]>;
}

export interface MetricSeries {
  readonly runId: string;
  readonly key: string;
  /** Every point, ordered by step, then timestamp, then log order; several points may share a step. */
  readonly points: readonly MetricPoint[];
}

/** Names that a question may contain, asked for by its own spans. Comparison ignores case. */
export interface LookupQuery {
  /** All distinct metric, param and tag keys of active runs in active experiments. */
  readonly keys?: boolean | undefined;
  /** Stored param and tag values equal to one of these. Run names and other `mlflow.` tags are not values. */
  readonly values?: readonly string[] | undefined;
  /** Only values of these params and tags, keys exactly; undefined: of any. */
  readonly ofKeys?: readonly string[] | undefined;
  /** Runs whose name equals one of these, whose id starts with one (6 or more hex digits), or (`lastNumbers`) whose name's last number is one. Any lifecycle. */
  readonly runs?: readonly string[] | undefined;
  readonly lastNumbers?: readonly number[] | undefined;
  /** Only what these experiments hold; undefined: every one. */
  readonly experimentIds?: readonly string[] | undefined;
}
export interface LookupResult {
  readonly keys: readonly { readonly kind: 'metric' | 'param' | 'tag'; readonly key: string }[];
  readonly values: readonly { readonly kind: 'param' | 'tag'; readonly key: string; readonly value: string }[];
  /** In store order: start time descending, then id. At most 50. */
  readonly runs: readonly RunName[];
}
export interface RunName {
  readonly id: string;
  readonly name: string;
  readonly experimentId: string;
  readonly status: RunStatus;
  readonly lifecycle: Lifecycle;
  readonly startTime?: number;
}

/** A part of the store that could not be read, while the rest answers. */
export interface Unreadable {
  readonly what: 'experiment' | 'run';
  readonly id: string;
  /** The run's experiment, empty where that is not known; or its own id. */
  readonly experimentId: string;
  /** What and why: `meta.yaml is empty`. */
  readonly reason: string;
  /** Whether the rest of it was read: then it is among the answers, without what `reason` names. */
  readonly partly: boolean;
  /** Whether it lies in a deleted experiment. */
  readonly deleted: boolean;
}

export interface TrackingStore {
  readonly capabilities: Capabilities;
  /**
   * Runs `work` on one state of the data, which it reads through the store that it is given; calls may overlap. Where
   * data can change meanwhile, `work` is run a second time when it did. `progress` hears how far a long read has come
   * ("read 4,000 runs").
   */
  snapshot<T>(work: (store: TrackingStore) => Promise<T>, progress?: (message: string) => void): Promise<T>;
  /** Whether what the snapshot has read is of more than one state, since the data changed the second time too. */
  hasChanged?(): boolean;
  /** Finds out `capabilities.version` where that takes a request. */
  readVersion?(signal: AbortSignal): Promise<void>;
  /** Whether it keeps workspaces apart; left out where there are none. @throws StoreError */
  hasWorkspaces?(): Promise<boolean>;
  /** The newest active runs, for suggestions, where reading all of them to know would take long. */
  newestRuns?(limit: number, signal: AbortSignal): Promise<Run[]>;
  searchExperiments(query: ExperimentQuery, signal: AbortSignal): Promise<Experiment[]>;
  /** Runs by experiment, status and stage. */
  countRuns(population: Population, signal: AbortSignal): Promise<RunCount[]>;
  /** What was logged: metric keys with ranges, param and tag keys with their values. By kind, then key. */
  keyStats(population: Population, signal: AbortSignal): Promise<KeyStats[]>;
  /**
   * The first `limit` runs in an order. NaN comes after every number, what is missing after that, in both directions;
   * ties and the default: start time descending, then id. `matched` counts the whole population.
   */
  topRuns(
    population: Population,
    order: readonly OrderKey[],
    limit: number,
    projection: Projection,
    signal: AbortSignal,
  ): Promise<{ readonly runs: Run[]; readonly matched: number }>;
  /** All runs, page by page: start time descending, then id. */
  searchRuns(population: Population, projection: Projection, signal: AbortSignal): AsyncIterable<Run[]>;
  /** In the order asked for; ids that do not exist are left out. Any lifecycle. Everything projected. */
  getRuns(ids: readonly string[], signal: AbortSignal): Promise<Run[]>;
  columns(population: Population, projection: Projection, signal: AbortSignal): Promise<RunColumns>;
  /** One series per run and key that has points, run by run in the order asked for, keys likewise. */
  metricHistory(runIds: readonly string[], keys: readonly string[], signal: AbortSignal): AsyncIterable<MetricSeries>;
  lookup(query: LookupQuery, signal: AbortSignal): Promise<LookupResult>;
  /** What the store holds of another family of data; undefined where it holds none, as an older database. */
  family?<T>(data: FamilyData<T>, signal: AbortSignal): Promise<T | undefined>;
  /** What the current snapshot had to do without; for stores where one part can fail alone. */
  unreadable?(signal: AbortSignal): Promise<readonly Unreadable[]>;
  close(): Promise<void>;
}
