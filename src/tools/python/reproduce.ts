/** The Python through MLflow's own client that gives the same data: which runs, and what is read of them. */
import { allOf, compare, type Filter, type OrderKey } from '../../query/filter.ts';
import { STATUS } from '../../query/kinds/run.ts';
import { printOrder, splitForServer } from '../../query/print.ts';
import type { MeasureColumn, MeasuredRuns } from '../population/measures.ts';
import type { Selection } from '../population/population.ts';
import { experimentRefs, type Scope } from '../resolve/scope.ts';
import { pythonFilter, pythonNumberOf, pythonTextOf } from './python-filter.ts';
import { pythonCall, pythonKeep, pythonList, pythonString } from './python-text.ts';

/** MLflow's `search_runs` ends at 100,000 runs unless it is given another number. */
const MANY_RUNS = 50_000;
const ALL_RUNS = 'max_results=1_000_000_000';
/** MLflow writes ±Infinity as the largest doubles. */
const FINITE = '< 1.797e308';

/** A number of a run that counts, as `selectRuns` has it. */
export interface PythonMeasure {
  readonly value: string;
  /** Whether the run has it at all: what makes its parent a repetition. */
  readonly present: string;
  /** Whether it is a finite number. */
  readonly counts: string;
}

export function pythonMeasure({ field }: Pick<MeasureColumn, 'field'>): PythonMeasure {
  const { value, present } = pythonNumberOf(field);
  if (field.kind === 'metric') {
    const key = pythonString(field.key);
    return { value, present, counts: `abs(run.data.metrics.get(${key}, float("nan"))) ${FINITE}` };
  }
  // Clocks can disagree: an end before the start is no duration.
  return { value, present, counts: field.key === 'duration' ? `${present} and ${value} >= 0` : present };
}

/** Of a Python date the text of its day, its month, or the Monday of its week. */
const PERIODS: Readonly<Record<string, (day: string) => string>> = {
  day: (day) => `${day}.isoformat()`,
  month: (day) => `${day}.isoformat()[:7]`,
  week: (day) => `datetime.fromisocalendar(*${day}.isocalendar()[:2], 1).date().isoformat()`,
};

/** What rows are grouped by, as text or None. */
export function pythonGroup(key: string, timeZone: string): string {
  if (key === 'status') return 'run.info.status';
  if (key === 'experiment') return 'names[run.info.experiment_id]';
  const period = PERIODS[key];
  if (period !== undefined) {
    const day = `datetime.fromtimestamp(run.info.start_time / 1000, ZoneInfo(${pythonString(timeZone)})).date()`;
    return `(${period(day)} if run.info.start_time is not None else None)`;
  }
  const [, kind, name] = /^(param|tag)s\.(.*)$/su.exec(key) ?? [];
  return pythonTextOf({ kind: kind === 'tag' ? 'tag' : 'param', key: name ?? key });
}

function scopeArgument(scope: Scope): string {
  const isWhole = scope.experiments === 'all' && scope.ids === undefined;
  return isWhole
    ? 'search_all_experiments=True'
    : `experiment_ids=${pythonList(experimentRefs(scope).map(({ id }) => id))}`;
}

export interface PythonSearch {
  readonly filter?: Filter | undefined;
  /** A `ViewType` other than the default, active runs only. */
  readonly stage?: 'DELETED_ONLY' | 'ALL' | undefined;
  readonly order?: OrderKey | undefined;
  readonly statuses?: Selection['statuses'] | undefined;
  /** Runs that were looked at, where that is known. */
  readonly runs?: number | undefined;
}

/** Lines that make `runs`: a list of MLflow's runs that pass a filter, newest first. */
export function pythonRuns(scope: Scope, search: PythonSearch = {}): string[] {
  const { filter, stage, statuses = 'any', runs = 0 } = search;
  const asked = allOf(filter, statuses === 'any' ? undefined : compare(STATUS, '=', statuses));
  const { server, residual } = asked === undefined ? {} : splitForServer(asked);
  const order = search.order === undefined ? undefined : orderArgument(search.order);
  const args = [
    scopeArgument(scope),
    ...(server === undefined ? [] : [`filter_string=${pythonString(server)}`]),
    ...(stage === undefined ? [] : [`run_view_type=mlflow.entities.ViewType.${stage}`]),
    ...(order === undefined ? [] : [order]),
    ...(residual !== undefined || runs > MANY_RUNS ? [ALL_RUNS] : []),
    'output_format="list"',
  ];
  return [
    `runs = ${pythonCall('mlflow.search_runs', args)}`,
    ...(residual === undefined ? [] : [pythonKeep('runs', pythonFilter(residual))]),
    ...(search.order !== undefined && order === undefined ? sortLines(search.order) : []),
  ];
}

const SERVER_ORDERED: ReadonlySet<string> = new Set(['run_id', 'run_name', 'status', 'start_time', 'end_time']);

/** Undefined where MLflow has no such order. */
function orderArgument(order: OrderKey): string | undefined {
  const { kind, key } = order.field;
  const isKnown = kind === 'attribute' ? SERVER_ORDERED.has(key) : !/[`\\\u0000-\u001f\u007f,]|^$/u.test(key);
  return isKnown ? `order_by=[${pythonString(printOrder(order))}]` : undefined;
}

function sortLines({ field, ascending }: OrderKey): string[] {
  const isText =
    field.kind === 'param' || field.kind === 'tag' || field.key === 'user_id' || field.key === 'parent_run_id';
  const text = pythonTextOf(field);
  const { value, present } = isText ? { value: text, present: `${text} is not None` } : pythonNumberOf(field);
  return [
    `known = [run for run in runs if ${present}]`,
    `known.sort(key=lambda run: ${value}${ascending ? '' : ', reverse=True'})`,
    `runs = known + [run for run in runs if not (${present})]`,
  ];
}

/** Lines that make `runs`: those whose measure counts, parents that repeat their children left out. */
export function pythonSelection(
  reading: Pick<MeasuredRuns, 'scope' | 'filter' | 'columns'>,
  selection: Selection,
  { present, counts }: Pick<PythonMeasure, 'present' | 'counts'>,
): string[] {
  const { scope, filter, columns } = reading;
  const nested = [scopeArgument(scope), `filter_string=${pythonString("tags.`mlflow.parentRunId` != ''")}`];
  const parents = [
    `nested = ${pythonCall('mlflow.search_runs', [...nested, 'output_format="list"'])}`,
    'parents = {',
    '    run.data.tags["mlflow.parentRunId"] for run in nested',
    `    if ${present}`,
    '}',
    'runs = [run for run in runs if run.info.run_id not in parents]',
  ];
  return [
    ...pythonRuns(scope, { filter, statuses: selection.statuses, runs: columns.length }),
    ...(selection.excluded.some(({ reason }) => reason === 'parent runs') ? parents : []),
    pythonKeep('runs', counts),
  ];
}

/** Lines that make `histories[run, key]`: every point of the metrics of some runs that have them, by step. */
export function pythonHistories(runIds: readonly string[], keys: readonly string[]): string[] {
  return [
    'client = mlflow.MlflowClient()',
    'histories = {}',
    `for run in ${pythonList(runIds)}:`,
    `    for key in ${pythonList(keys)}:`,
    '        points = client.get_metric_history(run, key)',
    '        if points:',
    '            histories[run, key] = sorted(points, key=lambda one: (one.step, one.timestamp))',
  ];
}
