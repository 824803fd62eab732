/** describe_experiment: what an experiment holds: runs by status, metric, param and tag keys with their ranges. */

import * as z from 'zod';
import { wholeCoverage } from '../../finding/coverage.ts';
import type { FindingBody } from '../../finding/finding.ts';
import { countOf, formatTime } from '../../finding/format.ts';
import { quoteCell, quoteName } from '../../finding/quote.ts';
import { refOf } from '../../finding/refs.ts';
import type { Table } from '../../finding/table.ts';
import type { KeyStats, MetricKeyStats, RunCount, TextKeyStats } from '../../mlflow/runs/tracking-store.ts';
import type { Experiment } from '../../mlflow/runs/types.ts';
import type { ToolContext } from '../define/context.ts';
import { bestQuestion, followUps, impactQuestion } from '../define/follow-ups.ts';
import { experiment } from '../define/inputs.ts';
import { experimentLink } from '../define/links.ts';
import { defineTool } from '../define/tool.ts';
import { findDirection, primaryMetric } from '../resolve/direction.ts';
import { describeCounts, keysOfKind } from '../resolve/keys.ts';
import { byUse } from '../resolve/names.ts';
import {
  ambiguousExperiment,
  coverageScope,
  narrowScope,
  resolveScope,
  settledByTalk,
  soleExperiment,
} from '../resolve/scope.ts';
import { answers } from './answers.ts';
import { pythonDescription } from './python.ts';

const input = z.strictObject({ experiment });

const VALUES_SHOWN = 4;

export const describeExperiment = defineTool({
  name: 'describe_experiment',
  title: 'Describe experiment',
  description:
    'What one experiment holds: runs by status, time span, description, and its metric, param and tag keys with run counts, ranges and values. ' +
    'Use it to learn which keys exist.',
  input,
  kind: 'experiment',
  verbs: ['describe'],
  readOnly: true,
  answers,
  async run(input, context) {
    const asked = await resolveScope(context, input.experiment);
    const settled = soleExperiment(asked) === undefined ? settledByTalk(context, asked.known) : undefined;
    const scope = settled === undefined ? asked : narrowScope(asked, [settled.experiment]);
    const described = soleExperiment(scope);
    if (described === undefined) throw ambiguousExperiment('Several experiments could be meant.', scope.known);
    const population = { experimentIds: [described.id] };
    const [counts, stats] = await Promise.all([
      context.store.countRuns(population, context.signal),
      context.store.keyStats(population, context.signal),
    ]);
    const runs = counts.reduce((sum, { count }) => sum + count, 0);
    const tables = [metricTable(stats), textTable(stats, 'param'), textTable(stats, 'tag')];
    return {
      kind: 'record',
      title: 'Experiment',
      summary: summarize(described, counts, tables, context),
      data: { tables, facts: { id: described.id, name: described.name, runs } },
      coverage: wholeCoverage({ unit: 'run', scope: coverageScope(scope), matched: runs }),
      method: 'active runs of any status, last values',
      caveats: settled === undefined ? [] : [settled.caveat],
      links: experimentLink(context, described.id),
      reproduce: pythonDescription(scope, runs),
      followUps: experimentQuestions(described, stats),
      subject: { refs: [refOf('experiment', described)] },
    } satisfies FindingBody;
  },
});

/** About the primary metric, else the commonest whose direction is known. */
function experimentQuestions(described: Experiment, stats: readonly KeyStats[]): string[] {
  const known = keysOfKind(stats, 'metric').find(({ key }) => findDirection(key, undefined, [described]) !== undefined);
  const metric = primaryMetric(described) ?? known?.key;
  const hasParams = stats.some(({ kind }) => kind === 'param');
  return followUps(
    bestQuestion(metric, described.name),
    hasParams ? impactQuestion(metric, described.name) : undefined,
  );
}

function summarize(
  experiment: Experiment,
  counts: readonly RunCount[],
  tables: readonly Table[],
  context: ToolContext,
): string {
  const starts = counts
    .flatMap(({ firstStart, lastStart }) => [firstStart, lastStart])
    .filter((time) => time !== undefined);
  const span =
    starts.length === 0
      ? ''
      : `, started ${formatTime(Math.min(...starts), context.timeZone)} to ${formatTime(Math.max(...starts), context.timeZone)}`;
  const [metrics = 0, params = 0, tags = 0] = tables.map((table) => table.total);
  const keys = [countOf(metrics, 'metric'), countOf(params, 'param'), countOf(tags, 'tag')].join(', ');
  const primary = primaryMetric(experiment);
  const note = experiment.tags.get('mlflow.note.content');
  const ownTags = [...experiment.tags].filter(([key]) => !key.startsWith('mlflow.')).slice(0, 5);
  return [
    `${quoteName(experiment.name)} (id ${quoteCell(experiment.id)}) has ${describeCounts(counts)}${span}; keys: ${keys}.`,
    primary === undefined ? '' : `Primary metric: ${quoteName(primary)}.`,
    note === undefined || note === '' ? '' : `Description: ${quoteName(note, 160)}`,
    ownTags.length === 0 ? '' : `Tags: ${ownTags.map(([key, value]) => quoteName(`${key}=${value}`)).join(', ')}.`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function metricTable(stats: readonly KeyStats[]): Table {
  const metrics = stats.filter((one): one is MetricKeyStats => one.kind === 'metric' && !one.key.startsWith('system/'));
  return {
    title: 'Metrics',
    columns: [
      { key: 'metric', label: 'metric', kind: 'text' },
      { key: 'runs', label: 'runs', kind: 'count' },
      { key: 'min', label: 'min', kind: 'number' },
      { key: 'max', label: 'max', kind: 'number' },
      { key: 'nonFinite', label: 'NaN or ±Inf', kind: 'count' },
    ],
    rows: metrics.sort(byUse).map((one) => [one.key, one.runs, one.min, one.max, one.nonFinite]),
    total: metrics.length,
  };
}

function textTable(stats: readonly KeyStats[], kind: 'param' | 'tag'): Table {
  const keys = stats.filter((one): one is TextKeyStats => one.kind === kind && !one.key.startsWith('mlflow.'));
  const rows = keys.sort(byUse).map((one) => {
    const shown = one.values.slice(0, VALUES_SHOWN).map(({ value }) => value);
    const values = `${shown.join(', ')}${one.distinct > shown.length ? ', …' : ''}`;
    return [one.key, one.runs, one.distinct, values];
  });
  return {
    title: kind === 'param' ? 'Parameters' : 'Tags',
    columns: [
      { key: kind, label: kind, kind: 'text' },
      { key: 'runs', label: 'runs', kind: 'count' },
      { key: 'distinct', label: 'distinct', kind: 'count' },
      { key: 'values', label: 'values', kind: 'text' },
    ],
    rows,
    total: rows.length,
  };
}
