/** Groups side by side as a picture: the mean as a dot, one standard deviation to each side, n beside it. */
import type { GroupsDrawing } from '../../finding/drawing.ts';
import { formatAlike, formatCount, formatDuration, formatNumber } from '../../finding/format.ts';
import { chooseAxis } from '../axis.ts';
import { plainLabel } from '../series-label.ts';
import { chooseUnit, largeUnit, quantityLabel } from '../units.ts';
import { nameLayer } from './bars.ts';
import { pictureLabel, pictureText } from './picture-text.ts';
import { createScale, type Layer, pixel, type Scale, type Sketch, textLayer } from './sketch.ts';
import { COLOURS, PLOT_WIDTH } from './theme.ts';

const ROW = 34;
const CAP = 6;

/** Undefined where no value is finite. */
export function sketchGroups({ by, value, statistic, each, groups, total }: GroupsDrawing): Sketch | undefined {
  const ends = groups.flatMap(({ centre, sd = 0 }) => [centre - sd, centre + sd]).filter(Number.isFinite);
  if (ends.length === 0) return undefined;
  const [unit, large] = [chooseUnit(ends, value.kind), largeUnit(ends)];
  const per = unit.per * large.per;
  const axis = chooseAxis(
    ends.map((end) => end / per),
    'linear',
  );
  const hasSpread = groups.some(({ sd }) => sd !== undefined);
  const title = `${statistic}${hasSpread ? ' ± sd' : ''} of ${pictureText(quantityLabel(value, unit))}${large.name}`;
  const scale = createScale(axis, { title, side: 'x', room: PLOT_WIDTH });
  const middle = (i: number) => i * ROW + ROW / 2;
  const placed = groups
    .map(({ centre, sd }, i) => ({ centre, sd, y: middle(i) }))
    .filter((one) => Number.isFinite(one.centre));
  const spreads = placed.flatMap(({ centre, sd, y }) =>
    sd === undefined || !Number.isFinite(sd)
      ? []
      : [{ low: (centre - sd) / per, high: (centre + sd) / per, y, top: y - CAP, bottom: y + CAP }],
  );
  const names = groups.map(({ name }, i) => ({ name: pictureLabel(plainLabel(name ?? 'none')), y: middle(i) }));
  const { names: nameLayers, left } = nameLayer(names);
  const texts = groupTexts({ value, groups }).map((text, i) => ({ text, x: PLOT_WIDTH + 12, y: middle(i) }));
  const dots = placed.map(({ centre, y }) => ({ centre: centre / per, y }));
  return {
    layers: [...spreadLayers(spreads, scale), dotLayer(dots, scale), ...nameLayers, ...textLayer(texts, {})],
    height: groups.length * ROW,
    left,
    legend: [],
    notes: [
      `by ${pictureText(by)}`,
      hasSpread ? `dot: ${statistic}; bar: one standard deviation to each side; n in ${each}s` : `n in ${each}s`,
      total > groups.length ? `${formatCount(groups.length)} of ${formatCount(total)} groups shown` : '',
    ],
  };
}

/** `0.914 ± 0.01 (n 3)`. */
function groupTexts({ value, groups }: Pick<GroupsDrawing, 'value' | 'groups'>): string[] {
  const centres = formatAlike(
    groups.map(({ centre }) => centre),
    value.kind,
  );
  return groups.map(({ sd, n }, i) => {
    const spread = sd === undefined ? '' : ` ± ${value.kind === 'duration' ? formatDuration(sd) : formatNumber(sd, 3)}`;
    return pictureText(`${centres[i]}${spread} (n ${formatCount(n)})`);
  });
}

const along = (field: string, scale: Scale): Layer => ({ field, type: 'quantitative', ...scale });

function spreadLayers(rows: readonly Record<string, number>[], scale: Scale): Layer[] {
  if (rows.length === 0) return [];
  const mark = { type: 'rule', color: COLOURS[0], strokeWidth: 2 };
  const cap = (field: string): Layer => ({
    data: { values: rows },
    mark,
    encoding: { x: along(field, scale), y: pixel('top'), y2: { field: 'bottom' } },
  });
  const line = {
    data: { values: rows },
    mark,
    encoding: { x: along('low', scale), x2: { field: 'high' }, y: pixel('y') },
  };
  return [line, cap('low'), cap('high')];
}

function dotLayer(rows: readonly Record<string, number>[], scale: Scale): Layer {
  const mark = { type: 'point', shape: 'circle', filled: true, size: 90, color: COLOURS[0], opacity: 1 };
  return { data: { values: rows }, mark, encoding: { x: along('centre', scale), y: pixel('y') } };
}
