/** summarize_metrics: mean, median and the like of metrics or durations, over all runs or group by group. */
import * as z from 'zod';
import { describe, quantile } from '../analysis/describe.ts';
import type { ToolContext } from './kit/context.ts';
import { findDirection } from './kit/direction.ts';
import { ToolError } from './kit/errors.ts';
import { namesStatus, readFilter } from './kit/filters.ts';
import type { Caveat, Cell, Column, ColumnKind, FindingBody, Table } from './kit/finding.ts';
import { countOf, formatCell, formatCount, formatDistinct, formatDurations } from './kit/format.ts';
import { type Grouping, groupProjection, groupRows, isOrdered, mendGroupKey } from './kit/grouping.ts';
import { experimentLink } from './kit/links.ts';
import { type Measure, type Reading, readMeasures } from './kit/measures.ts';
import { type Selection, selectRuns } from './kit/population.ts';
import { pandasColumn, pythonSearch, pythonString } from './kit/reproduce.ts';
import { ambiguousExperiment, coverageScope, experimentIds, scopeName, soleExperiment } from './kit/scope.ts';
import { defineTool } from './kit/tool.ts';

const BASIC = ['mean', 'median', 'sd', 'min', 'max'] as const;
const QUANTILES = { p10: 0.1, p25: 0.25, p75: 0.75, p90: 0.9, p95: 0.95, p99: 0.99 } as const;
type Quantile = keyof typeof QUANTILES;
type Statistic = (typeof BASIC)[number] | 'count' | Quantile;
const STATISTICS = [...BASIC, 'count', ...(Object.keys(QUANTILES) as Quantile[])] as const;

const GROUPS_SAID = 10;

const input = z.strictObject({
  metrics: z.array(z.string()).min(1).max(5).describe('keys or attributes.duration'),
  statistic: z.enum(STATISTICS).optional().describe('the one asked for; default mean'),
  group_by: z.string().optional().describe('experiment, status, day, params.x, tags.x or a bare key'),
  experiment: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe('several are compared'),
  filter: z.string().optional(),
});
type Input = z.output<typeof input>;

interface Summarized {
  readonly input: Input;
  readonly statistic: Statistic;
  readonly reading: Reading;
  /** One per measure. */
  readonly selections: readonly Selection[];
  readonly grouping: Grouping | undefined;
  readonly caveats: readonly Caveat[];
}

export const summarizeMetrics = defineTool({
  name: 'summarize_metrics',
  title: 'Summarize metrics',
  description:
    'Mean, median, sd, min, max, count or a percentile of metrics or duration over finished leaf runs, in all or by group. ' +
    'For averages, comparing experiments, daily trends; not for naming the best run.',
  input,
  readOnly: true,
  async run(input, context) {
    const groupBy = input.group_by ?? (Array.isArray(input.experiment) ? 'experiment' : undefined);
    const { reading, mended, caveats } = await readGrouped(input, groupBy, context);
    const anyStatus = groupBy === 'status' || namesStatus(readFilter(input.filter));
    const selections = reading.measures.map((measure) => selectRuns(reading, measure, { anyStatus }));
    const rows = selections[0]?.rows ?? [];
    if (selections.every((selection) => selection.rows.length === 0)) throw nothingToSummarize(reading, selections);
    const all = [...new Set(selections.flatMap((selection) => selection.rows))].sort((a, b) => a - b);
    const spread = new Set(all.map((row) => reading.columns.experimentIds[row])).size > 1;
    const by = mended ?? (spread ? 'experiment' : undefined);
    if (spread && by !== 'experiment' && !Array.isArray(input.experiment)) throw askForExperiment(reading, rows);
    const grouping = by === undefined ? undefined : groupRows(reading, all, by, context.timeZone);
    const statistic = input.statistic ?? 'mean';
    return finding({ input, statistic, reading, selections, grouping, caveats }, context);
  },
});

