/** Ranked bars, and the shares of params against the noise floor, with terminal characters. Bars begin at 0. */
import { shareText } from '../../finding/chart-words.ts';
import type { BarsDrawing, ImpactDrawing } from '../../finding/drawing.ts';
import { formatAlike, formatCount, formatNumber, formatPercent } from '../../finding/format.ts';
import { chooseAxis } from '../axis.ts';
import { sanitizeLine } from '../sanitize.ts';
import { type Label, nameLabels, plainLabel } from '../series-label.ts';
import { paint, type Screen, type Tone } from '../style.ts';
import { noteLines } from './frame.ts';
import { layOutRows, rowLines } from './rows.ts';

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;

interface Row {
  readonly name: Label;
  readonly value: number;
  readonly text: string;
  readonly tone: Tone;
}

export function drawBars({ value, bars, total }: BarsDrawing, screen: Screen): string[] {
  const texts = formatAlike(
    bars.map((bar) => bar.value),
    value.kind,
  );
  const names = nameLabels(bars.map(({ name }) => name));
  const rows = bars.map(({ value, sd }, i): Row => {
    const spread = sd === undefined ? '' : ` ${screen.unicode ? '±' : '+-'} ${formatNumber(sd, 3)}`;
    return {
      name: names[i] as Label,
      value,
      text: `${texts[i]}${spread}`,
      tone: 'series-0',
    };
  });
  const more = total > bars.length ? `${formatCount(bars.length)} of ${formatCount(total)} shown` : '';
  return [...barLines(rows, undefined, screen), ...noteLines([sanitizeLine(value.label), more], screen)];
}

export function drawImpact({ metric, bars, noiseFloor }: ImpactDrawing, screen: Screen): string[] {
  const rows = bars.map(({ params, explained, verdict }): Row => {
    return {
      name: plainLabel(params.join(' + ')),
      value: explained,
      text: shareText(explained, verdict),
      tone: verdict === 'none' ? 'dim' : 'series-0',
    };
  });
  const floor = `${screen.unicode ? '┊' : ':'} noise floor ${formatPercent(noiseFloor)}: what chance reaches in 95% of cases`;
  const label = `share of the variance of ${sanitizeLine(metric)}, adjusted`;
  return [...barLines(rows, noiseFloor, screen), ...noteLines([label, floor], screen)];
}

/** `line`: a value marked across all bars. */
function barLines(rows: readonly Row[], line: number | undefined, screen: Screen): string[] {
  const layout = layOutRows(
    rows.map(({ name }) => name),
    rows.map(({ text }) => text),
    screen,
  );
  const { cells } = layout;
  const finite = rows.map(({ value }) => value).filter(Number.isFinite);
  const axis = chooseAxis([0, ...finite, ...(line === undefined ? [] : [line])], 'linear');
  const at = (value: number) => (axis.maximum === axis.minimum ? 0 : axis.place(value) * cells);
  const marked = line === undefined ? undefined : Math.min(cells - 1, Math.floor(at(line)));
  return rows.flatMap(({ name, value, text, tone }) => {
    const glyphs = Number.isFinite(value) ? barGlyphs(at(0), at(value), cells, screen) : [];
    return rowLines(layout, name, paintBar(glyphs, cells, marked, tone, screen), text, screen);
  });
}

/** One glyph a cell from the zero line to the value; the last cell of a bar to the right is drawn in eighths. */
function barGlyphs(zero: number, end: number, cells: number, screen: Screen): string[] {
  const full: string = screen.unicode ? '█' : '#';
  const [from, to] = [Math.min(zero, end), Math.max(zero, end)];
  const glyphs: string[] = Array.from({ length: cells }, (_, cell) =>
    cell >= Math.round(from) && cell < Math.floor(to) ? full : '',
  );
  const rest = to - Math.floor(to);
  const part = end > zero && screen.unicode ? EIGHTHS[Math.floor(rest * 8)] : rest >= 0.5 ? full : '';
  if (Math.floor(to) < cells && Math.floor(to) >= Math.round(from)) glyphs[Math.floor(to)] = part ?? '';
  // What is not zero shows.
  if (end > zero && glyphs.join('') === '') glyphs[Math.min(cells - 1, Math.floor(from))] = screen.unicode ? '▏' : '#';
  return glyphs;
}

function paintBar(
  glyphs: readonly string[],
  cells: number,
  line: number | undefined,
  tone: Tone,
  screen: Screen,
): string {
  const mark = screen.unicode ? '┊' : ':';
  return Array.from({ length: cells }, (_, cell) => {
    if (cell === line) return paint(screen, 'series-1', mark);
    const glyph = glyphs[cell] ?? '';
    return glyph === '' ? ' ' : paint(screen, tone, glyph);
  }).join('');
}
