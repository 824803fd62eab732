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
