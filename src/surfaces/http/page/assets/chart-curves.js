/** Curves over steps or time: dragging across them looks closer, values that are not finite are gaps. */
import { useState } from 'preact/hooks';
import { Axes, DataTable, HEIGHT, PLOT } from './chart-frame.js';
import { formatDuration, formatTime, formatValue } from './format.js';
import { html } from './html.js';
import { createScale } from './scale.js';

const LABELS = { step: 'step', order: 'logged point', time: 'time since start', epoch: 'time (UTC)' };
const FORMATS = { time: formatDuration, epoch: formatTime };
const isLogAble = (value) => typeof value === 'number' && value > 0;

export function Curves({ chart, Frame }) {
  const { series, axis = 'step' } = chart;
  const [range, setRange] = useState();
  const [isLog, setLog] = useState(false);
  const xOf = ({ step, at }) => Number(at ?? step);
  const isIn = (point) => range === undefined || (xOf(point) >= range[0] && xOf(point) <= range[1]);
  const shown = series.map(({ name, points }) => ({ name, points: points.filter(isIn) }));
  const all = shown.flatMap(({ points }) => points).filter(({ value }) => typeof value === 'number');
  const x = createScale(all.map(xOf), PLOT.left, PLOT.right);
  const y = createScale(
    all.map(({ value }) => value),
    PLOT.bottom,
    PLOT.top,
    { isLog },
  );
  const formatX = FORMATS[axis] ?? formatValue;
  const canLog = all.length > 0 && all.every(({ value }) => isLogAble(value));
  const marks = shown.flatMap(({ name, points }) =>
    points
      .filter(({ value }) => typeof value === 'number')
      .map((point) => ({
        x: x.at(xOf(point)),
        y: y.at(point.value),
        text: `${name}: ${point.value} at ${LABELS[axis]} ${formatX(xOf(point))}`,
      })),
  );
  const placeToValue = (place) => x.low + ((place - PLOT.left) / (PLOT.right - PLOT.left)) * (x.high - x.low);
  const tools = html`
    ${range && html`<button type="button" onClick=${() => setRange(undefined)}>Whole curve</button>`}
    ${canLog && html`<button type="button" aria-pressed=${isLog} onClick=${() => setLog(!isLog)}>Log scale</button>`}`;
  const broken = series.reduce(
    (sum, { points }) => sum + points.filter(({ value }) => typeof value !== 'number').length,
    0,
  );
  const hint = `${broken > 0 ? `${broken} values are not finite: gaps. ` : ''}Drag to look closer; arrow keys read values.`;
  const data = html`<${DataTable} heads=${['curve', LABELS[axis], 'value']} rows=${series.flatMap(({ name, points }) => points.map((point) => [name, point.at ?? point.step, point.value]))} />`;
  const legend = html`<ul class="legend">${series.map(({ name }, n) => html`<li class="c${n % 8}"><span aria-hidden="true"></span>${name}</li>`)}</ul>`;
  return html`<${Frame} chart=${chart} marks=${marks} tools=${tools} legend=${legend} data=${data} reading=${hint} onSelect=${(from, to) => setRange([placeToValue(from), placeToValue(to)])}>
    <${Axes} x=${x} y=${y} xLabel=${LABELS[axis]} yLabel="" formatX=${formatX} height=${HEIGHT} />
    ${shown.map(({ points }, n) => html`<path class="curve c${n % 8}" d=${pathOf(points, x, y, xOf)} />`)}
    ${shown.map(({ points }, n) => points.length < 40 && html`<g class="dots c${n % 8}">${points.filter(({ value }) => typeof value === 'number').map((point) => html`<circle cx=${x.at(xOf(point))} cy=${y.at(point.value)} r="2.5" />`)}</g>`)}
  <//>`;
}

function pathOf(points, x, y, xOf) {
  let isDown = false;
  return points
    .map((point) => {
      if (typeof point.value !== 'number') {
        isDown = false;
        return '';
      }
      const move = isDown ? 'L' : 'M';
      isDown = true;
      return `${move}${x.at(xOf(point)).toFixed(1)} ${y.at(point.value).toFixed(1)}`;
    })
    .join('');
}