/** Reads the measures with what they are grouped by; a group key that nobody logged is mended. */
async function readGrouped(input: Input, groupBy: string | undefined, context: ToolContext) {
  const read = (projection: ReturnType<typeof groupProjection>) =>
    readMeasures(context, {
      experiment: input.experiment,
      measures: input.metrics,
      filter: input.filter,
      projection,
      experiments: 'any',
    });
  const reading = await read(groupBy === undefined ? {} : groupProjection(groupBy));
  if (groupBy === undefined || groupRows(reading, reading.rows, groupBy, context.timeZone) !== undefined)
    return { reading, mended: groupBy, caveats: reading.caveats };
  const { key, caveat } = await mendGroupKey(context, reading.scope, groupBy);
  const again = await read(groupProjection(key));
  if (groupRows(again, again.rows, key, context.timeZone) === undefined)
    throw new ToolError('no_data', `No run that is meant has ${key}.`);
  return { reading: again, mended: key, caveats: [...again.caveats, ...(caveat === undefined ? [] : [caveat])] };
}

function nothingToSummarize(reading: Reading, selections: readonly Selection[]): ToolError {
  const reasons = [...(selections[0]?.excluded ?? [])].map(([reason, count]) => `${formatCount(count)} ${reason}`);
  const labels = reading.measures.map((measure) => measure.label).join(', ');
  const message = `No finished run in ${scopeName(reading.scope)} has a finite ${labels}: of ${countOf(reading.rows.length, 'run')}, ${reasons.join(', ') || 'none has one'}.`;
  return new ToolError('no_data', message);
}

function askForExperiment(reading: Reading, rows: readonly number[]): ToolError {
  const ids = new Set(rows.map((row) => reading.columns.experimentIds[row]));
  const labels = reading.measures.map((measure) => measure.label).join(', ');
  const holding = reading.scope.known.filter(({ id }) => ids.has(id));
  return ambiguousExperiment(`${labels} was logged in ${formatCount(holding.length)} experiments.`, holding);
}

/** Finite values of a measure in some rows. */
function valuesOf(measure: Measure, selection: Selection, rows: readonly number[]): number[] {
  const selected = new Set(selection.rows);
  return rows.flatMap((row) => (selected.has(row) ? (measure.values[row] ?? []) : []));
}

function compute(values: readonly number[], statistic: Statistic): number | undefined {
  if (statistic === 'count') return values.length;
  if (values.length === 0) return undefined;
  if (statistic in QUANTILES) return quantile(Float64Array.from(values).sort(), QUANTILES[statistic as Quantile]);
  return describe(values)[statistic as (typeof BASIC)[number]];
}

/** Statistics of a table row: the one asked for leads; a percentile takes the place of the sd. */
function shownStatistics(statistic: Statistic): Statistic[] {
  if (statistic === 'count') return [...BASIC];
  return [statistic, ...BASIC.filter((one) => one !== statistic && !(one === 'sd' && statistic in QUANTILES))];
}

const columnKindOf = (statistic: Statistic, measure: Measure | undefined): ColumnKind =>
  statistic === 'count' ? 'count' : measure?.columnKind === 'duration' ? 'duration' : 'metric';

/** One measure: its statistics by group. Several: the statistic asked for of each. */
function tableOf(summarized: Summarized): Table {
  const { reading, selections, grouping, statistic } = summarized;
  const [first] = reading.measures;
  const several = reading.measures.length > 1;
  const rowsOf = (i: number) => selections[i]?.rows ?? [];
  const statistics = shownStatistics(statistic);
  if (grouping === undefined) {
    const rows = reading.measures.map((measure, i) => {
      const values = valuesOf(measure, selections[i] as Selection, rowsOf(i));
      return [measure.key, values.length, ...statistics.map((one) => compute(values, one))];
    });
    const columns: Column[] = [
      { key: 'metric', label: 'metric', kind: 'text' },
      COUNT,
      ...statistics.map((one) => statisticColumn(one, several ? undefined : first)),
    ];
    return { columns, rows, total: rows.length };
  }
  const cells = (rows: readonly number[]): Cell[] =>
    several
      ? reading.measures.map((measure, i) => compute(valuesOf(measure, selections[i] as Selection, rows), statistic))
      : statistics.map((one) => compute(valuesOf(first as Measure, selections[0] as Selection, rows), one));
  const columns = several
    ? reading.measures.map(
        (measure): Column => ({
          key: measure.key,
          label: `${statistic} ${measure.key}`,
          kind: columnKindOf(statistic, measure),
        }),
      )
    : statistics.map((one) => statisticColumn(one, first));
  const rows = sortGroups(summarized, grouping).map(({ label, rows }) => [label, rows.length, ...cells(rows)]);
  const name = grouping.key.replace(/^(params|tags)\./, '');
  return {
    columns: [{ key: grouping.key, label: name, kind: grouping.kind }, COUNT, ...columns],
    rows,
    total: rows.length,
  };
}

