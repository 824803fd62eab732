/** Units of axes: values as cells have them, and what they are divided by to be read. */
import type { Quantity } from '../tools/kit/finding.ts';

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

/** `duration (min)`. */
export function quantityLabel({ label }: Quantity, unit: Unit): string {
  return unit.name === '' ? label : `${label} (${unit.name})`;
}
