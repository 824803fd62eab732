/** Numbers, times and names of things as people read them. Findings keep full precision; only text is rounded. */
import { quoteCell, quoteName } from './quote.ts';
import { idNeeds, isRef, type Named, type Ref, refOf, shownId } from './refs.ts';
import type { Cell, Column, ColumnKind } from './table.ts';

const MISSING = '–';
const SCORE_DIGITS = 4;
const LEAD_DIGITS = 6;
const MAX_DECIMALS = 15;
/** What tells any two numbers apart, where there is room for their decimals. */
const MOST_DIGITS = 17;
/** Sizes of one column that still share a decimal count. */
const MOST_UNLIKE = 1000;

/** Takes zeros off the fraction, never off an exponent: `1.50e-10` is `1.5e-10`. */
const trimZeros = (text: string): string =>
  text.includes('.') ? text.replace(/^([^e]*?)\.?0+(e.*)?$/u, '$1$2') : text;
const magnitude = (value: number): number => Math.floor(Math.log10(Math.abs(value)));
const isPlain = (value: number): boolean => Math.abs(value) >= 1e-4 && Math.abs(value) < 1e15;

/** At most `digits` significant digits; whole numbers whole, non-finite values by name. */
export function formatNumber(value: number | bigint, digits = LEAD_DIGITS): string {
  if (typeof value === 'bigint' || !Number.isFinite(value)) return String(value);
  if (value === 0) return '0';
  if (Number.isInteger(value) && isPlain(value)) return String(value);
  // From 17 digits on, the shortest text that reads back as the value: `2e-5`, not `2.0000000000000002e-5`.
  if (!isPlain(Number(value.toPrecision(digits))))
    return trimZeros(value.toExponential(digits < 17 ? digits - 1 : undefined)).replace('e+', 'e');
  return trimZeros(value.toFixed(Math.min(MAX_DECIMALS, Math.max(0, digits - 1 - magnitude(value)))));
}

/** How many values differ in what can be shown: 0.7 and what a sum left over beside it are one. */
const countDifferent = (values: readonly number[], format: (value: number) => string): number =>
  new Set(values.map(format)).size;

/** As few digits as keep different values different, `from` at least. */
function withEnoughDigits(values: readonly number[], from: number, format: (value: number, digits: number) => string) {
  const different = countDifferent(values, (value) => format(value, MOST_DIGITS));
  let texts: string[] = [];
  for (let digits = from; digits <= MOST_DIGITS; digits++) {
    texts = values.map((value) => format(value, digits));
    if (new Set(texts).size >= different) break;
  }
  return texts;
}

/** Values side by side in a sentence: six significant digits, more where different values would look equal. */
export function formatDistinct(values: readonly number[]): string[] {
  return withEnoughDigits(values, LEAD_DIGITS, formatNumber);
}

export function formatCount(count: number | bigint): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

export const pluralOf = (noun: string): string => `${noun}s`;

