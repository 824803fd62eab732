/** The tools, in the order that models see them. */
import { analyzeParameterImpact } from './analyze-parameter-impact/tool.ts';
import { compareRuns } from './compare-runs/tool.ts';
import type { Tool } from './define/tool.ts';
import { describeExperiment } from './describe-experiment/tool.ts';
import { findRuns } from './find-runs/tool.ts';
import { getMetricHistory } from './get-metric-history/tool.ts';
import { getRun } from './get-run/tool.ts';
import { listExperiments } from './list-experiments/tool.ts';
import { rankRuns } from './rank-runs/tool.ts';
import { summarizeMetrics } from './summarize-metrics/tool.ts';

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