const COUNT: Column = { key: 'count', label: 'runs', kind: 'count' };

const statisticColumn = (statistic: Statistic, measure: Measure | undefined): Column => ({
  key: statistic,
  label: statistic,
  kind: columnKindOf(statistic, measure),
});

/** Numbers and days in their own order; other labels by the statistic, the better end first. */
function sortGroups(summarized: Summarized, grouping: Grouping) {
  if (isOrdered(grouping)) return grouping.groups;
  const { reading, selections, statistic } = summarized;
  const measure = reading.measures[0] as Measure;
  const lowerFirst =
    statistic !== 'count' && findDirection(measure.key, undefined, reading.scope.known)?.value === 'lower';
  const statisticOf = (rows: readonly number[]) =>
    compute(valuesOf(measure, selections[0] as Selection, rows), statistic);
  const worst = lowerFirst ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  const keyed = grouping.groups.map((group) => ({ group, value: statisticOf(group.rows) ?? worst }));
  return keyed.sort((a, b) => (lowerFirst ? a.value - b.value : b.value - a.value)).map(({ group }) => group);
}

const NAMES: Partial<Record<Statistic, string>> = {
  sd: 'Standard deviation of',
  count: 'Runs with',
  min: 'Minimum',
  max: 'Maximum',
};

/** `Mean`, `Median`, `p95 of`: what comes before a metric. */
function statisticName(statistic: Statistic): string {
  if (statistic in QUANTILES) return `${statistic} of`;
  return NAMES[statistic] ?? `${statistic.charAt(0).toUpperCase()}${statistic.slice(1)}`;
}

function formatValues(values: readonly (number | undefined)[], measure: Measure, statistic: Statistic): string[] {
  const numbers = values.map((value) => value ?? Number.NaN);
  if (statistic === 'count') return numbers.map(formatCount);
  const texts = measure.columnKind === 'duration' ? formatDurations(numbers) : formatDistinct(numbers);
  return values.map((value, i) => (value === undefined ? 'none' : (texts[i] ?? '')));
}

function summarize(summarized: Summarized): string {
  const { reading, statistic, grouping } = summarized;
  const where = scopeName(reading.scope);
  const sentences = reading.measures.map((measure, i) => {
    const head = `${statisticName(statistic)} ${measure.label}`;
    return grouping === undefined
      ? `${head} in ${where}: ${overallText(summarized, measure, i)}.`
      : `${head} by ${grouping.name}${grouping.key === 'experiment' ? '' : ` in ${where}`}: ${groupsText(summarized, grouping, measure, i)}.`;
  });
  return sentences.join(' ');
}

/** `5.47770 over 45 finished runs (median 5.37160, from 5.33542 to 6.33604)`. */
function overallText({ statistic, selections }: Summarized, measure: Measure, i: number): string {
  const selection = selections[i] as Selection;
  const values = valuesOf(measure, selection, selection.rows);
  if (values.length === 0) return 'no finite value';
  const summary = describe(values);
  const [value] = formatValues([compute(values, statistic)], measure, statistic);
  const status = { FINISHED: 'finished ', RUNNING: 'still RUNNING ', any: '' }[selection.statuses];
  const aside = statistic === 'median' ? (['mean', summary.mean] as const) : (['median', summary.median] as const);
  const [other, min, max] = formatValues([aside[1], summary.min, summary.max], measure, 'mean');
  return `${value} over ${countOf(values.length, `${status}run`)} (${aside[0]} ${other}, from ${min} to ${max})`;
}

