/** Numbers that are written in words or in the digits of other scripts. */
import { CARDINALS, GROUPS_OF, MULTIPLES, ORDINALS, PARTS, POWERS } from '../terms/numerals.ts';
import type { Numeral } from './numerals.ts';

export type SpelledKind = 'cardinal' | 'ordinal' | 'fraction' | 'multiple';

interface Spelled extends Numeral {
  readonly spelled: SpelledKind;
}

const PERCENT = /^[\s-]{1,2}(?:%|percent\b|per cent\b|pct\b|percentage points?\b|pp\b)/i;

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const WORD = /[a-z]+(?:-[a-z]+)*/gi;
const NEAR = /^[\s-]{1,3}$/;

/** `eighty-eight`, `one hundred and sixty-six`, `three point five`, `two thirds`, `tenfold`, `twice`, `half`. */
export function findSpelled(text: string): Spelled[] {
  const words = Array.from(text.matchAll(WORD), ({ 0: found, index }) => ({
    text: found.toLowerCase(),
    start: index,
    end: index + found.length,
  })).flatMap(splitHyphens);
  const found: Spelled[] = [];
  for (let at = 0; at < words.length; ) {
    const read = readAt(text, words, at);
    if (read === undefined) at += 1;
    else {
      found.push(read.numeral);
      at = read.next;
    }
  }
  return found;
}

/** `eighty-eight` and `two-thirds` are two words, `front-runner` is none of ours. */
function splitHyphens(word: Word): Word[] {
  if (!word.text.includes('-')) return [word];
  const parts = word.text.split('-');
  if (
    !parts.every(
      (part) =>
        CARDINALS.has(part) ||
        PARTS.has(part) ||
        ORDINALS.has(part) ||
        POWERS.has(part) ||
        part === 'fold' ||
        part === 'and',
    )
  ) {
    if (!(CARDINALS.has(parts[0] ?? '') && parts.length === 2)) return [word];
  }
  let start = word.start;
  return parts.map((text) => {
    const one = { text, start, end: start + text.length };
    start += text.length + 1;
    return one;
  });
}

function readAt(text: string, words: readonly Word[], at: number): { numeral: Spelled; next: number } | undefined {
  const first = words[at]!;
  const make = (value: number, spelled: SpelledKind, last: number, tolerance = 0) => ({
    numeral: {
      start: first.start,
      end: words[last]!.end,
      text: text.slice(first.start, words[last]!.end),
      value,
      tolerance,
      signed: false,
      unit: spelled === 'ordinal' ? ('ordinal' as const) : ('plain' as const),
      spelled,
    },
    next: last + 1,
  });
  const fold = /^(.+)fold$/.exec(first.text)?.[1];
  if (fold !== undefined && CARDINALS.has(fold)) return make(CARDINALS.get(fold)!, 'multiple', at, 0.5);
  if (MULTIPLES.has(first.text) && first.text !== 'halves') return make(MULTIPLES.get(first.text)!, 'multiple', at);
  const cardinal = readCardinal(text, words, at);
  if (cardinal !== undefined) {
    const next = words[cardinal.next];
    const follows = next !== undefined && NEAR.test(text.slice(words[cardinal.next - 1]!.end, next.start));
    if (follows && next.text === 'fold') return make(cardinal.value, 'multiple', cardinal.next, 0.5);
    if (follows && PARTS.has(next.text)) return make(cardinal.value * PARTS.get(next.text)!, 'fraction', cardinal.next);
    const percent = PERCENT.exec(text.slice(words[cardinal.next - 1]!.end, words[cardinal.next - 1]!.end + 12))?.[0];
    const made = make(cardinal.value, 'cardinal', cardinal.next - 1, cardinal.tolerance);
    if (percent === undefined) return made;
    const end = made.numeral.end + percent.length;
    return {
      ...made,
      numeral: {
        ...made.numeral,
        end,
        text: text.slice(made.numeral.start, end),
        tolerance: Math.max(cardinal.tolerance, 0.5),
        unit: 'percent' as const,
      },
    };
  }
  if (first.text === 'half' || first.text === 'quarter' || first.text === 'quarters')
    return make(PARTS.get(first.text)!, 'fraction', at);
  const isPart = words[at - 1]?.text === 'a' || words[at - 1]?.text === 'an';
  if (ORDINALS.has(first.text) && !(isPart && PARTS.has(first.text)))
    return make(ORDINALS.get(first.text)!, 'ordinal', at);
  if (PARTS.has(first.text) && first.text !== 'halves') return make(PARTS.get(first.text)!, 'fraction', at);
  if (GROUPS_OF.has(first.text)) return make(GROUPS_OF.get(first.text)!, 'cardinal', at);
  return undefined;
}

