/** The terminal's sanitiser: text from a store or a model can show no control, no direction change, nothing invisible. */

/**
 * Control, format, surrogate, separator and default-ignorable code points, but LF, TAB and the two emoji variation
 * selectors. A zero-width joiner is kept only between two pictographs, where it makes one emoji.
 */
const UNSAFE =
  /(?<!\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]?)\u200d|\u200d(?!\p{Extended_Pictographic})|[[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]--[\n\t\u200d\ufe0e\ufe0f]]/gv;

const PRINTABLE_ASCII = /^[\n\t\x20-\x7e]*$/;

/** Makes every unsafe code point a visible escape such as `\x1b` or `\u{202e}`. Idempotent. */
export function sanitizeForTerminal(text: string): string {
  return escapeUnsafe(text, visibleEscape);
}

/** `write` says what stands for an unsafe code point. */
export function escapeUnsafe(text: string, write: (character: string) => string): string {
  return PRINTABLE_ASCII.test(text) ? text : text.replace(UNSAFE, write);
}

/** As above, on one line. */
export function sanitizeLine(text: string): string {
  return sanitizeForTerminal(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

/** `\x1b`, `\u{202e}`. */
export function visibleEscape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}
