/** The script that repeats what is said of one run. */
import type { Column } from '../../finding/table.ts';
import { pythonScript, pythonString } from '../python/python-text.ts';
import { pythonMeasure } from '../python/reproduce.ts';

const MOST_NAMED = 12;
const OWN_TAGS = '{key: value for key, value in run.data.tags.items() if not key.startswith("mlflow.")}';

const tag = (key: string): string => `run.data.tags.get(${pythonString(key)})`;

/** Facts of a run that are no key of the user's; several words may mean one. */
const BUILT_IN: Readonly<Record<string, string>> = {
  status: 'run.info.status',
  start_time: 'run.info.start_time',
  end_time: 'run.info.end_time',
  duration: pythonMeasure({ field: { kind: 'attribute', key: 'duration' } }).value,
  user: 'run.data.tags.get("mlflow.user") or run.info.user_id',
  user_id: 'run.data.tags.get("mlflow.user") or run.info.user_id',
  name: 'run.info.run_name',
  run_name: 'run.info.run_name',
  id: 'run.info.run_id',
  run_id: 'run.info.run_id',
  parent: tag('mlflow.parentRunId'),
  parent_run_id: tag('mlflow.parentRunId'),
  experiment: 'mlflow.get_experiment(run.info.experiment_id).name',
  experiment_id: 'run.info.experiment_id',
  artifact_uri: 'run.info.artifact_uri',
  lifecycle: 'run.info.lifecycle_stage',
  source: tag('mlflow.source.name'),
  commit: tag('mlflow.source.git.commit'),
  branch: tag('mlflow.source.git.branch'),
  description: tag('mlflow.note.content'),
  dataset: '[(one.dataset.name, one.dataset.digest) for one in run.inputs.dataset_inputs]',
};

function readFact({ key, label, kind }: Column): string {
  if (kind === 'metric' || kind === 'param' || kind === 'tag') return `run.data.${kind}s.get(${pythonString(label)})`;
  return BUILT_IN[key] ?? 'None';
}

/** `{fact: value}` of a run; of many facts its metrics, params and own tags. */
export function pythonRun(runId: string, facts: readonly Column[]): string {
  const read = `run = mlflow.get_run(${pythonString(runId)})`;
  if (facts.length === 0 || facts.length > MOST_NAMED)
    return pythonScript(read, `run.data.metrics, run.data.params, ${OWN_TAGS}`);
  const entries = facts.map((column) => `    ${pythonString(column.key)}: ${readFact(column)},`);
  return pythonScript(read, ['{', ...entries, '}'].join('\n'));
}
