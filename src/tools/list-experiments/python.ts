/** The script that repeats a list of experiments. */
import { pythonCall, pythonList, pythonScript, pythonString } from '../python/python-text.ts';

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
