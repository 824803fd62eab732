/** Numbers as they are written in prose: `12,034`, `-0.5`, `93.1%`, `1.2k`, `3e-4`, `2nd`, and how exactly they claim to be. */

export interface Numeral {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly value: number;
  /** What rounding to the digits shown may have changed; 0 is exact. */
  readonly tolerance: number;
  /** Whether the sign is part of the claim; without one, a difference may be told by its size. */
  readonly signed: boolean;
  readonly unit: 'percent' | 'ordinal' | 'plain';
}

/** Letters of living scripts, for character classes: the Unicode properties take milliseconds to compile. */
export const LETTER = 'A-Za-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u024f\\u0370-\\u1fff\\u3040-\\ud7ff';
/** What a word is made of. */
export const WORD = `${LETTER}0-9_`;

const NUMERAL = new RegExp(
  [
    `(?<![${WORD}.#])(?:(?<![${WORD})\\]])([-−+]))?`,
    '(\\d{1,3}(?:[,\\u00a0\\u202f]\\d{3})+(?!\\d)|\\d+)(\\.\\d+)?(?:e([-+−]?\\d+))?',
    `(?:(st|nd|rd|th|[kKMB]|[x×])(?![${WORD}])|(\\s?(?:%|percent\\b|per cent\\b|percentage points?\\b|pp\\b)))?`,
    `(?![${WORD}]|\\.\\d)`,
  ].join(''),
  'g',
);

const SCALES = new Map([
  ['k', 1e3],
  ['K', 1e3],
  ['M', 1e6],
  ['B', 1e9],
]);

/** Whole numbers below this are counts: 9 never stands for 9.4. */
const EXACT_BELOW = 10;

export function findNumerals(text: string): Numeral[] {
  return Array.from(text.matchAll(NUMERAL), toNumeral);
}

function toNumeral(match: RegExpExecArray): Numeral {
  const [whole, sign, integer = '', fraction = '', exponent, suffix = '', percent] = match;
  const power = exponent === undefined ? 0 : Number(exponent.replace('−', '-'));
  const scale = SCALES.get(suffix) ?? 1;
  const size = Number(`${integer.replace(/\D/g, '')}${fraction}e${power}`) * scale;
  const decimals = Math.max(0, fraction.length - 1);
  const isCount = decimals === 0 && power === 0 && scale === 1 && percent === undefined && size < EXACT_BELOW;
  return {
    start: match.index,
    end: match.index + whole.trimEnd().length,
    text: whole.trimEnd(),
    value: sign === '-' || sign === '−' ? -size : size,
    tolerance: isCount ? 0 : 0.5 * 10 ** (power - decimals + roundedDigits(integer, fraction, percent)) * scale,
    signed: sign !== undefined,
    unit: percent !== undefined ? 'percent' : /^(?:st|nd|rd|th)$/.test(suffix) ? 'ordinal' : 'plain',
  };
}

/** Percentages are written with three digits: the zeros of 1,570% need not be its own. */
function roundedDigits(integer: string, fraction: string, percent: string | undefined): number {
  const zeros = /(?<=\d{3})0+$/.exec(integer.replace(/\D/g, ''))?.[0].length ?? 0;
  return percent !== undefined && fraction === '' ? zeros : 0;
}

/** Numbers to compare with, found fast by their range. */
export class NumberSet {
  #sorted: number[] | undefined;
  readonly #values = new Set<number>();

  add(value: number | bigint): void {
    const number = Number(value);
    if (!Number.isFinite(number)) return;
    this.#values.add(number);
    this.#sorted = undefined;
  }

  /** Whether some value, written with the numeral's digits and unit, gives the numeral. */
  supports(numeral: Numeral): boolean {
    if (this.#near(numeral.value, numeral)) return true;
    if (numeral.unit !== 'percent') return false;
    const tolerance = numeral.tolerance / 100;
    return this.#near(numeral.value / 100, { tolerance, signed: numeral.signed });
  }

  #near(value: number, { tolerance, signed }: { readonly tolerance: number; readonly signed: boolean }): boolean {
    return this.#hasWithin(value, tolerance) || (!signed && this.#hasWithin(-value, tolerance));
  }

  #hasWithin(value: number, tolerance: number): boolean {
    // Half a unit in the last place, and the noise of decimal fractions in binary.
    const slack = tolerance + Math.abs(value) * 1e-9;
    this.#sorted ??= [...this.#values].sort((a, b) => a - b);
    const next = this.#sorted[lowerBound(this.#sorted, value - slack)];
    return next !== undefined && next <= value + slack;
  }
}

function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
