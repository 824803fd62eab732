/** The tools, in the order that models see them. */
import { analyzeParameterImpact } from './analyze-parameter-impact.ts';
import { compareRuns } from './compare-runs.ts';
import { describeExperiment } from './describe-experiment.ts';
import { findRuns } from './find-runs.ts';
import { getMetricHistory } from './get-metric-history.ts';
import { getRun } from './get-run.ts';
import type { Tool } from './kit/tool.ts';
import { listExperiments } from './list-experiments.ts';
import { rankRuns } from './rank-runs.ts';
import { summarizeMetrics } from './summarize-metrics.ts';

export const tools: readonly Tool[] = [
  listExperiments,
  describeExperiment,
  findRuns,
  rankRuns,
  summarizeMetrics,
  getRun,
  compareRuns,
  getMetricHistory,
  analyzeParameterImpact,
];
