/** Runs side by side: what each section of them (code, data, params, tags, metrics) has, and the tables that show it. */

import { type Diff, type DiffRow, type DiffValue, diffRows } from '../../analysis/compare.ts';
import { refOf } from '../../finding/refs.ts';
import type { Cell, Column, ColumnKind, Table } from '../../finding/table.ts';
import type { Run } from '../../mlflow/runs/types.ts';
import { durationOf, RUN_COLUMN } from '../population/run-columns.ts';

export type SectionName = 'code' | 'data' | 'params' | 'tags' | 'metrics';

export interface Section extends Diff {
  readonly name: SectionName;
  readonly kind: ColumnKind;
}

type Values = Map<string, DiffValue[]>;

const CODE_TAGS: readonly (readonly [tag: string, label: string])[] = [
  ['mlflow.source.git.commit', 'git commit'],
  ['mlflow.source.git.branch', 'git branch'],
  ['mlflow.source.git.dirty', 'uncommitted changes'],
  ['mlflow.source.name', 'source'],
  ['mlflow.project.entryPoint', 'entry point'],
];

function collect(
  runs: readonly Run[],
  keysOf: (run: Run) => Iterable<string>,
  readValue: (run: Run, key: string) => DiffValue,
): Values {
  const keys = [...new Set(runs.flatMap((run) => [...keysOf(run)]))].sort();
  return new Map(keys.map((key) => [key, runs.map((run) => readValue(run, key))]));
}

function datasetValues(runs: readonly Run[]): Values {
  const role = (context: string | undefined) => context ?? 'dataset';
  return collect(
    runs,
    (run) => run.datasets.map(({ context }) => role(context)),
    (run, key) =>
      run.datasets
        .filter(({ context }) => role(context) === key)
        .map(({ name, digest }) => `${name} ${digest}`)
        .sort()
        .join(', ') || undefined,
  );
}

/** Every section of the runs, in the order in which a difference explains the next. Metrics may be limited to some. */
export function sectionsOf(runs: readonly Run[], metrics: readonly string[] | undefined): Section[] {
  const labels = new Map(CODE_TAGS);
  const code = collect(
    runs,
    (run) => CODE_TAGS.flatMap(([tag]) => (run.tags.has(tag) ? [tag] : [])),
    (run, tag) => run.tags.get(tag),
  );
  const own = (keys: Iterable<string>, reserved: string) => [...keys].filter((key) => !key.startsWith(reserved));
  const section = (name: SectionName, kind: ColumnKind, values: Values): Section => ({
    name,
    kind,
    ...diffRows(values),
  });
  return [
    section('code', 'text', new Map([...code].map(([tag, values]) => [labels.get(tag) ?? tag, values]))),
    section('data', 'text', datasetValues(runs)),
    section(
      'params',
      'param',
      collect(
        runs,
        (run) => run.params.keys(),
        (run, key) => run.params.get(key),
      ),
    ),
    section(
      'tags',
      'tag',
      collect(
        runs,
        (run) => own(run.tags.keys(), 'mlflow.'),
        (run, key) => run.tags.get(key),
      ),
    ),
    section(
      'metrics',
      'metric',
      collect(runs, (run) => metrics ?? own(run.metrics.keys(), 'system/'), measureOf),
    ),
  ];
}

/** Among metrics, what stands for a run's duration. */
export const DURATION = 'attributes.duration';

/** A run's latest value of a metric, or its duration. */
export function measureOf(run: Run, key: string): number | undefined {
  return key === DURATION ? durationOf(run) : run.metrics.get(key)?.value;
}

const kindOfMetric = (key: string): ColumnKind => (key === DURATION ? 'duration' : 'metric');
export const metricLabel = (key: string): string => (key === DURATION ? 'duration' : key);

const MAX_SIDE_BY_SIDE = 4;
const TITLES: Record<SectionName, string> = {
  code: 'Code',
  data: 'Data',
  params: 'Parameters',
  tags: 'Tags',
  metrics: 'Metrics',
};

export type Better = (key: string) => 'higher' | 'lower' | undefined;

