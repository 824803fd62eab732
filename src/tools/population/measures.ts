/** Reads the numbers that a question is about: metrics by their latest values, durations and times by their attributes. */

import type { Caveat } from '../../finding/finding.ts';
import { countOf, formatCount } from '../../finding/format.ts';
import { quoteName } from '../../finding/quote.ts';
import type { ColumnKind } from '../../finding/table.ts';
import type { Projection, RunColumns } from '../../mlflow/runs/tracking-store.ts';
import type { Filter } from '../../query/filter.ts';
import type { RunField } from '../../query/kinds/run.ts';
import type { ToolContext } from '../define/context.ts';
import { ToolError } from '../define/errors.ts';
import { whereText } from '../resolve/filter-words.ts';
import { readFilter } from '../resolve/filters.ts';
import { isAttribute, parseKey, type ResolvedKey, resolveKey } from '../resolve/keys.ts';
import { ambiguousExperiment, narrowScope, resolveScope, type Scope, settledByTalk } from '../resolve/scope.ts';
import { readNested } from './parents.ts';

export interface MeasureColumn {
  readonly field: RunField;
  readonly key: string;
  /** As said in a sentence: a quoted metric key, `duration`, `start time`. */
  readonly label: string;
  readonly columnKind: Extract<ColumnKind, 'metric' | 'duration' | 'time'>;
  /** Row by row; undefined where the run lacks it. */
  readonly values: readonly (number | undefined)[];
}

export interface MeasuredRuns {
  readonly scope: Scope;
  readonly filter: Filter | undefined;
  /** `` in `churn` ``, `among the FAILED runs`: what the figures are about. */
  readonly where: string;
  readonly columns: RunColumns;
  /** Rows of `columns` that are in scope. */
  readonly rows: readonly number[];
  readonly measures: readonly MeasureColumn[];
  /** The scope's nested runs with the same metrics, whether or not they pass the filter. */
  readonly nested: RunColumns;
  readonly caveats: readonly Caveat[];
}

export interface MeasureRequest {
  readonly experiment?: string | readonly string[] | undefined;
  /** Metric keys, or `attributes.duration`, `attributes.start_time`, `attributes.end_time`. */
  readonly measures: readonly string[];
  readonly filter?: string | undefined;
  readonly projection?: Projection | undefined;
  /** A metric of several experiments: asked back (`one`), or read over all of them (`any`). */
  readonly experiments: 'one' | 'any';
  /** Rows that settle which experiment is meant, where there are any: those that have what is grouped by. */
  readonly settles?: ((columns: RunColumns) => (row: number) => boolean) | undefined;
}

const TIMES = ['duration', 'start_time', 'end_time'] as const;
type TimeAttribute = (typeof TIMES)[number];

/** The time attribute that a key means for sure, or would mean if no metric bore its name. */
function timeAttribute(asked: string): { readonly attribute: TimeAttribute; readonly certain: boolean } | undefined {
  const { kind, key } = parseKey(asked);
  const attribute = TIMES.find((name) => name === key.toLowerCase().replace(' ', '_'));
  if (attribute !== undefined && (kind === undefined || kind === 'attribute'))
    return { attribute, certain: kind !== undefined };
  if (kind === 'attribute')
    throw new ToolError(
      'unsupported',
      `The attribute ${quoteName(key)} is no number${isAttribute(key) ? '' : ' that runs have'}.`,
      {
        hint: `Numbers beside metrics: ${TIMES.map((name) => `attributes.${name}`).join(', ')}.`,
      },
    );
  return undefined;
}

function timeMeasure(columns: RunColumns, attribute: TimeAttribute): MeasureColumn {
  const { startTimes, endTimes } = columns;
  const duration = () =>
    startTimes.map((start, i) => {
      const end = endTimes[i];
      // Clocks can disagree: an end before the start is no duration, and must not be the shortest.
      return start === undefined || end === undefined || end < start ? undefined : end - start;
    });
  return {
    field: { kind: 'attribute', key: attribute },
    key: `attributes.${attribute}`,
    label: attribute.replace('_', ' '),
    columnKind: attribute === 'duration' ? 'duration' : 'time',
    values: attribute === 'duration' ? duration() : attribute === 'start_time' ? startTimes : endTimes,
  };
}

function metricMeasure(columns: RunColumns, key: string): MeasureColumn {
  const values = columns.metrics.get(key) ?? [];
  return { field: { kind: 'metric', key }, key, label: quoteName(key), columnKind: 'metric', values };
}

/** Whether any of the rows has the measure. */
const isLogged = ({ values }: MeasureColumn, rows: readonly number[]): boolean =>
  rows.some((row) => values[row] !== undefined);

/**
 * Reads measures over a scope. A metric key that nobody logged is looked for among near misses, and the mend is said.
 * @throws ToolError as `resolveScope`, `readFilter` and `resolveKey`; ambiguous_experiment where one experiment is due.
 */
