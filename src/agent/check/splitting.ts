/** A text in lines, table cells and sentences. */
import type { TextToken } from './lexer.ts';

/** Longer lines are read in pieces, so that no line takes longer than its length. */
const LONGEST_PIECE = 1_000;

export interface LinePiece {
  readonly start: number;
  readonly text: string;
  readonly kind: 'prose' | 'heading' | 'item' | 'row' | 'head' | 'rule';
}

const RULE = /^\s*\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?$/;

export function* splitLines(text: string): Generator<LinePiece> {
  let start = 0;
  let inTable = false;
  while (start <= text.length) {
    const end = indexOrEnd(text, '\n', start);
    const line = text.slice(start, end);
    const isRow = line.includes('|');
    if (line.length <= LONGEST_PIECE && RULE.test(line)) {
      yield { start, text: line, kind: 'rule' };
      inTable = true;
    } else if (isRow && (inTable || isHead(text, end))) {
      for (const piece of cut(start, line)) yield { ...piece, kind: inTable ? 'row' : 'head' };
    } else {
      inTable = false;
      const kind = /^\s*#{1,6}\s/.test(line) ? 'heading' : /^\s*(?:[-*+•]|\d+[.)])\s/.test(line) ? 'item' : 'prose';
      for (const piece of cut(start, line)) yield { ...piece, kind };
    }
    if (!isRow) inTable = false;
    start = end + 1;
  }
}

function isHead(text: string, end: number): boolean {
  const next = text.slice(end + 1, Math.min(indexOrEnd(text, '\n', end + 1), end + 1 + LONGEST_PIECE));
  return RULE.test(next);
}

function indexOrEnd(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? text.length : at;
}

function* cut(start: number, line: string): Generator<{ start: number; text: string }> {
  for (let from = 0; from < line.length || from === 0; ) {
    let to = Math.min(line.length, from + LONGEST_PIECE);
    if (to < line.length) {
      const blank = line.lastIndexOf(' ', to);
      if (blank > from + LONGEST_PIECE / 2) to = blank + 1;
    }
    yield { start: start + from, text: line.slice(from, to) };
    if (to === from) return;
    from = to;
  }
}

/** Cells with where they begin; the pipes at both ends bound none. */
export function splitCells(row: string): { readonly start: number; readonly text: string }[] {
  const cells: { start: number; text: string }[] = [];
  let start = 0;
  for (let at = 0; at <= row.length; at++) {
    if (at < row.length && (row[at] !== '|' || row[at - 1] === '\\')) continue;
    cells.push({ start, text: row.slice(start, at) });
    start = at + 1;
  }
  if (cells[0]?.text.trim() === '') cells.shift();
  if (cells.at(-1)?.text.trim() === '') cells.pop();
  return cells;
}

const NO_ENDS = new Set(['vs', 'e.g', 'i.e', 'approx', 'no', 'est', 'cf', 'resp', 'ca', 'avg', 'max', 'min', 'std']);
const MOST_TOKENS = 120;
const MANY_TOKENS = 80;

/** Sentences end at `.`, `!`, `?` and `;`, and at the latest after a hundred tokens or so. */
export function splitSentences(tokens: readonly TextToken[]): TextToken[][] {
  const sentences: TextToken[][] = [];
  let current: TextToken[] = [];
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    current.push(token);
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth = Math.max(0, depth - 1);
    if (
      (depth === 0 && endsSentence(token, tokens[index - 1], tokens[index + 1]) && current.length > 1) ||
      current.length >= MOST_TOKENS ||
      (current.length >= MANY_TOKENS && /^[,|)]$/.test(token.text))
    ) {
      sentences.push(current);
      current = [];
      depth = 0;
    }
  }
  if (current.length > 0) sentences.push(current);
  return sentences;
}

function endsSentence(token: TextToken, before: TextToken | undefined, after: TextToken | undefined): boolean {
  if (token.type !== 'mark' || !/^[.!?;]$/.test(token.text)) return false;
  if (token.text === '.' && before !== undefined && NO_ENDS.has(before.lower)) return false;
  // `1.` at the start of an item counts.
  if (before?.type === 'number' && before.start === 0) return false;
  return after === undefined || after.start > token.end || after.type === 'mark';
}
