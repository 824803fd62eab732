/** Follows page tokens to the end, and no further. */
import { isDeepStrictEqual } from 'node:util';
import { StoreError } from '../errors.ts';
import { itemsAt, textAt } from './decode.ts';
import type { PageSize } from './page-size.ts';
import type { JsonObject } from './read-json.ts';
import type { Server } from './server.ts';
import { AnswerTooLarge, type Endpoint } from './transport.ts';

/** Pages in a row that may bring nothing new: servers hide what one may not read, and rows shift between pages. */
const MAX_STALE_PAGES = 3;

export interface PageQuery<T> {
  readonly endpoint: Endpoint;
  /** Without `max_results` and `page_token`. */
  readonly fields: JsonObject;
  readonly size: PageSize;
  /** Name of the list in an answer. */
  readonly list: string;
  readonly decode: (json: JsonObject) => T;
  /** What tells items apart, where rows may shift between pages; without it all are taken, and pages compared. */
  readonly identify?: (item: T) => string;
}

interface Page {
  readonly items: Iterable<JsonObject>;
  readonly token: string | undefined;
}

/**
 * Every item once, page by page, each of which is to be read to its end before the next is asked for.
 * Throws `bad_response` when the pages go round in circles.
 */
export async function* readPages<T>(
  server: Server,
  query: PageQuery<T>,
  signal: AbortSignal,
): AsyncGenerator<Iterable<T>> {
  const tokens = new Set<string>();
  const seen = new Set<string>();
  let stale = 0;
  let before: readonly T[] = [];
  let token: string | undefined;
  do {
    const page = await readPage(server, query, token, signal);
    token = page.token;
    const known = seen.size;
    let isStale: boolean;
    if (query.identify === undefined) {
      const items = Array.from(page.items, query.decode);
      isStale = isDeepStrictEqual(items, before);
      before = items;
      yield items;
    } else {
      yield decodeNew(page.items, query.decode, query.identify, seen);
      isStale = seen.size === known;
    }
    stale = isStale ? stale + 1 : 0;
    if (token !== undefined && (!addNew(tokens, token) || stale >= MAX_STALE_PAGES))
      throw new StoreError('bad_response', `${server.location} repeats its pages without end`, {
        hint: 'This is a fault of the server or of a proxy before it.',
      });
  } while (token !== undefined);
}

function* decodeNew<T>(
  items: Iterable<JsonObject>,
  decode: (json: JsonObject) => T,
  identify: (item: T) => string,
  seen: Set<string>,
): Generator<T> {
  for (const json of items) {
    const item = decode(json);
    if (addNew(seen, identify(item))) yield item;
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
      const items = itemsAt(checkPage(answer, list), list);
      size.learn(asked, items.length, performance.now() - started);
      return { items, token: textAt(answer, 'next_page_token') || undefined };
    } catch (error) {
      if (!mayBeTooMuch(error, fields, token) || !size.shrink(asked)) throw error;
    }
  }
}

/** An empty list is left out, and then nothing but a token is there: a proxy's error with status 200 is no empty page. */
function checkPage(answer: JsonObject, list: string): JsonObject {
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
  return error.code === 'invalid_request' && (filter === undefined || /max_results/i.test(error.message));
}

function addNew(set: Set<string>, text: string): boolean {
  const before = set.size;
  return set.add(text).size > before;
}
