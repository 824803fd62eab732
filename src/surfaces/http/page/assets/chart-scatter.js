/** One point for each run: a param or a metric against a metric, with the fit where there is one. */
import { Axes, DataTable, PLOT } from './chart-frame.js';
import { formatDuration, formatTime, formatValue } from './format.js';
import { html } from './html.js';
import { createScale } from './scale.js';

const FORMATS = { duration: formatDuration, time: formatTime };

export function Scatter({ chart, Frame }) {
  const { points, fit, each, total } = chart;
  const own = points.filter(({ x, y }) => typeof x === 'number' && typeof y === 'number');
  const x = createScale(
    own.map((point) => point.x),
    PLOT.left,
    PLOT.right,
    { isLog: chart.x.log },
  );
  const y = createScale(
    own.map((point) => point.y),
    PLOT.bottom,
    PLOT.top,
  );
  const [formatX, formatY] = [chart.x, chart.y].map(({ kind }) => FORMATS[kind] ?? formatValue);
  const marks = own
    .toSorted((a, b) => a.x - b.x)
    .map((point) => ({
      x: x.at(point.x),
      y: y.at(point.y),
      text: `${chart.x.label} ${formatX(point.x)}, ${chart.y.label} ${point.y}`,
    }));
  const line = fit?.curve.filter((point) => typeof point.y === 'number' && point.y >= y.low && point.y <= y.high) ?? [];
  const path = line
    .map((point, n) => `${n === 0 ? 'M' : 'L'}${x.at(point.x).toFixed(1)} ${y.at(point.y).toFixed(1)}`)
    .join('');
  const reading = `${own.length === total ? total : `${own.length} of ${total}`} points, one for each ${each}.`;
  const data = html`<${DataTable} heads=${[chart.x.label, chart.y.label]} rows=${points.map((point) => [point.x, point.y])} />`;
  return html`<${Frame} chart=${chart} marks=${marks} data=${data} reading=${reading}>
    <${Axes} x=${x} y=${y} xLabel=${`${chart.x.label}${chart.x.log ? ' (log scale)' : ''}`} yLabel=${chart.y.label} formatX=${formatX} formatY=${formatY} />
    <g class="dots c0">${marks.map((mark) => html`<circle cx=${mark.x} cy=${mark.y} r="3" />`)}</g>
    ${path !== '' && html`<path class="fit" d=${path} />`}
  <//>`;
}
