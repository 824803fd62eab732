/** A finding as a Markdown document: whole tables at full precision, and what they stand on. */
import type { Finding } from '../finding/finding.ts';
import { countOf } from '../finding/format.ts';
import type { Table } from '../finding/table.ts';
import { receiptLine } from '../finding/text.ts';
import { type PlainCell, tableGrid } from './grid.ts';
import { sanitizeForTerminal, sanitizeLine } from './sanitize.ts';

/** Piece by piece, as tables may be long. */
export function* findingMarkdown(finding: Finding): Generator<string, void, undefined> {
  const { handle, title, summary, caveats, data } = finding;
  const blocks: Iterable<string>[] = [
    [`## ${handle} ${escapeMarkdown(title)}`],
    [summary],
    ...data.tables.filter(({ rows }) => rows.length > 0).map(tableMarkdown),
    [caveats.map(({ text }) => `- Note: ${text}`).join('\n')],
    [receiptLine(finding)],
  ];
  let gap = '';
  for (const block of blocks) {
    for (const line of block) {
      yield line === '' ? '' : gap + sanitizeForTerminal(line);
      if (line === '') continue;
      gap = '\n';
    }
    gap = '\n\n';
  }
}

function* tableMarkdown(table: Table): Generator<string, void, undefined> {
  const { header, rows } = tableGrid(table);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const isRight = header.map(() => true);
  for (const row of rows) {
    row.forEach((cell, i) => {
      if (cell !== undefined && !cell.isNumber) isRight[i] = false;
    });
    yield '';
  }
  const more = table.total - table.rows.length;
  if (table.title !== undefined) yield `**${escapeMarkdown(table.title)}**\n`;
  yield line(header.map(escapeMarkdown));
  yield `|${isRight.map((right) => (right ? '--:' : '---')).join('|')}|`;
  for (const row of rows) yield line(row.map(cellMarkdown));
  if (more > 0) yield `\n+${countOf(more, 'more row')}`;
}

function cellMarkdown(cell: PlainCell): string {
  if (cell === undefined) return '–';
  if (cell.isNumber) return cell.text;
  return cell.text === '' ? '""' : escapeMarkdown(cell.text);
}

/**
 * Text that Markdown shows as it is, on one line: no table, code, HTML, emphasis or link starts in it, nor do the bare
 * addresses that some readers make links of.
 */
export function escapeMarkdown(text: string): string {
  return sanitizeLine(text)
    .replace(/[\\`*[\]<>|~&$@#!]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\$&')
    .replace(/:(?=\/\/)|(?<=www)\./gi, '\\$&');
}
