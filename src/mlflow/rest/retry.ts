/** The one layer that repeats requests to one server: idempotent reads, three attempts, full jitter, no storms. */
import { setTimeout } from 'node:timers/promises';
import { deadlineOf } from '../../deadline.ts';
import { StoreError } from '../errors.ts';

const ATTEMPTS = 3;
const BASE_MS = 250;
const CAP_MS = 8_000;
const LONGEST_RETRY_AFTER_MS = 30_000;
/** What is left after a wait, for the answer. */
const LEAST_LEFT_MS = 1_000;
/** Over many requests, so many repeats for each. */
const RETRY_SHARE = 0.1;
/** Repeats that may be saved up: what the first few requests may need. */
const MOST_SAVED = 4;
const FAILURES_TO_OPEN = 5;
const OPEN_MS = 15_000;

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
  /** Milliseconds of a clock that only goes forward. */
  readonly clock?: () => number;
}

/** Seconds or an HTTP date → milliseconds from `now`; undefined for anything else. */
export function readRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  return Number.isNaN(ms) || /^-/.test(text) ? undefined : Math.max(0, ms);
}

/** @param leftMs until nobody waits for the answer any more: a wait that long would only end as a timeout. */
function chooseWait({ waitMs, error }: RetryLater, attempt: number, leftMs: number, random: () => number): number {
  const most = leftMs - LEAST_LEFT_MS;
  if (waitMs === undefined) {
    const wait = random() * Math.min(CAP_MS, BASE_MS * 2 ** attempt);
    if (wait <= most) return wait;
    throw error;
  }
  if (waitMs <= Math.min(LONGEST_RETRY_AFTER_MS, most)) return waitMs;
  const seconds = Math.ceil(waitMs / 1_000);
  throw new StoreError(error.code, error.message, {
    hint: `The server asks to wait ${seconds} s.`,
    retryable: true,
    cause: error,
  });
}

/** Whether a fault says that the server is down, not that it minds the request or the pace. */
function isOutage(error: unknown): error is StoreError {
  return error instanceof StoreError && error.retryable && error.code !== 'rate_limited';
}

/** Repeats requests to one server, and leaves it in peace for a while when it fails again and again. */
export class Retrier {
  readonly #random: () => number;
  readonly #sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
  readonly #clock: () => number;
  #saved = MOST_SAVED;
  #failuresInARow = 0;
  #openUntil = Number.NEGATIVE_INFINITY;
  #lastOutage: StoreError | undefined;

  constructor({
    random = Math.random,
    sleep = (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => signal.throwIfAborted()),
    clock = () => performance.now(),
  }: RetryOptions = {}) {
    this.#random = random;
    this.#sleep = sleep;
    this.#clock = clock;
  }

  /** Runs `attempt` until it succeeds, fails for good, has failed three times, or too many others were repeated. */
  async run<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
    this.#saved = Math.min(MOST_SAVED, this.#saved + RETRY_SHARE);
    for (let failures = 0; ; failures++) {
      this.#refuseWhileOpen();
      try {
        const result = await attempt();
        this.#failuresInARow = 0;
        return result;
      } catch (error) {
        if (signal.aborted) throw error;
        this.#note(error instanceof RetryLater ? error.error : error);
        if (!(error instanceof RetryLater)) throw error;
        if (failures + 1 >= ATTEMPTS || this.#saved < 1) throw error.error;
        const wait = chooseWait(error, failures, deadlineOf(signal) - this.#clock(), this.#random);
        this.#saved--;
        await this.#sleep(wait, signal);
        signal.throwIfAborted();
      }
    }
  }

  #note(error: unknown): void {
    if (!isOutage(error)) {
      this.#failuresInARow = 0;
      return;
    }
    this.#lastOutage = error;
    this.#failuresInARow++;
    if (this.#failuresInARow >= FAILURES_TO_OPEN) this.#openUntil = this.#clock() + OPEN_MS;
  }

  /** After the pause one request probes; it closes the circuit or opens it anew. */
  #refuseWhileOpen(): void {
    const last = this.#lastOutage;
    if (this.#failuresInARow < FAILURES_TO_OPEN || last === undefined) return;
    const now = this.#clock();
    if (now >= this.#openUntil) {
      this.#openUntil = now + OPEN_MS;
      return;
    }
    throw new StoreError(last.code, last.message, {
      hint: `It failed ${this.#failuresInARow} times in a row and is asked again in ${Math.ceil((this.#openUntil - now) / 1_000)} s.`,
      retryable: true,
      cause: last,
    });
  }
}
