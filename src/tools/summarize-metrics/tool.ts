/** summarize_metrics: mean, median and the like of metrics or durations, over all runs or group by group. */

import * as z from 'zod';
import type { Caveat, Direction, FindingBody } from '../../finding/finding.ts';
import { countOf, formatCount } from '../../finding/format.ts';
import { quoteName } from '../../finding/quote.ts';
import type { Cell, Column, ColumnKind, Table } from '../../finding/table.ts';
import type { Quantile, Statistic } from '../../query/query.ts';
import type { ToolContext } from '../define/context.ts';
import { ToolError } from '../define/errors.ts';
import { bestQuestion, followUps } from '../define/follow-ups.ts';
import { experiments, filter } from '../define/inputs.ts';
import { experimentLink } from '../define/links.ts';
import { defineTool } from '../define/tool.ts';
import { barsOf, groupsDrawing } from '../population/drawings.ts';
import { groupProjection, groupRows, hasGroupKey, mendGroupKey } from '../population/grouping.ts';
import { type MeasureColumn, type MeasuredRuns, readMeasures } from '../population/measures.ts';
import { nothingSelected, selectRuns } from '../population/population.ts';
import { findDirection, requireDirection } from '../resolve/direction.ts';
import { ambiguousExperiment, coverageScope, experimentRefs, soleExperiment } from '../resolve/scope.ts';
import { answers } from './answers.ts';
import { firstEnd, leaderSentence } from './leader-words.ts';
import { pythonStatistics } from './python.ts';
import {
  BASIC,
  computeStatistic,
  isQuantile,
  QUANTILES,
  type Sample,
  type Summarized,
  sortGroups,
  statisticsSummary,
  TOTALS,
} from './words.ts';

const STATISTICS = [...BASIC, ...TOTALS, ...(Object.keys(QUANTILES) as Quantile[])] as const;

const input = z.strictObject({
  metrics: z.array(z.string()).min(1).max(5).describe('metric keys or attributes.duration'),
  statistic: z.enum(STATISTICS).optional().describe('the one asked for; default mean'),
  group_by: z.string().optional().describe('experiment, status, day, week, month, params.x, tags.x or a bare key'),
  order: z
    .enum(['best', 'worst', 'highest', 'lowest'])
    .optional()
    .describe('with group_by: name the group that comes first, by mean and by single runs'),
  experiment: experiments,
  filter,
});
type Input = z.output<typeof input>;

export const summarizeMetrics = defineTool({
  name: 'summarize_metrics',
  title: 'Summarize metrics',
  description:
    'Mean, median, sd, min, max, count or a percentile of metrics or duration over finished leaf runs, in all or group by group: ' +
    'averages, comparing experiments or algorithms, daily trends. Not for naming the best run (rank_runs).',
  input,
  kind: 'run',
  verbs: ['summarize'],
  readOnly: true,
  answers,
  async run(input, context) {
    const groupBy = input.group_by ?? (Array.isArray(input.experiment) ? 'experiment' : undefined);
    const { reading, mended, caveats } = await readGrouped(input, groupBy, context);
    const anyStatus = groupBy === 'status' || undefined;
    const samples = reading.measures.map((measure): Sample => {
      const selection = selectRuns(reading, measure, { anyStatus, leavesOnly: true });
      return { measure, selection, included: new Set(selection.rows) };
    }) as [Sample, ...Sample[]];
    const rows = reading.rows.filter((row) => samples.some(({ included }) => included.has(row)));
    if (rows.length === 0) {
      const labels = samples.map(({ measure }) => measure.label).join(', ');
      throw nothingSelected(reading, labels, samples[0].selection);
    }
    const spread = (some: readonly number[]) => new Set(some.map((row) => reading.columns.experimentIds[row])).size > 1;
    const by = mended ?? (spread(rows) ? 'experiment' : undefined);
    const grouping = by === undefined ? undefined : groupRows(reading, rows, by, context.timeZone);
    const labelled = grouping?.groups.flatMap((group) => (group.label === undefined ? [] : group.rows)) ?? [];
    if (spread(labelled) && by !== 'experiment' && !Array.isArray(input.experiment))
      throw askForExperiment(reading, labelled);
    const first = input.order && firstEnd(input.order, () => directionOf(reading));
    return finding(
      input,
      { statistic: input.statistic ?? 'mean', reading, samples, grouping, first },
      caveats,
      context,
    );
  },
});

