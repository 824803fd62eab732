/** The value of a curve at one step, or which logged steps are nearest. */

import { formatCount, formatNumber } from '../../finding/format.ts';
import { quoteName } from '../../finding/quote.ts';
import type { MetricPoint } from '../../query/point.ts';
import { ToolError } from '../define/errors.ts';
import type { Curve } from './curves.ts';
import { curveRunText } from './words.ts';

const VALUE_DIGITS = 10;

/** The last point logged at a step. */
function pointAt({ points }: Curve, step: number): MetricPoint | undefined {
  return points.findLast((point) => Number(point.step) === step);
}

/** @throws ToolError no_data where no curve has that step, naming the nearest logged ones. */
export function stepSummary(curves: readonly Curve[], step: number): string {
  const found = curves.flatMap((curve) => {
    const point = pointAt(curve, step);
    return point === undefined ? [] : [{ curve, point }];
  });
  const name = ({ key, run }: Curve) => `${quoteName(key)} of ${curveRunText(run)}`;
  if (found.length === 0)
    throw new ToolError(
      'no_data',
      curves
        .map((curve) => `${name(curve)} has no point at step ${formatCount(step)}: ${nearestText(curve, step)}.`)
        .join(' '),
    );
  const said = found.map(
    ({ curve, point }) => `${name(curve)} at step ${formatCount(step)} is ${formatNumber(point.value, VALUE_DIGITS)}`,
  );
  const lacking = curves
    .filter((curve) => pointAt(curve, step) === undefined)
    .map((curve) => `${name(curve)}: ${nearestText(curve, step)}`);
  return `${said.join('; ')}.${lacking.length === 0 ? '' : ` Not logged there: ${lacking.join('; ')}.`}`;
}

function nearestText({ points }: Curve, step: number): string {
  const before = points.findLast((point) => Number(point.step) < step);
  const next = points.find((point) => Number(point.step) > step);
  // A step may be logged again: its last value counts.
  const after = next && points.findLast((point) => point.step === next.step);
  const near = [before, after].filter((point) => point !== undefined);
  return `nearest ${near.map((point) => `step ${formatCount(point.step)} with ${formatNumber(point.value, VALUE_DIGITS)}`).join(' and ')}`;
}
