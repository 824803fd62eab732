/** A grid as CSV (RFC 4180) that no spreadsheet runs: cells that would start a formula are defused. */
import type { Grid, PlainCell } from './grid.ts';
import { sanitizeForTerminal } from './sanitize.ts';

/** First visible character, full-width twins too: spreadsheets of some languages read them alike. */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^\t/u;
/** A param such as `-0.5` is a number to everybody. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/u;

export interface Csv {
  /** Line by line. A missing cell is nothing, an empty text is `""`. */
  readonly lines: Iterable<string>;
  /** How many cells of the lines that were read got a leading `'`. */
  defused(): number;
}

export function csvOf({ header, rows }: Grid): Csv {
  let defused = 0;
  const write = (cell: PlainCell): string => {
    if (cell === undefined) return '';
    if (cell.isNumber) return cell.text;
    const visible = sanitizeForTerminal(cell.text);
    const isFormula = FORMULA.test(visible) && !NUMBER.test(visible);
    if (isFormula) defused += 1;
    return quote(isFormula ? `'${visible}` : visible);
  };
  const writeLine = (cells: readonly PlainCell[]): string => `${cells.map(write).join(',')}\r\n`;
  function* writeLines(): Generator<string, void, undefined> {
    yield writeLine(header.map((text) => ({ text, isNumber: false })));
    for (const cells of rows) yield writeLine(cells);
  }
  return { lines: writeLines(), defused: () => defused };
}

function quote(text: string): string {
  return text === '' || NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
