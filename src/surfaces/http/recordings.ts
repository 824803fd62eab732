/** Events of questions that go on for a while without their client, so that one who comes back has missed nothing. */
import { untilAborted } from '../../until-aborted.ts';
import type { Caller } from './access.ts';
import type { AgUiEvent } from './ag-ui.ts';
import { HttpError } from './http-error.ts';

/** What nobody follows for so long is given up. */
const ALONE_MS = 60_000;
/** Of more, the oldest are gone. */
const MOST_EVENTS = 5_000;
const MOST_OF_ONE = 16;

export class Recording {
  readonly #events: AgUiEvent[] = [];
  /** Number of the first that is left. */
  #first = 1;
  #hasEnded = false;
  #followers = 0;
  #news = Promise.withResolvers<void>();
  #alone: NodeJS.Timeout | undefined;
  readonly #giveUp: () => void;

  constructor(giveUp: () => void) {
    this.#giveUp = giveUp;
    this.#wait();
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  async record(events: AsyncIterable<AgUiEvent>): Promise<void> {
    for await (const event of events) {
      this.#events.push(event);
      if (this.#events.length > MOST_EVENTS) {
        this.#events.shift();
        this.#first += 1;
      }
      this.#tell();
    }
    this.#hasEnded = true;
    this.#tell();
  }

  /** @param seen number of the last event that the client has */
  follow(seen: number, signal: AbortSignal) {
    const from = Math.max(seen + 1, this.#first);
    return { from, events: this.#follow(from, signal) };
  }

  async *#follow(from: number, signal: AbortSignal): AsyncGenerator<AgUiEvent, void, undefined> {
    clearTimeout(this.#alone);
    this.#followers += 1;
    try {
      for (let next = from; !signal.aborted; ) {
        const news = this.#news.promise;
        // Who reads too slowly for what is kept comes again.
        if (next < this.#first) return;
        const event = this.#events[next - this.#first];
        if (event !== undefined) {
          next += 1;
          yield event;
        } else if (this.#hasEnded) return;
        else await untilAborted(news, signal).catch(() => {});
      }
    } finally {
      this.#followers -= 1;
      if (this.#followers === 0) this.#wait();
    }
  }

  #wait(): void {
    this.#alone = setTimeout(this.#giveUp, ALONE_MS).unref();
  }

  #tell(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }
}

export interface Recordings {
  /** @param giveUp called when nobody follows it any more. @throws HttpError 429 */
  start(caller: Caller, id: string, giveUp: () => void): Recording;
  find(caller: Caller, id: string): Recording | undefined;
}

export function createRecordings(): Recordings {
  const all = new Map<string, Map<string, Recording>>();
  const keyOf = ({ owner, tenant }: Caller) => JSON.stringify([tenant ?? null, owner]);
  return {
    start(caller, id, giveUp) {
      const key = keyOf(caller);
      const own = all.get(key) ?? new Map<string, Recording>();
      // Who has not come back to what has ended makes room first.
      const [ended] = [...own].find(([, { hasEnded }]) => hasEnded) ?? [];
      if (own.size >= MOST_OF_ONE && ended !== undefined) own.delete(ended);
      if (own.size >= MOST_OF_ONE && !own.has(id))
        throw new HttpError(429, 'too_many_requests', `${own.size} questions are kept already`, {
          headers: { 'Retry-After': String(ALONE_MS / 1000) },
        });
      const recording = new Recording(() => {
        giveUp();
        if (own.get(id) === recording) own.delete(id);
        if (own.size === 0) all.delete(key);
      });
      all.set(key, own.set(id, recording));
      return recording;
    },
    find: (caller, id) => all.get(keyOf(caller))?.get(id),
  };
}
