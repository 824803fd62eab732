/** The Python through MLflow's own client that gives the same data. */
import type { Field } from '../../mlflow/filter/ast.ts';
import { fieldName } from './keys.ts';
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

/** The column of `mlflow.search_runs` that holds a field. */
export function pandasColumn(field: Field): string {
  return field.kind === 'attribute' ? field.key : fieldName(field);
}

/** `runs = mlflow.search_runs(…)` over a scope. Filters beyond MLflow's own grammar are named in a comment. */
export function pythonSearch(scope: Scope, options: { filter?: string | undefined; stage?: string } = {}): string {
  const { filter, stage } = options;
  const plain = filter !== undefined && !/\b(OR|NOT|duration|parent_run_id)\b|[()]/i.test(filter);
  const parts = [
    `experiment_ids=${pythonList(experimentIds(scope))}`,
    ...(plain ? [`filter_string=${pythonString(filter)}`] : []),
    ...(stage === undefined ? [] : [`run_view_type=mlflow.entities.ViewType.${stage}`]),
  ];
  const note = filter === undefined || plain ? '' : `  # then keep: ${JSON.stringify(filter)}`;
  return `import mlflow\nruns = mlflow.search_runs(${parts.join(', ')})${note}`;
}
