/** Lists in pages: what a page says of the whole, and the token that leads to the next. */
import * as z from 'zod';

const PAGE_TOKEN = /^after-\d{1,9}$/;

/** What the query of a list takes. */
export const pageQuery = (most: number) => ({
  limit: z.int().min(1).max(most).optional().describe(`Of one page; default and most: ${most}.`),
  page_token: z.string().regex(PAGE_TOKEN).optional().describe('As the page before gave it.'),
});

/** What a page says beside its rows. */
export const pageFields = {
  total: z.int().min(0).describe('All that match, of which this is one page.'),
  limit: z.int().min(1),
  next_page_token: z.string().optional().describe('Missing on the last page.'),
};

export interface PageRequest {
  readonly limit?: number | undefined;
  readonly page_token?: string | undefined;
}

export function readPage({ limit, page_token: token = 'after-0' }: PageRequest, most: number) {
  return { limit: Math.min(limit ?? most, most), offset: Number(token.slice('after-'.length)) };
}

export function pageOf(total: number, { limit, offset }: { readonly limit: number; readonly offset: number }) {
  const next = offset + limit;
  return { total, limit, ...(next < total && { next_page_token: `after-${next}` }) };
}
