/** Groups side by side with terminal characters: the mean as a dot, one standard deviation to each side. */
import type { GroupsDrawing } from '../../tools/kit/finding.ts';
import { formatAlike, formatCount, formatDuration, formatNumber } from '../../tools/kit/format.ts';
import { chooseAxis } from '../axis.ts';
import { sanitizeLine } from '../sanitize.ts';
import { fitLabel, plainLabel } from '../series-label.ts';
import { paint, type Screen } from '../style.ts';
import { chooseUnit, quantityLabel } from '../units.ts';
import { displayWidth, padStart } from '../width.ts';
import { noteLines, xAxisRows } from './frame.ts';

const MAXIMUM_WIDTH = 100;
const NAME_SHARE = 0.35;

export function drawGroups({ by, value, statistic, each, groups, total }: GroupsDrawing, screen: Screen): string[] {
  const ends = groups.flatMap(({ centre, sd = 0 }) => [centre - sd, centre + sd]).filter(Number.isFinite);
  if (ends.length === 0) return ['no finite value to draw'];
  const width = Math.min(screen.width, MAXIMUM_WIDTH);
  const names = groups.map(({ name }) => sanitizeLine(name ?? 'none'));
  const widest = names.reduce((most, name) => Math.max(most, displayWidth(name)), 0);
  const nameWidth = Math.min(widest, Math.floor(width * NAME_SHARE));
  const texts = groupTexts({ value, groups }, screen);
  const textWidth = texts.reduce((most, text) => Math.max(most, displayWidth(text)), 0);
  const cells = Math.max(10, width - nameWidth - textWidth - 3);
  const unit = chooseUnit(ends, value.kind);
  const axis = chooseAxis(
    ends.map((end) => end / unit.per),
    'linear',
  );
  const column = (at: number) => Math.round(axis.place(at / unit.per) * (cells - 1));
  const edge = screen.unicode ? '│' : '|';
  const rows = groups.map(({ centre, sd }, i) => {
    const line = Number.isFinite(centre) ? spreadGlyphs(column, centre, sd, cells, screen) : ' '.repeat(cells);
    const label = padStart(fitLabel(plainLabel(names[i] ?? ''), nameWidth, screen), nameWidth);
    return `${label} ${paint(screen, 'dim', edge)}${paint(screen, 'series-0', line)} ${texts[i]}`.trimEnd();
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
