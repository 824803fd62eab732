/** Markdown, as answers use it, to lines that fit a terminal. */
import { type InlineOptions, parseInline } from './inline.ts';
import { sanitizeForTerminal } from './sanitize.ts';
import { paintSpans, type StyledSpan, wrapSpans } from './spans.ts';
import type { Screen, Tone } from './style.ts';
import { drawTable, type TextTable } from './table.ts';

const LIST_ITEM = /^(?<indent>\s*)(?<marker>[-*+]|\d+[.)])\s+(?<text>.*)$/;
const TABLE_RULE = /^\s*\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?$/;
const FENCE = /^\s*```/;
/** Digits with the signs, separators and units that numbers are shown with. */
const NUMERIC =
  /^(?:[-+−±~≈<>≤≥ ]*[\d.,]+(?:e[-+]?\d+)?(?: ?(?:%|pp|ms|s|m|h|d|min|×))?(?: \d+ ?[smh])?|NaN|[-+−]?Infinity|–|-)?$/i;

/** Sanitises, parses and fits: no line is wider than the screen. A line break in the text stays one. */
export function renderMarkdown(markdown: string, screen: Screen, links: ReadonlySet<string> = new Set()): string[] {
  const source = sanitizeForTerminal(markdown).replaceAll('\t', '    ').split('\n');
  const options: InlineOptions = { links, hyperlinks: screen.hyperlinks };
  const lines: string[] = [];
  let at = 0;
  while (at < source.length) {
    const line = source[at] ?? '';
    if (FENCE.test(line)) {
      const end = source.findIndex((other, index) => index > at && FENCE.test(other));
      const last = end === -1 ? source.length : end;
      lines.push(...source.slice(at + 1, last).flatMap((code) => hangCode(code, screen)));
      at = last + 1;
    } else if (isTableStart(source, at)) {
      const end = tableEnd(source, at);
      lines.push(...drawTable(parseTable(source.slice(at, end), options), screen));
      at = end;
    } else {
      lines.push(...renderLine(line, screen, options));
      at += 1;
    }
  }
  return trimBlank(lines);
}

function renderLine(line: string, screen: Screen, options: InlineOptions): string[] {
  if (line.trim() === '') return [''];
  const heading = /^#{1,6}\s+(.*)$/.exec(line);
  if (heading !== null) return hang(parseInline(heading[1] ?? '', options, 'strong'), '', screen);
  if (/^\s*(?:-{3,}|\*{3,}|_{3,})\s*$/.test(line)) return [paintRule(screen)];
  const quote = /^\s*>\s?(.*)$/.exec(line);
  if (quote !== null) return hang(parseInline(quote[1] ?? '', options, 'dim'), screen.unicode ? '│ ' : '> ', screen);
  const item = LIST_ITEM.exec(line)?.groups;
  if (item === undefined) return hang(parseInline(line.trim(), options), '', screen);
  const indent = ' '.repeat(Math.min((item.indent ?? '').length, 8));
  const marker = /^\d/.test(item.marker ?? '') ? `${item.marker} ` : screen.unicode ? '• ' : '- ';
  return hang(parseInline(item.text ?? '', options), indent + marker, screen);
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

// ---- tables

function isTableStart(source: readonly string[], at: number): boolean {
  return (source[at] ?? '').includes('|') && TABLE_RULE.test(source[at + 1] ?? '');
}

function tableEnd(source: readonly string[], at: number): number {
  let end = at + 2;
  while ((source[end] ?? '').includes('|')) end += 1;
  return end;
}

function parseTable(lines: readonly string[], options: InlineOptions): TextTable {
  const [header = [], rules = [], ...body] = lines.map(splitCells);
  const rows = body.map((cells) => header.map((_, index) => parseInline(cells[index] ?? '', options)));
  const columns = header.map((label, index) => ({
    label: plainText(parseInline(label, options)),
    align: isRight(rules[index] ?? '', rows, index) ? ('right' as const) : ('left' as const),
  }));
  return { columns, rows };
}

function splitCells(line: string): string[] {
  const inner = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
}

function isRight(rule: string, rows: TextTable['rows'], index: number): boolean {
  return rule.endsWith(':') || (rows.length > 0 && rows.every((row) => NUMERIC.test(plainText(row[index] ?? []))));
}

function plainText(spans: readonly StyledSpan[]): string {
  return spans.map((span) => span.text).join('');
}

function trimBlank(lines: readonly string[]): string[] {
  const first = lines.findIndex((line) => line !== '');
  const last = lines.findLastIndex((line) => line !== '');
  return first === -1 ? [] : lines.slice(first, last + 1);
}
