/** Which queries a description answers. */
import type { Query } from '../../query/query.ts';
import { given, namedThings } from '../resolve/query-input.ts';

/** What one experiment holds. */
export function answers(query: Query) {
  const [experiment, ...others] = namedThings(query) ?? [];
  return others.length > 0 ? undefined : given({ experiment });
}
