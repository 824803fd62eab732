/** Which params a metric goes with, and whether that beats what chance produces. */
import {
  averageRanks,
  categoryEffect,
  centred,
  type Interval,
  pearson,
  rankCodes,
  spearman,
  spearmanOfRanks,
} from './association.ts';
import { chanceBound, isBoundable } from './chance-bound.ts';
import { type ConfoundedPair, findConfounded, joinConfounded } from './confounding.ts';
import { mean, standardDeviation } from './describe.ts';
import { dot, type Fit, type FitPlan, fittedCurve, planFit, scaleValue, turningPoint } from './fit.ts';
import {
  codesWithMissing,
  type DropReason,
  groupConfigurations,
  groupMembers,
  isIncidental,
  type ParamColumn,
  type ParamTable,
  pickRuns,
  tellingApart,
  typeParam,
  typeParams,
} from './params.ts';
import { type ChanceTest, permutationTest } from './permutation.ts';

/** How much may be said, from nothing to most. `table-only`: too few configurations for any word about params. */
export type Verdict = 'table-only' | 'none' | 'hint' | 'tentative' | 'supported' | 'strong';

export interface ImpactInput {
  /** One value per run; runs whose value is not finite are left out. */
  readonly target: readonly number[];
  /** Per param one text per run, in the order of `target`. Give all params: replicates and confounding need them. */
  readonly params: ParamTable;
  /** Only these are tested; all when left out. */
  readonly wanted?: readonly string[] | undefined;
  /** Epoch milliseconds per run. */
  readonly startTimes?: readonly (number | undefined)[] | undefined;
  /** Git commit per run. */
  readonly commits?: readonly (string | undefined)[] | undefined;
  readonly seed: number;
  /** 2,000 when left out; fewer over many configurations, none over very many: see `Impact.shuffles`. */
  readonly shuffles?: number | undefined;
}

export interface LevelSummary {
  /** Undefined: the configurations that lack the param. */
  readonly value: string | undefined;
  /** Configurations. */
  readonly n: number;
  readonly mean: number;
  readonly sd: number | undefined;
}

export interface ImpactRow {
  /** Params that cannot be told apart, strongest first: the numbers are the first one's. */
  readonly params: readonly string[];
  readonly scale: 'linear' | 'log10' | 'category';
  readonly form: Fit['form'];
  /** May be negative: floor it at 0 for display. */
  readonly adjustedR2: number;
  readonly r2: number;
  /** F test of this param alone. */
  readonly p: number;
  /** Over all tested params, by max-statistic permutation or its bound: the one to judge by. */
  readonly pAdjusted: number;
  /** Configurations that have the param. */
  readonly n: number;
  /** Of numbers, on `scale`. */
  readonly pearson?: number | undefined;
  readonly pearsonInterval?: Interval | undefined;
  readonly spearman?: number | undefined;
  readonly spearmanInterval?: Interval | undefined;
  /** Where a parabola turns, in the param's own unit; only inside the observed range. */
  readonly optimum?: number | undefined;
  /** What the metric has at `optimum`. */
  readonly turning?: 'maximum' | 'minimum' | undefined;
  /** Of categories and of numbers with few values: numbers ascending, names in order and last what lacks the param. */
  readonly levels?: readonly LevelSummary[] | undefined;
  /** Of a number that alone was asked for: its configurations, and the fit through them where it is no category. */
  readonly scatter?: Scatter | undefined;
  readonly verdict: Verdict;
}

