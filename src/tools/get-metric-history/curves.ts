/** Metric histories of runs with what they hold and what is wrong with them. */
import {
  type CurveDiagnosis,
  type CurveSummary,
  type DiagnoseOptions,
  diagnoseCurve,
  downsample,
  onePointPerStep,
  smooth,
  summarizeCurve,
} from '../../analysis/curve.ts';
import { nameTokens } from '../../analysis/direction.ts';
import { SMOOTHING } from '../../finding/charts.ts';
import type { CurveAxis, Series } from '../../finding/drawing.ts';
import { formatRun } from '../../finding/format.ts';
import { quoteName } from '../../finding/quote.ts';
import { type Named, refOf } from '../../finding/refs.ts';
import type { MetricSeries } from '../../mlflow/runs/tracking-store.ts';
import type { Lifecycle, RunStatus } from '../../mlflow/runs/types.ts';
import { takeTurns } from '../../mlflow/take-turns.ts';
import type { Int64, MetricPoint } from '../../query/point.ts';
import type { ToolContext } from '../define/context.ts';
import { ToolError } from '../define/errors.ts';

export interface CurveRun extends Named {
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
  readonly diagnoses: readonly CurveDiagnosis[];
  /** What the diagnoses were made by. */
  readonly options: DiagnoseOptions;
}

export const isCurve = ({ points }: Pick<Curve, 'points'>): boolean => points.length > 1;

export type FindDirection = (key: string) => 'higher' | 'lower' | undefined;

const EVALUATION_WORDS: ReadonlySet<string> = new Set(['val', 'valid', 'validation', 'test', 'eval', 'dev', 'holdout']);
const TRAINING_WORDS: ReadonlySet<string> = new Set(['train', 'training']);

/** The same quantity on the training data, by name, among some keys: of many, each is looked at once. */
class TrainingKeys {
  readonly #byWords: ReadonlyMap<string, readonly string[]>;

  constructor(keys: readonly string[]) {
    const isTraining = (key: string) => nameTokens(key).some((token) => TRAINING_WORDS.has(token));
    const surestFirst = keys.toSorted((a, b) => Number(isTraining(b)) - Number(isTraining(a)));
    this.#byWords = Map.groupBy(surestFirst, (key) => wordsOf(nameTokens(key), TRAINING_WORDS));
  }

  /** `train_loss` and `loss` for `val_loss`, the surest first; none for what is no evaluation. */
  of(key: string): readonly string[] {
    const tokens = nameTokens(key);
    if (!tokens.some((token) => EVALUATION_WORDS.has(token))) return [];
    return this.#byWords.get(wordsOf(tokens, EVALUATION_WORDS)) ?? [];
  }
}

/** Those of a name in any order, without some. */
function wordsOf(tokens: readonly string[], without: ReadonlySet<string>): string {
  return tokens
    .filter((token) => !without.has(token))
    .sort()
    .join(' ');
}

/** The curves that the runs have of `keys`, run by run, every point read. Training curves are read beside them. */
export async function readCurves(
  context: ToolContext,
  runs: readonly CurveRun[],
  keys: readonly string[],
  directionOf: FindDirection,
): Promise<Curve[]> {
  const curves: CurveToJudge[] = [];
  const byKeys = Map.groupBy(runs, (run) => JSON.stringify(run.keys));
  for (const alike of byKeys.values()) {
    const own = alike[0]?.keys ?? [];
    const logged = new Set(own);
    const training = new TrainingKeys(own);
    const wanted = keys.filter((key) => logged.has(key));
    const needed = new Set([...wanted, ...wanted.flatMap((key) => training.of(key))]);
    const series: MetricSeries[] = [];
    const ids = alike.map(({ id }) => id);
    for await (const one of context.store.metricHistory(ids, [...needed], context.signal)) series.push(one);
    const byRun = Map.groupBy(series, ({ runId }) => runId);
    for (const run of alike) curves.push(...curvesOfRun(run, byRun.get(run.id) ?? [], wanted, directionOf));
  }
  return judgeCurves(curves, context.signal);
}

type CurveToJudge = Omit<Curve, 'summary' | 'diagnoses'>;

