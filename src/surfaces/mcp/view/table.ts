/** Tables that sort by the column whose heading is pressed. */
import { formatColumn } from '../../../finding/format.ts';
import { isRef } from '../../../finding/refs.ts';
import type { Cell, Column } from '../../../finding/table.ts';
import { type Child, element } from './element.ts';
import type { JsonCell, TableRecord } from './record.ts';

export interface SortableCell {
  readonly shown: Child;
  /** Missing ones and those that are no numbers stand last, whichever way it is sorted. */
  readonly order: number | string | undefined;
}

interface Heading {
  readonly shown: Child;
  readonly isRight: boolean;
}

export function sortableTable(headings: readonly Heading[], rows: readonly (readonly SortableCell[])[]): HTMLElement {
  const body = element('tbody');
  const show = (sorted: typeof rows) =>
    body.replaceChildren(
      ...sorted.map((row) =>
        element('tr', {}, ...row.map(({ shown }, at) => element('td', sideOf(headings[at]), shown))),
      ),
    );
  const heads = headings.map((heading, at) => {
    const button = element('button', { type: 'button', title: 'Sort' }, heading.shown);
    const head = element('th', { ...sideOf(heading), scope: 'col' }, button);
    button.addEventListener('click', () => {
      // What is sorted already turns round.
      const direction = head.getAttribute('aria-sort') === 'ascending' ? 'descending' : 'ascending';
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', direction);
      show(sorted(rows, at, direction === 'ascending' ? 1 : -1));
    });
    return head;
  });
  show(rows);
  return element(
    'div',
    { class: 'scroll' },
    element('table', {}, element('thead', {}, element('tr', {}, ...heads)), body),
  );
}

const sideOf = (heading: Heading | undefined) => ({ class: heading?.isRight ? 'right' : undefined });

function sorted(rows: readonly (readonly SortableCell[])[], at: number, direction: 1 | -1) {
  const isOrdered = (order: SortableCell['order']) => order !== undefined && !Number.isNaN(order);
  return rows.toSorted((one, other) => {
    const [a, b] = [one[at]?.order, other[at]?.order];
    if (!isOrdered(a) || !isOrdered(b)) return Number(isOrdered(b)) - Number(isOrdered(a));
    return compare(a!, b!) * direction;
  });
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a === b ? 0 : a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}

/** What a text that stands in a table is sorted by: its number, where it is one. */
export function orderOfText(text: string): number | string | undefined {
  const plain = text.trim().replaceAll(',', '');
  if (plain === '' || plain === '–' || plain === '-') return undefined;
  const value = Number(plain.replace(/%$/, ''));
  return Number.isNaN(value) ? text.trim() : value;
}

const NUMBERS = new Set(['metric', 'count', 'number', 'percent', 'delta', 'duration', 'time']);

/** A finding's table, at full precision in its order and as the program writes it in its cells. */
export function findingTable({ title, columns, rows, total }: TableRecord): HTMLElement {
  const shown = columns.map((column) => {
    const cells = rows.map((row) => cellOf(Object.hasOwn(row, column.key) ? row[column.key] : undefined, column));
    const texts = formatColumn(column, cells);
    return cells.map((cell, at): SortableCell => ({ shown: texts[at] ?? '', order: orderOf(cell) }));
  });
  const table = sortableTable(
    columns.map(({ label, kind }) => ({ shown: label, isRight: NUMBERS.has(kind) })),
    rows.map((_, at) => shown.flatMap((column) => column[at] ?? [])),
  );
  const more = total > rows.length ? [element('p', { class: 'quiet' }, `+${total - rows.length} more`)] : [];
  return element('section', {}, ...(title === undefined ? [] : [element('h3', {}, title)]), table, ...more);
}

/** A number that JSON has not came as text. */
function cellOf(json: JsonCell | undefined, { kind }: Column): Cell {
  return typeof json === 'string' && NUMBERS.has(kind) ? Number(json) : json;
}

function orderOf(cell: Cell): SortableCell['order'] {
  if (isRef(cell)) return cell.name || cell.id;
  return typeof cell === 'boolean' || typeof cell === 'bigint' ? String(cell) : cell;
}
