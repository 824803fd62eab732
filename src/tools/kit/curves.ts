/** Metric histories of runs with what they hold and what is wrong with them. */
import {
  type CurveSummary,
  type DiagnoseOptions,
  type Diagnosis,
  diagnoseCurve,
  downsample,
  onePointPerStep,
  summarizeCurve,
} from '../../analysis/curve.ts';
import { nameTokens } from '../../analysis/direction.ts';
import type { MetricSeries } from '../../mlflow/tracking-store.ts';
import type { Lifecycle, MetricPoint, RunStatus } from '../../mlflow/types.ts';
import type { ToolContext } from './context.ts';
import type { RunRef, Series } from './finding.ts';

export interface CurveRun extends RunRef {
  readonly status: RunStatus;
  readonly lifecycle: Lifecycle;
  readonly experimentId: string;
  /** Metrics that it logged, as far as they matter here. */
  readonly keys: readonly string[];
}

export interface Curve {
  readonly run: CurveRun;
  readonly key: string;
  readonly points: readonly MetricPoint[];
  readonly summary: CurveSummary;
  readonly diagnoses: readonly Diagnosis[];
  /** What the diagnoses were made by. */
  readonly options: DiagnoseOptions;
}

export type FindDirection = (key: string) => 'higher' | 'lower' | undefined;

const EVALUATION_WORDS: ReadonlySet<string> = new Set(['val', 'valid', 'validation', 'test', 'eval', 'dev', 'holdout']);
const TRAINING_WORDS: ReadonlySet<string> = new Set(['train', 'training']);

/** `train_loss` and `loss` for `val_loss`: keys that may be the same quantity on the training data, the surest first. */
function trainingKeys(key: string, keys: readonly string[]): string[] {
  const tokens = nameTokens(key);
  const bare = tokens.filter((token) => !EVALUATION_WORDS.has(token));
  if (bare.length === tokens.length) return [];
  const isSame = (other: readonly string[]) =>
    other.length === bare.length && bare.every((token) => other.includes(token));
  const isTraining = (other: string) => nameTokens(other).some((token) => TRAINING_WORDS.has(token));
  const matches = keys.filter((other) => isSame(nameTokens(other).filter((token) => !TRAINING_WORDS.has(token))));
  return matches.sort((a, b) => Number(isTraining(b)) - Number(isTraining(a)));
}

/** The curves that the runs have of `keys`, run by run, every point read. Training curves are read beside them. */
export async function readCurves(
  context: ToolContext,
  runs: readonly CurveRun[],
  keys: readonly string[],
  directionOf: FindDirection,
): Promise<Curve[]> {
  const curves: Curve[] = [];
  const byKeys = Map.groupBy(runs, (run) => JSON.stringify(run.keys));
  for (const alike of byKeys.values()) {
    const own = alike[0]?.keys ?? [];
    const wanted = keys.filter((key) => own.includes(key));
    const needed = new Set([...wanted, ...wanted.flatMap((key) => trainingKeys(key, own))]);
    const series: MetricSeries[] = [];
    const ids = alike.map(({ id }) => id);
    for await (const one of context.store.metricHistory(ids, [...needed], context.signal)) series.push(one);
    const byRun = Map.groupBy(series, ({ runId }) => runId);
    for (const run of alike) curves.push(...diagnoseRun(run, byRun.get(run.id) ?? [], keys, directionOf));
  }
  return curves;
}

function diagnoseRun(
  run: CurveRun,
  series: readonly MetricSeries[],
  keys: readonly string[],
  directionOf: FindDirection,
): Curve[] {
  const logged = series.map(({ key }) => key);
  const wanted = series.filter(({ key }) => keys.includes(key));
  return wanted.map(({ key, points }) => {
    const [trainKey] = trainingKeys(key, logged);
    const train = series.find((other) => other.key === trainKey)?.points;
    const options = { direction: directionOf(key), train };
    return { run, key, points, summary: summarizeCurve(points), diagnoses: diagnoseCurve(points, options), options };
  });
}

/** The curve to draw; where every point has the same step, in the order of logging. */
export function drawnSeries(curve: Curve, budget: number): Series {
  const { run, key, points, summary } = curve;
  const unstepped = summary.distinctSteps === 1 && points.length > 1;
  const plotted = unstepped ? points.map((point, i) => ({ ...point, step: i })) : onePointPerStep(points);
  const drawn = downsample(plotted, budget).map(({ step, value }) => ({ step, value }));
  return { run: { id: run.id, name: run.name }, metric: key, points: drawn, logged: points.length };
}
