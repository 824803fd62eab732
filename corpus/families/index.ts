/** Kinds of question: each makes an intent of a schema by chance, or nothing where the schema lacks what it is about. */
import type { Family } from './draft.ts';
import { bestPerExperiment, experimentLists, exported, keys } from './experiments.ts';
import { absence, bare, count, countBy, distinct, list, parents, share, times, window } from './find-runs.ts';
import { bestEver, compareNamed, comparePicked, curvePoint, detail, diagnosis, history } from './one-run.ts';
import { best, bestPerGroup, margin, near, ofBest, outliers, place, top, twoMetrics } from './rank-runs.ts';
import { action, outside, unknownMetric, unknownRun, vague, why } from './refused.ts';
import { charts, correlation, durations, impact, overTime, summary, summaryBy } from './summarize.ts';

/** With how many of each schema's intents; fractions by chance. */
export const FAMILIES: readonly (readonly [name: string, family: Family, weight: number])[] = [
  ['best', best, 3.2],
  ['top', top, 2.2],
  ['of best', ofBest, 1.6],
  ['list', list, 2.6],
  ['count', count, 2],
  ['share', share, 0.7],
  ['count by', countBy, 1.2],
  ['values', distinct, 0.5],
  ['summary', summary, 1.6],
  ['summary by', summaryBy, 1.8],
  ['best per group', bestPerGroup, 0.8],
  ['compare named', compareNamed, 0.8],
  ['compare picked', comparePicked, 1],
  ['detail', detail, 1.5],
  ['history', history, 0.9],
  ['point of a curve', curvePoint, 1.5],
  ['best ever', bestEver, 0.5],
  ['diagnosis', diagnosis, 0.7],
  ['correlation', correlation, 1],
  ['impact', impact, 0.7],
  ['times', times, 1],
  ['durations', durations, 0.7],
  ['over time', overTime, 0.7],
  ['window', window, 0.8],
  ['absence', absence, 0.6],
  ['without metrics', bare, 0.15],
  ['parents', parents, 0.3],
  ['place', place, 0.4],
  ['margin', margin, 0.4],
  ['near', near, 0.4],
  ['two metrics', twoMetrics, 0.4],
  ['outliers', outliers, 0.25],
  ['charts', charts, 0.6],
  ['experiments', experimentLists, 1.2],
  ['best per experiment', bestPerExperiment, 0.4],
  ['keys', keys, 0.4],
  ['export', exported, 0.25],
  ['unknown metric', unknownMetric, 0.5],
  ['unknown run', unknownRun, 0.3],
  ['action', action, 0.5],
  ['outside', outside, 0.4],
  ['why', why, 0.4],
  ['vague', vague, 0.5],
];
