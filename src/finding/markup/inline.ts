/**
 * Inline Markdown as a person reads it: code, bold, italics, links and images (their words only) and backslash escapes,
 * in time that grows with the text. What is no markup stays as it is written.
 */

export type Emphasis = 'plain' | 'code' | 'strong' | 'emphasis';

/** A part of the source, or the blank that keeps two of them apart. */
export interface Piece {
  readonly text: string;
  /** Where it begins in the source. */
  readonly at: number;
  readonly kind: Emphasis;
  /** Where a link leads, as it is written. */
  readonly url?: string | undefined;
}

/** `words` on one line, which begin at `at` in their source. */
export function readInline(words: string, at = 0): Piece[] {
  return keepApart(new InlineReader(words, at, 'plain').read());
}

type Part = Piece & { readonly isEscaped?: boolean };

const STARTS = /[\\`![*]/g;
const ESCAPABLE = /[!-/:-@[-`{-~]/;
/** What the check writes behind a claim without a source: never the words of a link. */
const MARK = 'unverified';
const NUMBER_SIGN = /[.,:/^+−-]/;
const WORD = /[\p{L}\p{M}\p{N}_]/u;

/** Positions asked for only ever grow, so that each search goes on where the last one ended. */
class InlineReader {
  readonly #text: string;
  readonly #at: number;
  readonly #kind: Emphasis;
  readonly #parts: Part[] = [];
  readonly #bracket = forwardSearch((from) => this.#text.indexOf(']', from));
  readonly #urlEnd = forwardSearch((from) => searchFrom(this.#text, /[)\s]/g, from));
  readonly #strongEnd = forwardSearch((from) => searchFrom(this.#text, /(?<=\S)\*\*/g, from));
  #fences: Map<number, (from: number) => number> | undefined;

  constructor(text: string, at: number, kind: Emphasis) {
    this.#text = text;
    this.#at = at;
    this.#kind = kind;
  }

  read(): Part[] {
    const text = this.#text;
    let taken = 0;
    for (let start = searchFrom(text, STARTS, 0); start < text.length; ) {
      const before = this.#parts.length;
      const end = this.#readMarkup(start);
      if (end > start) {
        const markup = this.#parts.splice(before);
        this.#add(taken, start);
        for (const part of markup) this.#parts.push(part);
        taken = end;
      }
      start = searchFrom(text, STARTS, Math.max(end, start + this.#runLength(start)));
    }
    this.#add(taken, text.length);
    return this.#parts;
  }

  /** Where the markup that begins here ends; `start` where there is none. */
  #readMarkup(start: number): number {
    switch (this.#text[start]) {
      case '\\':
        return this.#readEscape(start);
      case '`':
        return this.#readCode(start);
      case '*':
        return this.#readStrong(start) ?? this.#readEmphasis(start) ?? start;
      case '!':
        return this.#text[start + 1] === '[' ? (this.#readLink(start, start + 1) ?? start) : start;
      default:
        return this.#readLink(start, start) ?? start;
    }
  }

  /** A sign within a number is no less one for its backslash, which therefore stays to be seen. */
  #readEscape(start: number): number {
    const [before = '', sign = '', after = ''] = [start - 1, start + 1, start + 2].map((place) => this.#text[place]);
    if (!ESCAPABLE.test(sign)) return start;
    if (/\d/.test(before) && NUMBER_SIGN.test(sign) && /\d/.test(after)) return start;
    this.#parts.push({ text: sign, at: this.#at + start + 1, kind: this.#kind, isEscaped: true });
    return start + 2;
  }

  #readCode(start: number): number {
    const ticks = this.#runLength(start);
    const end = this.#fence(ticks)(start + ticks);
    if (end >= this.#text.length) return start;
    // Markdown takes one space off each end, which lets code start or end with a backtick.
    const code = this.#text.slice(start + ticks, end);
    const pad = code.startsWith(' ') && code.endsWith(' ') && code.trim() !== '' ? 1 : 0;
    this.#parts.push({ text: code.slice(pad, code.length - pad), at: this.#at + start + ticks + pad, kind: 'code' });
    return end + ticks;
  }

  #readLink(start: number, bracket: number): number | undefined {
    const close = this.#bracket(bracket + 1);
    if (close <= bracket + (start === bracket ? 1 : 0) || this.#text[close + 1] !== '(') return undefined;
    const end = this.#urlEnd(close + 2);
    if (this.#text[end] !== ')' || this.#text.slice(bracket + 1, close) === MARK) return undefined;
    const url = this.#text.slice(close + 2, end);
    for (const part of this.#readWithin(bracket + 1, close, this.#kind))
      this.#parts.push(start === bracket ? { ...part, url } : part);
    return end + 1;
  }

  #readStrong(start: number): number | undefined {
    const text = this.#text;
    if (text[start + 1] !== '*' || isBlank(text[start + 2])) return undefined;
    const end = this.#strongEnd(start + 3);
    if (end >= text.length) return undefined;
    for (const part of this.#readWithin(start + 2, end, 'strong')) this.#parts.push(part);
    return end + 2;
  }

  #readEmphasis(start: number): number | undefined {
    const text = this.#text;
    if (/[\w*]/.test(text[start - 1] ?? '') || isBlank(text[start + 1])) return undefined;
    const end = text.indexOf('*', start + 1);
    if (end < start + 2 || isBlank(text[end - 1]) || /[\w*]/.test(text[end + 1] ?? '')) return undefined;
    for (const part of this.#readWithin(start + 1, end, 'emphasis')) this.#parts.push(part);
    return end + 1;
  }

  #readWithin(from: number, to: number, kind: Emphasis): Part[] {
    return new InlineReader(this.#text.slice(from, to), this.#at + from, kind).read();
  }

  #add(from: number, to: number): void {
    if (to > from) this.#parts.push({ text: this.#text.slice(from, to), at: this.#at + from, kind: this.#kind });
  }

  /** Backticks that stand together are one sign. */
  #runLength(start: number): number {
    let end = start + 1;
    if (this.#text[start] === '`') while (this.#text[end] === '`') end++;
    return end - start;
  }

  /** Finds the next run of just so many backticks. */
  #fence(ticks: number): (from: number) => number {
    this.#fences ??= findRuns(this.#text);
    return this.#fences.get(ticks) ?? (() => this.#text.length);
  }
}

const isBlank = (sign: string | undefined): boolean => sign === undefined || /\s/.test(sign);

/** The end of the text where nothing is found. */
function searchFrom(text: string, pattern: RegExp, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? text.length;
}

function forwardSearch(find: (from: number) => number): (from: number) => number {
  let found = -1;
  return (from) => {
    if (found < from) found = find(from);
    if (found < 0) found = Number.MAX_SAFE_INTEGER;
    return found;
  };
}

function findRuns(text: string): Map<number, (from: number) => number> {
  const starts = Map.groupBy(text.matchAll(/`+/g), ([run]) => run.length);
  return new Map(
    Array.from(starts, ([ticks, runs]) => {
      let next = 0;
      const find = (from: number): number => {
        while (next < runs.length && runs[next]!.index < from) next++;
        return runs[next]?.index ?? text.length;
      };
      return [ticks, find];
    }),
  );
}

/** Markup that is taken away joins no words, digits or signs: `0.7[5](x)` is not 0.75. */
function keepApart(parts: readonly Part[]): Piece[] {
  const pieces: Piece[] = [];
  let end = '';
  let wasEscaped = false;
  for (const { isEscaped = false, ...piece } of parts) {
    if (!isEscaped && !wasEscaped && areJoined(end, piece.text))
      pieces.push({ text: ' ', at: piece.at, kind: 'plain' });
    pieces.push(piece);
    end = (end + piece.text).slice(-2);
    wasEscaped = isEscaped;
  }
  return pieces;
}

function areJoined(before: string, after: string): boolean {
  const last = [...before].at(-1) ?? '';
  const [first = '', second = ''] = after.slice(0, 4);
  const [endsInDigit, beginsWithDigit, hasDigitNext] = [last, first, second].map((sign) => /\p{N}/u.test(sign));
  return (
    (WORD.test(last) && WORD.test(first)) ||
    (NUMBER_SIGN.test(last) && beginsWithDigit === true) ||
    (endsInDigit === true && NUMBER_SIGN.test(first) && hasDigitNext === true)
  );
}