function readCardinal(text: string, words: readonly Word[], at: number) {
  let total = 0;
  let part = 0;
  let next = at;
  let seen = false;
  for (; next < words.length; next++) {
    const { text: word, start } = words[next]!;
    if (next > at && !NEAR.test(text.slice(words[next - 1]!.end, start))) break;
    const unit = CARDINALS.get(word);
    const power = POWERS.get(word);
    if (unit !== undefined) {
      if (seen && part % 100 !== 0 && !(part % 10 === 0 && part % 100 >= 20 && unit < 10)) break;
      part += unit;
      seen = true;
    } else if (power === 100 && !seen && next === at) {
      part = 100;
      seen = true;
    } else if (power !== undefined && seen) {
      if (power === 100) part *= 100;
      else {
        total += part * power;
        part = 0;
      }
    } else if (
      word === 'and' &&
      seen &&
      (part % 100 === 0 || part === 0) &&
      CARDINALS.has(words[next + 1]?.text ?? '') &&
      (part > 0 || total > 0)
    ) {
    } else break;
  }
  if (!seen) return undefined;
  const half = words.slice(next, next + 3).map(({ text: word }) => word);
  if (half.join(' ') === 'and a half') return { value: total + part + 0.5, next: next + 3, tolerance: 0 };
  const decimals = readDecimals(text, words, next);
  return decimals === undefined
    ? { value: total + part, next, tolerance: 0 }
    : { value: total + part + decimals.value, next: decimals.next, tolerance: decimals.tolerance };
}

/** `point seven three`. */
function readDecimals(text: string, words: readonly Word[], at: number) {
  if (words[at]?.text !== 'point' || !NEAR.test(text.slice(words[at - 1]!.end, words[at]!.start))) return undefined;
  let value = 0;
  let scale = 1;
  let next = at + 1;
  for (; next < words.length; next++) {
    const digit = CARDINALS.get(words[next]!.text);
    if (digit === undefined || digit > 99 || !NEAR.test(text.slice(words[next - 1]!.end, words[next]!.start))) break;
    scale /= digit > 9 ? 100 : 10;
    value += digit * scale;
  }
  return next === at + 1 ? undefined : { value, next, tolerance: scale / 2 };
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const VULGAR: Readonly<Record<string, string>> = {
  '½': '0.5',
  '⅓': '0.333',
  '⅔': '0.667',
  '¼': '0.25',
  '¾': '0.75',
  '⅕': '0.2',
  '⅖': '0.4',
  '⅗': '0.6',
  '⅘': '0.8',
  '⅙': '0.167',
  '⅚': '0.833',
  '⅛': '0.125',
  '⅜': '0.375',
  '⅝': '0.625',
  '⅞': '0.875',
};

/** The value of numbers in other digits: `٠٫٩٩`, `０.９`, `½`, `7.3×10⁻⁴`; undefined where it cannot be told. */
export function readOtherDigits(text: string): number | undefined {
  const power = /^(?:([-−]?[\d.,]+)\s?[×x*·]\s?)?10([⁺⁻]?)([⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/.exec(text);
  if (power !== null) {
    const exponent = Number(Array.from(power[3]!, (digit) => SUPERSCRIPTS.indexOf(digit)).join(''));
    return Number(power[1]?.replaceAll(',', '') ?? 1) * 10 ** (power[2] === '⁻' ? -exponent : exponent);
  }
  const whole = /^(\d*)([½⅓⅔¼¾⅕-⅞])$/.exec(text);
  if (whole !== null && VULGAR[whole[2]!] !== undefined) return Number(whole[1] || 0) + Number(VULGAR[whole[2]!]);
  const plain = text
    .replace(/[\p{Nd}]/gu, toAscii)
    .replace(/[٫．]/g, '.')
    .replace(/[٬，]/g, '');
  return /^\d+(?:\.\d+)?$/.test(plain) ? Number(plain) : undefined;
}

/** Digits of a script stand in tens, from a zero on. */
function toAscii(digit: string): string {
  let zero = digit.codePointAt(0) ?? 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(((digit.codePointAt(0) ?? 0) - zero) % 10);
}
