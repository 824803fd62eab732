/** Markdown, as answers use it, to lines that fit a terminal. */
import { type MarkdownBlock, readBlocks, type TableBlock } from '../finding/markup/blocks.ts';
import { cellSpans, type InlineOptions, inlineSpans } from './inline.ts';
import { sanitizeForTerminal } from './sanitize.ts';
import { paintSpans, type StyledSpan, wrapSpans } from './spans.ts';
import type { Screen, Tone } from './style.ts';
import { drawTable, type TextTable } from './table.ts';

/** Digits with the signs, separators and units that numbers are shown with. */
const NUMERIC =
  /^(?:[-+−±~≈<>≤≥ ]*[\d.,]+(?:e[-+]?\d+)?(?: ?(?:%|pp|ms|s|m|h|d|min|×))?(?: \d+ ?[smh])?|NaN|[-+−]?Infinity|–|-)?$/i;

/** Sanitises, parses and fits: no line is wider than the screen. A line break in the text stays one. */
export function renderMarkdown(markdown: string, screen: Screen, links: ReadonlySet<string> = new Set()): string[] {
  const options: InlineOptions = { links, hyperlinks: screen.hyperlinks };
  const source = sanitizeForTerminal(markdown).replaceAll('\t', '    ');
  return trimBlank(readBlocks(source).flatMap((block) => renderBlock(block, screen, options)));
}

function renderBlock(block: MarkdownBlock, screen: Screen, options: InlineOptions): string[] {
  switch (block.kind) {
    case 'blank':
      return [''];
    case 'rule':
      return [paintRule(screen)];
    case 'code':
      return block.lines.flatMap(({ text }) => hangCode(text, screen));
    case 'table':
      return drawTable(toTextTable(block.table, options), screen);
    case 'heading':
      return hang(inlineSpans(block.words, options, 'strong'), '', screen);
    case 'quote':
      return hang(inlineSpans(block.words, options, 'dim'), screen.unicode ? '│ ' : '> ', screen);
    case 'item': {
      const marker = /^\d/.test(block.marker.text) ? block.marker.text : screen.unicode ? '•' : '-';
      return hang(inlineSpans(block.words, options), `${' '.repeat(Math.min(block.indent, 8))}${marker} `, screen);
    }
    case 'text':
      return hang(inlineSpans(block.words, options), '', screen);
  }
}

/** The first line behind `prefix`, the others under its end. */
function hang(spans: readonly StyledSpan[], prefix: string, screen: Screen, tone?: Tone): string[] {
  return wrapSpans(spans, screen.width - prefix.length).map(
    (line, index) =>
      paintSpans(screen, [{ text: index === 0 ? prefix : ' '.repeat(prefix.length), tone }]) + paintSpans(screen, line),
  );
}

/** Python means something by its indentation. */
function hangCode(code: string, screen: Screen): string[] {
  const text = code.trimStart();
  const indent = ' '.repeat(Math.min(code.length - text.length, screen.width / 2));
  return hang([{ text, tone: 'code' }], `  ${indent}`, screen);
}

function paintRule(screen: Screen): string {
  return paintSpans(screen, [{ text: (screen.unicode ? '─' : '-').repeat(screen.width), tone: 'dim' }]);
}

function toTextTable({ header, isRight, rows }: TableBlock, options: InlineOptions): TextTable {
  const cells = rows.map((row) => header.map((_, index) => cellSpans(row[index], options)));
  const columns = header.map((label, index) => ({
    label: plainText(cellSpans(label, options)),
    align: isRight[index] === true || isNumeric(cells, index) ? ('right' as const) : ('left' as const),
  }));
  return { columns, rows: cells };
}

function isNumeric(rows: TextTable['rows'], index: number): boolean {
  return rows.length > 0 && rows.every((row) => NUMERIC.test(plainText(row[index] ?? [])));
}

function plainText(spans: readonly StyledSpan[]): string {
  return spans.map((span) => span.text).join('');
}

function trimBlank(lines: readonly string[]): string[] {
  const first = lines.findIndex((line) => line !== '');
  const last = lines.findLastIndex((line) => line !== '');
  return first === -1 ? [] : lines.slice(first, last + 1);
}
