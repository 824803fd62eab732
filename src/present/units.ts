/** Units of axes: values as cells have them, and what they are divided by to be read. */
import type { Quantity } from '../finding/drawing.ts';

export interface Unit {
  /** Empty where the values stand for themselves. */
  readonly name: string;
  /** Values are divided by it. */
  readonly per: number;
}

const TIMES: readonly Unit[] = [
  { name: 'd', per: 86_400_000 },
  { name: 'h', per: 3_600_000 },
  { name: 'min', per: 60_000 },
  { name: 's', per: 1_000 },
  { name: 'ms', per: 1 },
];

/** Durations in the largest unit of which the largest value has two, shares in per cent. */
export function chooseUnit(values: readonly number[], kind: Quantity['kind']): Unit {
  if (kind === 'percent') return { name: '%', per: 0.01 };
  if (kind !== 'duration') return { name: '', per: 1 };
  const largest = values.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
  return TIMES.find(({ per }) => largest >= 2 * per) ?? { name: 'ms', per: 1 };
}

/** A power of ten for numbers whose span or ticks a double cannot hold; as ` (×1e308)` in a label. */
export function largeUnit(values: readonly number[]): Unit {
  const largest = values.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
  if (largest === 0 || (largest < 1e290 && largest > 1e-290)) return { name: '', per: 1 };
  // Below 1e-300 numbers lose digits, and a power of ten that divides them would too.
  const power = Math.max(-300, Math.floor(Math.log10(largest)));
  return { name: ` (×1e${power})`, per: 10 ** power };
}

/** `duration (min)`. */
export function quantityLabel({ label }: Quantity, unit: Unit): string {
  return unit.name === '' ? label : `${label} (${unit.name})`;
}
