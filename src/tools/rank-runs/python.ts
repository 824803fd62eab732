/** The script that repeats a ranking. */

import type { Impact } from '../../analysis/impact.ts';
import { tellingApart, typeParams } from '../../analysis/params.ts';
import type { MeasureColumn, MeasuredRuns } from '../population/measures.ts';
import type { Selection } from '../population/population.ts';
import { configurationLines } from '../python/configurations.ts';
import { IS_FINITE, pythonScript, pythonString } from '../python/python-text.ts';
import { pythonMeasure, pythonSelection } from '../python/reproduce.ts';
import type { ValueVariant } from './candidates.ts';

export interface PythonRanking {
  readonly reading: MeasuredRuns;
  readonly selection: Selection;
  readonly measure: MeasureColumn;
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

function configuredBy({ columns }: MeasuredRuns, { rows }: Selection): Impact['apart'] {
  const picked = new Map([...columns.params].map(([key, values]) => [key, rows.map((row) => values[row])] as const));
  return tellingApart(typeParams(picked)).map(([param, { kind }]) => ({ param, kind }));
}
