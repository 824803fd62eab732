/** A table fitted to a width: text cells wrap, numbers never do, and what finds no room is said. */
import { paintSpans, type StyledSpan, spansWidth, wrapSpans } from './spans.ts';
import type { Screen } from './style.ts';
import { displayWidth, splitColumns } from './width.ts';

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

/** Columns: how wide one would be, and how narrow it may become. */
interface Measure {
  readonly natural: number;
  readonly minimum: number;
}

/** Undefined where not even the narrowest columns fit. */
function fitColumns(table: TextTable, width: number, minimumText: number): number[] | undefined {
  const room = width - GAP * (table.columns.length - 1);
  if (room < table.columns.length) return undefined;
  const measures = measureColumns(table, minimumText);
  return sum(measures.map(({ minimum }) => minimum)) > room ? undefined : shareRoom(measures, room);
}

/** The widest columns give way, down to one common width; what is then left over goes to the last of them. */
function shareRoom(measures: readonly Measure[], room: number): number[] {
  const at = (level: number) => measures.map(({ natural, minimum }) => Math.max(minimum, Math.min(natural, level)));
  let level = largest(measures.map(({ natural }) => natural));
  for (let [low, high] = [0, level]; low < high; level = low) {
    const middle = Math.ceil((low + high) / 2);
    if (sum(at(middle)) <= room) low = middle;
    else high = middle - 1;
  }
  const widths = at(level);
  let left = room - sum(widths);
  for (let index = widths.length - 1; index >= 0 && left > 0; index--) {
    const { natural, minimum } = measures[index]!;
    if (natural <= level || minimum > level) continue;
    widths[index] = level + 1;
    left -= 1;
  }
  return widths;
}

function measureColumns({ columns, rows }: TextTable, minimumText: number): Measure[] {
  return columns.map((column, index) => measureColumn(column, rows, index, minimumText));
}

function measureColumn(column: TableColumn, rows: TextTable['rows'], index: number, minimumText: number): Measure {
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
  const kept = countFitting(table, screen.width);
  const narrowed = firstColumns(table, kept);
  const widths = fitColumns(narrowed, screen.width, MINIMUM_TEXT) ?? [screen.width];
  const left = table.columns.slice(kept).map((column) => column.label);
  const note = `${left.length} more ${left.length === 1 ? 'column does' : 'columns do'} not fit: ${left.join(', ')}`;
  return [
    ...drawGrid(narrowed, widths, screen),
    ...wrapSpans([{ text: note, tone: 'dim' }], screen.width).map((line) => paintSpans(screen, line)),
  ];
}

/** How many of the first columns fit; one is always kept. */
function countFitting(table: TextTable, width: number): number {
  // Each takes a column of the screen at least.
  const most = Math.min(table.columns.length - 1, Math.floor((width + GAP) / (1 + GAP)));
  let needed = -GAP;
  const fitting = measureColumns(firstColumns(table, most), MINIMUM_TEXT).findIndex(({ minimum }) => {
    needed += GAP + minimum;
    return needed > width;
  });
  return Math.max(1, fitting === -1 ? most : fitting);
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
  let used = 0;
  for (const part of splitLabel(label)) {
    const bare = displayWidth(part.trimEnd());
    const isNew = used > 0 && used + bare > width;
    if (isNew) lines.push('');
    const start = isNew ? 0 : used;
    const pieces = start + bare > width ? [...splitColumns(part, width)] : [part];
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) lines.push('');
      lines[lines.length - 1] += piece;
    }
    used = (pieces.length > 1 ? 0 : start) + displayWidth(pieces.at(-1) ?? '');
  }
  return lines.map((line) => line.trimEnd());
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
