/** Which queries curves answer. */
import { isQuery, type Query } from '../../query/query.ts';
import { filterText, given, keyTexts, namedThings, oneExperiment } from '../resolve/query-input.ts';

/** Curves of named runs or of all in scope, their values at one step, and which runs show a diagnosis. */
export function answers(query: Query) {
  const { verb, from, measure, diagnosis, output, where } = query;
  if (isQuery(from)) return undefined;
  return given({
    runs: namedThings(query),
    metrics: keyTexts(measure),
    ...(verb === 'diagnose' ? { diagnosis } : { at_step: measure[0]?.step, x: output?.axis }),
    experiment: oneExperiment(query),
    filter: filterText(where),
  });
}