function curvesOfRun(
  run: CurveRun,
  series: readonly MetricSeries[],
  keys: readonly string[],
  directionOf: FindDirection,
): CurveToJudge[] {
  const byKey = new Map(series.map((one) => [one.key, one]));
  const training = new TrainingKeys([...byKey.keys()]);
  const asked = new Set(keys);
  const wanted = series.filter(({ key }) => asked.has(key));
  return wanted.map(({ key, points }) => {
    const [trainKey = ''] = training.of(key);
    return { run, key, points, options: { direction: directionOf(key), train: byKey.get(trainKey)?.points } };
  });
}

/** In turns: a curve of hundreds of thousands of points takes its time. */
async function judgeCurves(curves: readonly CurveToJudge[], signal: AbortSignal): Promise<Curve[]> {
  const summaries: CurveSummary[] = [];
  const diagnoses: CurveDiagnosis[][] = [];
  await takeTurns(curves, ({ points }) => summaries.push(summarizeCurve(points)), signal, 1);
  await takeTurns(curves, ({ points, options }) => diagnoses.push(diagnoseCurve(points, options)), signal, 1);
  return curves.map((curve, at) => ({ ...curve, summary: summaries[at]!, diagnoses: diagnoses[at]! }));
}

/** Per run id the history of its metric `epoch`. */
export type Epochs = ReadonlyMap<string, readonly MetricPoint[]>;

const EPOCH = 'epoch';

/** @throws ToolError no_data where one of the runs never logged the metric `epoch` */
export async function readEpochs(context: ToolContext, curves: readonly Curve[]): Promise<Epochs> {
  const runs = new Map(curves.map(({ run }) => [run.id, run]));
  const epochs = new Map<string, readonly MetricPoint[]>();
  for await (const { runId, points } of context.store.metricHistory([...runs.keys()], [EPOCH], context.signal))
    epochs.set(runId, onePointPerStep(points.filter(({ value }) => Number.isFinite(value))));
  const lacking = [...runs.values()].find(({ id }) => (epochs.get(id) ?? []).length === 0);
  if (lacking === undefined) return epochs;
  throw new ToolError('no_data', `${formatRun(lacking)} logged no metric ${quoteName(EPOCH)} to draw by.`, {
    hint: 'Draw it by step or by time.',
  });
}

/** The epoch last logged at or before a step; before the first, the first. */
function epochFinder(points: readonly MetricPoint[]): (step: Int64) => number | undefined {
  let next = 0;
  return (step) => {
    while (next < points.length && points[next]!.step <= step) next += 1;
    return points[Math.max(0, next - 1)]?.value;
  };
}

/** Below this a curve is drawn as it is; from here on smoothed, its points faint behind. */
const SMOOTHED_FROM = 50;

/** The curve to draw, over steps or what else was asked for; where every point has the same step, in the order of logging. */
export function drawnSeries(
  curve: Curve,
  budget: number,
  axis: CurveAxis = 'step',
  epochs: Epochs = new Map(),
): Series {
  const { run, key, points, summary, options } = curve;
  const unstepped = summary.distinctSteps === 1 && points.length > 1;
  const plotted = unstepped ? points.map((point, i) => ({ ...point, step: i })) : onePointPerStep(points);
  const values = plotted.map(({ value }) => value);
  const smoothed = values.filter(Number.isFinite).length < SMOOTHED_FROM ? undefined : smooth(values, SMOOTHING);
  const start = plotted[0]?.timestamp ?? 0;
  const epochAt = axis === 'epoch' ? epochFinder(epochs.get(run.id) ?? []) : undefined;
  // Twenty thousand points are thinned before anything is made of them.
  const kept = downsample(
    plotted.map(({ step, value }, index) => ({ step, value, index })),
    budget,
  );
  return {
    of: refOf('run', run),
    metric: key,
    points: kept.map(({ step, value, index }) => ({
      step,
      value,
      ...(smoothed && { smoothed: smoothed[index] }),
      ...(axis === 'time' && { at: (plotted[index]?.timestamp ?? start) - start }),
      ...(epochAt && { at: epochAt(step) }),
    })),
    logged: points.length,
    better: options.direction,
    axis: unstepped && axis === 'step' ? 'order' : axis,
    nonFinite: summary.nonFinite,
  };
}
