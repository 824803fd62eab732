/** Reads the numbers that a question is about: metrics by their latest values, durations and times by their attributes. */
import type { Field } from '../../mlflow/filter/ast.ts';
import type { Projection, RunColumns } from '../../mlflow/tracking-store.ts';
import type { ToolContext } from './context.ts';
import { ToolError } from './errors.ts';
import { hasField, readFilter } from './filters.ts';
import type { Caveat, ColumnKind } from './finding.ts';
import { countOf, formatCount } from './format.ts';
import { isAttribute, parseKey, resolveKey } from './keys.ts';
import { quoteFilter, quoteName } from './quote.ts';
import { ambiguousExperiment, narrowScope, resolveScope, type Scope, scopeName } from './scope.ts';

export interface Measure {
  readonly field: Field;
  readonly key: string;
  /** As said in a sentence: a quoted metric key, `duration`, `start time`. */
  readonly label: string;
  readonly columnKind: Extract<ColumnKind, 'metric' | 'duration' | 'time'>;
  /** Row by row; undefined where the run lacks it. */
  readonly values: readonly (number | undefined)[];
}

export interface Reading {
  readonly scope: Scope;
  readonly columns: RunColumns;
  /** Rows of `columns` that are in scope. */
  readonly rows: readonly number[];
  readonly measures: readonly Measure[];
  /** Where a filter was given: all nested runs of the scope with the metrics, whether they pass it or not. */
  readonly nested?: RunColumns | undefined;
  readonly caveats: readonly Caveat[];
}

export interface ReadingRequest {
  readonly experiment?: string | readonly string[] | undefined;
  /** Metric keys, or `attributes.duration`, `attributes.start_time`, `attributes.end_time`. */
  readonly measures: readonly string[];
  readonly filter?: string | undefined;
  readonly projection?: Projection | undefined;
  /** A metric of several experiments: asked back (`one`), or read over all of them (`any`). */
  readonly experiments: 'one' | 'any';
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

function timeMeasure(columns: RunColumns, attribute: TimeAttribute): Measure {
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

function metricMeasure(columns: RunColumns, key: string): Measure {
  const values = columns.metrics.get(key) ?? [];
  return { field: { kind: 'metric', key }, key, label: quoteName(key), columnKind: 'metric', values };
}

const isLogged = (measure: Measure): boolean => measure.values.some((value) => value !== undefined);

/**
 * Reads measures over a scope. A metric key that nobody logged is looked for among near misses, and the mend is said.
 * @throws ToolError as `resolveScope`, `readFilter` and `resolveKey`; ambiguous_experiment where one experiment is due.
 */
export async function readMeasures(context: ToolContext, request: ReadingRequest): Promise<Reading> {
  const scope = await resolveScope(context, request.experiment);
  const filter = readFilter(request.filter);
  const times = request.measures.map(timeAttribute);
  const keys = request.measures.map((asked) => parseKey(asked).key);
  const read = (metrics: readonly string[]) =>
    context.store.columns({ experimentIds: scope.ids, filter }, { ...request.projection, metrics }, context.signal);
  const first = await read(keys.filter((_, i) => times[i]?.certain !== true));
  const mends: { key: string; caveat?: Caveat }[] = [];
  for (const [i, key] of keys.entries()) {
    const exact = times[i] !== undefined || isLogged(metricMeasure(first, key));
    mends.push(exact ? { key } : await mendKey(context, scope, key, first.length, request.filter));
  }
  const mended = mends.some((mend) => mend.caveat !== undefined);
  const columns = mended ? await read(mends.map((mend) => mend.key)) : first;
  const measures = mends.map(({ key }, i) => {
    const metric = metricMeasure(columns, key);
    const time = times[i];
    return time !== undefined && (time.certain || !isLogged(metric)) ? timeMeasure(columns, time.attribute) : metric;
  });
  const caveats = mends.flatMap((mend) => mend.caveat ?? []);
  const nested = filter && (await readNested(context, scope, measures));
  const rows = Array.from({ length: columns.length }, (_, i) => i);
  return narrowToOne({ scope, columns, measures, nested, caveats, rows }, request);
}

function readNested(context: ToolContext, scope: Scope, measures: readonly Measure[]): Promise<RunColumns> {
  const metrics = measures.filter(({ field }) => field.kind === 'metric').map(({ key }) => key);
  const filter = hasField({ kind: 'attribute', key: 'parent_run_id' });
  return context.store.columns({ experimentIds: scope.ids, filter }, { metrics }, context.signal);
}

/** Why no run that passes the filter has the metric: its name is another, or the filter leaves none. */
async function mendKey(context: ToolContext, scope: Scope, key: string, matched: number, filter: string | undefined) {
  const resolved = await resolveKey(context, scope, 'metric', key);
  if (resolved.key !== key) return resolved;
  const message =
    matched === 0
      ? `No run in ${scopeName(scope)} passes the filter ${quoteFilter(filter ?? '')}.`
      : `${countOf(matched, 'run')} in ${scopeName(scope)} pass the filter ${quoteFilter(filter ?? '')}, 0 with ${quoteName(key)}.`;
  throw new ToolError('no_data', message);
}

/** Keeps the one experiment that has the metrics, where the whole store was meant. */
function narrowToOne(reading: Reading, request: ReadingRequest): Reading {
  const { scope, columns, measures, rows } = reading;
  const metrics = measures.filter((measure) => measure.field.kind === 'metric');
  if (metrics.length === 0 || (scope.experiments !== 'all' && scope.experiments.length === 1)) return reading;
  const counts = new Map<string, number>();
  for (const row of rows) {
    const id = columns.experimentIds[row] ?? '';
    if (metrics.some((measure) => measure.values[row] !== undefined)) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  const holding = scope.known.filter((experiment) => counts.has(experiment.id));
  if (holding.length > 1 && request.experiments === 'one') {
    const labels = metrics.map((measure) => measure.label).join(', ');
    throw ambiguousExperiment(
      `${labels} was logged in ${formatCount(holding.length)} experiments.`,
      holding,
      ({ id }) => ` (${countOf(counts.get(id) ?? 0, 'run')})`,
    );
  }
  if (holding.length !== 1 || (scope.experiments !== 'all' && request.experiments === 'any')) return reading;
  const ids = new Set(holding.map((experiment) => experiment.id));
  return {
    ...reading,
    scope: narrowScope(scope, holding),
    rows: rows.filter((row) => ids.has(columns.experimentIds[row] ?? '')),
  };
}
