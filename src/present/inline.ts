/** Inline Markdown to spans: code, bold, italics, links, images (their words only) and backslash escapes. */
import type { StyledSpan } from './spans.ts';
import { isLinkable, type Tone } from './style.ts';

const INLINE = new RegExp(
  [
    /\\(?<escaped>[!-/:-@[-`{-~])/,
    /(?<!`)(?<fence>`+)(?!`)(?<code>.*?[^`])\k<fence>(?!`)/,
    /!\[(?<alt>[^\]]*)\]\([^)\s]*\)/,
    /\[(?<label>[^\]]+)\]\((?<url>[^)\s]*)\)/,
    /\*\*(?<strong>\S(?:.*?\S)?)\*\*/,
    /(?<![\w*])\*(?<emphasis>[^\s*](?:[^*]*[^\s*])?)\*(?![\w*])/,
  ]
    .map((part) => part.source)
    .join('|'),
  'g',
);

export interface InlineOptions {
  /** URLs that our own builder made; any other link loses its target and keeps its words. */
  readonly links: ReadonlySet<string>;
  /** Whether the screen shows links by itself; otherwise the URL is written behind the words. */
  readonly hyperlinks: boolean;
}

export function parseInline(markdown: string, options: InlineOptions, tone?: Tone): StyledSpan[] {
  const spans: StyledSpan[] = [];
  let end = 0;
  for (const match of markdown.matchAll(INLINE)) {
    if (match.index > end) spans.push({ text: markdown.slice(end, match.index), tone });
    spans.push(...matchSpans(match.groups ?? {}, options, tone));
    end = match.index + match[0].length;
  }
  if (end < markdown.length) spans.push({ text: markdown.slice(end), tone });
  return spans;
}

function matchSpans(groups: Record<string, string | undefined>, options: InlineOptions, tone?: Tone): StyledSpan[] {
  if (groups.escaped !== undefined) return [{ text: groups.escaped, tone }];
  if (groups.code !== undefined) return [{ text: unpadCode(groups.code), tone: 'code' }];
  if (groups.alt !== undefined) return [{ text: groups.alt, tone }];
  if (groups.strong !== undefined) return parseInline(groups.strong, options, 'strong');
  if (groups.emphasis !== undefined) return parseInline(groups.emphasis, options, 'emphasis');
  return linkSpans(groups.label ?? '', groups.url ?? '', options, tone);
}

/** Markdown takes one space off each end, which lets code start or end with a backtick. */
function unpadCode(code: string): string {
  return /^ .* $/s.test(code) && code.trim() !== '' ? code.slice(1, -1) : code;
}

function linkSpans(label: string, url: string, options: InlineOptions, tone?: Tone): StyledSpan[] {
  const words = parseInline(label, options, tone);
  if (!options.links.has(url) || !isLinkable(url)) return words;
  return options.hyperlinks ? words.map((span) => ({ ...span, url })) : [...words, { text: ` (${url})`, tone: 'dim' }];
}
