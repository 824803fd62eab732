/** Every kind of question that is understood offline; the first that fits and accounts for everything wins. */
import { compareExperiments, compareRuns, compareSelected, compareValues } from './compare.ts';
import { diagnoseCurves, plotHistory } from './curves.ts';
import { describeExperiment, listExperiments } from './experiments.ts';
import type { Frame } from './frame.ts';
import { correlation, parameterImpact } from './impact.ts';
import { pickedRuns, shareOfRuns } from './picked.ts';
import { orderByParam, rankRuns } from './rank.ts';
import { countRuns, findRuns, getRun } from './runs.ts';
import { bareMetric, summarizeMetrics } from './summarize.ts';

export const frames: readonly Frame[] = [
  diagnoseCurves,
  correlation,
  compareRuns,
  plotHistory,
  parameterImpact,
  compareExperiments,
  compareValues,
  compareSelected,
  listExperiments,
  summarizeMetrics,
  pickedRuns,
  shareOfRuns,
  countRuns,
  orderByParam,
  rankRuns,
  getRun,
  findRuns,
  bareMetric,
  describeExperiment,
];
