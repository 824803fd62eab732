/** Statistics of measures over runs or groups of runs, and the sentences that state them. */

import { describe, quantile, type Summary } from '../../analysis/describe.ts';
import { countOf, formatAlike, formatCell, formatCount } from '../../finding/format.ts';
import type { Column } from '../../finding/table.ts';
import type { Quantile, Statistic } from '../../query/query.ts';
import { type Group, type Grouping, isOrdered } from '../population/grouping.ts';
import type { MeasureColumn, MeasuredRuns } from '../population/measures.ts';
import type { Selection } from '../population/population.ts';
import { findDirection } from '../resolve/direction.ts';

export const BASIC = ['mean', 'median', 'sd', 'min', 'max'] as const;
/** Of all values together. */
export const TOTALS = ['count', 'sum'] as const;
export const QUANTILES = { p10: 0.1, p25: 0.25, p75: 0.75, p90: 0.9, p95: 0.95, p99: 0.99 } as const;

/** A measure with the runs that its statistics come from. */
export interface Sample {
  readonly measure: MeasureColumn;
  readonly selection: Selection;
  readonly included: ReadonlySet<number>;
}

export interface Summarized {
  readonly statistic: Statistic;
  readonly reading: MeasuredRuns;
  readonly samples: readonly [Sample, ...Sample[]];
  readonly grouping: Grouping | undefined;
  /** Which end comes first, where it is asked which group leads. */
  readonly first?: 'higher' | 'lower' | undefined;
}

const GROUPS_SAID = 10;

export const isQuantile = (statistic: Statistic): statistic is Quantile => statistic in QUANTILES;

/** The sample's values in some rows; all of them finite. */
function valuesIn({ measure, included }: Sample, rows: readonly number[]): Float64Array {
  const values = new Float64Array(rows.length);
  let count = 0;
  for (const row of rows) {
    const value = included.has(row) ? measure.values[row] : undefined;
    if (value !== undefined) values[count++] = value;
  }
  return values.subarray(0, count);
}

/** What was computed of a sample's rows: a table, a drawing and a sentence ask for the same. */
const known = new WeakMap<Sample, Map<readonly number[], Summary & { readonly values: Float64Array }>>();

function summarize(sample: Sample, rows: readonly number[]) {
  const summaries: NonNullable<ReturnType<typeof known.get>> = known.get(sample) ?? new Map();
  known.set(sample, summaries);
  const found = summaries.get(rows);
  if (found) return found;
  const values = valuesIn(sample, rows);
  const summary = { values, ...describe(values) };
  summaries.set(rows, summary);
  return summary;
}

/** Undefined where too few values have it. */
export function computeStatistic(sample: Sample, rows: readonly number[], statistic: Statistic): number | undefined {
  const { values, ...summary } = summarize(sample, rows);
  if (statistic === 'count') return values.length;
  if (values.length === 0) return undefined;
  if (statistic === 'sum') return values.reduce((sum, value) => sum + value, 0);
  if (isQuantile(statistic)) return quantile(values.toSorted(), QUANTILES[statistic]);
  return summary[statistic];
}

/** Numbers and days in their own order; other labels by the statistic, the better end first. */
export function sortGroups(
  { samples: [sample], statistic, reading, first }: Summarized,
  grouping: Grouping,
): readonly Group[] {
  if (isOrdered(grouping)) return grouping.groups;
  const better = first ?? findDirection(sample.measure.key, undefined, reading.scope.known)?.value;
  const sign = statistic !== 'count' && better === 'lower' ? 1 : -1;
  const keyed = grouping.groups.map((group) => ({ group, value: computeStatistic(sample, group.rows, statistic) }));
  const [known, unknown] = [
    keyed.filter(({ value }) => value !== undefined),
    keyed.filter(({ value }) => value === undefined),
  ];
  known.sort((a, b) => sign * ((a.value ?? 0) - (b.value ?? 0)));
  return [...known, ...unknown].map(({ group }) => group);
}

const NAMES: Partial<Record<Statistic, string>> = {
  sd: 'Standard deviation of',
  sum: 'Sum of',
  count: 'Runs with',
  min: 'Minimum',
  max: 'Maximum',
};

/** `Mean`, `Median`, `p95 of`: what stands before a metric. */
function statisticName(statistic: Statistic): string {
  if (isQuantile(statistic)) return `${statistic} of`;
  return NAMES[statistic] ?? `${statistic.charAt(0).toUpperCase()}${statistic.slice(1)}`;
}

/** The statistic asked for of every measure, over all runs or group by group. */
export function statisticsSummary(summarized: Summarized): string {
  const { reading, statistic, grouping, samples } = summarized;
  const sentences = samples.map((sample) => {
    const head = `${statisticName(statistic)} ${sample.measure.label}`;
    if (grouping === undefined) return `${head} ${reading.where}: ${overallText(sample, statistic)}.`;
    const isAll = grouping.key === 'experiment' && reading.filter === undefined;
    const inScope = isAll ? '' : ` ${reading.where}`;
    return `${head} by ${grouping.name}${inScope}: ${groupsText(summarized, grouping, sample)}.`;
  });
  return sentences.join(' ');
}

function formatStatistics(
  values: readonly (number | undefined)[],
  measure: MeasureColumn,
  statistic: Statistic,
): string[] {
  const numbers = values.map((value) => value ?? Number.NaN);
  const texts = statistic === 'count' ? numbers.map(formatCount) : formatAlike(numbers, measure.columnKind);
  return values.map((value, i) => (value === undefined ? 'none' : (texts[i] ?? '')));
}

/** `5.47770 over 45 finished runs (median 5.37160, from 5.33542 to 6.33604)`. */
function overallText(sample: Sample, statistic: Statistic): string {
  const { measure, selection } = sample;
  const { n, mean, median, min, max } = summarize(sample, selection.rows);
  if (n === 0) return 'no finite value';
  const status = { FINISHED: 'finished ', RUNNING: 'still RUNNING ', any: '' }[selection.statuses];
  const runs = countOf(n, `${status}run`);
  const [value] = formatStatistics([computeStatistic(sample, selection.rows, statistic)], measure, statistic);
  const [centre, low, high] = formatStatistics([statistic === 'median' ? mean : median, min, max], measure, 'mean');
  return `${value} over ${runs} (${statistic === 'median' ? 'mean' : 'median'} ${centre}, from ${low} to ${high})`;
}

/** `xgb: 0.93 (40 runs); rf: 0.91 (38)`; of many groups the highest and the lowest. */
function groupsText(summarized: Summarized, grouping: Grouping, sample: Sample): string {
  const { statistic } = summarized;
  const column: Column = { key: grouping.key, label: grouping.key, kind: grouping.kind };
  const groups = sortGroups(summarized, grouping).map(({ label, rows }) => ({
    name: label === undefined ? 'without it' : formatCell(label, column),
    runs: summarize(sample, rows).n,
    value: computeStatistic(sample, rows, statistic),
  }));
  const texts = formatStatistics(
    groups.map(({ value }) => value),
    sample.measure,
    statistic,
  );
  const said = groups.map(({ name, runs, value }, i) => ({
    value,
    text: statistic === 'count' ? `${name}: ${texts[i]}` : `${name}: ${texts[i]} (${countOf(runs, 'run')})`,
  }));
  if (said.length <= GROUPS_SAID) return said.map(({ text }) => text).join('; ');
  const ranked = said.filter(({ value }) => value !== undefined).sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  return `${formatCount(said.length)} groups, highest ${ranked[0]?.text}; lowest ${ranked.at(-1)?.text}`;
}
