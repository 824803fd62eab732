/** What a picture of a finding is made of: curves, bars, points and groups, at full precision. */
import type { Int64 } from '../query/point.ts';
import type { Ref } from './refs.ts';
import type { ColumnKind } from './table.ts';

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
  /** What it was logged of. */
  readonly of: Ref;
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
    readonly name: Ref | string;
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
  /** What one point stands for, a singular noun. */
  readonly each: string;
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
  /** What they are grouped by. */
  readonly by: string;
  readonly value: Quantity;
  /** What `centre` is: `mean`, `median`, `p95`. */
  readonly statistic: string;
  /** What one of a group is, a singular noun. */
  readonly each: string;
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
