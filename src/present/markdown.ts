/** A finding as a Markdown document: whole tables at full precision, and what they stand on. */
import type { Finding } from '../finding/finding.ts';
import { countOf } from '../finding/format.ts';
import type { Table } from '../finding/table.ts';
import { receiptLine } from '../finding/text.ts';
import { type PlainCell, tableGrid } from './grid.ts';
import { sanitizeForTerminal, sanitizeLine } from './sanitize.ts';

export function findingMarkdown(finding: Finding): string {
  const { handle, title, summary, caveats, data } = finding;
  const blocks = [
    `## ${handle} ${escapeMarkdown(title)}`,
    summary,
    ...data.tables.filter(({ rows }) => rows.length > 0).map(tableMarkdown),
    caveats.map(({ text }) => `- Note: ${text}`).join('\n'),
    receiptLine(finding),
  ];
  return blocks
    .filter((block) => block !== '')
    .map(sanitizeForTerminal)
    .join('\n\n');
}

function tableMarkdown(table: Table): string {
  const { header, rows } = tableGrid(table);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const isRight = header.map((_, i) => rows.every((row) => row[i] === undefined || row[i].isNumber));
  const more = table.total - table.rows.length;
  return [
    ...(table.title === undefined ? [] : [`**${escapeMarkdown(table.title)}**`, '']),
    line(header.map(escapeMarkdown)),
    `|${isRight.map((right) => (right ? '--:' : '---')).join('|')}|`,
    ...rows.map((row) => line(row.map(cellMarkdown))),
    ...(more > 0 ? ['', `+${countOf(more, 'more row')}`] : []),
  ].join('\n');
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