/** Few runs: one table per section, runs as columns. Many: one table, runs as rows. */
export function comparisonTables(runs: readonly Run[], sections: readonly Section[], better: Better): Table[] {
  if (runs.length > MAX_SIDE_BY_SIDE) return [wideTable(runs, sections)];
  const ordered = [...sections].sort((a, b) => Number(b.name === 'metrics') - Number(a.name === 'metrics'));
  const tables = ordered.flatMap(splitDurations).filter((section) => section.differing.length > 0);
  return tables.map((section) => sideBySide(runs, section, better));
}

/** Durations have a table of their own: the cells of a column share one unit. */
function splitDurations(section: Section): Section[] {
  const [durations = [], others = []] = [true, false].map((wanted) =>
    section.differing.filter(({ key }) => (key === DURATION) === wanted),
  );
  return [
    { ...section, differing: others },
    { ...section, differing: durations, kind: 'duration' },
  ];
}

function sideBySide(runs: readonly Run[], section: Section, better: Better): Table {
  const isPair = section.name === 'metrics' && runs.length === 2;
  const isDuration = section.kind === 'duration';
  const columns: Column[] = [
    { key: 'key', label: section.name === 'metrics' ? 'metric' : section.name, kind: 'text' },
    ...runs.map((run, i): Column => ({ key: `run${i + 1}`, label: columnLabel(run, runs), kind: section.kind })),
    ...(isPair ? changeColumns(isDuration ? 'duration' : 'delta') : []),
  ];
  const rows = section.differing.map((row) => [
    metricLabel(row.key),
    ...row.values,
    ...(isPair ? changeCells(row, better) : []),
  ]);
  return { title: isDuration ? 'Duration' : TITLES[section.name], columns, rows, total: rows.length };
}

/** The name, with the beginning of the id where two runs bear it. */
function columnLabel({ id, name }: Run, runs: readonly Run[]): string {
  const shortId = id.slice(0, 8);
  if (name === '') return shortId;
  return runs.filter((run) => run.name === name).length > 1 ? `${name} (${shortId})` : name;
}

const changeColumns = (kind: 'delta' | 'duration'): readonly Column[] => [
  { key: 'change', label: 'change', kind },
  { key: 'relative', label: 'relative', kind: 'percent' },
  { key: 'verdict', label: 'verdict', kind: 'text' },
];

function changeCells(row: DiffRow, better: Better): Cell[] {
  const [from, to] = row.values;
  if (typeof from !== 'number' || typeof to !== 'number' || !Number.isFinite(to - from))
    return [undefined, undefined, undefined];
  return [to - from, from === 0 ? undefined : (to - from) / Math.abs(from), verdictOf(row.key, to - from, better)];
}

/** Whether a change is for the better; undefined where that is not known. */
export function verdictOf(key: string, change: number, better: Better): 'better' | 'worse' | undefined {
  const direction = better(key);
  if (direction === undefined || change === 0) return undefined;
  return change > 0 === (direction === 'higher') ? 'better' : 'worse';
}

const WIDE_METRICS = 3;
const WIDE_COLUMNS = 6;

function wideTable(runs: readonly Run[], sections: readonly Section[]): Table {
  const metrics = sections.find(({ name }) => name === 'metrics');
  const shown = [
    ...[...(metrics?.differing ?? [])]
      .slice(0, WIDE_METRICS)
      .map((row) => ({ row, kind: kindOfMetric(row.key), name: 'metrics' })),
    ...sections
      .filter(({ name }) => name === 'params' || name === 'tags')
      .flatMap(({ differing, kind, name }) => differing.map((row) => ({ row, kind, name }))),
  ].slice(0, WIDE_COLUMNS);
  return {
    columns: [
      RUN_COLUMN.column,
      ...shown.map(({ row, kind, name }): Column => ({ key: `${name}.${row.key}`, label: metricLabel(row.key), kind })),
    ],
    rows: runs.map((run, i) => [refOf('run', run), ...shown.map(({ row }) => row.values[i])]),
    total: runs.length,
  };
}
