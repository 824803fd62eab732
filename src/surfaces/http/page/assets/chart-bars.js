/** Named values one below the other: ranked runs, groups with their spread, what params explain. */
import { DataTable, MARGIN, WIDTH } from './chart-frame.js';
import { formatDuration, formatValue } from './format.js';
import { html } from './html.js';
import { createScale } from './scale.js';

const ROW = 24;
const NAMES = Math.min(190, 0.36 * WIDTH);
const VALUES = Math.min(90, 0.2 * WIDTH);
const LONGEST = Math.floor(NAMES / 8.3);
const FORMATS = { duration: formatDuration, percent: (value) => `${(100 * value).toFixed(1)} %` };

/** @returns `{ bars: [{ name, value, sd, note }], format, label, line }` */
function read(chart) {
  const format = FORMATS[chart.value?.kind] ?? formatValue;
  if (chart.kind === 'bars') return { bars: chart.bars, format, label: chart.value.label };
  if (chart.kind === 'groups') {
    const bars = chart.groups.map(({ name = 'without', centre, sd, n }) => ({
      name,
      value: centre,
      sd,
      note: `${n} ${chart.each}${n === 1 ? '' : 's'}`,
    }));
    return { bars, format, label: `${chart.statistic} of ${chart.value.label} by ${chart.by}` };
  }
  const bars = chart.bars.map(({ params, explained, verdict }) => ({
    name: params.join(' × '),
    value: explained,
    note: verdict,
  }));
  return { bars, format: FORMATS.percent, label: `share of the variance of ${chart.metric}`, line: chart.noiseFloor };
}

const short = (name) => (name.length <= LONGEST ? name : `${name.slice(0, LONGEST - 1)}…`);

export function Bars({ chart, Frame }) {
  const { bars, format, label, line } = read(chart);
  const finite = bars.flatMap(({ value, sd = 0 }) => (typeof value === 'number' ? [value - sd, value + sd] : []));
  const x = createScale([...finite, line ?? 0], NAMES, WIDTH - VALUES, { zero: true });
  const height = bars.length * ROW + MARGIN.top + 30;
  const marks = bars.map(({ name, value, sd, note }, n) => ({
    x: typeof value === 'number' ? x.at(value) : NAMES,
    y: MARGIN.top + n * ROW + ROW / 2,
    text: [`${name}: ${value}`, sd === undefined ? undefined : `± ${format(sd)}`, note].filter(Boolean).join(', '),
  }));
  const data = html`<${DataTable} heads=${['name', label, 'sd', '']} rows=${bars.map(({ name, value, sd, note }) => [name, value, sd, note])} />`;
  return html`<${Frame} chart=${chart} marks=${marks} data=${data} height=${height} reading=${line === undefined ? label : `${label}. Dashed: what shuffling alone produces.`}>
    ${line !== undefined && html`<line class="noise" x1=${x.at(line)} x2=${x.at(line)} y1=${MARGIN.top} y2=${MARGIN.top + bars.length * ROW} />`}
    ${bars.map(({ name, value, sd }, n) => {
      const y = MARGIN.top + n * ROW;
      const isNumber = typeof value === 'number';
      const [from, to] = isNumber ? [Math.min(x.at(0), x.at(value)), Math.max(x.at(0), x.at(value))] : [NAMES, NAMES];
      return html`<g>
        <text class="end" x=${NAMES - 8} y=${y + ROW / 2 + 4}>${short(name)}</text>
        ${isNumber && html`<rect class="bar c0" x=${from} y=${y + 4} width=${Math.max(1, to - from)} height=${ROW - 8} />`}
        ${isNumber && sd !== undefined && html`<line class="spread" x1=${x.at(value - sd)} x2=${x.at(value + sd)} y1=${y + ROW / 2} y2=${y + ROW / 2} />`}
        <text x=${Math.max(to, isNumber && sd !== undefined ? x.at(value + sd) : to) + 10} y=${y + ROW / 2 + 4}>${isNumber ? format(value) : value}</text>
      </g>`;
    })}
    <text class="middle" x=${(NAMES + WIDTH - VALUES) / 2} y=${height - 8}>${label}</text>
  <//>`;
}
