/** Pieces of styled text, and wrapping and painting lines made of them. */
import { hyperlink, paint, type Screen, type Tone } from './style.ts';
import { displayWidth, splitColumns } from './width.ts';

export interface StyledSpan {
  readonly text: string;
  readonly tone?: Tone | undefined;
  readonly url?: string | undefined;
}

export function spansWidth(spans: readonly StyledSpan[]): number {
  return spans.reduce((sum, span) => sum + displayWidth(span.text), 0);
}

export function paintSpans(screen: Screen, spans: readonly StyledSpan[]): string {
  return mergeAlike(spans)
    .map((span) => {
      const painted = paint(screen, span.tone, span.text);
      return span.url === undefined ? painted : hyperlink(screen, painted, span.url);
    })
    .join('');
}

/** Neighbours of one look become one span: wrapping leaves a span to each word. */
function mergeAlike(spans: readonly StyledSpan[]): StyledSpan[] {
  const merged: StyledSpan[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last !== undefined && last.tone === span.tone && last.url === span.url) {
      merged[merged.length - 1] = { ...last, text: last.text + span.text };
    } else merged.push(span);
  }
  return merged;
}

/** Lines of at most `width` columns, broken at spaces; a word that is wider than a line is split. */
export function wrapSpans(spans: readonly StyledSpan[], width: number): StyledSpan[][] {
  const lines: StyledSpan[][] = [];
  let line: StyledSpan[] = [];
  let used = 0;
  let gap: StyledSpan | undefined;
  for (const word of splitWords(spans)) {
    if (word.space !== undefined) {
      gap = word.space;
      continue;
    }
    const needed = spansWidth(word.pieces);
    const gapWidth = gap === undefined || line.length === 0 ? 0 : 1;
    if (line.length > 0 && used + gapWidth + needed > width) {
      lines.push(line);
      line = [];
      used = 0;
    } else if (gapWidth === 1) {
      line.push({ ...gap, text: ' ' });
      used += 1;
    }
    const parts = needed > width ? splitWide(word.pieces, width) : [word.pieces];
    for (const part of parts.slice(0, -1)) lines.push([...part]);
    for (const piece of parts.at(-1) ?? []) line.push(piece);
    used = parts.length === 1 ? used + needed : spansWidth(line);
    gap = undefined;
  }
  if (line.length > 0 || lines.length === 0) lines.push(line);
  return lines;
}

type Word = { readonly space: StyledSpan } | { readonly space?: undefined; readonly pieces: readonly StyledSpan[] };

/** Spaces, and the runs of pieces between them that belong together: a code span and the comma after it. */
function splitWords(spans: readonly StyledSpan[]): Word[] {
  const words: Word[] = [];
  let pieces: StyledSpan[] = [];
  for (const span of spans) {
    for (const text of span.text.split(/( +)/)) {
      if (text === '') continue;
      if (text.startsWith(' ')) {
        if (pieces.length > 0) words.push({ pieces });
        pieces = [];
        words.push({ space: { ...span, text: ' ' } });
      } else {
        pieces.push({ ...span, text });
      }
    }
  }
  if (pieces.length > 0) words.push({ pieces });
  return words;
}

function splitWide(pieces: readonly StyledSpan[], width: number): StyledSpan[][] {
  const lines: StyledSpan[][] = [[]];
  let free = width;
  for (const piece of pieces) {
    for (const [index, text] of [...splitColumns(piece.text, free, width)].entries()) {
      if (index > 0) {
        lines.push([]);
        free = width;
      }
      if (text !== '') lines.at(-1)?.push({ ...piece, text });
      free -= displayWidth(text);
    }
  }
  return lines;
}
