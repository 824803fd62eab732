/** The script that repeats a comparison. */
import { pythonList, pythonScript, pythonString } from '../python/python-text.ts';
import { DURATION, type SectionName } from './comparison.ts';

const CODE_TAGS = [
  'mlflow.source.git.commit',
  'mlflow.source.git.branch',
  'mlflow.source.git.dirty',
  'mlflow.source.name',
  'mlflow.project.entryPoint',
];

const SECTIONS: Readonly<Record<SectionName, string>> = {
  code: `{key: value for key, value in run.data.tags.items() if key in ${pythonList(CODE_TAGS)}}`,
  data: 'datasets(run)',
  params: 'run.data.params',
  tags: '{key: value for key, value in run.data.tags.items() if not key.startswith("mlflow.")}',
  metrics: '{key: value for key, value in run.data.metrics.items() if not key.startswith("system/")}',
};

export interface PythonComparison {
  readonly runIds: readonly string[];
  readonly sections: readonly SectionName[];
  /** To judge by, in place of every metric. */
  readonly metrics: readonly string[] | undefined;
}

/** `{section: {key: [value of each run]}}` of what differs. */
export function pythonComparison({ runIds, sections, metrics }: PythonComparison): string {
  const parts = sections.map(
    (section) => `    ${pythonString(section)}: differing(lambda run: ${own(section, metrics)}),`,
  );
  return pythonScript(
    `runs = [mlflow.get_run(run_id) for run_id in ${pythonList(runIds)}]`,
    ...(sections.includes('data') ? DATASETS : []),
    'def differing(read):',
    '    values = [read(run) for run in runs]',
    '    rows = {key: [one.get(key) for one in values] for key in sorted(set().union(*values))}',
    '    return {key: row for key, row in rows.items() if len({repr(one) for one in row}) > 1}',
    ['{', ...parts, '}'].join('\n'),
  );
}

function own(section: SectionName, metrics: readonly string[] | undefined): string {
  if (section !== 'metrics' || metrics === undefined) return SECTIONS[section];
  const keys = metrics.filter((key) => key !== DURATION);
  const chosen = `{key: value for key, value in run.data.metrics.items() if key in ${pythonList(keys)}}`;
  const duration = '{"duration": run.info.end_time - run.info.start_time} if run.info.end_time else {}';
  if (!metrics.includes(DURATION)) return chosen;
  return keys.length === 0 ? `(${duration})` : `{**${chosen}, **(${duration})}`;
}

const DATASETS = [
  'def datasets(run):',
  '    found = {}',
  '    for one in run.inputs.dataset_inputs if run.inputs else []:',
  '        role = {tag.key: tag.value for tag in one.tags}.get("mlflow.data.context", "dataset")',
  '        found.setdefault(role, []).append(f"{one.dataset.name} {one.dataset.digest}")',
  '    return {role: ", ".join(sorted(texts)) for role, texts in found.items()}',
];
