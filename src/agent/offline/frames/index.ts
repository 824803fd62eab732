/** Every kind of question that is understood offline; the first that fits and accounts for everything wins. */
import { compareExperiments, compareSelected, compareValues, runsCompared } from './compare.ts';
import { diagnoseCurves, plotHistory } from './curves.ts';
import { experimentDescribed, experimentsListed } from './experiments.ts';
import type { Frame } from './frame.ts';
import { correlation, parameterImpact } from './impact.ts';
import { pickedRuns, shareOfRuns } from './picked.ts';
import { orderByParam, runsRanked } from './rank.ts';
import { runShown, runsCounted, runsFound } from './runs.ts';
import { bareMetric, metricsSummarized } from './summarize.ts';
import { thingsCounted, thingsListed } from './things.ts';

export const frames: readonly Frame[] = [
  diagnoseCurves,
  correlation,
  runsCompared,
  plotHistory,
  parameterImpact,
  compareExperiments,
  compareValues,
  compareSelected,
  experimentsListed,
  metricsSummarized,
  pickedRuns,
  shareOfRuns,
  thingsCounted,
  thingsListed,
  runsCounted,
  orderByParam,
  runsRanked,
  runShown,
  runsFound,
  bareMetric,
  experimentDescribed,
];
