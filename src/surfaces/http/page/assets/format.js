/** Cells as people read them; all digits are in the cell's title. */

const DIGITS = { maximumSignificantDigits: 4, useGrouping: true };
const number = new Intl.NumberFormat('en', DIGITS);
const exact = (value) => (typeof value === 'number' ? String(value) : value);

function formatNumber(value) {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return value.toExponential(3);
  return Number.isInteger(value) ? value.toLocaleString('en') : number.format(value);
}

export function formatDuration(ms) {
  const seconds = ms / 1000;
  if (seconds < 60) return `${number.format(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
}

export const formatTime = (ms) => new Date(ms).toISOString().replace('T', ' ').slice(0, 16);

/** What stands for a ref: its name, and its id where the name may be another's too. */
export const refText = ({ name, id }) => (name ? name : id.slice(0, 8));

/** @returns `{ text, title, isNumber, isMissing }` */
export function formatCell(cell, kind) {
  if (cell === undefined || cell === null) return { text: '–', isMissing: true };
  if (typeof cell === 'object') return { text: refText(cell), title: cell.id };
  if (typeof cell !== 'number') {
    const isNumber = /^(?:NaN|-?Infinity|-?\d+)$/.test(cell) && kind !== 'param' && kind !== 'tag' && kind !== 'text';
    return { text: String(cell), isNumber };
  }
  const base = { title: exact(cell), isNumber: true };
  if (kind === 'duration') return { ...base, text: formatDuration(cell) };
  if (kind === 'time') return { ...base, text: formatTime(cell), title: new Date(cell).toISOString() };
  if (kind === 'percent') return { ...base, text: `${number.format(100 * cell)} %` };
  if (kind === 'delta') return { ...base, text: `${cell > 0 ? '+' : ''}${formatNumber(cell)}` };
  return { ...base, text: formatNumber(cell) };
}

export const formatValue = (value) => (typeof value === 'number' ? formatNumber(value) : String(value));

/** What a column is sorted by: numbers as numbers, then text, what is missing undefined. */
export function sortKey(cell) {
  if (cell === undefined || cell === null) return undefined;
  if (typeof cell === 'object') return refText(cell);
  if (typeof cell === 'number') return cell;
  if (cell === 'Infinity' || cell === '-Infinity' || cell === 'NaN') return Number(cell);
  const asNumber = Number(cell);
  return typeof cell === 'string' && cell.trim() !== '' && Number.isFinite(asNumber) ? asNumber : cell;
}

/** −Infinity < numbers < Infinity < text; NaN and what is missing come last, whichever way is sorted. */
export function compareCells(a, b, isDown) {
  const [x, y] = [sortKey(a), sortKey(b)];
  const rank = (value) => (value === undefined ? 2 : Number.isNaN(value) ? 1 : 0);
  if (rank(x) !== rank(y) || rank(x) > 0) return rank(x) - rank(y);
  const isText = typeof x === 'string' || typeof y === 'string';
  const order = isText ? String(x).localeCompare(String(y), 'en', { numeric: true }) : x < y ? -1 : x > y ? 1 : 0;
  return isDown ? -order : order;
}
