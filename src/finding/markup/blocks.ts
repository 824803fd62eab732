/** The lines of an answer's Markdown as what they are: headings, lists, quotes, tables, code. Nothing of them is left out. */

/** A part of the source. */
export interface SourceSpan {
  readonly text: string;
  readonly at: number;
}

export type MarkdownBlock =
  | { readonly kind: 'blank' | 'rule'; readonly at: number }
  | { readonly kind: 'heading' | 'quote' | 'text'; readonly words: SourceSpan }
  /** `indent` counts blanks. */
  | { readonly kind: 'item'; readonly indent: number; readonly marker: SourceSpan; readonly words: SourceSpan }
  | { readonly kind: 'code'; readonly lines: readonly SourceSpan[] }
  | { readonly kind: 'table'; readonly table: TableBlock };

export interface TableBlock {
  readonly header: readonly SourceSpan[];
  /** Whether a column's rule says that it stands on the right. */
  readonly isRight: readonly boolean[];
  /** As many cells as the header has, or fewer: the last one holds what stands beyond it. */
  readonly rows: readonly (readonly SourceSpan[])[];
}

/** What a fence names is one word; with more behind it, its line is one of text. */
const FENCE = /^\s*`{3,}[^\s`]*\s*$/;
const HEADING = /^#{1,6}\s+/;
const QUOTE = /^\s*>\s?/;
const RULE = /^(?:-{3,}|\*{3,}|_{3,})$/;
const ITEM = /^(?<indent>\s*)(?<marker>[-*+]|\d+[.)])\s+/;
const COLUMN_RULE = /^\s*:?-+:?\s*$/;

export function readBlocks(source: string): MarkdownBlock[] {
  const lines = splitLines(source);
  const blocks: MarkdownBlock[] = [];
  let at = 0;
  while (at < lines.length) {
    const { block, end } = readCode(lines, at) ?? readTable(lines, at) ?? { block: readLine(lines[at]!), end: at + 1 };
    blocks.push(block);
    at = end;
  }
  return blocks;
}

interface Read {
  readonly block: MarkdownBlock;
  readonly end: number;
}

function splitLines(source: string): SourceSpan[] {
  let at = 0;
  return source.split('\n').map((text) => {
    const line = { text, at };
    at += text.length + 1;
    return line;
  });
}

function readLine(line: SourceSpan): MarkdownBlock {
  const { text, at } = line;
  const trimmed = text.trim();
  if (trimmed === '') return { kind: 'blank', at };
  if (RULE.test(trimmed)) return { kind: 'rule', at };
  for (const [kind, pattern] of [
    ['heading', HEADING],
    ['quote', QUOTE],
  ] as const) {
    const found = pattern.exec(text);
    if (found !== null) return { kind, words: cut(line, found[0].length) };
  }
  const item = ITEM.exec(text);
  if (item === null) return { kind: 'text', words: trim(line) };
  const { indent = '', marker = '' } = item.groups ?? {};
  return {
    kind: 'item',
    indent: indent.length,
    marker: cut(line, indent.length, indent.length + marker.length),
    words: cut(line, item[0].length),
  };
}

/** A fence that nothing closes goes on to the end. */
function readCode(lines: readonly SourceSpan[], at: number): Read | undefined {
  if (!FENCE.test(lines[at]?.text ?? '')) return undefined;
  let end = at + 1;
  while (end < lines.length && !FENCE.test(lines[end]!.text)) end++;
  return { block: { kind: 'code', lines: lines.slice(at + 1, end) }, end: end + 1 };
}

function readTable(lines: readonly SourceSpan[], at: number): Read | undefined {
  const [head, rule] = [lines[at], lines[at + 1]];
  const rules = rule === undefined ? [] : readRules(rule.text);
  if (head === undefined || rules.length === 0 || !head.text.includes('|')) return undefined;
  let end = at + 2;
  while (lines[end]?.text.includes('|')) end++;
  const header = splitCells(head);
  const rows = lines.slice(at + 2, end).map((row) => splitCells(row, header.length));
  return { block: { kind: 'table', table: { header, isRight: rules, rows } }, end };
}

/** For each column whether it stands on the right; none where the line is no rule. */
function readRules(line: string): boolean[] {
  const rules = line.trim().replace(/^\|/, '').split('|');
  if (rules.length < 2) return [];
  if (rules.at(-1) === '') rules.pop();
  return rules.every((rule) => COLUMN_RULE.test(rule)) ? rules.map((rule) => rule.trimEnd().endsWith(':')) : [];
}

function splitCells(line: SourceSpan, most = Number.POSITIVE_INFINITY): SourceSpan[] {
  const row = trim(line);
  const start = row.text.startsWith('|') ? 1 : 0;
  const bars = Array.from(row.text.matchAll(/(?<!\\)\|/g), ({ index }) => index).filter((bar) => bar >= start);
  const last = row.text.length - 1;
  const end = bars.at(-1) === last ? last : row.text.length;
  const ends = [...bars.filter((bar) => bar < end).slice(0, most - 1), end];
  return ends.map((to, index) => trim(cut(row, index === 0 ? start : ends[index - 1]! + 1, to)));
}

function cut({ text, at }: SourceSpan, from: number, to = text.length): SourceSpan {
  return { text: text.slice(from, to), at: at + from };
}

function trim(span: SourceSpan): SourceSpan {
  const rest = span.text.trimStart();
  return { text: rest.trimEnd(), at: span.at + span.text.length - rest.length };
}
