/** The pictures' sanitiser: text from a store is shown by glyphs that the shipped font has, or by visible escapes. */
import { composed } from '../../finding/compose.ts';
import { sanitizeLine, visibleEscape } from '../sanitize.ts';
import { type Label, labelText } from '../series-label.ts';
import { shippedFont } from './font.ts';

/** On one line. What cannot be seen and what the font lacks is written out, such as `\u{202e}`; so nothing is an empty box. */
export function pictureText(text: string): string {
  const font = shippedFont();
  return Array.from(composed(sanitizeLine(text)), (character) =>
    font.has(character.codePointAt(0) ?? 0) ? character : visibleEscape(character),
  ).join('');
}

/** A label sanitised for pictures. */
export function pictureLabel({ head, tail }: Label): Label {
  return { head: pictureText(head), tail: pictureText(tail) };
}

/** At most `width` pixels of a sanitised text, or of a label, whose tail stays where there is room for it. */
export function fitText(text: string | Label, width: number, size: number): string {
  const font = shippedFont();
  const whole = typeof text === 'string' ? text : labelText(text);
  if (font.width(whole, size) <= width) return whole;
  const wanted = typeof text === 'string' ? '' : text.tail;
  const tail = font.width(`…${wanted}`, size) < width ? wanted : '';
  const head = Array.from(whole.slice(0, whole.length - tail.length));
  let [low, high] = [0, head.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (font.width(`${head.slice(0, middle).join('')}…${tail}`, size) <= width) low = middle;
    else high = middle - 1;
  }
  return `${head.slice(0, low).join('')}…${tail}`;
}

/** Lines of at most `width` pixels, broken at spaces; after `most` lines the rest is cut with `…`. */
export function wrapText(text: string, width: number, size: number, most: number): string[] {
  const font = shippedFont();
  const lines: string[] = [];
  let line = '';
  const words = text.split(' ');
  for (const [i, word] of words.entries()) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (font.width(longer, size) <= width || line === '') line = longer;
    else {
      lines.push(line);
      line = word;
    }
    if (lines.length === most - 1 && font.width(line, size) > width)
      return [...lines, fitText([line, ...words.slice(i + 1)].join(' '), width, size)];
  }
  const rest = [...lines, line];
  const shown = rest.slice(0, most).map((one) => fitText(one, width, size));
  return rest.length > most ? [...shown.slice(0, -1), fitText(`${shown.at(-1)} ${rest[most]}`, width, size)] : shown;
}
