/** An explanation (`explainAnswer`) as lines for a terminal: its prose fits the screen, its Python can be copied. */
import { sanitizeForTerminal } from './sanitize.ts';
import { paintSpans } from './spans.ts';
import type { Screen } from './style.ts';
import { renderMarkdown } from './terminal.ts';

const PYTHON = /^(`{3,})python$/;

/** Python stands as it is, without margin: an indentation or a line break of ours would be copied with it. */
export function renderExplanation(markdown: string, screen: Screen): string[] {
  const blocks = splitPython(markdown.split('\n')).map(({ fence, lines }) =>
    fence === undefined
      ? renderMarkdown(lines.join('\n'), screen)
      : lines.map((line) => paintSpans(screen, [{ text: sanitizeForTerminal(line), tone: 'code' }])),
  );
  return blocks.filter((block) => block.length > 0).flatMap((block, i) => (i === 0 ? block : ['', ...block]));
}

/** Prose and the code between fences, in turns; a fence that nothing closes goes on to the end. */
function splitPython(lines: readonly string[]): { readonly fence: string | undefined; readonly lines: string[] }[] {
  let part: { readonly fence: string | undefined; readonly lines: string[] } = { fence: undefined, lines: [] };
  const parts = [part];
  for (const line of lines) {
    const opened = part.fence === undefined ? PYTHON.exec(line)?.[1] : undefined;
    if (opened === undefined && line !== part.fence) part.lines.push(line);
    else {
      part = { fence: opened, lines: [] };
      parts.push(part);
    }
  }
  return parts;
}
