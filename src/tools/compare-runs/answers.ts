/** Which queries a comparison answers. */
import { isQuery, type Query } from '../../query/query.ts';
import {
  asksOnly,
  filterText,
  given,
  isNewestFirst,
  keyTexts,
  namedThings,
  oneExperiment,
} from '../resolve/query-input.ts';

/** Named runs side by side, or the newest of one experiment. */
export function answers(query: Query) {
  const { from, measure, order } = query;
  if (!asksOnly(query, ['query', 'experiment', 'named', 'measure', 'order', 'output'])) return undefined;
  const only = onlyOf(query);
  if (query.output !== undefined && only === undefined) return undefined;
  const common = {
    metrics: keyTexts(measure),
    end: order && ENDS[order.end],
    only,
    experiment: oneExperiment(query),
  };
  if (!isQuery(from)) {
    const runs = namedThings(query);
    return runs && given({ runs, ...common });
  }
  const isNewest = from.verb === 'list' && isNewestFirst(from.order);
  const isKnown = asksOnly(from, ['experiment', 'where', 'order', 'limit']);
  if (!isNewest || !isKnown || from.limit === undefined) return undefined;
  return given({ last: from.limit, filter: filterText(from.where), ...common });
}

const ENDS = { highest: 'higher', lowest: 'lower', best: undefined, worst: undefined } as const;
const SECTIONS = { param: 'params', metric: 'metrics', tag: 'tags' } as const;

/** The one kind of fields that is compared. */
function onlyOf({ output }: Query): (typeof SECTIONS)[keyof typeof SECTIONS] | undefined {
  const [only, ...others] = output?.columns ?? [];
  const isWhole = only?.key === undefined && others.length === 0 && output?.axis === undefined;
  return isWhole ? SECTIONS[only?.kinds[0] as keyof typeof SECTIONS] : undefined;
}
