/** The script that repeats a summary. */
import { pythonScript, pythonString } from '../python/python-text.ts';
import { pythonGroup, pythonMeasure, pythonSelection } from '../python/reproduce.ts';
import { isQuantile, QUANTILES, type Summarized } from './words.ts';

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
