/** The Python through MLflow's own client that gives the same data. */
import type { Field, Filter } from '../../mlflow/filter/ast.ts';
import { printFilter, splitForServer } from '../../mlflow/filter/print.ts';
import { fieldName } from './keys.ts';
import type { Selection } from './population.ts';
import { experimentIds, type Scope } from './scope.ts';

/** A Python string literal. */
export function pythonString(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

export function pythonList(texts: readonly string[]): string {
  return `[${texts.map(pythonString).join(', ')}]`;
}

/** A field as a column of the table that `mlflow.search_runs` gives. */
export function pandasSeries(field: Field): string {
  if (field.kind === 'attribute' && field.key === 'duration') return '(runs["end_time"] - runs["start_time"])';
  return `runs[${pythonString(field.kind === 'attribute' ? field.key : fieldName(field))}]`;
}

/** What such a column is grouped by. */
export function pandasGroup(key: string): string {
  if (key === 'day') return 'runs["start_time"].dt.date';
  if (key === 'month') return 'runs["start_time"].dt.strftime("%Y-%m")';
  if (key === 'week') return 'runs["start_time"].dt.tz_localize(None).dt.to_period("W").dt.start_time.dt.date';
  return `runs[${pythonString(key === 'experiment' ? 'experiment_id' : key)}]`;
}

export interface PythonSearch {
  readonly filter?: Filter | undefined;
  /** A `ViewType` other than the default, active runs only. */
  readonly stage?: 'DELETED_ONLY' | 'ALL' | undefined;
  /** The population of a ranking or a mean. */
  readonly selection?: Selection | undefined;
}

/** `runs = mlflow.search_runs(…)` over a scope. What MLflow's own grammar lacks of the filter is named in a comment. */
export function pythonSearch(scope: Scope, { filter, stage, selection }: PythonSearch = {}): string {
  const { server, residual } = filter === undefined ? {} : splitForServer(filter);
  const status =
    selection === undefined || selection.statuses === 'any' ? [] : [`attributes.status = '${selection.statuses}'`];
  const conditions = [...(server === undefined ? [] : [server]), ...status].join(' AND ');
  const experiments = `experiment_ids=${pythonList(experimentIds(scope))}`;
  const parts = [
    experiments,
    ...(conditions === '' ? [] : [`filter_string=${pythonString(conditions)}`]),
    ...(stage === undefined ? [] : [`run_view_type=mlflow.entities.ViewType.${stage}`]),
  ];
  const note = residual === undefined ? '' : `  # then keep: ${JSON.stringify(printFilter(residual))}`;
  const lines = ['import mlflow', `runs = mlflow.search_runs(${parts.join(', ')})${note}`];
  // The children that make a run a parent may not be among the runs that are searched for.
  const leaves = [
    `every = mlflow.search_runs(${experiments})`,
    'runs = runs[~runs["run_id"].isin(every["tags.mlflow.parentRunId"])]',
  ];
  return [...lines, ...(selection?.excluded.has('parent runs') ? leaves : [])].join('\n');
}

/** `histories[run, key]`: every point of the metrics of some runs. */
export function pythonHistories(runIds: readonly string[], keys: readonly string[]): string {
  const each = `for run in ${pythonList(runIds)} for key in ${pythonList(keys)}`;
  return `import mlflow\nclient = mlflow.MlflowClient()\nhistories = {(run, key): client.get_metric_history(run, key) ${each}}`;
}
