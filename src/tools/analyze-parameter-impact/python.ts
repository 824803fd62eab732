/** Scripts that repeat how a metric goes with a param, or two columns with each other, with numpy and pandas. */
import type { Association } from '../../analysis/association.ts';
import type { Impact, ImpactRow } from '../../analysis/impact.ts';
import { type ParamValues, typeParam } from '../../analysis/params.ts';
import type { MeasureColumn, MeasuredRuns } from '../population/measures.ts';
import type { Selection } from '../population/population.ts';
import { configurationLines } from '../python/configurations.ts';
import { pythonScript, pythonString } from '../python/python-text.ts';
import { pythonMeasure, pythonSelection } from '../python/reproduce.ts';

export interface PythonImpact {
  readonly reading: MeasuredRuns;
  readonly measure: MeasureColumn;
  readonly selection: Selection;
  readonly impact: Impact;
}

/** The first param's share of variance over the means of configurations; of none, how many configurations there are. */
export function pythonImpact({ reading, measure, selection, impact }: PythonImpact): string {
  const { value, ...python } = pythonMeasure(measure);
  const lines = [...pythonSelection(reading, selection, python), ...configurationLines(impact.apart)];
  const [row] = impact.rows;
  if (row === undefined) return pythonScript(...lines, '{"configurations": len(groups), "runs": len(runs)}');
  const key = row.params[0] ?? '';
  const isNumber = impact.apart.some(({ param, kind }) => param === key && kind === 'number');
  const read = `level(group[0].data.params.get(${pythonString(key)}), ${isNumber ? 'True' : 'False'})`;
  return pythonScript(
    ...lines,
    'pairs = []',
    'for group in groups.values():',
    `    pair = ${read}, numpy.mean([${value} for run in group])`,
    '    pairs.append(pair)',
    'table = pandas.DataFrame(pairs, columns=["x", "y"])',
    ...(isNumber ? ['table = table.dropna()', 'table["x"] = table["x"].astype(float)'] : []),
    ...fitLines(row),
    `# Not repeated: the noise floor, from ${impact.shuffles === 0 ? 'the F distribution' : `${impact.shuffles} seeded shuffles of y`}.`,
    '{"configurations": len(groups), "runs": len(runs), "adjusted R2": adjusted}',
  );
}

const isNumeric = (values: ParamValues, name: string): boolean => typeParam(values, name).kind === 'number';

/** Lines that make `adjusted` from the columns x and y of `table`. */
function fitLines({ form, scale }: Pick<ImpactRow, 'form' | 'scale'>): string[] {
  const x = scale === 'log10' ? 'numpy.log10(table["x"])' : 'table["x"]';
  const fit =
    form === 'category'
      ? [
          'fit = table.groupby("x", dropna=False)["y"].transform("mean")',
          'terms = table["x"].nunique(dropna=False) - 1',
        ]
      : [`x, terms = ${x}, ${form === 'line' ? 1 : 2}`, 'fit = numpy.polyval(numpy.polyfit(x, table["y"], terms), x)'];
  return [
    ...fit,
    'total = ((table["y"] - table["y"].mean()) ** 2).sum()',
    'rest = ((table["y"] - fit) ** 2).sum() / total',
    'adjusted = float(1 - rest * (len(table) - 1) / (len(table) - terms - 1))',
  ];
}

/** One side of a correlation. */
export interface PythonSide {
  readonly kind: 'metric' | 'param';
  readonly key: string;
  /** Of the runs that count, where it is a param. */
  readonly values: ParamValues;
}

/** Pearson's and Spearman's tables; of a number by category ε²; of two categories Cramér's V without its bias. */
export function pythonCorrelation(
  reading: MeasuredRuns,
  selection: Selection,
  sides: readonly [PythonSide, PythonSide],
  association: Association['kind'],
): string {
  const isNumber = (side: PythonSide) => side.kind === 'metric' || isNumeric(side.values, side.key);
  const [has, read] = [sides.map(hasSide).join(' and '), sides.map((side) => readSide(side, isNumber(side)))];
  const lines = [
    ...pythonSelection(reading, selection, { present: has, counts: has }),
    `pairs = [(${read.join(', ')}) for run in runs]`,
  ];
  if (association === 'numbers')
    return pythonScript(
      ...lines,
      'pair = pandas.DataFrame(pairs, columns=["a", "b"]).dropna().astype(float)',
      'pair.corr(), pair.corr("spearman")',
    );
  if (association === 'number by category')
    return pythonScript(
      ...lines,
      `table = pandas.DataFrame(pairs, columns=${isNumber(sides[0]) ? '["y", "x"]' : '["x", "y"]'}).dropna()`,
      ...fitLines({ form: 'category', scale: 'category' }),
      '{"n": len(table), "epsilon squared": adjusted}',
    );
  return pythonScript(
    ...lines,
    'pair = pandas.DataFrame(pairs, columns=["a", "b"]).dropna()',
    'table = pandas.crosstab(pair["a"], pair["b"]).to_numpy()',
    'n, (r, k) = table.sum(), table.shape',
    'expected = numpy.outer(table.sum(axis=1), table.sum(axis=0)) / n',
    'phi = max(0, ((table - expected) ** 2 / expected).sum() / n - (k - 1) * (r - 1) / (n - 1))',
    'least = min(r - (r - 1) ** 2 / (n - 1), k - (k - 1) ** 2 / (n - 1)) - 1',
    '{"n": int(n), "Cramer\'s V": float(min(1, (phi / least) ** 0.5))}',
  );
}

function hasSide({ kind, key }: PythonSide): string {
  if (kind === 'param') return `${pythonString(key)} in run.data.params`;
  return pythonMeasure({ field: { kind, key } }).counts;
}

function readSide({ kind, key }: PythonSide, isNumber: boolean): string {
  if (kind === 'metric') return pythonMeasure({ field: { kind, key } }).value;
  return `level(run.data.params.get(${pythonString(key)}), ${isNumber ? 'True' : 'False'})`;
}
