/** What a curve, or many of them, says in words. */
import type { CurveDiagnosis } from '../../analysis/curve.ts';
import { countOf, formatCount, formatDistinct, formatNumber, formatPercent, formatRun } from '../../finding/format.ts';
import { quoteName } from '../../finding/quote.ts';
import type { Curve, CurveRun } from './curves.ts';

const stepText = (step: number | bigint): string => formatCount(step);

export function curveRunText(run: CurveRun): string {
  const parts = [run.lifecycle === 'deleted' ? 'deleted' : '', run.status === 'FINISHED' ? '' : run.status].filter(
    Boolean,
  );
  return `${formatRun(run)}${parts.length === 0 ? '' : ` [${parts.join(', ')}]`}`;
}

/** `falls from 0.69 to 0.02 over 60 points (steps 0 to 59), lowest 0.02 at step 59`. */
function shapeText({ summary, points }: Curve): string {
  const { first, last, min, max } = summary;
  if (first === undefined || last === undefined || min === undefined || max === undefined)
    return 'never had a finite value';
  const [from = '', to = '', low = '', high = ''] = formatDistinct([first.value, last.value, min.value, max.value]);
  const verb = first.value > last.value ? 'falls' : first.value < last.value ? 'rises' : 'goes';
  const span = `${countOf(points.length, 'point')} (steps ${stepText(first.step)} to ${stepText(last.step)})`;
  const extremes = `lowest ${low} at step ${stepText(min.step)}, highest ${high} at step ${stepText(max.step)}`;
  return `${verb} from ${from} to ${to} over ${span}; ${extremes}`;
}

/** How many curves show what, e.g. `4 still improving, 2 overfitting`. */
function diagnosisCounts(curves: readonly Curve[]): string {
  const kinds = curves.flatMap(({ diagnoses }) => [...new Set(diagnoses.map(({ kind }) => kind))]);
  const counts = [...Map.groupBy(kinds, (kind) => kind)].sort((a, b) => b[1].length - a[1].length);
  return counts.map(([kind, all]) => `${formatCount(all.length)} ${kind.replace('-', ' ')}`).join(', ');
}

/** Many curves: how they ended and what they show. */
export function overviewText(curves: readonly Curve[], keys: readonly string[], where: string): string {
  const ends = keys.flatMap((key) => {
    const ended = curves.filter((curve) => curve.key === key && Number.isFinite(curve.summary.last?.value));
    const sorted = ended.toSorted((a, b) => lastValue(a) - lastValue(b));
    const [low, high] = [sorted[0], sorted.at(-1)];
    if (low === undefined || high === undefined) return [];
    const end = (curve: Curve) => `${formatNumber(lastValue(curve))} for ${curveRunText(curve.run)}`;
    return [`${quoteName(key)} ends ${low === high ? `at ${end(low)}` : `between ${end(low)} and ${end(high)}`}`];
  });
  const runs = countOf(new Set(curves.map(({ run }) => run.id)).size, 'run');
  const counts = diagnosisCounts(curves);
  return `${countOf(curves.length, 'curve')} of ${runs} ${where}: ${ends.join('; ')}.${counts === '' ? '' : ` Diagnosis: ${counts}.`}`;
}

const lastValue = ({ summary }: Curve): number => summary.last?.value ?? Number.NaN;

/** One curve in a sentence or two. */
export function curveSentence(curve: Curve): string {
  const subject = `${quoteName(curve.key)} of ${curveRunText(curve.run)}`;
  const [point] = curve.points;
  if (curve.points.length === 1 && point !== undefined)
    return `${subject} has only one point, ${formatNumber(point.value)} at step ${stepText(point.step)}: there is no curve.`;
  const said = curve.diagnoses.map((diagnosis) => judgementText(curve, diagnosis));
  return `${subject} ${shapeText(curve)}.${said.length === 0 ? '' : ` Diagnosis: ${said.join('; ')}.`}`;
}

/** A diagnosis with the step that matters: where it stopped being finite, else where it was best. */
export function judgementText(curve: Curve, diagnosis: CurveDiagnosis): string {
  const { firstNonFinite, last } = curve.summary;
  if (diagnosis.kind !== 'diverged' || firstNonFinite === undefined || Number.isFinite(diagnosis.last))
    return diagnosisText(diagnosis);
  return `diverged: not finite from step ${stepText(firstNonFinite.step)}, ended at ${last?.value}`;
}

/** `overfitting: best 0.21 at step 40, 0.35 at the end (66% worse)`. */
function diagnosisText(diagnosis: CurveDiagnosis): string {
  const step = stepText(diagnosis.step);
  switch (diagnosis.kind) {
    case 'non-finite':
      return `${diagnosis.value} first at step ${step} (${formatCount(diagnosis.count)} of ${countOf(diagnosis.of, 'point')} not finite)`;
    case 'diverged':
      return `diverged: best ${formatNumber(diagnosis.best)} at step ${step}, ended at ${formatNumber(diagnosis.last)}`;
    case 'spike':
      return `spike to ${formatNumber(diagnosis.value)} at step ${step}`;
    case 'overfitting':
      return `overfitting: best ${formatNumber(diagnosis.best)} at step ${step}, ${formatNumber(diagnosis.last)} at the end (error ${formatPercent(diagnosis.generalizationLoss / 100)} above the best)`;
    case 'plateau':
      return `plateau: best ${formatNumber(diagnosis.best)} at step ${step}, ${formatPercent(diagnosis.improvement)} gained in the last fifth`;
    case 'still-improving':
      return `still improving at the end: best ${formatNumber(diagnosis.best)} at step ${step}`;
    case 'too-short':
      return `too short for a verdict (${countOf(diagnosis.evaluations, 'finite point')})`;
  }
}