/** @throws ToolError ambiguous_direction */
function directionOf({ measures, scope }: MeasuredRuns): Direction {
  const key = measures[0]?.key ?? '';
  return requireDirection(findDirection(key, undefined, scope.known), key);
}

/** Reads the measures with what they are grouped by; a group key that nobody logged is mended. */
async function readGrouped(input: Input, groupBy: string | undefined, context: ToolContext) {
  const read = (by: string | undefined) =>
    readMeasures(context, {
      experiment: input.experiment,
      measures: input.metrics,
      filter: input.filter,
      projection: by === undefined ? {} : groupProjection(by),
      experiments: 'any',
      settles: by === undefined ? undefined : hasGroupKey(by),
    });
  const reading = await read(groupBy);
  if (groupBy === undefined || groupRows(reading, reading.rows, groupBy, context.timeZone) !== undefined)
    return { reading, mended: groupBy, caveats: reading.caveats };
  const { key, caveat } = await mendGroupKey(context, reading.scope, groupBy);
  const again = await read(key);
  if (groupRows(again, again.rows, key, context.timeZone) === undefined)
    throw new ToolError('no_data', `No run that is meant has ${quoteName(key)}.`);
  return { reading: again, mended: key, caveats: [...again.caveats, ...(caveat === undefined ? [] : [caveat])] };
}

function askForExperiment(reading: MeasuredRuns, rows: readonly number[]): ToolError {
  const ids = new Set(rows.map((row) => reading.columns.experimentIds[row]));
  const labels = reading.measures.map((measure) => measure.label).join(', ');
  const holding = reading.scope.known.filter(({ id }) => ids.has(id));
  return ambiguousExperiment(`${labels} was logged in ${formatCount(holding.length)} experiments.`, holding);
}

/** Statistics of a table row: the one asked for leads; a percentile takes the place of the sd. */
function shownStatistics(statistic: Statistic): Statistic[] {
  if (statistic === 'count') return [...BASIC];
  return [statistic, ...BASIC.filter((one) => one !== statistic && !(one === 'sd' && isQuantile(statistic)))];
}

const COUNT: Column = { key: 'count', label: 'runs', kind: 'count' };

function statisticColumn(statistic: Statistic, measure: MeasureColumn | undefined, label: string = statistic): Column {
  const kind: ColumnKind = statistic === 'count' ? 'count' : (measure?.columnKind ?? 'metric');
  return { key: label, label, kind };
}

/** One row per measure. */
function overallTable({ samples, statistic }: Summarized): Table {
  const statistics = shownStatistics(statistic);
  const kindFrom = samples.length === 1 ? samples[0].measure : undefined;
  const rows = samples.map((sample) => {
    const { measure, selection } = sample;
    return [
      measure.field.key,
      selection.rows.length,
      ...statistics.map((one) => computeStatistic(sample, selection.rows, one)),
    ];
  });
  const columns = [
    { key: 'metric', label: 'metric', kind: 'text' } as const,
    COUNT,
    ...statistics.map((one) => statisticColumn(one, kindFrom)),
  ];
  return { columns, rows, total: rows.length };
}

/** One row per group: of one measure all statistics, of several the one that was asked for. */
function groupTable(summarized: Summarized, grouping: NonNullable<Summarized['grouping']>): Table {
  const { samples, statistic } = summarized;
  const [first] = samples;
  const shown =
    samples.length > 1
      ? samples.map((sample) => ({ sample, statistic, label: `${statistic} ${sample.measure.key}` }))
      : shownStatistics(statistic).map((one) => ({ sample: first, statistic: one, label: one }));
  const rows = sortGroups(summarized, grouping).map(({ label, ref, rows: members }): Cell[] => [
    ref ?? label,
    members.length,
    ...shown.map((one) => computeStatistic(one.sample, members, one.statistic)),
  ]);
  const columns = shown.map((one) => statisticColumn(one.statistic, one.sample.measure, one.label));
  return {
    columns: [{ key: grouping.key, label: grouping.heading, kind: grouping.kind }, COUNT, ...columns],
    rows,
    total: rows.length,
  };
}

