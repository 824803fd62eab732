/** How many items to ask for at once: what the server has shown that it delivers in good time. */

/** A page that took less may be larger: what a page costs besides its items is then small. */
const QUICK_MS = 1_000;
/** A page that took more is nearer to the time limit than to any gain. */
const SLOW_MS = 5_000;

export interface PageLimits {
  readonly first: number;
  readonly most?: number;
  readonly least?: number;
}

export class PageSize {
  #items: number;
  #most: number;
  readonly #least: number;

  constructor({ first, most = first, least = first }: PageLimits) {
    this.#items = first;
    this.#most = most;
    this.#least = least;
  }

  get items(): number {
    return this.#items;
  }

  /** Learns from a page that took `ms`; a short last page says nothing. */
  learn(asked: number, got: number, ms: number): void {
    if (got < asked || asked !== this.#items) return;
    if (ms < QUICK_MS) this.#items = Math.min(this.#most, asked * 2);
    else if (ms > SLOW_MS) this.#items = Math.max(this.#least, Math.floor(asked / 2));
  }

  /** After a page that was refused or did not come: whether there is a smaller one to ask for, now and from now on. */
  shrink(asked: number): boolean {
    if (asked <= this.#least) return false;
    this.#most = Math.min(this.#most, Math.max(this.#least, Math.floor(asked / 2)));
    this.#items = Math.min(this.#items, this.#most);
    return true;
  }
}
