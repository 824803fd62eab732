/** Which queries a comparison answers. */
import { isQuery, type Query } from '../../query/query.ts';
import { filterText, given, keyTexts, namedThings, oneExperiment } from '../resolve/query-input.ts';

/** Named runs side by side, or the newest of one experiment. */
export function answers(query: Query) {
  const { from, measure, order } = query;
  const common = {
    metrics: keyTexts(measure),
    end: order && ENDS[order.end],
    only: onlyOf(query),
    experiment: oneExperiment(query),
  };
  if (!isQuery(from)) {
    const runs = namedThings(query);
    return runs && given({ runs, ...common });
  }
  const isNewest = from.verb === 'list' && from.order?.by?.key === 'start_time' && from.order.end === 'highest';
  if (!isNewest || isQuery(from.from) || from.limit === undefined) return undefined;
  return given({ last: from.limit, filter: filterText(from.where), ...common });
}

const ENDS = { highest: 'higher', lowest: 'lower', best: undefined, worst: undefined } as const;
const SECTIONS = { param: 'params', metric: 'metrics', tag: 'tags' } as const;

/** The one kind of fields that is compared. */
function onlyOf({ output }: Query): (typeof SECTIONS)[keyof typeof SECTIONS] | undefined {
  const [only] = output?.columns ?? [];
  return only?.key === undefined ? SECTIONS[only?.kinds[0] as keyof typeof SECTIONS] : undefined;
}
