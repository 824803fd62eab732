/** An explanation (`explainAnswer`) as lines for a terminal: its prose fits the screen, its Python can be copied. */
import { sanitizeForTerminal } from './sanitize.ts';
import { paintSpans } from './spans.ts';
import type { Screen } from './style.ts';
import { renderMarkdown } from './terminal.ts';

const PYTHON = /^(`{3,})python\n([\s\S]*?)\n\1$/m;

/** Python stands as it is, without margin: an indentation or a line break of ours would be copied with it. */
export function renderExplanation(markdown: string, screen: Screen): string[] {
  const found = PYTHON.exec(markdown);
  if (found === null) return renderMarkdown(markdown, screen);
  const before = renderMarkdown(markdown.slice(0, found.index), screen);
  const code = sanitizeForTerminal(found[2] ?? '').split('\n');
  const after = renderExplanation(markdown.slice(found.index + found[0].length), screen);
  const blocks = [before, code.map((text) => paintSpans(screen, [{ text, tone: 'code' }])), after];
  return blocks.filter((block) => block.length > 0).flatMap((block, i) => (i === 0 ? block : ['', ...block]));
}
