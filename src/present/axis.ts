/** Scales and round ticks for charts. */
import { formatNumber } from '../tools/kit/format.ts';

export interface Axis {
  readonly minimum: number;
  readonly maximum: number;
  readonly log: boolean;
  /** Where a value lies from minimum (0) to maximum (1). */
  place(value: number): number;
}

/** Positive values that span more than two decades get a logarithmic scale, where one may. */
const LOG_SPAN = 100;

export function chooseAxis(values: readonly number[], mayBeLog: boolean): Axis {
  const minimum = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const maximum = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const log = mayBeLog && minimum > 0 && maximum / minimum > LOG_SPAN;
  const scale = log ? Math.log10 : (value: number) => value;
  // Halves, because the span of the largest doubles is no double.
  const above = (value: number) => scale(value) / 2 - scale(minimum) / 2;
  const span = above(maximum);
  return { minimum, maximum, log, place: (value) => (span === 0 ? 0.5 : above(value) / span) };
}

/** About `count` round values inside the axis: whole decades on a long logarithmic one. */
export function axisTicks(axis: Axis, count: number): number[] {
  if (axis.minimum === axis.maximum) return [axis.minimum];
  if (axis.log) return decades(axis, count);
  const step = roundStep(((axis.maximum / 2 - axis.minimum / 2) / (count - 1)) * 2);
  if (!(step > 0)) return [axis.minimum];
  const first = Math.ceil(axis.minimum / step);
  const last = Math.floor(axis.maximum / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

function decades(axis: Axis, count: number): number[] {
  const first = Math.ceil(Math.log10(axis.minimum) - 1e-9);
  const last = Math.floor(Math.log10(axis.maximum) + 1e-9);
  const every = Math.max(1, Math.ceil((last - first + 1) / count));
  return Array.from({ length: Math.floor((last - first) / every) + 1 }, (_, index) => 10 ** (first + index * every));
}

/** The next of 1, 2, 5 times a power of ten. */
function roundStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= raw * (1 - 1e-9)) ?? 10;
  return factor * power;
}

export function formatTick(value: number, axis: Axis): string {
  const spread = Math.abs(axis.maximum - axis.minimum) || Math.abs(value) || 1;
  // Sums of steps leave dust such as 0.30000000000000004 or 1e-17.
  const clean = axis.log ? value : Math.abs(value) < spread * 1e-9 ? 0 : Number(value.toPrecision(12));
  return formatNumber(clean);
}
