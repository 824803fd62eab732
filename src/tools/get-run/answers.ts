/** Which queries a look at one run answers. */
import type { FieldName, Query } from '../../query/query.ts';
import { askedText, asksOnly, given, namedThings, oneExperiment } from '../resolve/query-input.ts';

/** One run whole, or what is measured of it. */
export function answers(query: Query) {
  const [run, ...others] = namedThings(query) ?? [];
  const isKnown = asksOnly(query, ['experiment', 'named', 'measure']);
  if (!isKnown || run === undefined || others.length > 0) return undefined;
  const { measure } = query;
  return given({
    run,
    keys: measure.length > 0 ? measure.map(askedKey) : undefined,
    experiment: oneExperiment(query),
  });
}

/** A key, or the word for all values of its kind. */
function askedKey(name: FieldName): string {
  const [kind = ''] = name.kinds;
  if (name.key !== undefined) return askedText(name);
  return kind === 'dataset' ? kind : `${kind}s`;
}