/** `3 runs`, `1 run`, `no runs`-free: the plural adds an s unless given. */
export function countOf(count: number, noun: string, plural = pluralOf(noun)): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`;
}

/** A fraction as a percentage of at most three significant digits. */
export function formatPercent(fraction: number): string {
  return Number.isFinite(fraction) ? `${Number((fraction * 100).toPrecision(3))}%` : String(fraction);
}

const DURATION_DIGITS = 3;

/** Milliseconds: `33 ms`, `12.4 s`, `3 m 20 s`, `1 h 2 m 5 s`, `2 d 3 h`. */
export function formatDuration(ms: number, digits = DURATION_DIGITS): string {
  if (!Number.isFinite(ms)) return String(ms);
  if (ms < 0) return `-${formatDuration(-ms, digits)}`;
  if (ms < 1000) return `${formatNumber(ms, digits)} ms`;
  if (ms < 120_000) return `${formatNumber(ms / 1000, digits)} s`;
  const seconds = Math.round(ms / 1000);
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([amount]) => amount > 0);
  const kept = parts.slice(first, first === 0 ? 2 : 4).filter(([amount]) => amount > 0);
  return kept.map(([amount, unit]) => `${amount} ${unit}`).join(' ');
}

/** Durations side by side: three significant digits of seconds, more where different ones would look equal. */
export function formatDurations(values: readonly number[]): string[] {
  return withEnoughDigits(values, DURATION_DIGITS, formatDuration);
}

/** Epoch milliseconds as `2026-11-20 14:03 UTC`, in a zone that is always said. */
export function formatTime(time: number, timeZone = 'UTC'): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return String(time);
  // A year beyond 9999 has a sign and six digits.
  if (timeZone === 'UTC') return `${date.toISOString().slice(0, -':00.000Z'.length).replace('T', ' ')} UTC`;
  const formatter = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  });
  const zone = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'short' }).formatToParts(date);
  return `${formatter.format(date)} ${zone.find((part) => part.type === 'timeZoneName')?.value ?? timeZone}`;
}

/** Values of one kind side by side in a sentence; different ones never look equal. */
export function formatAlike(values: readonly number[], kind: ColumnKind, timeZone = 'UTC'): string[] {
  if (kind === 'duration') return formatDurations(values);
  return kind === 'time' ? values.map((value) => formatTime(value, timeZone)) : formatDistinct(values);
}

/** Calendar day of a time in a zone, `2026-11-20`; the number where no calendar has it. */
export function formatDay(time: number, timeZone = 'UTC'): string {
  if (Number.isNaN(new Date(time).getTime())) return String(time);
  if (timeZone === 'UTC') return new Date(time).toISOString().replace(/T.*/, '');
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(time);
}

/** Names repeat, ids do not: `` `zealous-duck-48` (1a2b3c4d) ``. */
export function formatRef(ref: Ref): string {
  const id = quoteCell(shownId(ref));
  if (ref.name === '') return `${ref.kind} ${id}`;
  return ref.name === ref.id ? quoteName(ref.name) : `${quoteName(ref.name)} (${id})`;
}

export const formatRun = (run: Named): string => formatRef(refOf('run', run));

const NUMERIC_KINDS: ReadonlySet<string> = new Set(['metric', 'number', 'delta']);

/**
 * Decimals that give every number of a column 3 significant digits and the middle one 4; `distinct` adds as many as
 * keep different values apart. Undefined where the sizes are too unlike for one count.
 */
function decimalsFor(values: readonly number[], distinct: boolean): number | undefined {
  const sizes = values.filter((value) => value !== 0).sort((a, b) => Math.abs(a) - Math.abs(b));
  const smallest = sizes[0];
  const middle = sizes[Math.floor(sizes.length / 2)];
  if (smallest === undefined || middle === undefined || values.every(Number.isInteger)) return 0;
  const largest = sizes.at(-1) ?? smallest;
  if (!isPlain(smallest) || !isPlain(largest)) return undefined;
  if (!distinct && Math.abs(largest / smallest) > MOST_UNLIKE) return undefined;
  const countAt = (decimals: number) => countDifferent(values, (value) => value.toFixed(decimals));
  const different = countAt(MAX_DECIMALS);
  let decimals = Math.max(0, SCORE_DIGITS - 1 - magnitude(middle), SCORE_DIGITS - 2 - magnitude(smallest));
  while (distinct && decimals < MAX_DECIMALS && countAt(decimals) < different) decimals++;
  return Math.min(decimals, MAX_DECIMALS);
}

function formatNumbers(numbers: readonly number[], distinct: boolean): string[] {
  const decimals = decimalsFor(numbers, distinct);
  if (decimals !== undefined) return numbers.map((value) => value.toFixed(decimals));
  if (distinct) return withEnoughDigits(numbers, SCORE_DIGITS, formatNumber);
  return numbers.map((value) => formatNumber(value, SCORE_DIGITS));
}

/** Metrics are ranked, so that rows must not look equal; other numbers may. */
function formatNumericColumn(cells: readonly Cell[], kind: ColumnKind): string[] {
  const numbers = cells.filter((cell): cell is number => typeof cell === 'number' && Number.isFinite(cell));
  const texts = formatNumbers(numbers, kind === 'metric');
  const textOf = new Map(numbers.map((value, i) => [value, texts[i] ?? '']));
  return cells.map((cell) => {
    if (typeof cell !== 'number') return formatPlain(cell);
    const text = textOf.get(cell) ?? String(cell);
    return kind === 'delta' && cell > 0 ? `+${text}` : text;
  });
}

function formatDurationColumn(cells: readonly Cell[]): string[] {
  const numbers = cells.filter((cell): cell is number => typeof cell === 'number');
  const texts = new Map(formatDurations(numbers).map((text, i) => [numbers[i], text]));
  return cells.map((cell) => (typeof cell === 'number' ? (texts.get(cell) ?? MISSING) : formatPlain(cell)));
}

function formatPlain(cell: Cell, needsId = idNeeds([cell])): string {
  if (cell === undefined) return MISSING;
  if (isRef(cell)) {
    if (cell.name === '') return formatRef(cell);
    return needsId(cell) ? `${quoteCell(cell.name)} (${quoteCell(shownId(cell))})` : quoteCell(cell.name);
  }
  if (typeof cell === 'string') return cell === '' ? '""' : quoteCell(cell);
  return typeof cell === 'boolean' ? (cell ? 'yes' : 'no') : formatNumber(cell);
}

/** A column's cells as text: one unit and one decimal count. Params and tags stay as they were logged. */
export function formatColumn(column: Column, cells: readonly Cell[], timeZone = 'UTC'): string[] {
  if (NUMERIC_KINDS.has(column.kind)) return formatNumericColumn(cells, column.kind);
  if (column.kind === 'duration') return formatDurationColumn(cells);
  const needsId = idNeeds(cells);
  return cells.map((cell) => {
    if (typeof cell === 'bigint') return formatCount(cell);
    if (typeof cell !== 'number' || !Number.isFinite(cell)) return formatPlain(cell, needsId);
    if (column.kind === 'count') return formatCount(cell);
    if (column.kind === 'percent') return formatPercent(cell);
    return column.kind === 'time' ? formatTime(cell, timeZone) : formatNumber(cell);
  });
}

export function formatCell(cell: Cell, column: Column, timeZone = 'UTC'): string {
  return formatColumn(column, [cell], timeZone)[0] ?? MISSING;
}
