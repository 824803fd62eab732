/** Metric files: a line a point, `timestamp value step`, in the order in which they were logged. */
import type { Int64, MetricPoint } from '../../query/point.ts';
import type { Folder } from './folder.ts';
import { isYoung, type Times } from './stamp.ts';

const NEWLINE = 0x0a;
/** What Python's float() wrote, and reads. */
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const NAN = /^[+-]?nan$/i;
const INFINITE = /^[+-]?inf(?:inity)?$/i;
const INTEGER = /^[+-]?\d+$/;
/** Longer lines are no points: nothing of them is kept. */
const LONGEST_LINE = 4_096;
/** Some three million points. */
const MOST_BYTES = 128 << 20;

function parseValue(text: string): number | undefined {
  if (DECIMAL.test(text)) return Number(text);
  if (NAN.test(text)) return Number.NaN;
  if (INFINITE.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return undefined;
}

function parseStep(text: string): Int64 {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

/**
 * Two fields are the oldest form, without a step. After the third come a dataset's name and digest, where the metric
 * belongs to one: MLflow itself then reads step 0, and the third field is the step all the same.
 */
function parseLine(line: string): MetricPoint | undefined {
  const [timestamp = '', valueText = '', step = '0'] = line.split(' ');
  const value = parseValue(valueText);
  if (value === undefined || !INTEGER.test(timestamp) || !INTEGER.test(step)) return undefined;
  return { value, step: parseStep(step), timestamp: Number(timestamp) };
}

export interface MetricScan {
  /** Whole lines that are no points. */
  readonly malformed: number;
  readonly stats: Times;
}

/**
 * Gives every point in log order, and yields from time to time. A last line without its end counts only where it is whole: a writer may be at work.
 * @throws UnreadableError.
 */
export function* scanMetric(
  folder: Folder,
  relative: string,
  take: (point: MetricPoint) => void,
): Generator<void, MetricScan, undefined> {
  let rest = '';
  let malformed = 0;
  let hasSteps = false;
  const takeLine = (line: string, isLast: boolean): void => {
    const text = line.trim();
    if (text === '') return;
    const point = text.length > LONGEST_LINE ? undefined : parseLine(text);
    const isLegacy = !text.includes(' ', text.indexOf(' ') + 1);
    const isCutOff = isLast && (point === undefined || (isLegacy && hasSteps));
    if (isCutOff) return;
    if (point === undefined) {
      malformed++;
      return;
    }
    hasSteps ||= !isLegacy;
    take(point);
  };
  const takeChunk = (chunk: Buffer): void => {
    const end = chunk.lastIndexOf(NEWLINE);
    if (end < 0) {
      // More than a line can be is not kept.
      if (rest.length <= LONGEST_LINE) rest += chunk.toString('latin1');
      return;
    }
    for (const line of (rest + chunk.toString('latin1', 0, end)).split('\n')) takeLine(line, false);
    rest = chunk.toString('latin1', end + 1);
  };
  const stats = yield* eachOf(folder.scan(relative, MOST_BYTES), takeChunk);
  if (!isYoung(stats)) takeLine(rest, true);
  return { malformed, stats };
}

/** Takes each item, yields behind it and returns what comes last. */
function* eachOf<T, R>(items: Generator<T, R, undefined>, take: (item: T) => void): Generator<void, R, undefined> {
  try {
    for (;;) {
      const next = items.next();
      if (next.done) return next.value;
      take(next.value);
      yield;
    }
  } finally {
    // Whoever reads no further lets go of the file.
    items.return(undefined as R);
  }
}

/** Whether `point` comes after `other`: by step, then time, then value, where NaN counts least. */
export function isLater(point: MetricPoint, other: MetricPoint): boolean {
  if (point.step !== other.step) return point.step > other.step;
  if (point.timestamp !== other.timestamp) return point.timestamp > other.timestamp;
  return point.value > other.value || (Number.isNaN(other.value) && !Number.isNaN(point.value));
}
