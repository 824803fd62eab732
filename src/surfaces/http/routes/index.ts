/** Every route of the API, in the order of its description. */
import type { Tool } from '../../../tools/define/tool.ts';
import type { Route } from '../route.ts';
import { compareRoute } from '../tracking/compare.ts';
import { experimentsRoute } from '../tracking/experiments.ts';
import { metricHistoryRoute } from '../tracking/metric-history.ts';
import { runsRoute } from '../tracking/runs.ts';
import { askRoutes } from './ask.ts';
import { conversationRoutes } from './conversations.ts';
import { linkRoute } from './link.ts';
import { toolRoutes } from './tools.ts';

export interface RouteLimits {
  readonly maxRuns: number;
  readonly historyPoints: number;
  readonly handleMs: number;
}

export function listRoutes(tools: readonly Tool[], { maxRuns, historyPoints, handleMs }: RouteLimits): Route[] {
  return [
    ...askRoutes(handleMs),
    ...conversationRoutes,
    linkRoute,
    ...toolRoutes(tools),
    experimentsRoute(maxRuns),
    runsRoute(maxRuns),
    compareRoute,
    metricHistoryRoute(historyPoints),
  ];
}
