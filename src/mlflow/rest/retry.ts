/** The one layer that repeats requests: idempotent reads, three attempts, full jitter. */
import { setTimeout } from 'node:timers/promises';
import { StoreError } from '../errors.ts';

const ATTEMPTS = 3;
const BASE_MS = 250;
const CAP_MS = 8_000;
const LONGEST_RETRY_AFTER_MS = 30_000;

/** A fault that may pass, with the wait that the server asked for. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
  readonly error: StoreError;
  /** Milliseconds; undefined where the server named none. */
  readonly waitMs: number | undefined;

  constructor(error: StoreError, waitMs?: number) {
    super(error.message);
    this.error = error;
    this.waitMs = waitMs;
  }
}

export interface RetryOptions {
  readonly random?: () => number;
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** Seconds or an HTTP date → milliseconds from `now`; undefined for anything else. */
export function readRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  return Number.isNaN(ms) || /^-/.test(text) ? undefined : Math.max(0, ms);
}

function chooseWait(later: RetryLater, attempt: number, random: () => number): number {
  const { waitMs } = later;
  if (waitMs === undefined) return random() * Math.min(CAP_MS, BASE_MS * 2 ** attempt);
  if (waitMs <= LONGEST_RETRY_AFTER_MS) return waitMs;
  const seconds = Math.ceil(waitMs / 1_000);
  throw new StoreError(later.error.code, later.error.message, {
    hint: `The server asks to wait ${seconds} s.`,
    retryable: true,
    cause: later.error,
  });
}

/** Runs `attempt` until it succeeds, fails for good, or has failed three times. */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  signal: AbortSignal,
  { random = Math.random, sleep = (ms, abort) => setTimeout(ms, undefined, { signal: abort }) }: RetryOptions = {},
): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof RetryLater)) throw error;
      if (failures + 1 >= ATTEMPTS) throw error.error;
      await sleep(chooseWait(error, failures, random), signal);
      signal.throwIfAborted();
    }
  }
}
