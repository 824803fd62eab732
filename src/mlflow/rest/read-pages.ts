/** Follows page tokens to the end, and no further. */
import { StoreError } from '../errors.ts';
import { Misshapen, objectOf, rowsAt, textAt } from './decode.ts';
import type { PageSize } from './page-size.ts';
import type { BadRow, JsonList, JsonObject } from './read-json.ts';
import type { Server } from './server.ts';
import { AnswerTooLarge, type Endpoint } from './transport.ts';

/** Pages in a row that may bring nothing new: servers hide what one may not read, and rows shift between pages. */
const MAX_STALE_PAGES = 3;
/** Pages that may be nearly empty; from then on each has to bring so many items on average. */
const SPARSE_PAGES = 100;
const LEAST_PER_PAGE = 10;
/** Characters. MLflow's have some dozen. */
const MAX_TOKEN = 8_192;

export interface PageQuery<T> {
  readonly endpoint: Endpoint;
  /** Without `max_results` and `page_token`. */
  readonly fields: JsonObject;
  readonly size: PageSize;
  /** Name of the list in an answer. */
  readonly list: string;
  /** Undefined for what is not meant. */
  readonly decode: (json: JsonObject) => T | undefined;
  /** What tells items apart. */
  readonly identify: (item: T) => string;
  /** Whether items come once each, as rows may shift between pages; otherwise all are taken. */
  readonly unique: boolean;
  /** Takes a row that cannot be read; without it such a row ends the reading. */
  readonly lose?: (row: JsonObject | BadRow, fault: Misshapen) => void;
  /** Items, called `noun`, that are read at most. */
  readonly most: number;
  readonly noun: string;
}

type Rows = JsonList | readonly JsonObject[];

interface Page {
  readonly rows: Rows;
  readonly token: string | undefined;
}

/**
 * Every item, page by page, each of which is to be read to its end before the next is asked for.
 * Throws `bad_response` when the pages go round in circles, never end, or bring too many items.
 */
export async function* readPages<T>(
  server: Server,
  query: PageQuery<T>,
  signal: AbortSignal,
): AsyncGenerator<Iterable<T>> {
  const reading = new PageReading(server.location, query);
  let token: string | undefined;
  do {
    const page = await readPage(server, query, token, signal);
    yield reading.take(page.rows);
    token = page.token;
    reading.checkProgress(token);
  } while (token !== undefined);
}

/** What has come so far, and whether that is getting anywhere. */
class PageReading<T> {
  readonly #location: string;
  readonly #query: PageQuery<T>;
  readonly #tokens = new Set<string>();
  readonly #seen = new Set<string>();
  #pages = 0;
  #items = 0;
  #stalePages = 0;
  /** Of the last page: how many, the first and the last. */
  #page = '';
  #isStale = false;

  constructor(location: string, query: PageQuery<T>) {
    this.#location = location;
    this.#query = query;
  }

  *take(rows: Rows): Generator<T> {
    const { identify, unique } = this.#query;
    const before = this.#items;
    let [first, last]: (string | undefined)[] = [];
    for (const row of rows) {
      const item = this.#decode(row);
      if (item === undefined) continue;
      last = identify(item);
      first ??= last;
      if (unique && !addNew(this.#seen, last)) continue;
      this.#count();
      yield item;
    }
    const page = JSON.stringify([this.#items - before, first, last]);
    this.#isStale = this.#items === before || (!unique && page === this.#page);
    this.#page = page;
  }

  /** @param token of the next page; undefined after the last. */
  checkProgress(token: string | undefined): void {
    if (token === undefined) return;
    if (token.length > MAX_TOKEN)
      throw this.#fault(`sent a page token of ${token.length.toLocaleString('en-US')} characters`);
    this.#pages++;
    this.#stalePages = this.#isStale ? this.#stalePages + 1 : 0;
    if (!addNew(this.#tokens, token) || this.#stalePages >= MAX_STALE_PAGES)
      throw this.#fault('repeats its pages without end');
    if (this.#pages > SPARSE_PAGES && this.#items < this.#pages * LEAST_PER_PAGE)
      throw this.#fault('sends pages of next to nothing without end');
  }

  #decode(row: JsonObject | BadRow): T | undefined {
    const { decode, lose } = this.#query;
    try {
      return decode(objectOf(row));
    } catch (error) {
      if (lose === undefined || !(error instanceof Misshapen)) throw error;
      lose(row, error);
      return undefined;
    }
  }

  #count(): void {
    const { most, noun } = this.#query;
    if (++this.#items <= most) return;
    throw new StoreError('bad_response', `${this.#location} sends more than ${most.toLocaleString('en-US')} ${noun}`, {
      hint: 'Ask about less at once, or read its database directly.',
    });
  }

  #fault(what: string): StoreError {
    return new StoreError('bad_response', `${this.#location} ${what}`, {
      hint: 'This is a fault of the server or of a proxy before it.',
    });
  }
}

/** One page, in smaller pieces where the server refuses it or takes too long. */
async function readPage<T>(
  server: Server,
  { endpoint, fields, size, list }: PageQuery<T>,
  token: string | undefined,
  signal: AbortSignal,
): Promise<Page> {
  for (;;) {
    const asked = size.items;
    const started = performance.now();
    try {
      const page = { ...fields, max_results: asked, ...(token !== undefined && { page_token: token }) };
      const answer = await server.request(endpoint, page, signal, list);
      const rows = rowsAt(checkPage(answer, list), list);
      size.learn(asked, rows.length, performance.now() - started);
      return { rows, token: textAt(answer, 'next_page_token') || undefined };
    } catch (error) {
      if (!mayBeTooMuch(error, fields, token) || !size.shrink(asked)) throw error;
    }
  }
}

/** An empty list is left out, and then nothing but a token is there: a proxy's error with status 200 is no empty page. */
export function checkPage(answer: JsonObject, list: string): JsonObject {
  if (list in answer || Object.keys(answer).every((name) => name === 'next_page_token')) return answer;
  throw new StoreError('bad_response', `the server's answer has no ${list}, but other things`, {
    hint: 'Check that the address is MLflow itself, not a proxy.',
  });
}

/**
 * Servers' own limits are refused like any bad parameter; where there is a filter, that is the likelier offence. A server
 * that has not answered yet is not slow but silent.
 */
function mayBeTooMuch(error: unknown, { filter }: JsonObject, token: string | undefined): boolean {
  if (!(error instanceof StoreError)) return false;
  if (error instanceof AnswerTooLarge) return true;
  if (error.code === 'source_timeout') return token !== undefined;
  return error.code === 'request_refused' && (filter === undefined || /max_results/i.test(error.message));
}

function addNew(set: Set<string>, text: string): boolean {
  const before = set.size;
  return set.add(text).size > before;
}
