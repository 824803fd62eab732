/** Every route of the API, in the order of its description. */

import type { Config } from '../../../config/config.ts';
import type { Tool } from '../../../tools/define/tool.ts';
import type { Route } from '../route.ts';
import { compareRoute } from '../tracking/compare.ts';
import { createExperimentRoute } from '../tracking/create-experiment.ts';
import { experimentsRoute } from '../tracking/experiments.ts';
import { metricHistoryRoute } from '../tracking/metric-history.ts';
import { runsRoute } from '../tracking/runs.ts';
import { askRoutes } from './ask.ts';
import { conversationRoutes } from './conversations.ts';
import { linkRoute } from './link.ts';
import { shareRoutes } from './shares.ts';
import { toolRoutes } from './tools.ts';

export function listRoutes(tools: readonly Tool[], config: Config, handleMs: number): Route[] {
  const { maxRuns, historyPoints } = config.limits;
  return [
    ...askRoutes(handleMs),
    ...conversationRoutes,
    ...shareRoutes,
    linkRoute,
    ...toolRoutes(tools),
    experimentsRoute(maxRuns),
    runsRoute(maxRuns),
    compareRoute,
    metricHistoryRoute(historyPoints),
    createExperimentRoute(config),
  ];
}
