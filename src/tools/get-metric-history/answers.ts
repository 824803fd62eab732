/** Which queries curves answer. */
import type { Query } from '../../query/query.ts';
import { asksOnly, filterText, given, keyTexts, namedThings, oneExperiment } from '../resolve/query-input.ts';

/** Curves of named runs or of all in scope, their values at one step, and which runs show a diagnosis. */
export function answers(query: Query) {
  const { verb, measure, diagnosis, output, where } = query;
  const own = verb === 'diagnose' ? 'diagnosis' : 'output';
  if (!asksOnly(query, ['experiment', 'named', 'where', 'measure', own])) return undefined;
  const runs = namedThings(query);
  // Named runs are drawn whatever a filter says.
  if (output?.columns !== undefined || (runs !== undefined && where !== undefined)) return undefined;
  return given({
    runs,
    metrics: keyTexts(measure),
    ...(verb === 'diagnose' ? { diagnosis } : { at_step: measure[0]?.step, x: output?.axis }),
    experiment: oneExperiment(query),
    filter: filterText(where),
  });
}