/** `xgb 0.93 (40 runs), rf 0.91 (38)`; of many groups the first and last, or the highest and lowest. */
function groupsText(summarized: Summarized, grouping: Grouping, measure: Measure, i: number): string {
  const { statistic, selections } = summarized;
  const column: Column = { key: grouping.key, label: grouping.key, kind: grouping.kind };
  const groups = sortGroups(summarized, grouping).map(({ label, rows }) => {
    const values = valuesOf(measure, selections[i] as Selection, rows);
    return {
      name: label === undefined ? 'without it' : formatCell(label, column),
      runs: values.length,
      value: compute(values, statistic),
    };
  });
  const texts = formatValues(
    groups.map((group) => group.value),
    measure,
    statistic,
  );
  const say = (index: number) => {
    const { name = '', runs = 0 } = groups[index] ?? {};
    return statistic === 'count' ? `${name}: ${texts[index]}` : `${name}: ${texts[index]} (${countOf(runs, 'run')})`;
  };
  if (groups.length <= GROUPS_SAID) return groups.map((_, index) => say(index)).join('; ');
  const ranked = groups
    .map((group, index) => ({ index, value: group.value }))
    .filter((one): one is { index: number; value: number } => one.value !== undefined)
    .sort((a, b) => b.value - a.value);
  const [top, bottom] = [ranked[0]?.index ?? 0, ranked.at(-1)?.index ?? 0];
  return `${formatCount(groups.length)} groups, highest ${say(top)}; lowest ${say(bottom)}`;
}

function caveatsOf({ selections, caveats, grouping, reading }: Summarized): Caveat[] {
  const small = grouping?.groups.filter(({ rows }) => rows.length === 1) ?? [];
  const single: Caveat[] =
    small.length > 0 && grouping?.key !== 'experiment'
      ? [{ code: 'SINGLE_RUN', text: `${countOf(small.length, 'group')} of a single run: no spread is known` }]
      : [];
  const lacking = selections.flatMap((selection, i): Caveat[] =>
    selection.rows.length === 0
      ? [{ code: 'NO_VALUES', text: `${reading.measures[i]?.label} has no finite value here` }]
      : [],
  );
  return [...caveats, ...selections.flatMap((selection) => selection.caveats), ...lacking, ...single];
}

function finding(summarized: Summarized, context: ToolContext): FindingBody {
  const { input, reading, selections, grouping, statistic } = summarized;
  const measure = reading.measures[0] as Measure;
  const selection = selections[0] as Selection;
  const experiment = soleExperiment(reading.scope);
  const column = pythonString(pandasColumn(measure.field));
  const by = grouping === undefined ? '' : `.groupby(${pythonString(grouping.key)}, dropna=False)`;
  return {
    kind: 'table',
    title: `${statistic} ${reading.measures.map(({ field }) => field.key).join(', ')}`,
    summary: summarize(summarized),
    data: {
      tables: [tableOf(summarized)],
      facts: {
        [statistic]: compute(valuesOf(measure, selection, selection.rows), statistic),
        runs: selection.rows.length,
      },
    },
    coverage: {
      scope: coverageScope(reading.scope),
      filter: input.filter,
      matched: reading.rows.length,
      considered: selection.rows.length,
      excluded: selection.excluded,
      complete: true,
    },
    method: measure.field.kind === 'metric' ? 'last values' : `${measure.label}, any status`,
    caveats: caveatsOf(summarized),
    links: experiment === undefined ? [] : experimentLink(context, experiment.id),
    reproduce: `${pythonSearch(reading.scope, { filter: input.filter })}\nruns${by}[${column}].describe()`,
    followUps: [],
    subject: {
      experimentIds: reading.scope.experiments === 'all' ? [] : experimentIds(reading.scope),
      runIds: [],
      ...(measure.field.kind === 'metric' && { metric: measure.key }),
    },
  };
}
