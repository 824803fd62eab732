/** What a tool returns: data at full precision, its coverage and method, and one sentence that code worded. */
import type { Int64 } from '../query/point.ts';

export interface RunRef {
  readonly id: string;
  /** Empty where the run has no name. */
  readonly name: string;
}

/** Undefined is missing; NaN and ±Infinity are themselves. */
export type Cell = string | number | bigint | boolean | RunRef | undefined;

export type ColumnKind =
  | 'run'
  | 'experiment'
  | 'metric'
  | 'param'
  | 'tag'
  | 'status'
  | 'count'
  | 'number'
  | 'percent'
  | 'delta'
  | 'duration'
  | 'time'
  | 'text';

export interface Column {
  /** Unique in its table, e.g. `run`, `metrics.f1_score`, `params.learning_rate`. */
  readonly key: string;
  readonly label: string;
  /** `duration` cells are milliseconds, `time` cells epoch milliseconds, `percent` cells fractions. */
  readonly kind: ColumnKind;
}

export interface Table {
  readonly title?: string | undefined;
  readonly columns: readonly Column[];
  /** Cells in column order. */
  readonly rows: readonly (readonly Cell[])[];
  /** Rows there are in all: larger than `rows.length` when the list was cut. */
  readonly total: number;
}

export interface SeriesPoint {
  readonly step: Int64;
  readonly value: number;
  /** Where it lies on the x axis, when that is not the step: milliseconds since the run's first point, or the epoch. */
  readonly at?: number | undefined;
  /** For the eye only: the curve smoothed over all logged points. */
  readonly smoothed?: number | undefined;
}

/** `order`: the step was never set, and points are counted as they were logged. */
export type CurveAxis = 'step' | 'epoch' | 'time' | 'order';

/** One curve to draw. `points` may be down-sampled (`logged` says from how many); statistics never are. */
export interface Series {
  readonly run: RunRef;
  readonly metric: string;
  readonly points: readonly SeriesPoint[];
  readonly logged: number;
  /** Which end is better, where that is known: the best point is marked. */
  readonly better?: 'higher' | 'lower' | undefined;
  /** Default `step`. */
  readonly axis?: CurveAxis | undefined;
  /** Of all logged points those that are NaN or ±Infinity, where `points` are fewer. */
  readonly nonFinite?: number | undefined;
}

export interface Coverage {
  /** Experiments that were looked at; `all` is every active one. */
  readonly scope: readonly { readonly id: string; readonly name: string }[] | 'all';
  readonly filter?: string | undefined;
  /** Runs in scope that pass the filter, and those the numbers come from. */
  readonly matched: number;
  readonly considered: number;
  /** Reason → runs, e.g. `not FINISHED` → 3. */
  readonly excluded: ReadonlyMap<string, number>;
  /** False when not everything could be read. */
  readonly complete: boolean;
}

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

/** A finding's series on one x axis; `step` where theirs differ. */
export interface CurveDrawing {
  readonly kind: 'curve';
  readonly series: readonly Series[];
  readonly axis: CurveAxis;
}

/** What an axis measures; values are in the unit that cells of the kind have. */
export interface Quantity {
  readonly label: string;
  readonly kind: ColumnKind;
}

/** Ranked values, in order; values may be NaN or ±Infinity. */
export interface BarsDrawing {
  readonly kind: 'bars';
  readonly value: Quantity;
  readonly bars: readonly {
    readonly name: RunRef | string;
    readonly value: number;
    readonly sd?: number | undefined;
  }[];
  /** How many there are in all. */
  readonly total: number;
}

/** A param, or a second metric, against a metric. */
export interface ScatterDrawing {
  readonly kind: 'scatter';
  /** `log`: fitted on log10, and drawn so. */
  readonly x: Quantity & { readonly log: boolean };
  readonly y: Quantity;
  /** What one point stands for. */
  readonly each: 'run' | 'configuration';
  readonly points: readonly XY[];
  /** More than `points` where not all are drawn. */
  readonly total: number;
  /** Undefined where x or y never varies. */
  readonly fit?: { readonly form: 'line' | 'parabola'; readonly curve: readonly XY[] } | undefined;
}

export interface XY {
  readonly x: number;
  readonly y: number;
}

/** The share of a metric's variance that goes with each param, 0 to 1, against what chance reaches. */
export interface ImpactDrawing {
  readonly kind: 'impact';
  readonly metric: string;
  readonly bars: readonly {
    readonly params: readonly string[];
    readonly explained: number;
    /** `none`: no more than noise; `hint`: too few configurations to say more. */
    readonly verdict: 'none' | 'hint' | 'tentative' | 'supported' | 'strong';
  }[];
  readonly noiseFloor: number;
  readonly configurations: number;
}

/** Groups side by side, in order. */
export interface GroupsDrawing {
  readonly kind: 'groups';
  /** What the runs are grouped by. */
  readonly by: string;
  readonly value: Quantity;
  /** What `centre` is: `mean`, `median`, `p95`. */
  readonly statistic: string;
  readonly each: 'run' | 'configuration';
  readonly groups: readonly {
    /** Undefined: those that lack what is grouped by. */
    readonly name: string | undefined;
    readonly n: number;
    readonly centre: number;
    /** Undefined for one value, or where `centre` is no mean. */
    readonly sd: number | undefined;
  }[];
  readonly total: number;
}

/** What can be drawn of a finding besides its curves. Models never read it. */
export type Drawing = BarsDrawing | ScatterDrawing | ImpactDrawing | GroupsDrawing;

export type FindingKind = 'table' | 'series' | 'comparison' | 'impact' | 'record' | 'text';

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
  /** What a follow-up question may refer to. */
  readonly subject: {
    readonly experimentIds: readonly string[];
    /** In the order of the answer. Fewer than `coverage.matched` where the list was cut. */
    readonly runIds: readonly string[];
    /** Those of them that are the answer: the best with its ties, the one at the place asked for. Default: all. */
    readonly named?: readonly string[] | undefined;
    /** The one run that a comparison found better. */
    readonly better?: string | undefined;
    readonly metric?: string | undefined;
  };
}

export interface Finding extends FindingBody {
  /** `#3`: third finding of its conversation. */
  readonly handle: string;
  readonly tool: string;
  readonly input: unknown;
}
