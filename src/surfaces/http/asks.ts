/** Questions under way and just answered, so that one can be cancelled, or its answer fetched later. */
import type { Answer } from '../../agent/events.ts';
import { untilAborted } from '../../until-aborted.ts';
import type { Caller } from './access.ts';
import { HttpError } from './http-error.ts';

export interface AskUnderWay {
  readonly id: string;
  readonly signal: AbortSignal;
  readonly hasEnded: boolean;
  readonly isCancelled: boolean;
  cancel(): void;
  /** Settles when it has ended, however; @throws what was our own fault, or the waiting signal's reason. */
  wait(signal: AbortSignal): Promise<Answer | undefined>;
}

export interface Asks {
  /** Works on a question until it ends or is cancelled. @throws HttpError 409 where the id is taken. */
  start(caller: Caller, id: string, work: (signal: AbortSignal) => Promise<Answer | undefined>): AskUnderWay;
  /** Of the caller's own. */
  find(caller: Caller, id: string): AskUnderWay | undefined;
  /** Also before it has come: then it ends as soon as it does. */
  cancel(caller: Caller, id: string): void;
  /** Its answer was delivered. */
  forget(caller: Caller, id: string): void;
  cancelAll(): void;
}

/** Answers wait so long to be fetched. */
const KEPT_MS = 10 * 60_000;
const MOST_KEPT = 200;
/** A cancel may come before its question by so much. */
const EARLY_MS = 10_000;
const MOST_EARLY = 1_000;

class RunningAsk implements AskUnderWay {
  readonly id: string;
  readonly #stop = new AbortController();
  readonly #ended: Promise<Answer | undefined>;
  endedAt: number | undefined;

  constructor(id: string, work: (signal: AbortSignal) => Promise<Answer | undefined>, isStopped: boolean) {
    this.id = id;
    if (isStopped) this.#stop.abort();
    this.#ended = work(this.#stop.signal)
      .catch((error: unknown) => {
        if (!this.isCancelled) throw error;
        return undefined;
      })
      .finally(() => (this.endedAt = performance.now()));
    // Who waits for it hears of it.
    this.#ended.catch(() => {});
  }

  get hasEnded(): boolean {
    return this.endedAt !== undefined;
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  get isCancelled(): boolean {
    return this.#stop.signal.aborted;
  }

  cancel(): void {
    this.#stop.abort();
  }

  wait(signal: AbortSignal): Promise<Answer | undefined> {
    return untilAborted(this.#ended, signal);
  }
}

export function createAsks(): Asks {
  const asks = new Map<string, RunningAsk>();
  /** Cancelled before they came → when. */
  const early = new Map<string, number>();
  const keyOf = ({ owner, tenant }: Caller, id: string) => JSON.stringify([tenant ?? null, owner, id]);
  const makeRoom = () => {
    const now = performance.now();
    const ended = [...asks].filter(([, { endedAt }]) => endedAt !== undefined);
    for (const [at, [key, { endedAt = now }]] of ended.entries())
      if (now - endedAt > KEPT_MS || at < ended.length - MOST_KEPT) asks.delete(key);
  };
  return {
    start(caller, id, work) {
      makeRoom();
      const key = keyOf(caller, id);
      if (asks.has(key)) throw new HttpError(409, 'id_taken', `a question ${id} was asked already`);
      const isStopped = performance.now() - (early.get(key) ?? Number.NEGATIVE_INFINITY) < EARLY_MS;
      early.delete(key);
      const ask = new RunningAsk(id, work, isStopped);
      asks.set(key, ask);
      return ask;
    },
    find: (caller, id) => asks.get(keyOf(caller, id)),
    cancel(caller, id) {
      const key = keyOf(caller, id);
      const ask = asks.get(key);
      if (ask !== undefined) return ask.cancel();
      early.delete(key);
      early.set(key, performance.now());
      const [oldest] = early.keys();
      if (early.size > MOST_EARLY && oldest !== undefined) early.delete(oldest);
    },
    forget: (caller, id) => void asks.delete(keyOf(caller, id)),
    cancelAll() {
      for (const ask of asks.values()) ask.cancel();
    },
  };
}
