/** A table that sorts by its columns; until somebody sorts, rows stand as they came. */
import { useState } from 'preact/hooks';
import { compareCells, formatCell } from './format.js';
import { html } from './html.js';
import { inline } from './markdown.js';

/** @param table of a finding: columns, rows as objects, how many there are in all */
export function FindingTable({ table }) {
  const { title, columns, rows, total } = table;
  const cells = rows.map((row) => columns.map(({ key }) => row[key]));
  const draw = (cell, at) => {
    const { text, title: exact, isNumber, isMissing } = formatCell(cell, columns[at].kind);
    return html`<td class=${isNumber ? 'number' : isMissing ? 'missing' : undefined} title=${exact}>${text}</td>`;
  };
  const note = total > rows.length ? `${rows.length} of ${total.toLocaleString('en')}` : undefined;
  const right = columns.map(({ kind }, at) => cells.some((row) => formatCell(row[at], kind).isNumber));
  return html`<${SortableTable} caption=${title} heads=${columns.map(({ label }) => label)} right=${right} rows=${cells} draw=${draw} note=${note} />`;
}

/** @param block of Markdown */
export function TextTable({ block }) {
  const draw = (cell, at) => html`<td class=${block.right[at] ? 'number' : undefined}>${inline(cell)}</td>`;
  return html`<${SortableTable} heads=${block.head} right=${block.right} rows=${block.rows} draw=${draw} />`;
}

function SortableTable({ caption, heads, right, rows, draw, note }) {
  const [order, setOrder] = useState();
  const sorted =
    order === undefined ? rows : rows.toSorted((a, b) => compareCells(a[order.at], b[order.at], order.isDown));
  const sortBy = (at) =>
    setOrder(order?.at !== at ? { at, isDown: false } : order.isDown ? undefined : { at, isDown: true });
  const stateOf = (at) => (order?.at !== at ? 'none' : order.isDown ? 'descending' : 'ascending');
  const mark = { none: '', ascending: ' ↑', descending: ' ↓' };
  return html`<figure class="table">
    <div class="scroll" tabindex="0" role="region" aria-label=${caption ?? 'table'}>
      <table>
        ${caption && html`<caption>${caption}</caption>`}
        <thead><tr>${heads.map(
          (head, at) =>
            html`<th scope="col" class=${right[at] ? 'number' : undefined} aria-sort=${stateOf(at)}><button type="button" onClick=${() => sortBy(at)}>${head}<span aria-hidden="true">${mark[stateOf(at)]}</span></button></th>`,
        )}</tr></thead>
        <tbody>${sorted.map((row) => html`<tr>${row.map(draw)}</tr>`)}</tbody>
      </table>
    </div>
    ${note && html`<figcaption>${note}</figcaption>`}
  </figure>`;
}
