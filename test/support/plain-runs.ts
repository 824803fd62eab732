/**
 * What the columns, counts, names and orders of runs are, said over plain runs, one after the other: what every quicker
 * way must equal.
 */
import { compareText } from '../../src/mlflow/compare-text.ts';
import { lowerAscii } from '../../src/mlflow/filter/like.ts';
import { fieldValues, readParamNumber } from '../../src/mlflow/filter/matches.ts';
import { readLastNumber } from '../../src/mlflow/runs/last-number.ts';
import { ID_PREFIX, MAX_RUNS, VALUE_TAGS } from '../../src/mlflow/runs/run-names.ts';
import type {
  LookupQuery,
  LookupResult,
  Projection,
  RunColumns,
  RunCount,
  RunName,
} from '../../src/mlflow/runs/tracking-store.ts';
import type { Run } from '../../src/mlflow/runs/types.ts';
import type { OrderKey } from '../../src/query/filter.ts';

function toColumnsOf<V, T>(
  maps: readonly ReadonlyMap<string, V>[],
  keys: readonly string[] | 'all' | undefined,
  convert: (value: V) => T,
): Map<string, readonly (T | undefined)[]> {
  const wanted = keys === 'all' ? [...new Set(maps.flatMap((map) => [...map.keys()]))] : [...(keys ?? [])];
  const read = (key: string) => maps.map((map) => (map.has(key) ? convert(map.get(key) as V) : undefined));
  return new Map(wanted.sort(compareText).map((key) => [key, read(key)]));
}

/** Keeps the order of the runs. */
export function toColumns(runs: readonly Run[], projection: Projection): RunColumns {
  const same = (value: string): string => value;
  return {
    length: runs.length,
    ids: runs.map((run) => run.id),
    names: runs.map((run) => run.name),
    experimentIds: runs.map((run) => run.experimentId),
    statuses: runs.map((run) => run.status),
    lifecycles: runs.map((run) => run.lifecycle),
    startTimes: runs.map((run) => run.startTime),
    endTimes: runs.map((run) => run.endTime),
    parentIds: runs.map((run) => run.parentId),
    metrics: toColumnsOf(
      runs.map((run) => run.metrics),
      projection.metrics,
      (point) => point.value,
    ),
    params: toColumnsOf(
      runs.map((run) => run.params),
      projection.params,
      same,
    ),
    tags: toColumnsOf(
      runs.map((run) => run.tags),
      projection.tags,
      same,
    ),
  };
}

function countGroup(runs: readonly Run[]): RunCount {
  const { experimentId, status, lifecycle } = runs[0]!;
  const starts = runs.flatMap((run) => run.startTime ?? []);
  const ends = runs.flatMap((run) => run.endTime ?? []);
  const latest = (times: readonly number[]): number => times.reduce((a, b) => Math.max(a, b));
  return {
    experimentId,
    status,
    lifecycle,
    count: runs.length,
    ...(starts.length > 0 && { firstStart: starts.reduce((a, b) => Math.min(a, b)), lastStart: latest(starts) }),
    ...(ends.length > 0 && { lastEnd: latest(ends) }),
  };
}

/** By experiment id, status and stage, as text. */
export function countRuns(runs: readonly Run[]): RunCount[] {
  const groups = Map.groupBy(runs, (run) => JSON.stringify([run.experimentId, run.status, run.lifecycle]));
  return [...groups.values()]
    .map(countGroup)
    .sort(
      (a, b) =>
        compareText(a.experimentId, b.experimentId) ||
        compareText(a.status, b.status) ||
        compareText(a.lifecycle, b.lifecycle),
    );
}

function projectMap<V>(
  map: ReadonlyMap<string, V>,
  keys: readonly string[] | 'all' | undefined,
): ReadonlyMap<string, V> {
  if (keys === 'all') return map;
  const wanted = new Set(keys);
  return new Map([...map].filter(([key]) => wanted.has(key)));
}

export function projectRun(run: Run, projection: Projection): Run {
  return {
    ...run,
    metrics: projectMap(run.metrics, projection.metrics),
    params: projectMap(run.params, projection.params),
    tags: projectMap(run.tags, projection.tags),
    datasets: projection.datasets ? run.datasets : [],
  };
}

