/** Which queries an analysis of what goes along with a metric answers. */
import type { Query } from '../../query/query.ts';
import { asksOnly, filterText, given, keyText, keyTexts, oneExperiment } from '../resolve/query-input.ts';

/** A metric against all params or the named ones, or two quantities against each other. */
export function answers(query: Query) {
  const { verb, measure, where } = query;
  const [target, ...others] = measure;
  if (target === undefined || !asksOnly(query, ['experiment', 'where', 'measure'])) return undefined;
  const [other, ...more] = others;
  if (verb === 'correlate' && more.length > 0) return undefined;
  return given({
    metric: target.key === undefined ? undefined : keyText(target),
    ...(verb === 'correlate' ? { with: other && keyText(other) } : { params: keyTexts(others) }),
    experiment: oneExperiment(query),
    filter: filterText(where),
  });
}
