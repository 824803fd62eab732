/** Scales and round ticks for charts. */
import { formatNumber } from '../finding/format.ts';

export interface Axis {
  readonly minimum: number;
  readonly maximum: number;
  readonly log: boolean;
  /** Where a value lies from minimum (0) to maximum (1). */
  place(value: number): number;
}

const FEWEST_TICKS = 3;
/** Positive values that span more than two decades get a logarithmic scale, where one may. */
const LOG_SPAN = 100;

/** `by span`: logarithmic where the values ask for it; `log` needs positive ones. */
export function chooseAxis(values: readonly number[], scale: 'linear' | 'log' | 'by span'): Axis {
  const minimum = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const maximum = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const log = minimum > 0 && (scale === 'log' || (scale === 'by span' && maximum / minimum > LOG_SPAN));
  const scaled = log ? Math.log10 : (value: number) => value;
  // Halves, because the span of the largest doubles is no double.
  const above = (value: number) => scaled(value) / 2 - scaled(minimum) / 2;
  const span = above(maximum);
  return { minimum, maximum, log, place: (value) => (span === 0 ? 0.5 : above(value) / span) };
}

/** Three to six round values inside the axis, where there are so many. */
export function axisTicks(axis: Axis): number[] {
  if (axis.minimum === axis.maximum) return [axis.minimum];
  const candidates = axis.log ? logTicks(axis) : linearTicks(axis);
  return candidates.find((ticks) => ticks.length >= FEWEST_TICKS) ?? [axis.minimum, axis.maximum];
}

/** Every tenth, fifth, second, … power of ten, then also the threes between. */
function* logTicks({ minimum, maximum }: Axis): Generator<number[]> {
  const first = Math.ceil(Math.log10(minimum) - 1e-9);
  const last = Math.floor(Math.log10(maximum) + 1e-9);
  const decades = range(first - 1, last).map((power) => 10 ** power);
  for (const every of [100, 50, 20, 10, 5, 2, 1])
    yield decades.filter((_, index) => index > 0 && (index - 1) % every === 0);
  yield decades.flatMap((decade) => [decade, 3 * decade]).filter((value) => value >= minimum && value <= maximum);
}

/** Multiples of 5, 2 and 1 times a power of ten, from coarse to fine. */
function* linearTicks({ minimum, maximum }: Axis): Generator<number[]> {
  // Halves, because the span of the largest doubles is no double.
  const power = Math.floor(Math.log10(maximum / 2 - minimum / 2));
  for (const step of [power + 1, power, power - 1].flatMap((exponent) =>
    [5, 2, 1].map((factor) => factor * 10 ** exponent),
  )) {
    if (!(step > 0 && step < Number.POSITIVE_INFINITY)) continue;
    yield range(Math.ceil(minimum / step - 1e-9), Math.floor(maximum / step + 1e-9)).map((count) => count * step);
  }
}

/** Whole numbers from first to last. */
function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

export function formatTick(value: number, axis: Axis): string {
  const spread = Math.abs(axis.maximum - axis.minimum) || Math.abs(value) || 1;
  // Sums of steps leave dust such as 0.30000000000000004 or 1e-17.
  const clean = axis.log ? value : Math.abs(value) < spread * 1e-9 ? 0 : Number(value.toPrecision(12));
  return formatNumber(clean);
}
