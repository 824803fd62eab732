/** The Python through MLflow's own client that gives the same data. */
import type { Field } from '../../mlflow/filter/ast.ts';
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
  return `runs[${pythonString(key === 'experiment' ? 'experiment_id' : key)}]`;
}

export interface PythonSearch {
  readonly filter?: string | undefined;
  /** A `ViewType` other than the default, active runs only. */
  readonly stage?: 'DELETED_ONLY' | 'ALL' | undefined;
  /** The population of a ranking or a mean. */
  readonly selection?: Selection | undefined;
}

/** What MLflow's own grammar lacks. */
const BEYOND_MLFLOW = /\b(OR|NOT|duration|parent_run_id)\b|[()]/i;

/** `runs = mlflow.search_runs(…)` over a scope. Filters beyond MLflow's own grammar are named in a comment. */
export function pythonSearch(scope: Scope, { filter, stage, selection }: PythonSearch = {}): string {
  const isPlain = filter !== undefined && !BEYOND_MLFLOW.test(filter);
  const status =
    selection === undefined || selection.statuses === 'any' ? [] : [`attributes.status = '${selection.statuses}'`];
  const conditions = [...(isPlain ? [filter] : []), ...status].join(' AND ');
  const experiments = `experiment_ids=${pythonList(experimentIds(scope))}`;
  const parts = [
    experiments,
    ...(conditions === '' ? [] : [`filter_string=${pythonString(conditions)}`]),
    ...(stage === undefined ? [] : [`run_view_type=mlflow.entities.ViewType.${stage}`]),
  ];
  const note = filter === undefined || isPlain ? '' : `  # then keep: ${JSON.stringify(filter)}`;
  const lines = ['import mlflow', `runs = mlflow.search_runs(${parts.join(', ')})${note}`];
  // The children that make a run a parent may not be among the runs that are searched for.
  const leaves = [
    `every = mlflow.search_runs(${experiments})`,
    'runs = runs[~runs["run_id"].isin(every["tags.mlflow.parentRunId"])]',
  ];
  return [...lines, ...(selection?.excluded.has('parent runs') ? leaves : [])].join('\n');
}
