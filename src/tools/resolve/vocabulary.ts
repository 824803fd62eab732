/** What reading a question offline needs to know of a store; `app` implements it over the store. */

import type { RunStatus } from '../../mlflow/runs/types.ts';
import type { KeyKind } from './keys.ts';

export interface KnownExperiment {
  readonly id: string;
  readonly name: string;
  readonly deleted: boolean;
}
export interface KnownKey {
  readonly kind: KeyKind;
  readonly key: string;
}
export interface KnownValue {
  readonly kind: 'param' | 'tag';
  readonly key: string;
  readonly value: string;
}
export interface KnownRun {
  readonly id: string;
  readonly name: string;
  readonly experimentId: string;
  readonly status: RunStatus;
  readonly deleted: boolean;
  readonly startTime?: number | undefined;
}

export interface Vocabulary {
  /** Looks up several things in one state of the names, which a server then sends once. */
  snapshot<T>(work: (vocabulary: Vocabulary) => Promise<T>): Promise<T>;
  experiments(signal: AbortSignal): Promise<readonly KnownExperiment[]>;
  keys(signal: AbortSignal): Promise<readonly KnownKey[]>;
  /** Up to ten values that a param or tag has, commonest first. */
  values(key: string, signal: AbortSignal): Promise<readonly string[]>;
  /** The least and greatest finite value of a metric; undefined where it has none. */
  range(metric: string, signal: AbortSignal): Promise<{ readonly min: number; readonly max: number } | undefined>;
  /** Looks a question's own spans up: stored param and tag values and runs that carry one of them as name or id. */
  find(
    spans: {
      readonly values: readonly string[];
      /** Only values of these keys; undefined: of any. */
      readonly ofKeys?: readonly string[] | undefined;
      readonly runs: readonly string[];
      readonly lastNumbers: readonly number[];
    },
    signal: AbortSignal,
  ): Promise<{ readonly values: readonly KnownValue[]; readonly runs: readonly KnownRun[] }>;
}