/** In the units of the param and of the metric. */
export interface Scatter {
  readonly points: readonly Place[];
  readonly curve: readonly Place[] | undefined;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Something beside the params that the metric goes with: another explanation. */
export interface Drift {
  readonly source: 'start time' | 'commit';
  /** Spearman's ρ for start time, ε for commits. */
  readonly association: number;
  readonly p: number;
  /** Runs. */
  readonly n: number;
}

export interface Impact {
  /** Best adjusted R² first. Empty below 5 configurations. */
  readonly rows: readonly ImpactRow[];
  /** Runs with a finite target, and the distinct configurations they collapse to by their means. */
  readonly runs: number;
  readonly configurations: number;
  /**
   * 95th percentile of the largest adjusted R² among shuffled targets, at least 0; undefined when nothing was tested.
   * Without shuffles an upper bound of it, see `chanceBound`.
   */
  readonly noiseFloor: number | undefined;
  readonly shuffles: number;
  /** The share of all differences from the mean (squared) that one configuration makes: near 1, R² is about that one. */
  readonly outlierShare: number | undefined;
  /** Params whose values tell configurations apart, in order of name. */
  readonly apart: readonly { readonly param: string; readonly kind: ParamColumn['kind'] }[];
  readonly dropped: readonly { readonly param: string; readonly reason: DropReason }[];
  readonly confounded: readonly ConfoundedPair[];
  readonly drift: readonly Drift[];
  /** The strongest verdict of a row, or what the number of configurations allows. */
  readonly evidence: Verdict;
}

const FEWEST_CONFIGURATIONS = 5;
const HINT_BELOW = 10;
const TENTATIVE_BELOW = 20;
const ALPHA = 0.05;
const VERDICTS: readonly Verdict[] = ['table-only', 'none', 'hint', 'tentative', 'supported', 'strong'];

/** Neither the order of runs nor of params changes the result: configurations are put in order of their values first. */
export function analyzeImpact(input: ImpactInput): Impact {
  const runs = [...input.target.keys()].filter((run) => Number.isFinite(input.target[run]));
  const { columns, target, apart } = collapse(input, runs);
  const wanted = (param: string) => input.wanted?.includes(param) ?? true;
  const usable = new Map([...columns].filter(([, column]) => column.dropped === undefined));
  const summary = {
    runs: runs.length,
    configurations: target.length,
    apart,
    dropped: [...columns].flatMap(([param, { dropped: reason }]) =>
      reason && wanted(param) ? [{ param, reason }] : [],
    ),
    confounded: findConfounded(usable),
    drift: findDrift(input, runs),
  };
  if (target.length < FEWEST_CONFIGURATIONS) {
    return {
      ...summary,
      rows: [],
      noiseFloor: undefined,
      outlierShare: undefined,
      shuffles: 0,
      evidence: 'table-only',
    };
  }
  const outcome = { values: target, distances: centred(target), ranks: averageRanks(target) };
  const plans = planFits(usable, wanted);
  const test = isBoundable(plans, outcome.distances)
    ? chanceBound(plans, outcome.distances)
    : permutationTest(plans, outcome.distances, input.seed, input.shuffles ?? 2000);
  const groups = joinConfounded([...usable.keys()], summary.confounded);
  const rows = groups
    .flatMap((group) => rowOf(group, usable, outcome, test, input.wanted?.length === 1) ?? [])
    .sort((a, b) => b.adjustedR2 - a.adjustedR2);
  const evidence = rows.reduce<Verdict>((most, { verdict }) => strongest(most, verdict), 'none');
  const { noiseFloor, shuffles } = test;
  return { ...summary, rows, noiseFloor, outlierShare: largestShare(outcome.distances), shuffles, evidence };
}

interface Configurations extends Pick<Impact, 'apart'> {
  /** In order of name; one row per configuration. */
  readonly columns: ReadonlyMap<string, ParamColumn>;
  /** Means over replicates. */
  readonly target: Float64Array;
}

function collapse({ params, target }: ImpactInput, runs: readonly number[]): Configurations {
  const isWhole = runs.length === target.length;
  const selected = isWhole ? params : new Map([...params].map(([name, values]) => [name, pick(values, runs)]));
  const perRun = typeParams(selected);
  const { order, starts } = groupMembers(groupConfigurations(perRun, runs.length));
  const representatives = starts.subarray(0, -1).map((start) => order[start]!);
  const columns = [...perRun].map(([name, column]): [string, ParamColumn] => {
    return [name, isIncidental(column) ? column : pickRuns(column, representatives, name)];
  });
  const meanOf = (group: number) => {
    const members = order.subarray(starts[group], starts[group + 1]);
    if (members.length === 1) return target[runs[members[0]!]!]!;
    // Sorted, because the last bit of a sum depends on its order.
    return mean(Float64Array.from(members, (i) => target[runs[i]!]!).sort());
  };
  return {
    columns: new Map(columns),
    target: new Float64Array(representatives.length).map((_, group) => meanOf(group)),
    apart: tellingApart(perRun).map(([param, { kind }]) => ({ param, kind })),
  };
}

const pick = <T>(values: readonly T[], runs: readonly number[]): T[] => runs.map((run) => values[run]!);

function planFits(usable: ReadonlyMap<string, ParamColumn>, wanted: (param: string) => boolean): Map<string, FitPlan> {
  const plans = new Map<string, FitPlan>();
  for (const [param, column] of usable) {
    const plan = wanted(param) ? planFit(column) : undefined;
    if (plan) plans.set(param, plan);
  }
  return plans;
}

/** The target per configuration, as the different measures need it. */
interface Outcome {
  readonly values: Float64Array;
  /** From the mean, scaled. */
  readonly distances: Float64Array;
  readonly ranks: Float64Array;
}

function rowOf(
  group: readonly string[],
  columns: ReadonlyMap<string, ParamColumn>,
  outcome: Outcome,
  test: ChanceTest,
  alone: boolean,
): ImpactRow | undefined {
  const strength = (param: string) => test.tested.get(param)?.fit.adjustedR2 ?? Number.NEGATIVE_INFINITY;
  const params = group.toSorted((a, b) => (strength(a) === strength(b) ? 0 : strength(b) - strength(a)));
  const tested = test.tested.get(params[0]!);
  if (tested === undefined) return undefined;
  const column = columns.get(params[0]!)!;
  const { plan, fit, pAdjusted } = tested;
  return {
    params,
    scale: fit.form === 'category' ? 'category' : column.logScale ? 'log10' : 'linear',
    ...fit,
    pAdjusted,
    ...(column.numbers && trendOf(column, outcome)),
    ...(fit.form === 'parabola' && optimumOf(column, plan, outcome.distances)),
    ...(plan.category && { levels: summarizeLevels(column, outcome.values) }),
    ...(alone && column.numbers && { scatter: scatterOf(column, plan, fit.form, outcome.values) }),
    verdict: verdictOf(fit.adjustedR2, pAdjusted, fit.n, test.noiseFloor!),
  };
}

function trendOf(column: ParamColumn, { values, ranks }: Outcome) {
  const { numbers = new Float64Array(), codes, levels, missing } = column;
  const linear = pearson(
    numbers.map((value) => scaleValue(column, value)),
    values,
  );
  const monotone = missing > 0 ? spearman(numbers, values) : spearmanOfRanks(rankCodes(codes, levels.length), ranks);
  return {
    pearson: linear.value,
    pearsonInterval: linear.interval,
    spearman: monotone.value,
    spearmanInterval: monotone.interval,
  };
}

function optimumOf(column: ParamColumn, plan: FitPlan, target: Float64Array) {
  const { at, turning } = turningPoint(plan, target);
  const optimum = column.logScale ? 10 ** at : at;
  const inside = optimum >= Number(column.levels[0]) && optimum <= Number(column.levels.at(-1));
  return inside ? { optimum, turning } : {};
}

/** Enough for a bend to look smooth. */
const CURVE_PLACES = 61;

function scatterOf(column: ParamColumn, plan: FitPlan, form: Fit['form'], target: Float64Array): Scatter {
  const { numbers = new Float64Array(), logScale } = column;
  const points = [...numbers].flatMap((x, row) => (Number.isNaN(x) ? [] : [{ x, y: target[row]! }]));
  if (form === 'category') return { points, curve: undefined };
  const places = fittedCurve(plan, form, target, CURVE_PLACES);
  return { points, curve: places.map(({ at, value }) => ({ x: logScale ? 10 ** at : at, y: value })) };
}

function summarizeLevels(column: ParamColumn, target: Float64Array): LevelSummary[] {
  const codes = column.kind === 'category' ? codesWithMissing(column) : column.codes;
  const fitted = target.keys().filter((row) => codes[row]! >= 0);
  const groups = Map.groupBy(fitted, (row) => codes[row]!);
  const ordered = [...groups].sort(([a], [b]) => a - b);
  return ordered.map(([code, rows]) => {
    const values = rows.map((row) => target[row]!);
    const sd = values.length > 1 ? standardDeviation(values) : undefined;
    return { value: column.levels[code], n: values.length, mean: mean(values), sd };
  });
}

function verdictOf(adjustedR2: number, pAdjusted: number, n: number, noiseFloor: number): Verdict {
  if (n < FEWEST_CONFIGURATIONS) return 'none';
  if (n < HINT_BELOW) return adjustedR2 > 0 ? 'hint' : 'none';
  if (pAdjusted >= ALPHA) return 'none';
  if (n < TENTATIVE_BELOW) return 'tentative';
  return adjustedR2 > 2 * noiseFloor ? 'strong' : 'supported';
}

function strongest(a: Verdict, b: Verdict): Verdict {
  return VERDICTS.indexOf(a) >= VERDICTS.indexOf(b) ? a : b;
}

function largestShare(distances: Float64Array): number | undefined {
  const total = dot(distances, distances);
  const largest = distances.reduce((most, distance) => Math.max(most, distance ** 2), 0);
  return total > 0 ? largest / total : undefined;
}

/** Weaker associations than this explain under a tenth of the differences. */
const NOTABLE_DRIFT = 0.3;

function findDrift({ target, startTimes, commits }: ImpactInput, runs: readonly number[]): Drift[] {
  const values = runs.map((run) => target[run]!);
  const byTime = spearman(
    runs.map((run) => startTimes?.[run] ?? Number.NaN),
    values,
  );
  const byCommit = categoryEffect(typeParam(runs.map((run) => commits?.[run])).codes, values);
  const found = [
    { source: 'start time', association: byTime.value, p: byTime.p, n: byTime.n },
    {
      source: 'commit',
      association: Math.sqrt(Math.max(0, byCommit.epsilonSquared ?? 0)),
      p: byCommit.p,
      n: byCommit.n,
    },
  ] as const;
  return found.flatMap(({ association, p, ...drift }) => {
    const notable = association !== undefined && Math.abs(association) >= NOTABLE_DRIFT;
    return notable && p !== undefined && p < ALPHA ? [{ ...drift, association, p }] : [];
  });
}
