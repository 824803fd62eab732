/** Which queries a description answers. */
import type { Query } from '../../query/query.ts';
import { asksOnly, given, namedThings } from '../resolve/query-input.ts';

/** What one experiment holds. */
export function answers(query: Query) {
  const [experiment, ...others] = namedThings(query) ?? [];
  return asksOnly(query, ['named']) && others.length === 0 ? given({ experiment }) : undefined;
}
