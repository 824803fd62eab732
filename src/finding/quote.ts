/** Makes text from a store safe to show in Markdown, in a terminal and to a model: it can only ever be read as a name. */

const MAX_GRAPHEMES = 80;

/** Controls, bidi marks, invisible characters and lone surrogates; a joiner inside an emoji is left alone. */
const INVISIBLE =
  /(?!\u200d)[\p{Cc}\p{Cf}\p{Surrogate}\p{Zl}\p{Zp}]|\u115f|\u1160|\u3164|(?<!\p{Extended_Pictographic}\ufe0f?)\u200d/gu;

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
}

function truncate(text: string, max: number): string {
  if (text.length <= max) return text;
  const graphemes = Array.from(new Intl.Segmenter('en').segment(text.slice(0, max * 20)), (part) => part.segment);
  return graphemes.length <= max ? text.slice(0, max * 20) : `${graphemes.slice(0, max).join('')}…`;
}

/** Store text on one line: newlines collapsed, what cannot be seen written as an escape, long text cut with `…`. */
export function visibleText(text: string, max = MAX_GRAPHEMES): string {
  const line = text
    .slice(0, max * 40)
    .replace(/[ \r\n\t\u2028\u2029]+/g, (blanks) => (/^ +$/.test(blanks) ? blanks : ' '));
  return truncate(line.replace(INVISIBLE, escapeCharacter), max);
}

/** A name as a Markdown code span; what would end the span or a table cell is replaced by its look-alike. */
export function quoteName(text: string, max = MAX_GRAPHEMES): string {
  return `\`${visibleText(text, max).replaceAll('`', 'ˋ').replaceAll('|', '¦') || ' '}\``;
}

/** A filter as a Markdown code span that can be copied: its own backticks stay. */
export function quoteFilter(filter: string): string {
  const shown = visibleText(filter, 200).replaceAll('|', '¦');
  return shown.includes('`') ? `\`\` ${shown.replace(/``+/g, '`')} \`\`` : quoteName(filter, 200);
}

const QUOTES = ['""', "''", '“”', '«»', '``'];

/** A name as it can stand in a question: in the first kind of quotes that it does not hold itself. */
export function quoteInQuestion(name: string): string {
  const [open, close] =
    QUOTES.find(([opener = '', closer = '']) => !name.includes(opener) && !name.includes(closer)) ?? '""';
  return `${open}${name}${close}`;
}

const HARMLESS = /^[\p{Script=Latin}\p{Script=Greek}0-9+\-.][\p{Script=Latin}\p{Script=Greek}0-9 _.,:+\-/@%=()±…]*$/u;
const MARKUP = /:\/\/|www\.|@\w|(?:^|[^A-Za-z0-9])_|_(?:[^A-Za-z0-9]|$)/;

/** Store text for a table cell: bare where nothing in it could be Markdown, else a code span. */
export function quoteCell(text: string): string {
  const shown = visibleText(text);
  return HARMLESS.test(shown) && !MARKUP.test(shown) ? shown : quoteName(text);
}
