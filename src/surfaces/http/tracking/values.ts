/** Values of runs as the tracking API writes them. */
import type { RunStatus } from '../../../mlflow/runs/types.ts';
import type { Int64 } from '../../../query/point.ts';

export const RUN_STATUSES = {
  FINISHED: 'completed',
  RUNNING: 'running',
  FAILED: 'failed',
  KILLED: 'killed',
  SCHEDULED: 'scheduled',
} as const satisfies Readonly<Record<RunStatus, string>>;

/** JSON's own numbers: `007` and `1_000` are names. */
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const WHOLE = /^-?\d+$/;

/** What a time is past the calendar's ends, or missing: null. */
export function isoTime(ms: number | undefined): string | null {
  const date = new Date(ms ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** JSON has no NaN and no ±Infinity: they travel as strings. */
export function jsonNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

export function jsonInteger(value: Int64): number | string {
  return typeof value === 'bigint' ? String(value) : value;
}

/** A number where nothing is lost by it. */
export function parameterValue(text: string): number | string {
  const value = JSON_NUMBER.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) && !(WHOLE.test(text) && !Number.isSafeInteger(value)) ? value : text;
}

/** Clocks can disagree: an end before the start is no duration. */
export function durationSeconds(start: number | undefined, end: number | undefined): number | null {
  return start === undefined || end === undefined || end < start ? null : (end - start) / 1000;
}

/** Keys come from users: a null prototype, so that `__proto__` is one like any other. */
export function jsonMap<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  const object: Record<string, T> = Object.create(null);
  for (const [key, value] of entries) object[key] = value;
  return object;
}
