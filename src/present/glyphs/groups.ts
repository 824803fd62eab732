/** Groups side by side with terminal characters: the mean as a dot, one standard deviation to each side. */
import type { GroupsDrawing } from '../../finding/drawing.ts';
import { formatAlike, formatCount, formatDuration, formatNumber } from '../../finding/format.ts';
import { chooseAxis } from '../axis.ts';
import { sanitizeLine } from '../sanitize.ts';
import { plainLabel } from '../series-label.ts';
import { paint, type Screen } from '../style.ts';
import { chooseUnit, quantityLabel } from '../units.ts';
import { noteLines, xAxisRows } from './frame.ts';
import { layOutRows, rowLines } from './rows.ts';

export function drawGroups({ by, value, statistic, each, groups, total }: GroupsDrawing, screen: Screen): string[] {
  const ends = groups.flatMap(({ centre, sd = 0 }) => [centre - sd, centre + sd]).filter(Number.isFinite);
  if (ends.length === 0) return ['no finite value to draw'];
  const names = groups.map(({ name }) => plainLabel(name ?? 'none'));
  const texts = groupTexts({ value, groups }, screen);
  const layout = layOutRows(names, texts, screen);
  const { cells, nameWidth } = layout;
  const unit = chooseUnit(ends, value.kind);
  const axis = chooseAxis(
    ends.map((end) => end / unit.per),
    'linear',
  );
  const column = (at: number) => Math.round(axis.place(at / unit.per) * (cells - 1));
  const rows = groups.flatMap(({ centre, sd }, i) => {
    const line = Number.isFinite(centre) ? spreadGlyphs(column, centre, sd, cells, screen) : ' '.repeat(cells);
    return rowLines(layout, names[i] ?? plainLabel(''), paint(screen, 'series-0', line), texts[i] ?? '', screen);
  });
  const spread = groups.some(({ sd }) => sd !== undefined) ? ` ${screen.unicode ? '±' : '+-'} sd` : '';
  const notes = [
    `${statistic}${spread} of ${sanitizeLine(quantityLabel(value, unit))} by ${sanitizeLine(by)}, n in ${each}s`,
    total > groups.length ? `${formatCount(groups.length)} of ${formatCount(total)} groups shown` : '',
  ];
  return [...rows, ...xAxisRows(axis, cells, nameWidth + 1, '', screen), ...noteLines(notes, screen)];
}

/** `0.914 ± 0.01, n 3`. */
function groupTexts({ value, groups }: Pick<GroupsDrawing, 'value' | 'groups'>, screen: Screen): string[] {
  const centres = formatAlike(
    groups.map(({ centre }) => centre),
    value.kind,
  );
  return groups.map(({ sd, n }, i) => {
    const size = sd === undefined ? '' : value.kind === 'duration' ? formatDuration(sd) : formatNumber(sd, 3);
    const spread = size === '' ? '' : ` ${screen.unicode ? '±' : '+-'} ${size}`;
    return `${centres[i]}${spread}, n ${formatCount(n)}`;
  });
}

function spreadGlyphs(
  column: (value: number) => number,
  centre: number,
  sd: number | undefined,
  cells: number,
  screen: Screen,
): string {
  const [left, right, line, dot] = screen.unicode ? ['├', '┤', '─', '●'] : ['|', '|', '-', 'o'];
  const glyphs = Array.from({ length: cells }, () => ' ');
  if (sd !== undefined && Number.isFinite(sd)) {
    const [from, to] = [column(centre - sd), column(centre + sd)];
    glyphs.fill(line, from, to + 1);
    glyphs[from] = left;
    glyphs[to] = right;
  }
  glyphs[column(centre)] = dot;
  return glyphs.join('');
}