/** The statistic of one measure per group, the mean with its sd; undefined where it is no value of the measure. */
function drawGroups(summarized: Summarized, grouping: NonNullable<Summarized['grouping']>) {
  const { samples, statistic } = summarized;
  const [sample] = samples;
  if (samples.length > 1 || statistic === 'count' || statistic === 'sd') return undefined;
  const groups = sortGroups(summarized, grouping).flatMap(({ label, rows }) => {
    const centre = computeStatistic(sample, rows, statistic);
    if (centre === undefined) return [];
    const sd = statistic === 'mean' ? computeStatistic(sample, rows, 'sd') : undefined;
    return [{ name: label, n: computeStatistic(sample, rows, 'count') ?? 0, centre, sd }];
  });
  const { key, label, columnKind } = sample.measure;
  const value = { label: columnKind === 'metric' ? key : label, kind: columnKind };
  return groupsDrawing({ by: grouping.heading, value, statistic, each: 'run', groups });
}

function caveatsOf({ samples, grouping }: Summarized): Caveat[] {
  const lone =
    grouping === undefined || grouping.key === 'experiment'
      ? []
      : grouping.groups.filter(({ rows }) => rows.length === 1);
  const lacking = samples.filter(({ selection }) => selection.rows.length === 0);
  return [
    ...samples.flatMap(({ selection }) => selection.caveats),
    ...lacking.map(({ measure }) => ({ code: 'NO_VALUES', text: `${measure.label} has no finite value here` })),
    ...(lone.length > 0
      ? [{ code: 'SINGLE_RUN', text: `${countOf(lone.length, 'group')} of a single run: no spread is known` }]
      : []),
  ];
}

/** Who leads, where that is asked; then every group. */
function summaryOf({ statistic }: Input, summarized: Summarized): string {
  const { first, grouping } = summarized;
  const leader = first && grouping ? `${leaderSentence(summarized, grouping, first, statistic)} ` : '';
  return `${leader}${statisticsSummary(summarized)}`;
}

function finding(input: Input, summarized: Summarized, caveats: readonly Caveat[], context: ToolContext): FindingBody {
  const { reading, samples, grouping, statistic } = summarized;
  const [sample] = samples;
  const { measure, selection } = sample;
  const experiment = soleExperiment(reading.scope);
  const table = grouping === undefined ? overallTable(summarized) : groupTable(summarized, grouping);
  return {
    kind: 'table',
    title: `${statistic} ${samples.map((one) => one.measure.field.key).join(', ')}`,
    summary: summaryOf(input, summarized),
    data: {
      tables: [table],
      drawing: grouping && (drawGroups(summarized, grouping) ?? barsOf(table)),
      facts: { [statistic]: computeStatistic(sample, selection.rows, statistic), runs: selection.rows.length },
    },
    coverage: {
      unit: 'run',
      scope: coverageScope(reading.scope),
      filter: input.filter,
      matched: reading.rows.length,
      considered: selection.rows.length,
      excluded: selection.excluded,
      complete: true,
    },
    method: measure.field.kind === 'metric' ? 'last values' : `${measure.label} of leaf runs, any status`,
    caveats: [...caveats, ...caveatsOf(summarized)],
    links: experiment === undefined ? [] : experimentLink(context, experiment.id),
    reproduce: pythonStatistics(summarized, context.timeZone),
    followUps: followUps(
      findDirection(measure.key, undefined, reading.scope.known) && bestQuestion(measure.key, experiment?.name),
    ),
    subject: {
      refs: reading.scope.experiments === 'all' ? [] : experimentRefs(reading.scope),
      measure: measure.field.kind === 'metric' ? measure.key : undefined,
    },
  };
}
