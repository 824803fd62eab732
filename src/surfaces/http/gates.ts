/** How much one caller, and all together, may ask for at once and over time. */
import { HttpError } from './http-error.ts';

export interface ServeLimits {
  /** Bytes of a request's body. */
  readonly bodyBytes: number;
  /** Requests that are worked on at once, of all callers and of one. */
  readonly atOnce: number;
  readonly atOnceOfOne: number;
  /** Requests of one caller that may come at once, and a second in the long run. */
  readonly burst: number;
  readonly perSecond: number;
  /** What a request may take that is no question. */
  readonly requestMs: number;
  /** After so long a question's answer is fetched later. */
  readonly handleMs: number;
  /** What a drain may take. */
  readonly drainMs: number;
}

export const DEFAULT_SERVE_LIMITS: ServeLimits = {
  bodyBytes: 256 * 1024,
  atOnce: 32,
  atOnceOfOne: 32,
  burst: 200,
  perSecond: 20,
  requestMs: 30_000,
  handleMs: 20_000,
  drainMs: 10_000,
};

/** Callers that are remembered: of more, those that rested longest are forgotten, whose buckets are full again. */
const MOST_CALLERS = 10_000;

interface Bucket {
  tokens: number;
  at: number;
  active: number;
}

export interface Gates {
  readonly active: number;
  /** @throws HttpError 429 with what is left to wait. */
  enter(caller: string): () => void;
}

export function createGates(limits: ServeLimits, clock: () => number = () => performance.now()): Gates {
  const buckets = new Map<string, Bucket>();
  let active = 0;
  const bucketOf = (caller: string): Bucket => {
    const now = clock();
    const bucket = buckets.get(caller) ?? { tokens: limits.burst, at: now, active: 0 };
    bucket.tokens = Math.min(limits.burst, bucket.tokens + ((now - bucket.at) / 1000) * limits.perSecond);
    bucket.at = now;
    buckets.delete(caller);
    buckets.set(caller, bucket);
    const [oldest] = buckets;
    if (buckets.size > MOST_CALLERS && oldest?.[1].active === 0) buckets.delete(oldest[0]);
    return bucket;
  };
  return {
    get active() {
      return active;
    },
    enter(caller) {
      const bucket = bucketOf(caller);
      if (bucket.tokens < 1) throw tooMany('too many requests', (1 - bucket.tokens) / limits.perSecond);
      if (active >= limits.atOnce || bucket.active >= limits.atOnceOfOne) throw tooMany('too many requests at once', 1);
      bucket.tokens -= 1;
      bucket.active += 1;
      active += 1;
      let isIn = true;
      return () => {
        if (!isIn) return;
        isIn = false;
        bucket.active -= 1;
        active -= 1;
      };
    },
  };
}

function tooMany(what: string, seconds: number): HttpError {
  const wait = Math.max(1, Math.ceil(seconds));
  return new HttpError(429, 'too_many_requests', what, {
    hint: `Try again in ${wait} s.`,
    headers: { 'Retry-After': String(wait) },
  });
}
