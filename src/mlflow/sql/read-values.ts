/** SQLite's values → the program's. */
import type { SQLOutputValue } from 'node:sqlite';
import type { Int64, Lifecycle, RunStatus } from '../types.ts';

/** Selects an integer exactly: a number while it is exact, its text beyond. */
export function exactInteger(column: string): string {
  return `CASE WHEN ${column} BETWEEN -9007199254740991 AND 9007199254740991 THEN ${column} ELSE CAST(${column} AS TEXT) END`;
}

export function toInt64(value: SQLOutputValue | undefined): Int64 {
  return typeof value === 'string' ? BigInt(value) : Number(value ?? 0);
}

export function toNumber(value: SQLOutputValue | undefined): number | undefined {
  return value === null || value === undefined ? undefined : Number(value);
}

export function toText(value: SQLOutputValue | undefined): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}

/** A metric value selected as `CASE WHEN is_nan THEN NULL ELSE value END`; infinities stand as the largest doubles. */
export function toMetricValue(value: SQLOutputValue | undefined): number {
  if (value === null || value === undefined) return Number.NaN;
  const number = Number(value);
  return Math.abs(number) < 1.797e308 ? number : Math.sign(number) * Number.POSITIVE_INFINITY;
}

export function toStatus(value: SQLOutputValue | undefined): RunStatus {
  return String(value ?? 'RUNNING') as RunStatus;
}

export function toLifecycle(value: SQLOutputValue | undefined): Lifecycle {
  return value === 'deleted' ? 'deleted' : 'active';
}
