/** Inline Markdown as styled spans; which links are shown as such. */
import type { SourceSpan } from '../finding/markup/blocks.ts';
import { type Piece, readInline } from '../finding/markup/inline.ts';
import { readCell } from '../finding/markup/readable.ts';
import type { StyledSpan } from './spans.ts';
import { isLinkable, type Tone } from './style.ts';

export interface InlineOptions {
  /** URLs that our own builder made; any other link loses its target and keeps its words. */
  readonly links: ReadonlySet<string>;
  /** Whether the screen shows links by itself; otherwise the URL is written behind the words. */
  readonly hyperlinks: boolean;
}

/** `tone` of what has none of its own. */
export function inlineSpans(words: SourceSpan, options: InlineOptions, tone?: Tone): StyledSpan[] {
  return toSpans(readInline(words.text, words.at), options, tone);
}

export function cellSpans(cell: SourceSpan | undefined, options: InlineOptions): StyledSpan[] {
  return cell === undefined ? [] : toSpans(readCell(cell), options);
}

function toSpans(pieces: readonly Piece[], { links, hyperlinks }: InlineOptions, tone?: Tone): StyledSpan[] {
  return pieces.flatMap(({ text, kind, url }, index): StyledSpan[] => {
    const span = { text, tone: kind === 'plain' ? tone : kind };
    if (url === undefined || !links.has(url) || !isLinkable(url)) return [span];
    if (hyperlinks) return [{ ...span, url }];
    const isLast = pieces[index + 1]?.url !== url;
    return isLast ? [span, { text: ` (${url})`, tone: 'dim' }] : [span];
  });
}
