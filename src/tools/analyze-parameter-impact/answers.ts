/** Which queries an analysis of what goes along with a metric answers. */
import { isQuery, type Query } from '../../query/query.ts';
import { filterText, given, keyText, keyTexts, oneExperiment } from '../resolve/query-input.ts';

/** A metric against all params or the named ones, or two quantities against each other. */
export function answers(query: Query) {
  const { verb, from, measure, where, by } = query;
  const [target, ...others] = measure;
  if (isQuery(from) || from.scope.named !== undefined || target === undefined || by.length > 0) return undefined;
  const [other] = others;
  return given({
    metric: target.key === undefined ? undefined : keyText(target),
    ...(verb === 'correlate' ? { with: other && keyText(other) } : { params: keyTexts(others) }),
    experiment: oneExperiment(query),
    filter: filterText(where),
  });
}
