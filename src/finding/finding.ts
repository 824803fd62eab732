/** What a tool returns: data at full precision, its coverage and method, and one sentence that code worded. */
import type { Coverage } from './coverage.ts';
import type { Drawing, Series } from './drawing.ts';
import type { Ref } from './refs.ts';
import type { Cell, Table } from './table.ts';

export interface Direction {
  readonly value: 'higher' | 'lower';
  /** Who says so: the question, the experiment's primary metric, the metric's name. */
  readonly source: 'asked' | 'experiment' | 'name';
}

export interface Caveat {
  /** Stable: SINGLE_RUN, TRUNCATED, CONFOUNDED, LOW_N, MIXED_DATASETS, NOT_FINISHED, … */
  readonly code: string;
  readonly text: string;
}

export interface Link {
  readonly label: string;
  readonly url: string;
}

export type FindingKind = 'table' | 'series' | 'comparison' | 'impact' | 'record' | 'text';

/** What a follow-up question may refer to. */
export interface Subject {
  /** In the order of the answer, runs before experiments. Fewer than `coverage.matched` where the list was cut. */
  readonly refs: readonly Ref[];
  /** Those of them that are the answer: the best with its ties, the one at the place asked for. Default: all. */
  readonly named?: readonly Ref[] | undefined;
  /** The one that a comparison found better. */
  readonly better?: Ref | undefined;
  /** The metric that it is about. */
  readonly measure?: string | undefined;
}

/** What a tool's `run` returns; the loop adds handle, tool and input. */
export interface FindingBody {
  readonly kind: FindingKind;
  readonly title: string;
  /** The answer in one or two sentences, worded by code from the data. Markdown; names from the store are quoted. */
  readonly summary: string;
  readonly data: {
    readonly tables: readonly Table[];
    readonly series?: readonly Series[] | undefined;
    readonly drawing?: Drawing | undefined;
    /** Named scalars that the summary speaks of, at full precision. */
    readonly facts?: Readonly<Record<string, Cell>> | undefined;
  };
  readonly coverage: Coverage;
  /** How it was computed: metric variant, test, seed; a short phrase. */
  readonly method: string;
  readonly direction?: Direction | undefined;
  readonly caveats: readonly Caveat[];
  readonly links: readonly Link[];
  /** The Python call through MLflow's own client that gives the same. */
  readonly reproduce: string;
  /** At most three questions that can be asked as they stand. */
  readonly followUps: readonly string[];
  readonly subject: Subject;
}

export interface Finding extends FindingBody {
  /** `#3`: third finding of its conversation. */
  readonly handle: string;
  readonly tool: string;
  readonly input: unknown;
}
