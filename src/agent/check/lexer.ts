/** One line of text, or one cell, as tokens: names, numbers, times, words and marks. */
import { COUNTED } from '../terms/counting.ts';
import { LANGUAGE } from '../terms/language.ts';
import type { KnownNames, NameMeaning } from './names.ts';
import { findNumerals, LETTER, type Numeral, WORD } from './numerals.ts';
import { findSpelled, readOtherDigits, type SpelledKind } from './spelled.ts';
import { type Duration, findDurations, findMoments, type Moment } from './times.ts';

export interface TextToken {
  /** In the line. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly lower: string;
  readonly type: 'word' | 'name' | 'number' | 'duration' | 'moment' | 'url' | 'handle' | 'unread' | 'mark';
  /** What is known of a name; of a name that nobody knows it is missing. */
  readonly meaning?: NameMeaning | undefined;
  /** In backticks or quotes. */
  readonly quoted?: boolean;
  readonly numeral?: Numeral & { readonly spelled?: SpelledKind };
  readonly duration?: Duration;
  readonly moment?: Moment;
}

const CODE =
  /(?<!`)``(?!`)([^\n]{1,400}?)``(?!`)|(?<!`)`(?!`)([^`\n]{1,400})`(?!`)|"([^"\n]{1,200})"|“([^”\n]{1,200})”/g;
const NAME_IN_FILTER = /`([^`\n]{1,400})`/g;
const SOME_LETTER = /\p{L}/u;
const URL = /https?:\/\/[^\s)>\]"'`|]+/g;
const HANDLE = /(?<![\w&])#\d+(?!\w)/g;
const CHUNK = new RegExp(`[${WORD}]+(?:[-./:@+][${WORD}]+)*`, 'g');
const IDENTIFIER = new RegExp(`(?<![${WORD}.])[${LETTER}_][${WORD}]*(?:[-.][${WORD}]+)*`, 'g');
const HEX = /(?<![\w.-])(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{6,}(?![\w-])/g;
const OTHER = /(?:[-−]?[\d.,]+\s?[×x*·]\s?)?10[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+|\d*[½⅓⅔¼¾⅐-⅞]|(?:\p{Nd}+[.,٫٬．，]?)*\p{Nd}/gu;
const LEFTOVER = new RegExp(
  `(?<![${WORD}])[${WORD}]*[\\p{Nd}¼-¾⅐-⅞](?:[${WORD}\\p{Nd}]|[-.](?=[${WORD}\\p{Nd}]))*`,
  'gu',
);
const REST = new RegExp(`[${WORD}]+(?:[-'’][${WORD}]+)*|[^\\s]`, 'gu');
const GAP = /^(?: |[-–/.:&+]| [&+/–-] |, )$/;
const A_LETTER = new RegExp(`[${LETTER}]`);

export function lex(line: string, names: KnownNames, isCell = false): TextToken[] {
  return new Lexer(line, names, isCell).run();
}

class Lexer {
  readonly #line: string;
  readonly #names: KnownNames;
  /** Of a table: there even odd names stand without quotes. */
  readonly #isCell: boolean;
  readonly #tokens: TextToken[] = [];
  /** What no token covers yet; the rest is blank. */
  #rest: string;

  constructor(line: string, names: KnownNames, isCell: boolean) {
    this.#line = line;
    this.#isCell = isCell;
    this.#names = names;
    this.#rest = line;
  }

  run(): TextToken[] {
    this.#quoted();
    this.#each(URL, 'url');
    this.#known();
    this.#each(HANDLE, 'handle');
    this.#times();
    this.#ids();
    this.#identifiers();
    this.#numbers();
    this.#each(LEFTOVER, 'unread');
    this.#each(REST, 'word');
    return this.#tokens.sort((a, b) => a.start - b.start);
  }

  #add(start: number, end: number, type: TextToken['type'], more: Partial<TextToken> = {}): void {
    const text = this.#line.slice(start, end);
    const isMark = type === 'word' && !A_LETTER.test(text);
    this.#tokens.push({ start, end, text, lower: text.toLowerCase(), type: isMark ? 'mark' : type, ...more });
  }

  /** Blanks what the tokens from `from` on cover. */
  #cover(from: number): void {
    const added = this.#tokens.slice(from).sort((a, b) => a.start - b.start);
    if (added.length === 0) return;
    const parts: string[] = [];
    let end = 0;
    for (const token of added) {
      parts.push(this.#rest.slice(end, token.start), ' '.repeat(Math.max(0, token.end - Math.max(token.start, end))));
      end = Math.max(end, token.end);
    }
    this.#rest = parts.join('') + this.#rest.slice(end);
  }

  #each(pattern: RegExp, type: TextToken['type']): void {
    const from = this.#tokens.length;
    for (const { 0: text, index } of this.#rest.matchAll(pattern)) this.#add(index, index + text.length, type);
    this.#cover(from);
  }

  /** Names in quotes, and single words in backticks, which claim to be names; other quotations are read like the rest. */
  #quoted(): void {
    const from = this.#tokens.length;
    for (const match of this.#rest.matchAll(CODE)) {
      const [span, filter, code, straight, curly] = match;
      if (
        this.#addQuoted(match.index, span, filter ?? code ?? straight ?? curly ?? '', straight ?? curly) ||
        filter === undefined
      )
        continue;
      // The names in a filter are spans themselves.
      for (const inner of span.slice(2, -2).matchAll(NAME_IN_FILTER))
        this.#addQuoted(match.index + 2 + inner.index, inner[0], inner[1]!);
    }
    this.#cover(from);
  }

  #addQuoted(start: number, span: string, inside: string, inQuotes?: string): boolean {
    const text = inside.trim();
    const meaning = this.#names.find(text);
    const isNumber = !SOME_LETTER.test(text) || NUMBER_ONLY.test(text);
    const isKnown = meaning !== undefined && (!isNumber || meaning.owners.size > 0);
    const claimsToBe = inQuotes === undefined && !isNumber && !/[\s=<>(),#]/.test(text);
    if (!isKnown && !claimsToBe) return false;
    this.#add(start, start + span.length, 'name', isKnown ? { meaning, quoted: true } : { quoted: true });
    return true;
  }

  /** Known names without quotes, the longest first. */
  #known(): void {
    const from = this.#tokens.length;
    const chunks = Array.from(this.#rest.matchAll(CHUNK), ({ 0: text, index }) => ({
      text,
      start: index,
      end: index + text.length,
    }));
    for (let at = 0; at < chunks.length; at++) {
      const first = chunks[at]!;
      const most = Math.max(this.#names.lengthFrom(first.text), this.#names.findId(first.text) === undefined ? 0 : 1);
      for (let last = this.#lastChunk(chunks, at, most); last >= at; last--) {
        const text = this.#line.slice(first.start, chunks[last]!.end);
        const meaning = this.#names.find(text);
        if (meaning === undefined || !this.#isName(text, meaning)) continue;
        this.#add(first.start, chunks[last]!.end, 'name', { meaning });
        at = last;
        break;
      }
    }
    this.#cover(from);
  }

  #lastChunk(chunks: readonly { readonly start: number; readonly end: number }[], at: number, most: number): number {
    let last = at;
    while (last + 1 < chunks.length && last - at + 1 < most) {
      if (!GAP.test(this.#line.slice(chunks[last]!.end, chunks[last + 1]!.start))) break;
      last += 1;
    }
    return most === 0 ? at - 1 : last;
  }

  #isName(text: string, meaning: NameMeaning): boolean {
    // `accuracy 0.99` may be a run's name: in prose it has to be quoted.
    if (!this.#isCell && A_NUMBER_INSIDE.test(text) && meaning.measures.size === 0) return false;
    if (!A_LETTER.test(text) || NUMBER_ONLY.test(text)) return false;
    if (!PLAIN_WORD.test(text)) return true;
    if (COUNTED.has(text) && meaning.measures.size > 0 && meaning.owners.size > 0) return this.#names.isExact(text);
    if (LANGUAGE.has(text.toLowerCase()))
      return this.#names.isExact(text) && !/^[a-z]+$/.test(text) && meaning.measures.size === 0;
    return meaning.measures.size > 0 || this.#names.isExact(text);
  }

  #times(): void {
    let from = this.#tokens.length;
    for (const { 0: day, index } of this.#rest.matchAll(/(?<![\w-])\d\d-\d\d(?![\w-])/g)) {
      const owners = this.#names.ofDay([day]);
      if (owners !== undefined)
        this.#add(index, index + day.length, 'name', {
          meaning: { owners, measures: new Set<string>(), isValue: false },
        });
    }
    this.#cover(from);
    from = this.#tokens.length;
    for (const moment of findMoments(this.#rest)) {
      const owners = this.#names.ofDay(moment.parts);
      const meaning = owners === undefined ? undefined : { owners, measures: new Set<string>(), isValue: false };
      this.#add(moment.start, moment.end, 'moment', { moment, meaning });
    }
    this.#cover(from);
    const before = this.#tokens.length;
    for (const duration of findDurations(this.#rest)) this.#add(duration.start, duration.end, 'duration', { duration });
    this.#cover(before);
  }

  #ids(): void {
    const from = this.#tokens.length;
    for (const { 0: id, index } of this.#rest.matchAll(HEX)) {
      const meaning = this.#names.find(id);
      if (meaning !== undefined || !/^\d+e\d+$/.test(id)) this.#add(index, index + id.length, 'name', { meaning });
    }
    this.#cover(from);
  }

  /** Words that only a program would write: letters with digits or underscores. */
  #identifiers(): void {
    const from = this.#tokens.length;
    for (const { 0: word, index } of this.#rest.matchAll(IDENTIFIER)) {
      const isName = /[\d_]/.test(word) && !/^_+$/.test(word) && !NO_NAMES.test(word);
      if (isName) this.#add(index, index + word.length, 'name', { meaning: this.#names.find(word) });
    }
    this.#cover(from);
  }

  #numbers(): void {
    let from = this.#tokens.length;
    if (/[^\x00-\x7f]/.test(this.#rest))
      for (const { 0: text, index } of this.#rest.matchAll(OTHER)) {
        if (/^[\d.,]+$/.test(text)) continue;
        const value = readOtherDigits(text);
        if (value === undefined) continue;
        const numeral: Numeral = {
          start: index,
          end: index + text.length,
          text,
          value,
          tolerance: Math.abs(value) * 0.005,
          signed: false,
          unit: 'plain',
        };
        this.#add(index, index + text.length, 'number', { numeral });
      }
    this.#cover(from);
    from = this.#tokens.length;
    for (const numeral of findNumerals(this.#rest)) this.#add(numeral.start, numeral.end, 'number', { numeral });
    this.#cover(from);
    from = this.#tokens.length;
    for (const numeral of findSpelled(this.#rest)) {
      const unit =
        numeral.spelled === 'cardinal' || numeral.spelled === 'fraction'
          ? SPAN.exec(this.#rest.slice(numeral.end, numeral.end + 16))
          : null;
      const ms = unit === null ? undefined : SPANS.find(([word]) => unit[1]!.startsWith(word))?.[1];
      if (unit === null || ms === undefined) this.#add(numeral.start, numeral.end, 'number', { numeral });
      else {
        const end = numeral.end + unit[0].length;
        const duration = {
          start: numeral.start,
          end,
          text: this.#line.slice(numeral.start, end),
          ms: numeral.value * ms,
          tolerance: ms / 2,
          single: String(numeral.value),
        };
        this.#add(numeral.start, end, 'duration', { duration });
      }
    }
    this.#cover(from);
  }
}

/** `ten minutes`, `half an hour`. */
const SPAN = /^(?:\s|-)(?:an? |of an )?(ms|milliseconds?|secs?|seconds?|mins?|minutes?|hours?|days?)\b/;
const SPANS: readonly (readonly [string, number])[] = [
  ['ms', 1],
  ['milli', 1],
  ['sec', 1e3],
  ['min', 6e4],
  ['hour', 3.6e6],
  ['day', 8.64e7],
];
const PLAIN_WORD = /^[\p{L}]+$/u;
const A_NUMBER_INSIDE = /\s[-+−]?\d[\d.,]*(?:\s|$|%)/;
const NUMBER_ONLY = /^[-+−]?[\d.,]+(?:e[-+−]?\d+)?%?$/i;
/** `top-5`, `95%`, `x2`: numbers with a word before them; and names that everybody knows. */
const NO_NAMES = /^(?:(?:top|first|last|best|worst|no|step|epoch|place|rank)-\d+|[fr][12]|l[12]|h\d|q[1-4]|p\d\d?)$/i;