function findKeys(runs: readonly Run[]): LookupResult['keys'] {
  const kinds = { metric: new Set<string>(), param: new Set<string>(), tag: new Set<string>() };
  for (const run of runs) {
    for (const key of run.metrics.keys()) kinds.metric.add(key);
    for (const key of run.params.keys()) kinds.param.add(key);
    for (const key of run.tags.keys()) kinds.tag.add(key);
  }
  return (['metric', 'param', 'tag'] as const).flatMap((kind) =>
    [...kinds[kind]].sort(compareText).map((key) => ({ kind, key })),
  );
}

function findValues(
  runs: readonly Run[],
  kind: 'param' | 'tag',
  texts: readonly string[],
  ofKeys: readonly string[] | undefined,
): LookupResult['values'] {
  const wanted = new Set(texts.map(lowerAscii));
  const found = new Map<string, { kind: 'param' | 'tag'; key: string; value: string }>();
  for (const run of runs)
    for (const [key, value] of kind === 'param' ? run.params : run.tags) {
      const isValue = kind === 'param' || !key.startsWith('mlflow.') || VALUE_TAGS.includes(key);
      const isAsked = ofKeys === undefined || ofKeys.includes(key);
      if (isValue && isAsked && wanted.has(lowerAscii(value)))
        found.set(JSON.stringify([key, value]), { kind, key, value });
    }
  return [...found.values()].sort((a, b) => compareText(a.key, b.key) || compareText(a.value, b.value));
}

function isNamed(run: Run, query: LookupQuery, texts: readonly string[]): boolean {
  const number = readLastNumber(run.name);
  return (
    texts.includes(lowerAscii(run.name)) ||
    texts.some((text) => ID_PREFIX.test(text) && run.id.startsWith(text)) ||
    (number !== undefined && (query.lastNumbers ?? []).includes(number))
  );
}

function toRunName({ id, name, experimentId, status, lifecycle, startTime }: Run): RunName {
  return { id, name, experimentId, status, lifecycle, ...(startTime !== undefined && { startTime }) };
}

/** `runs` of any lifecycle in store order; keys and values count only where `isActive`. */
export function findNames(query: LookupQuery, runs: readonly Run[], isActive: (run: Run) => boolean): LookupResult {
  const active = runs.filter(isActive);
  const texts = (query.runs ?? []).filter((text) => text !== '').map(lowerAscii);
  const values = query.values ?? [];
  return {
    keys: query.keys ? findKeys(active) : [],
    values:
      values.length === 0
        ? []
        : (['param', 'tag'] as const).flatMap((kind) => findValues(active, kind, values, query.ofKeys)),
    runs: runs
      .filter((run) => isNamed(run, query, texts))
      .slice(0, MAX_RUNS)
      .map(toRunName),
  };
}

type Comparison = (a: Run, b: Run) => number;
type Value = string | number | undefined;

/** Groups that keep their place whatever the direction: numbers, texts (a param's, or NaN), missing. */
function rank(value: Value, isParam: boolean): number {
  if (value === undefined) return 2;
  if (typeof value === 'number') return Number.isNaN(value) ? 1 : 0;
  return isParam && readParamNumber(value) === undefined ? 1 : 0;
}

function compareValues(a: Value, b: Value, isParam: boolean): number {
  if (typeof a === 'string' && typeof b === 'string') {
    const byNumber = isParam ? (readParamNumber(a) ?? 0) - (readParamNumber(b) ?? 0) : 0;
    return byNumber || compareText(a, b);
  }
  // Infinities of one sign would subtract to NaN.
  return typeof a === 'number' && typeof b === 'number' ? (a < b ? -1 : a > b ? 1 : 0) : 0;
}

function compareBy({ field, ascending }: OrderKey): Comparison {
  const isParam = field.kind === 'param';
  return (left, right) => {
    const [a] = fieldValues(field, left);
    const [b] = fieldValues(field, right);
    const byRank = rank(a, isParam) - rank(b, isParam);
    return byRank || (ascending ? compareValues(a, b, isParam) : compareValues(b, a, isParam));
  };
}

/** Start time descending, runs without one last, then id: MLflow's default and the last word between ties. */
const compareByStart: Comparison = (a, b) =>
  (b.startTime ?? -Number.MAX_VALUE) - (a.startTime ?? -Number.MAX_VALUE) || compareText(a.id, b.id);

/** A comparison for sorting runs by several keys. Params compare as numbers where both are, numbers before texts. */
export function compareRuns(order: readonly OrderKey[]): Comparison {
  const comparisons = [...order.map(compareBy), compareByStart];
  return (a, b) => {
    for (const compare of comparisons) {
      const result = compare(a, b);
      if (result !== 0) return result;
    }
    return 0;
  };
}
