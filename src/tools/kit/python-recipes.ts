/** Whole scripts that repeat a ranking, a mean, a count, a comparison or a curve: they end in its numbers. */
import type { Impact } from '../../analysis/impact.ts';
import { tellingApart, typeParams } from '../../analysis/params.ts';
import type { ValueVariant } from './candidates.ts';
import type { SectionName } from './comparison.ts';
import { DURATION } from './comparison.ts';
import type { Measure, Reading } from './measures.ts';
import type { Selection } from './population.ts';
import { configurationLines } from './python-fits.ts';
import { pythonList, pythonScript, pythonString } from './python-text.ts';
import { pythonGroup, pythonHistories, pythonMeasure, pythonSelection } from './reproduce.ts';
import { isQuantile, QUANTILES, type Summarized } from './statistics-words.ts';

const IS_FINITE = 'abs(one.value) < 1.797e308';

export interface PythonRanking {
  readonly reading: Reading;
  readonly selection: Selection;
  readonly measure: Measure;
  readonly variant: ValueVariant;
  /** The end that comes first. */
  readonly first: 'higher' | 'lower';
  /** Which of a run's steps is its best. */
  readonly bestEnd: 'higher' | 'lower';
  /** Rows of the answer's table. */
  readonly shown: number;
}

/** `[(id, name, value), …]`, the first first; equal values by id. */
export function pythonRanking(ranking: PythonRanking): string {
  const { reading, selection, measure, variant, first, bestEnd, shown } = ranking;
  const { value, present, counts } = pythonMeasure(measure);
  const key = first === 'higher' ? '(-value(run), run.info.run_id)' : '(value(run), run.info.run_id)';
  const ending: [string, string] = [
    `ranked = sorted(runs, key=lambda run: ${key})`,
    `[(run.info.run_id, run.info.run_name, value(run)) for run in ranked[:${shown}]]`,
  ];
  const own = (condition: string) => pythonSelection(reading, selection, { present, counts: condition });
  if (variant === 'best_step')
    return pythonScript(
      ...own(present),
      'client = mlflow.MlflowClient()',
      'best = {}',
      'for run in runs:',
      `    points = client.get_metric_history(run.info.run_id, ${pythonString(measure.key)})`,
      `    finite = [one.value for one in points if ${IS_FINITE}]`,
      '    if finite:',
      `        best[run.info.run_id] = ${bestEnd === 'higher' ? 'max' : 'min'}(finite)`,
      'runs = [run for run in runs if run.info.run_id in best]',
      'value = lambda run: best[run.info.run_id]',
      ...ending,
    );
  if (variant === 'last') return pythonScript(...own(counts), `value = lambda run: ${value}`, ...ending);
  return pythonScript(
    ...own(counts),
    ...configurationLines(configuredBy(reading, selection)),
    'means = {}',
    'for group in groups.values():',
    `    means[group[0].info.run_id] = float(numpy.mean([${value} for run in group]))`,
    'runs = [group[0] for group in groups.values()]',
    'value = lambda run: means[run.info.run_id]',
    ...ending,
  );
}

function configuredBy({ columns }: Reading, { rows }: Selection): Impact['apart'] {
  const picked = new Map([...columns.params].map(([key, values]) => [key, rows.map((row) => values[row])] as const));
  return tellingApart(typeParams(picked)).map(([param, { kind }]) => ({ param, kind }));
}

/** What pandas says of each measure: one summary, or one per group; of several measures by their keys. */
export function pythonStatistics({ reading, samples, grouping, statistic }: Summarized, timeZone: string): string {
  const quantiles = [0.5, ...(isQuantile(statistic) ? [QUANTILES[statistic]] : [])];
  const described = `describe(percentiles=[${quantiles.join(', ')}]).to_dict()`;
  const summary = (values: string) =>
    statistic === 'sum' ? `float(pandas.Series(${values}).sum())` : `pandas.Series(${values}).${described}`;
  const blocks = samples.map(({ measure, selection }) => {
    const python = pythonMeasure(measure);
    const runs = pythonSelection(reading, selection, python);
    if (grouping === undefined) return { runs, found: summary(`[${python.value} for run in runs]`) };
    const label = pythonGroup(grouping.key, timeZone);
    const split = [
      'groups = {}',
      'for run in runs:',
      `    label = ${label}`,
      `    groups.setdefault(label, []).append(${python.value})`,
    ];
    return {
      runs: [...runs, ...split],
      found: `{\n    label: ${summary('values')}\n    for label, values in groups.items()\n}`,
    };
  });
  const [only] = blocks;
  if (only !== undefined && blocks.length === 1) return pythonScript(...only.runs, only.found);
  const lines = blocks.flatMap(({ runs, found }, i) => [
    ...runs,
    `found[${pythonString(samples[i]?.measure.field.key ?? '')}] = ${found}`,
  ]);
  return pythonScript('found = {}', ...lines, 'found');
}

/** `{(run, metric): (points, first, last, min, max)}`; the extremes are those of finite points. */
export function pythonCurves(runIds: readonly string[], keys: readonly string[], judged: boolean): string {
  return pythonScript(
    ...(judged ? ['# The verdict is not repeated: these are the curves of the runs that show it.'] : []),
    ...pythonHistories(runIds, keys),
    'found = {}',
    'for curve, points in histories.items():',
    `    finite = [one.value for one in points if ${IS_FINITE}]`,
    '    low, high = (min(finite), max(finite)) if finite else (None, None)',
    '    found[curve] = len(points), points[0].value, points[-1].value, low, high',
    'found',
  );
}

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
