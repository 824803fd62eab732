/** Everything a tool may touch. */
import type { TrackingStore } from '../../mlflow/runs/tracking-store.ts';

export interface ToolLimits {
  /** Rows shown of a list (TRACKING_MAX_RUNS_PER_QUERY); analysis reads all matching runs whatever it says. */
  readonly maxRuns: number;
  /** Points returned per series (TRACKING_METRIC_HISTORY_LIMIT); statistics come from all points whatever it says. */
  readonly historyPoints: number;
}

/** What earlier questions of the conversation settled. */
export interface Memory {
  /** The experiment that the person chose for the conversation: meant wherever a question names none. */
  readonly pinned?: { readonly id: string; readonly name: string } | undefined;
  /** What was last talked about: it only settles what would be asked back, so that a new topic inherits nothing. */
  readonly recentExperimentIds?: readonly string[] | undefined;
}

export interface ToolContext {
  readonly store: TrackingStore;
  /** Epoch milliseconds: the wall clock, or what RUNSIGHT_NOW says. */
  readonly now: number;
  /** IANA name. */
  readonly timeZone: string;
  readonly signal: AbortSignal;
  readonly limits: ToolLimits;
  /** From MLFLOW_EXPERIMENT_NAME or MLFLOW_EXPERIMENT_ID. */
  readonly defaultExperiment?: string | undefined;
  readonly memory: Memory;
  progress(message: string): void;
}
