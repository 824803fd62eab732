/** A driver's values → the program's. */
import type { Int64 } from '../../query/point.ts';
import type { Lifecycle, RunStatus } from '../runs/types.ts';

/** What `exactInteger` selected: drivers deliver a large integer as its text. */
export function toInt64(value: unknown): Int64 {
  const number = Number(value ?? 0);
  return typeof value === 'string' && !Number.isSafeInteger(number) ? BigInt(value) : number;
}

export function toNumber(value: unknown): number | undefined {
  return value === null || value === undefined ? undefined : Number(value);
}

export function toText(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}

/** A metric value selected as `CASE WHEN is_nan THEN NULL ELSE value END`; infinities stand as the largest doubles. */
export function toMetricValue(value: unknown): number {
  if (value === null || value === undefined) return Number.NaN;
  const number = Number(value);
  return Math.abs(number) < 1.797e308 ? number : Math.sign(number) * Number.POSITIVE_INFINITY;
}

export function toStatus(value: unknown): RunStatus {
  return String(value ?? 'RUNNING') as RunStatus;
}

export function toLifecycle(value: unknown): Lifecycle {
  return value === 'deleted' ? 'deleted' : 'active';
}
