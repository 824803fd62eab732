/** A table fitted to a width: text cells wrap, numbers never do, and what finds no room is said. */
import { paintSpans, type StyledSpan, spansWidth, wrapSpans } from './spans.ts';
import type { Screen } from './style.ts';
import { displayWidth, takeColumns } from './width.ts';

export interface TableColumn {
  readonly label: string;
  /** Right-aligned cells are numbers: they keep their width. */
  readonly align: 'left' | 'right';
}
export interface TextTable {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly (readonly StyledSpan[])[])[];
}

const GAP = 2;
/** Narrowest that a text column gets: as wide as its longest word where that fits, else so many columns. */
const MINIMUM_TEXT = 12;
const MAXIMUM_WORD = 32;
/** Up to so many rows, a table that is too wide is turned on its side. */
const MAXIMUM_RECORDS = 4;

export function drawTable(table: TextTable, screen: Screen): string[] {
  const widths = fitColumns(table, screen.width, MAXIMUM_WORD) ?? fitColumns(table, screen.width, MINIMUM_TEXT);
  if (widths !== undefined) return drawGrid(table, widths, screen);
  if (table.rows.length <= MAXIMUM_RECORDS) return drawRecords(table, screen);
  return drawNarrowed(table, screen);
}

/** Undefined where not even the narrowest columns fit. */
function fitColumns(table: TextTable, width: number, minimumText: number): number[] | undefined {
  const columns = table.columns.map((column, index) => measureColumn(column, table.rows, index, minimumText));
  const widths = columns.map((column) => column.natural);
  let excess = sum(widths) + GAP * (widths.length - 1) - width;
  while (excess > 0) {
    const slack = widths.map((value, index) => (value > (columns[index]?.minimum ?? value) ? value : 0));
    const widest = slack.indexOf(Math.max(...slack));
    if ((slack[widest] ?? 0) === 0) return undefined;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

function measureColumn(column: TableColumn, rows: TextTable['rows'], index: number, minimumText: number) {
  const cells = rows.map((row) => row[index] ?? []);
  const widest = largest(cells.map(spansWidth));
  const word = column.align === 'right' ? widest : Math.min(largest(cells.map(longestWord)), minimumText);
  const label = Math.min(largest(splitLabel(column.label).map((part) => displayWidth(part.trimEnd()))), minimumText);
  return { natural: Math.max(widest, displayWidth(column.label)), minimum: Math.max(word, label) };
}

function longestWord(cell: readonly StyledSpan[]): number {
  const text = cell.map((span) => span.text).join('');
  return largest(text.split(' ').map(displayWidth));
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 1);
}

function drawGrid(table: TextTable, widths: readonly number[], screen: Screen): string[] {
  const header = table.columns.map((column, index) =>
    wrapLabel(column.label, widths[index] ?? 1).map((text): StyledSpan[] => [{ text, tone: 'strong' }]),
  );
  const rule = widths.map((width) => (screen.unicode ? '─' : '-').repeat(width)).join(' '.repeat(GAP));
  const body = table.rows.map((row) => row.map((cell, index) => wrapSpans(cell, widths[index] ?? 1)));
  return [
    ...drawRow(header, table.columns, widths, screen, 'bottom'),
    paintSpans(screen, [{ text: rule, tone: 'dim' }]),
    ...body.flatMap((row) => drawRow(row, table.columns, widths, screen, 'top')),
  ];
}

/** One row of cells that may each have several lines. */
function drawRow(
  cells: readonly (readonly StyledSpan[][])[],
  columns: readonly TableColumn[],
  widths: readonly number[],
  screen: Screen,
  anchor: 'top' | 'bottom',
): string[] {
  const height = Math.max(...cells.map((cell) => cell.length));
  return Array.from({ length: height }, (_, line) =>
    columns
      .map((column, index) => {
        const cell = cells[index] ?? [];
        const spans = cell[anchor === 'top' ? line : line - (height - cell.length)] ?? [];
        const padding = ' '.repeat(Math.max(0, (widths[index] ?? 0) - spansWidth(spans)));
        const text = paintSpans(screen, spans);
        return column.align === 'right' ? padding + text : text + padding;
      })
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
}

/** Each row as a list of `label: value` under its first cell. */
function drawRecords(table: TextTable, screen: Screen): string[] {
  return table.rows.flatMap((row) => {
    const head = wrapSpans(row[0] ?? [], screen.width).map((line) => paintSpans(screen, line));
    const fields = table.columns.slice(1).flatMap((column, index) => {
      const spans: StyledSpan[] = [{ text: `${column.label}: `, tone: 'dim' }, ...(row[index + 1] ?? [])];
      return wrapSpans(spans, screen.width - GAP).map((line) => ' '.repeat(GAP) + paintSpans(screen, line));
    });
    return [...head, ...fields];
  });
}

/** As many of the first columns as fit, and the names of the others. */
function drawNarrowed(table: TextTable, screen: Screen): string[] {
  let kept = table.columns.length - 1;
  while (kept > 1 && fitColumns(firstColumns(table, kept), screen.width, MINIMUM_TEXT) === undefined) kept -= 1;
  const narrowed = firstColumns(table, kept);
  const widths = fitColumns(narrowed, screen.width, MINIMUM_TEXT) ?? [screen.width];
  const left = table.columns.slice(kept).map((column) => column.label);
  const note = `${left.length} more ${left.length === 1 ? 'column does' : 'columns do'} not fit: ${left.join(', ')}`;
  return [
    ...drawGrid(narrowed, widths, screen),
    ...wrapSpans([{ text: note, tone: 'dim' }], screen.width).map((line) => paintSpans(screen, line)),
  ];
}

function firstColumns(table: TextTable, count: number): TextTable {
  return { columns: table.columns.slice(0, count), rows: table.rows.map((row) => row.slice(0, count)) };
}

/** Names break after the signs that join their parts. */
function splitLabel(label: string): string[] {
  return label.match(/[^\s_./-]+[\s_./-]*|[\s_./-]+/g) ?? [label];
}

function wrapLabel(label: string, width: number): string[] {
  const lines = [''];
  for (const part of splitLabel(label)) {
    if (displayWidth((lines.at(-1) + part).trimEnd()) > width && lines.at(-1) !== '') lines.push('');
    let rest = part;
    while (displayWidth(rest.trimEnd()) > width) {
      const { head, tail } = takeColumns(rest, width);
      if (head === '') break;
      lines[lines.length - 1] = head;
      lines.push('');
      rest = tail;
    }
    lines[lines.length - 1] += rest;
  }
  return lines.map((line) => line.trimEnd());
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
