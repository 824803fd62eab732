/** What all charts share: title, axes, a reading of the point that is looked at, and the same as a table. */
import { useId, useRef, useState } from 'preact/hooks';
import { formatValue } from './format.js';
import { html } from './html.js';

/** In the units of a drawing; on a narrow screen fewer, or its words would be too small to read. */
const isNarrow = matchMedia('(max-width: 46rem)').matches;
export const WIDTH = isNarrow ? 380 : 720;
export const HEIGHT = 300;
export const MARGIN = { left: isNarrow ? 52 : 64, right: 16, top: 12, bottom: 40 };
export const PLOT = { left: MARGIN.left, right: WIDTH - MARGIN.right, top: MARGIN.top, bottom: HEIGHT - MARGIN.bottom };

/**
 * @param marks what can be looked at, in order: `{ x, y, text }`
 * @param onSelect called with two places between which was dragged
 */
export function ChartFrame({ chart, marks, reading, children, tools, legend, data, height = HEIGHT, onSelect }) {
  const [at, setAt] = useState();
  const [drag, setDrag] = useState();
  const svg = useRef();
  const id = useId();
  const placeOf = (event) => {
    const box = svg.current.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) / box.width) * WIDTH,
      y: ((event.clientY - box.top) / box.height) * height,
    };
  };
  const nearest = ({ x, y }) => {
    const distance = (mark) => (mark.x - x) ** 2 + (0.2 * (mark.y - y)) ** 2;
    return marks.reduce(
      (best, mark, n) => (best === undefined || distance(mark) < distance(marks[best]) ? n : best),
      undefined,
    );
  };
  const onDown = (event) => {
    svg.current.setPointerCapture(event.pointerId);
    const { x } = placeOf(event);
    setDrag({ from: x, to: x });
  };
  const onMove = (event) => {
    const place = placeOf(event);
    setAt(nearest(place));
    if (drag !== undefined) setDrag({ ...drag, to: place.x });
  };
  const onUp = () => {
    if (drag !== undefined && Math.abs(drag.to - drag.from) > 8)
      onSelect(Math.min(drag.from, drag.to), Math.max(drag.from, drag.to));
    setDrag(undefined);
  };
  const onKey = (event) => {
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
    const step = steps[event.key];
    if (event.key === 'Home') setAt(0);
    else if (event.key === 'End') setAt(marks.length - 1);
    else if (step !== undefined)
      setAt((was) => Math.max(0, Math.min(marks.length - 1, was === undefined ? 0 : was + step)));
    else return;
    event.preventDefault();
  };
  const mark = at === undefined ? undefined : marks[Math.min(at, marks.length - 1)];
  return html`<figure class="chart">
    <figcaption><span id="${id}t">${chart.title}</span>${tools && html`<span class="tools">${tools}</span>`}</figcaption>
    <svg ref=${svg} viewBox="0 0 ${WIDTH} ${height}" role="application" tabindex="0" aria-roledescription="chart" aria-labelledby="${id}t" aria-describedby="${id}a"
      onPointerMove=${onMove} onPointerLeave=${() => setAt(undefined)} onKeyDown=${onKey}
      onPointerDown=${onSelect && onDown}
      onPointerUp=${onUp} onPointerCancel=${() => setDrag(undefined)}>
      ${children}
      ${drag && html`<rect class="selection" x=${Math.min(drag.from, drag.to)} y=${PLOT.top} width=${Math.abs(drag.to - drag.from)} height=${height - MARGIN.top - MARGIN.bottom} />`}
      ${mark && html`<circle class="look" cx=${mark.x} cy=${mark.y} r="5" />`}
    </svg>
    <p class="reading" aria-live="polite">${mark ? mark.text : (reading ?? 'Point at the chart, or use the arrow keys, for values.')}</p>
    ${legend}
    <p id="${id}a" class="hidden">${chart.alt}</p>
    <details class="data"><summary>Data</summary><p>${chart.alt}</p>${data}</details>
  </figure>`;
}

export function Axes({ x, y, xLabel, yLabel, formatX = formatValue, formatY = formatValue, height = HEIGHT }) {
  const bottom = height - MARGIN.bottom;
  const labels = spaced(x?.ticks ?? [], x, formatX);
  return html`<g class="axes" aria-hidden="true">
    ${y?.ticks.map((tick) => html`<g><line class="grid" x1=${PLOT.left} x2=${PLOT.right} y1=${y.at(tick)} y2=${y.at(tick)} /><text class="end" x=${PLOT.left - 8} y=${y.at(tick) + 4}>${formatY(tick)}</text></g>`)}
    ${x?.ticks.map((tick) => html`<g><line class="tick" x1=${x.at(tick)} x2=${x.at(tick)} y1=${bottom} y2=${bottom + 5} />${labels.includes(tick) && html`<text class="middle" x=${x.at(tick)} y=${bottom + 18}>${formatX(tick)}</text>`}</g>`)}
    <line class="base" x1=${PLOT.left} x2=${PLOT.right} y1=${bottom} y2=${bottom} />
    <text class="middle" x=${(PLOT.left + PLOT.right) / 2} y=${height - 4}>${xLabel}</text>
    <text class="middle" transform="translate(12 ${(PLOT.top + bottom) / 2}) rotate(-90)">${yLabel}</text>
  </g>`;
}

/** As many of the ticks as have room for their words. */
function spaced(ticks, scale, format) {
  let end = Number.NEGATIVE_INFINITY;
  return ticks.filter((tick) => {
    const half = format(tick).length * 3.6;
    if (scale.at(tick) - half < end) return false;
    end = scale.at(tick) + half + 8;
    return true;
  });
}

/** Rows of plain values, most of them at most. */
export function DataTable({ heads, rows }) {
  const shown = rows.slice(0, 500);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="data of the chart"><table>
    <thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
    <tbody>${shown.map((row) => html`<tr>${row.map((cell) => html`<td class="number">${cell === undefined ? '–' : String(cell)}</td>`)}</tr>`)}</tbody>
  </table></div>${rows.length > shown.length && html`<p>${shown.length} of ${rows.length}: CSV has all.</p>`}`;
}