export async function readMeasures(context: ToolContext, request: MeasureRequest): Promise<MeasuredRuns> {
  const scope = await resolveScope(context, request.experiment);
  const filter = readFilter(request.filter);
  const population = { experimentIds: scope.ids, filter };
  const times = request.measures.map(timeAttribute);
  const keys = request.measures.map((asked) => parseKey(asked).key);
  const read = (metrics: readonly string[]) =>
    context.store.columns(population, { ...request.projection, metrics }, context.signal);
  const first = await read(keys.filter((_, i) => times[i]?.certain !== true));
  const all = Array.from({ length: first.length }, (_, row) => row);
  const mends: ResolvedKey[] = [];
  for (const [i, key] of keys.entries()) {
    const exact = times[i] !== undefined || isLogged(metricMeasure(first, key), all);
    mends.push(exact ? { key } : await mendKey(context, { scope, filter }, key, first.length));
  }
  const mended = mends.some((mend) => mend.caveat !== undefined);
  const columns = mended ? await read(mends.map((mend) => mend.key)) : first;
  const settling = request.settles ? all.filter(request.settles(columns)) : [];
  const measures = mends.map(({ key }, i) => {
    const metric = metricMeasure(columns, key);
    const time = times[i];
    const isTime = time?.certain || !isLogged(metric, settling.length > 0 ? settling : all);
    return time !== undefined && isTime ? timeMeasure(columns, time.attribute) : metric;
  });
  const nested =
    filter === undefined ? columns : await readNested(context, population, { metrics: metricKeys(measures) });
  const narrowed = narrowToOne({ scope, columns, measures, rows: all, context }, request, settling);
  const where = whereText(narrowed.scope, filter, context.timeZone);
  const caveats = [...mends.flatMap(({ caveat }) => caveat ?? []), ...(narrowed.caveats ?? [])];
  return { ...narrowed, columns, measures, nested, filter, where, caveats };
}

const metricKeys = (measures: readonly MeasureColumn[]): string[] =>
  measures.flatMap(({ field }) => (field.kind === 'metric' ? [field.key] : []));

/** Why no run that passes the filter has the metric: its name is another, or the filter leaves none. */
async function mendKey(
  context: ToolContext,
  { scope, filter }: Pick<MeasuredRuns, 'scope' | 'filter'>,
  key: string,
  matched: number,
): Promise<ResolvedKey> {
  const resolved = await resolveKey(context, scope, 'metric', key);
  if (resolved.key !== key) return resolved;
  const where = whereText(scope, filter, context.timeZone);
  const message =
    matched === 0
      ? `There is no run ${where}.`
      : `There ${matched === 1 ? 'is' : 'are'} ${countOf(matched, 'run')} ${where}, 0 with ${quoteName(key)}.`;
  throw new ToolError('no_data', message);
}

type Narrowed = Pick<MeasuredRuns, 'scope' | 'rows'> & Partial<Pick<MeasuredRuns, 'caveats'>>;

/** Keeps the one experiment that has the metrics, or both them and what is grouped by, where none was named. */
function narrowToOne(
  read: Pick<MeasuredRuns, 'scope' | 'columns' | 'measures' | 'rows'> & { readonly context: ToolContext },
  request: MeasureRequest,
  settling: readonly number[],
): Narrowed {
  const { scope, columns, measures, rows, context } = read;
  const metrics = measures.filter((measure) => measure.field.kind === 'metric');
  const deciding = settling.length > 0 ? measures : metrics;
  if (deciding.length === 0 || (scope.experiments !== 'all' && scope.experiments.length === 1)) return { scope, rows };
  const counts = new Map<string, number>();
  for (const row of settling.length > 0 ? settling : rows) {
    const id = columns.experimentIds[row] ?? '';
    if (deciding.some((measure) => measure.values[row] !== undefined)) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  const holding = scope.known.filter((experiment) => counts.has(experiment.id));
  if (holding.length === 0 && settling.length > 0) return narrowToOne(read, request, []);
  const rowsOf = (ids: ReadonlySet<string>) => rows.filter((row) => ids.has(columns.experimentIds[row] ?? ''));
  if (holding.length > 1 && request.experiments === 'one') {
    const settled = settledByTalk(context, holding);
    if (settled !== undefined)
      return {
        scope: narrowScope(scope, [settled.experiment]),
        rows: rowsOf(new Set([settled.experiment.id])),
        caveats: [settled.caveat],
      };
    const labels = metrics.map((measure) => measure.label).join(', ');
    throw ambiguousExperiment(
      `${labels} was logged in ${formatCount(holding.length)} experiments.`,
      holding,
      ({ id }) => ` (${countOf(counts.get(id) ?? 0, 'run')})`,
    );
  }
  if (holding.length !== 1 || (scope.experiments !== 'all' && request.experiments === 'any')) return { scope, rows };
  const ids = new Set(holding.map((experiment) => experiment.id));
  return { scope: narrowScope(scope, holding), rows: rowsOf(ids) };
}
