/** MLflow's entities as the program holds them. Non-finite metric values are JavaScript's own NaN and ±Infinity. */
import type { MetricPoint } from '../../query/point.ts';

export type Lifecycle = 'active' | 'deleted';
export type RunStatus = 'RUNNING' | 'SCHEDULED' | 'FINISHED' | 'FAILED' | 'KILLED';

/** Keys come from users (`__proto__` is a legal tag): always maps, never plain objects. */
export type StringMap = ReadonlyMap<string, string>;

export interface Experiment {
  /** Text even where it looks like a number: a file store's ids pass 2^53. */
  readonly id: string;
  readonly name: string;
  readonly lifecycle: Lifecycle;
  /** Epoch milliseconds; very old rows have none. */
  readonly creationTime?: number;
  readonly lastUpdateTime?: number;
  readonly tags: StringMap;
}

export interface DatasetInput {
  readonly name: string;
  readonly digest: string;
  readonly context?: string;
}

export interface Run {
  readonly id: string;
  /** Empty where none was given. */
  readonly name: string;
  readonly experimentId: string;
  readonly status: RunStatus;
  readonly lifecycle: Lifecycle;
  /** Epoch milliseconds. */
  readonly startTime?: number;
  readonly endTime?: number;
  readonly user?: string;
  readonly parentId?: string;
  readonly artifactUri?: string;
  /** The latest point of each metric: largest step, then timestamp, then value. */
  readonly metrics: ReadonlyMap<string, MetricPoint>;
  readonly params: StringMap;
  readonly tags: StringMap;
  readonly datasets: readonly DatasetInput[];
}
