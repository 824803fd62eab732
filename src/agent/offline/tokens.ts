/** A question cut into words, numbers, symbols and quoted names, each with its place in the text. */

import { composed } from '../../finding/compose.ts';

export interface Token {
  readonly kind: 'word' | 'number' | 'symbol' | 'quoted';
  /** As written; without its quotes. */
  readonly text: string;
  /** Lower case, for comparison; of a quoted name with its quotes, so that it is no word of the language. */
  readonly norm: string;
  readonly start: number;
  readonly end: number;
}

const OPENERS: Readonly<Record<string, string>> = { "'": "'", '"': '"', '`': '`', '“': '”', '‘': '’', '«': '»' };
const NUMBER = /^[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:e[-+]?\d+)?$/iu;
const SYMBOL = /^(?:<=|>=|==|!=|<>|≤|≥|≠|[<>=:()[\]{},;?!|+*~&/])/u;
/** Words hold what names hold: letters, digits and joints such as `-`, `_`, `.`, `/`, `@`, `%`, `#`. */
const WORD = /^[\p{L}\p{N}_#@%$~^&\\'’\-–./+*]+/u;
const CONTRACTIONS: readonly (readonly [RegExp, string])[] = [
  [/^(what|who|where|when|which|how|that|there|it|here|let)['’]s$/iu, "'s"],
  [/^(.+)n['’]t$/iu, "n't"],
];

export function tokenize(question: string): Token[] {
  const tokens: Token[] = [];
  // A quote that nothing closes is closed by nothing further on either.
  const unclosed = new Set<string>();
  let at = 0;
  while (at < question.length) {
    const rest = question.slice(at);
    const space = /^\s+/u.exec(rest);
    if (space) {
      at += space[0].length;
      continue;
    }
    const quoted = readQuoted(question, at, unclosed);
    const next = quoted ?? readPlain(question, at);
    tokens.push(...next.tokens);
    at = next.end;
  }
  return tokens;
}

interface Read {
  readonly tokens: readonly Token[];
  readonly end: number;
}

/** A quote opens before a word and closes after one; an apostrophe inside a word is neither. */
function readQuoted(question: string, at: number, unclosed: Set<string>): Read | undefined {
  const closer = OPENERS[question[at] ?? ''];
  const before = question[at - 1];
  if (closer === undefined || unclosed.has(closer) || (before !== undefined && /[\p{L}\p{N}]/u.test(before)))
    return undefined;
  for (let end = question.indexOf(closer, at + 1); end > 0; end = question.indexOf(closer, end + 1)) {
    const after = question[end + 1];
    if (after !== undefined && /[\p{L}\p{N}]/u.test(after)) continue;
    const text = question.slice(at + 1, end);
    if (text.trim() === '') return undefined;
    const norm = normalize(question.slice(at, end + 1));
    return { tokens: [{ kind: 'quoted', text, norm, start: at, end: end + 1 }], end: end + 1 };
  }
  unclosed.add(closer);
  return undefined;
}

function readPlain(question: string, at: number): Read {
  const rest = question.slice(at);
  const symbol = SYMBOL.exec(rest);
  if (symbol) return { tokens: [token('symbol', symbol[0], at, at + symbol[0].length)], end: at + symbol[0].length };
  const raw = WORD.exec(rest)?.[0] ?? String.fromCodePoint(rest.codePointAt(0) ?? 0);
  const word = raw.length > 1 ? withoutEnd(raw) || raw : raw;
  const end = at + raw.length;
  return { tokens: splitWord(word, at), end };
}

function withoutEnd(word: string): string {
  let end = word.length;
  while (end > 0 && ".'’/".includes(word[end - 1]!)) end--;
  return word.slice(0, end);
}

function splitWord(word: string, at: number): Token[] {
  if (NUMBER.test(word) && /\d/u.test(word)) return [token('number', word, at, at + word.length)];
  const possessive = /^(.+)['’]s$/iu.exec(word);
  for (const [pattern, tail] of CONTRACTIONS) {
    const match = pattern.exec(word);
    if (match?.[1] === undefined) continue;
    const cut = at + word.length - tail.length;
    return [token('word', match[1], at, cut), token('word', tail === "n't" ? 'not' : 'is', cut, at + word.length)];
  }
  if (possessive?.[1] !== undefined) {
    const kind = /^\d+$/u.test(possessive[1]) ? 'number' : 'word';
    return [token(kind, possessive[1], at, at + word.length)];
  }
  // "top-10 runs"
  const ranked = /^(top|last|first|best|worst|bottom)-(\d+)$/iu.exec(word);
  if (ranked?.[1] !== undefined && ranked[2] !== undefined) {
    const cut = at + ranked[1].length;
    return [token('word', ranked[1], at, cut), token('number', ranked[2], cut + 1, at + word.length)];
  }
  return [token('word', word, at, at + word.length)];
}

function token(kind: Exclude<Token['kind'], 'quoted'>, text: string, start: number, end: number): Token {
  return { kind, text, norm: normalize(text), start, end };
}

/** One form for comparison: compatibility-composed, lower case, straight apostrophes, single spaces. */
export function normalize(text: string): string {
  return composed(text).toLowerCase().replace(/[’‘]/gu, "'").replace(/\s+/gu, ' ').trim();
}

/** The looser form in which `learning rate`, `learning-rate`, `learning_rate` and `learningRate` are one. */
export function loosen(text: string): string {
  return normalize(text.replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2'))
    .replace(/[-_./:\s]+/gu, ' ')
    .trim();
}
