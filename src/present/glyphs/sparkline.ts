/** A curve on one line, for screens too narrow for axes. */
import type { Series } from '../../finding/drawing.ts';
import { formatNumber } from '../../finding/format.ts';
import { chooseAxis } from '../axis.ts';
import { labelText, seriesLabel } from '../series-label.ts';
import { paintSpans, wrapSpans } from '../spans.ts';
import { paint, type Screen, seriesTone } from '../style.ts';

const BLOCKS = '▁▂▃▄▅▆▇█';
const ASCII_LEVELS = '_.-=+*#@';
const MAXIMUM_CELLS = 48;

/** Per series its name, its shape (the mean of each stretch of steps; × where nothing in one is finite) and its ends. */
export function drawSparklines(series: readonly Series[], screen: Screen): string[] {
  return series.flatMap((one, index) => {
    const values = one.points.map((point) => point.value);
    const name = wrapSpans([{ text: labelText(seriesLabel(one)) }], screen.width).map((line) =>
      paintSpans(screen, line),
    );
    const range = wrapSpans([{ text: describeRange(values), tone: 'dim' }], screen.width);
    return [
      ...name,
      paint(screen, seriesTone(index), shape(values, screen)),
      ...range.map((line) => paintSpans(screen, line)),
    ];
  });
}

function shape(values: readonly number[], screen: Screen): string {
  const levels = screen.unicode ? BLOCKS : ASCII_LEVELS;
  const cells = Math.min(values.length, screen.width, MAXIMUM_CELLS);
  const means = Array.from({ length: cells }, (_, cell) => {
    const from = Math.floor((cell * values.length) / cells);
    return finiteMean(values.slice(from, Math.floor(((cell + 1) * values.length) / cells)));
  });
  const axis = chooseAxis(
    means.filter((mean) => mean !== undefined),
    'linear',
  );
  return means
    .map((mean) =>
      mean === undefined ? (screen.unicode ? '×' : '!') : levels[Math.round(axis.place(mean) * (levels.length - 1))],
    )
    .join('');
}

function finiteMean(values: readonly number[]): number | undefined {
  const finite = values.filter(Number.isFinite);
  return finite.length === 0 ? undefined : finite.reduce((sum, value) => sum + value / finite.length, 0);
}

function describeRange(values: readonly number[]): string {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return 'no finite value';
  const { minimum, maximum } = chooseAxis(finite, 'linear');
  const [first = 0, last = 0] = [values[0], values.at(-1)];
  return `first ${formatNumber(first)}, last ${formatNumber(last)}, least ${formatNumber(minimum)}, greatest ${formatNumber(maximum)}`;
}
