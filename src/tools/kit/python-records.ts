/** Scripts that repeat what is said of one run, of an experiment, or of the list of experiments. */
import type { Column } from './finding.ts';
import { pythonCall, pythonList, pythonScript, pythonString } from './python-text.ts';
import { pythonMeasure, pythonRuns } from './reproduce.ts';
import type { Scope } from './scope.ts';

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

/** Runs by status; per metric `[runs, min, max]` of finite values; per param and tag `[runs, distinct values]`. */
export function pythonDescription(scope: Scope, runs: number): string {
  return pythonScript(
    ...pythonRuns(scope, { runs }),
    'def collect(read):',
    '    found = {}',
    '    for run in runs:',
    '        for key, value in read(run).items():',
    '            if not key.startswith(("mlflow.", "system/")):',
    '                found.setdefault(key, []).append(value)',
    '    return found',
    'def span(values):',
    '    finite = [one for one in values if abs(one) < 1.797e308]',
    '    return [len(values), min(finite, default=None), max(finite, default=None)]',
    [
      '{',
      '    "runs": Counter(run.info.status for run in runs),',
      '    "metrics": {key: span(values) for key, values in collect(lambda run: run.data.metrics).items()},',
      '    "params": {key: [len(one), len(set(one))] for key, one in collect(lambda run: run.data.params).items()},',
      '    "tags": {key: [len(one), len(set(one))] for key, one in collect(lambda run: run.data.tags).items()},',
      '}',
    ].join('\n'),
  );
}

export interface PythonExperiments {
  readonly lifecycle: 'active' | 'deleted' | 'all';
  /** Words that each begin a word of the name, the description or a tag value; of a text without any, the text itself. */
  readonly words?: readonly string[] | undefined;
  readonly text?: string | undefined;
  readonly tag?: { readonly key: string; readonly value?: string | undefined } | undefined;
}

/** `{name: runs}` of the experiments that match. */
export function pythonExperiments({ lifecycle, words = [], text, tag }: PythonExperiments): string {
  const view = { active: 'ACTIVE_ONLY', deleted: 'DELETED_ONLY', all: 'ALL' }[lifecycle];
  const wanted = tag && `one.tags.get(${pythonString(tag.key)})`;
  return pythonScript(
    `experiments = mlflow.search_experiments(view_type=mlflow.entities.ViewType.${view})`,
    ...(words.length === 0 ? [] : [...WORDS, `asked = ${pythonList(words)}`, ...KEEP_WORDED]),
    ...(words.length > 0 || text === undefined
      ? []
      : [`experiments = [one for one in experiments if ${pythonString(text)} in one.name]`]),
    ...(tag === undefined
      ? []
      : tag.value === undefined
        ? [`experiments = [one for one in experiments if ${wanted} is not None]`]
        : [
            `experiments = [one for one in experiments if (${wanted} or "").lower() == ${pythonString(tag.value.toLowerCase())}]`,
          ]),
    `runs = ${pythonCall('mlflow.search_runs', [
      'experiment_ids=[one.experiment_id for one in experiments]',
      `run_view_type=mlflow.entities.ViewType.${lifecycle === 'active' ? 'ACTIVE_ONLY' : 'ALL'}`,
      'max_results=1_000_000_000',
      'output_format="list"',
    ])}`,
    'counts = Counter(run.info.experiment_id for run in runs)',
    '{one.name: counts[one.experiment_id] for one in experiments}',
  );
}

const WORDS = [
  'def words(one):',
  '    tags = one.tags.items()',
  '    own = [value for key, value in tags if not key.startswith("mlflow.") or key == "mlflow.note.content"]',
  '    text = " ".join([one.name, *own])',
  '    text = re.sub("([a-z0-9])([A-Z])", r"\\1 \\2", text)',
  '    text = re.sub("([A-Z])([A-Z][a-z])", r"\\1 \\2", text)',
  '    return re.split(r"[\\W_]+", text.lower())',
];
const KEEP_WORDED = [
  'experiments = [',
  '    one for one in experiments',
  '    if all(any(word.startswith(text) for word in words(one)) for text in asked)',
  ']',
];
