/** An answer in the making, as it is shown until it has been checked. */
import type { AgentEvent } from '../../../agent/events.ts';
import { sanitizeForTerminal, sanitizeLine } from '../../../present/sanitize.ts';
import { paintSpans, wrapSpans } from '../../../present/spans.ts';
import { paint, type Screen } from '../../../present/style.ts';
import { renderMarkdown } from '../../../present/terminal.ts';
import { truncate } from '../../../present/width.ts';

export interface StreamedText {
  /** What the model has said since it last asked for data; not checked yet. */
  readonly text: string;
  readonly thought: string;
  /** What goes on. */
  readonly doing: string;
}

export const EMPTY_DRAFT: StreamedText = { text: '', thought: '', doing: 'reading' };

const MOST_THOUGHT_ROWS = 3;
/** Of a thought only the end is shown, so only the end is kept. */
const MOST_THOUGHT = 4000;
/** Characters: more than a screen holds. */
const MOST_DRAWN = 10_000;

export function nextDraft(draft: StreamedText, event: AgentEvent): StreamedText {
  switch (event.type) {
    case 'text-delta':
      return { ...draft, text: draft.text + event.text, thought: '', doing: 'writing, not checked yet' };
    case 'thinking-delta':
      return { ...draft, thought: (draft.thought + event.text).slice(-MOST_THOUGHT), doing: 'thinking' };
    case 'tool-start':
      return { text: '', thought: '', doing: event.title };
    case 'progress':
      return { ...draft, doing: event.message };
    default:
      return draft;
  }
}

export interface DraftView {
  readonly screen: Screen;
  /** Rows that it may take at most. */
  readonly rows: number;
  /** Since the question was asked. */
  readonly seconds: number;
  /** What was typed meanwhile. */
  readonly typed: string;
}

/** The end of what was said so far, what goes on, and what was typed meanwhile. No line fills the last column. */
export function drawDraft(draft: StreamedText, { screen, rows, seconds, typed }: DraftView): string[] {
  const narrow: Screen = { ...screen, width: screen.width - 1, hyperlinks: false };
  const ellipsis = screen.unicode ? '…' : '...';
  const state = `${sanitizeLine(draft.doing)} ${ellipsis} ${seconds} s, Ctrl-C cancels`;
  const foot = [
    paint(screen, 'dim', truncate(state, narrow.width, ellipsis)),
    ...(typed === '' ? [] : [truncate(`> ${typed}`, narrow.width, ellipsis)]),
  ];
  const words = draft.text === '' ? thoughtLines(draft, narrow) : [...renderMarkdown(endOf(draft.text), narrow), ''];
  const room = Math.max(0, rows - foot.length);
  return [...(room === 0 ? [] : words.slice(-room)), ...foot];
}

/** Of a text only the last rows are shown: it is drawn anew with every word. */
function endOf(text: string): string {
  if (text.length <= MOST_DRAWN) return text;
  const end = text.slice(-MOST_DRAWN);
  return end.slice(end.indexOf('\n') + 1);
}

function thoughtLines({ thought }: StreamedText, screen: Screen): string[] {
  const text = sanitizeForTerminal(thought).replace(/\s+/g, ' ').trim();
  if (text === '') return [];
  const lines = wrapSpans([{ text, tone: 'dim' }], screen.width);
  return lines.slice(-MOST_THOUGHT_ROWS).map((line) => paintSpans(screen, line));
}
