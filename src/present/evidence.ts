/** What code found, to stand beside a model's words. */
import type { Answer } from '../agent/events.ts';
import { countOf } from '../finding/format.ts';
import { paint, type Screen } from './style.ts';
import { renderMarkdown } from './terminal.ts';

const MOST_SHOWN = 4;

/** A heading, then a finding each, in Markdown. Empty where code worded the answer. */
export function evidenceTexts({ evidence }: Answer, most = MOST_SHOWN): string[] {
  if (evidence.length === 0) return [];
  const more = evidence.length - most;
  return [
    'What the tools found:',
    ...evidence.slice(0, most).map(({ handle, text }) => (handle === undefined ? text : `${handle} ${text}`)),
    ...(more > 0 ? [`+${countOf(more, 'more finding')}`] : []),
  ];
}

/** Set off from the words that it stands beside. */
export function evidenceLines(answer: Answer, screen: Screen): string[] {
  const bar = screen.unicode ? '│ ' : '| ';
  const inner = { ...screen, width: screen.width - bar.length };
  return evidenceTexts(answer)
    .flatMap((text) => renderMarkdown(text, inner))
    .map((line) => paint(screen, 'dim', bar + line));
}
