/** Splits filter and order text into tokens that remember where they stood. */

export type FilterToken =
  | { readonly kind: 'word'; readonly text: string; readonly at: number }
  /** `prefix.` directly followed by a back-quoted or double-quoted name. */
  | { readonly kind: 'key'; readonly prefix: string; readonly name: string; readonly text: string; readonly at: number }
  | { readonly kind: 'number'; readonly value: number; readonly text: string; readonly at: number }
  | { readonly kind: 'string'; readonly value: string; readonly text: string; readonly at: number }
  | { readonly kind: 'symbol'; readonly text: string; readonly at: number }
  | { readonly kind: 'end'; readonly text: string; readonly at: number };

const EXAMPLE = "metrics.`f1` > 0.9 AND params.`model` = 'xgboost'";
const MAX_LENGTH = 100_000;

/** A filter or order that cannot be read; the message says where, what was wrong, and shows a correct one. */
export class FilterError extends Error {
  override readonly name = 'FilterError';
  /** Character offset into the text, from 0. */
  readonly position: number;

  constructor(position: number, problem: string, example: string = EXAMPLE) {
    super(`filter, character ${position + 1}: ${problem}; for example: ${example}`);
    this.position = position;
  }
}

const SYMBOL = /(?:<=|>=|<>|!=|==|[<>=(),])/y;
const WORD = /[^\s=<>!(),'"`;]+/y;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** Reads a quoted span; the quote doubled inside stands for itself. */
function readQuoted(text: string, at: number): { value: string; end: number } {
  const quote = text.charAt(at);
  let value = '';
  let from = at + 1;
  for (;;) {
    const close = text.indexOf(quote, from);
    if (close < 0) throw new FilterError(at, `the ${quote} has no closing ${quote}`);
    value += text.slice(from, close);
    if (text.charAt(close + 1) !== quote) return { value, end: close + 1 };
    value += quote;
    from = close + 2;
  }
}

function readWord(text: string, at: number, word: string): { token: FilterToken; end: number } {
  const end = at + word.length;
  const next = text.charAt(end);
  if (word.endsWith('.') && (next === '`' || next === '"')) {
    const quoted = readQuoted(text, end);
    const token: FilterToken = {
      kind: 'key',
      prefix: word.slice(0, -1),
      name: quoted.value,
      text: text.slice(at, quoted.end),
      at,
    };
    return { token, end: quoted.end };
  }
  if (NUMBER.test(word)) return { token: { kind: 'number', value: Number(word), text: word, at }, end };
  return { token: { kind: 'word', text: word, at }, end };
}

function readToken(text: string, at: number): { token: FilterToken; end: number } {
  const symbol = matchAt(SYMBOL, text, at);
  if (symbol !== undefined) return { token: { kind: 'symbol', text: symbol, at }, end: at + symbol.length };
  const word = matchAt(WORD, text, at);
  if (word !== undefined) return readWord(text, at, word);
  const first = text.charAt(at);
  if (first !== "'" && first !== '"' && first !== '`') throw new FilterError(at, `"${first}" has no meaning here`);
  const { value, end } = readQuoted(text, at);
  const raw = text.slice(at, end);
  if (first === '`') return { token: { kind: 'key', prefix: '', name: value, text: raw, at }, end };
  return { token: { kind: 'string', value, text: raw, at }, end };
}

/** The tokens of a filter, `end` last. Throws FilterError. */
export function tokenizeFilter(text: string): FilterToken[] {
  if (text.length > MAX_LENGTH) throw new FilterError(MAX_LENGTH, `a filter has at most ${MAX_LENGTH} characters`);
  const tokens: FilterToken[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(text.charAt(at))) at++;
    if (at >= text.length) break;
    const { token, end } = readToken(text, at);
    tokens.push(token);
    at = end;
  }
  tokens.push({ kind: 'end', text: 'the end', at: text.length });
  return tokens;
}
