/** Columns that text takes in a terminal, and cutting, padding and wrapping by them. */

/** Latin letters, dashes, quotes, arrows, box drawing and braille: one column each, and no segmenter to load for them. */
const SIMPLE = /^[\x20-\x7e\xa1-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2500-\u259f\u2800-\u28ff]*$/;
const INVISIBLE = /^[\p{Mark}\p{Default_Ignorable_Code_Point}\p{Cc}]+$/u;
/** East Asian wide and full-width blocks (Unicode EastAsianWidth W and F; emoji are told by their own property). */
const WIDE =
  /^[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]/u;
const EMOJI = /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|\p{Regional_Indicator}{2})/u;

let segmenter: Intl.Segmenter | undefined;

/** What a reader sees as single characters. */
export function graphemes(text: string): string[] {
  return [...eachGrapheme(text)];
}

function* eachGrapheme(text: string): Generator<string, void, undefined> {
  if (SIMPLE.test(text)) return yield* text;
  segmenter ??= new Intl.Segmenter();
  for (const { segment } of segmenter.segment(text)) yield segment;
}

export function displayWidth(text: string): number {
  if (SIMPLE.test(text)) return text.length;
  return graphemes(text).reduce((sum, grapheme) => sum + graphemeWidth(grapheme), 0);
}

function graphemeWidth(grapheme: string): number {
  if (INVISIBLE.test(grapheme)) return 0;
  return WIDE.test(grapheme) || EMOJI.test(grapheme) ? 2 : 1;
}

/** At most `width` columns; what was cut off shows as `mark`. */
export function truncate(text: string, width: number, mark = '…'): string {
  if (displayWidth(text) <= width) return text;
  return takeColumns(text, width - displayWidth(mark)).head + mark;
}

/** The longest start that fits, and the rest. */
export function takeColumns(text: string, width: number): { readonly head: string; readonly tail: string } {
  let head = '';
  let used = 0;
  for (const grapheme of eachGrapheme(text)) {
    used += graphemeWidth(grapheme);
    if (used > width) break;
    head += grapheme;
  }
  return { head, tail: text.slice(head.length) };
}

/** Parts that fit, one after the other: the first into `room`, which may hold nothing, each other one into `width`. */
export function* splitColumns(text: string, room: number, width = room): Generator<string, void, undefined> {
  let part = '';
  let free = room;
  for (const grapheme of eachGrapheme(text)) {
    const needed = graphemeWidth(grapheme);
    // What is wider than a line has one of its own.
    if (needed > free && (part !== '' || free < width)) {
      yield part;
      part = '';
      free = width;
    }
    part += grapheme;
    free -= needed;
  }
  if (part !== '') yield part;
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text;
}
