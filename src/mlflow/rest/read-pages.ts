/** Follows page tokens to the end, and no further. */
import { StoreError } from '../errors.ts';
import { listAt, textAt } from './decode.ts';
import type { JsonObject } from './read-json.ts';
import type { Endpoint, Transport } from './transport.ts';

/** Pages in a row that may bring nothing new: servers hide what one may not read, and rows shift between pages. */
const MAX_STALE_PAGES = 3;

export interface PageQuery<T> {
  readonly endpoint: Endpoint;
  readonly fields: JsonObject;
  /** Name of the list in an answer. */
  readonly list: string;
  readonly decode: (json: JsonObject) => T;
  /** What tells items apart, where rows may shift between pages; without it all are taken. */
  readonly identify?: (item: T) => string;
}

/** Every item once, page by page. Throws `bad_response` when the pages go round in circles. */
export async function* readPages<T>(
  transport: Transport,
  { endpoint, fields, list, decode, identify }: PageQuery<T>,
  signal: AbortSignal,
): AsyncGenerator<T[]> {
  const tokens = new Set<string>();
  const seen = new Set<string>();
  let stale = 0;
  let token: string | undefined;
  do {
    const answer = await transport.request(endpoint, { ...fields, ...(token && { page_token: token }) }, signal);
    const items = listAt(answer, list).map(decode);
    const fresh = identify === undefined ? items : items.filter((item) => addNew(seen, identify(item)));
    yield fresh;
    stale = fresh.length > 0 ? 0 : stale + 1;
    token = textAt(answer, 'next_page_token') || undefined;
    if (token !== undefined && (!addNew(tokens, token) || stale >= MAX_STALE_PAGES))
      throw new StoreError('bad_response', `${transport.location} repeats its pages without end`, {
        hint: 'This is a fault of the server or of a proxy before it.',
      });
  } while (token !== undefined);
}

function addNew(set: Set<string>, text: string): boolean {
  const before = set.size;
  return set.add(text).size > before;
}
