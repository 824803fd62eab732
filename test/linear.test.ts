/** Whatever a person, a store or a model writes is read in time that grows with it: floods of every sign, each pass. */
import { describe, expect, test } from 'vitest';
import { readListed } from '../src/agent/listed.ts';
import { loosen, tokenize } from '../src/agent/offline/tokens.ts';
import { readable } from '../src/finding/markup/readable.ts';
import { quoteCell, quoteFilter, quoteName } from '../src/finding/quote.ts';
import { createMask, maskUri } from '../src/mask.ts';
import { csvOf } from '../src/present/csv.ts';
import { renderExplanation } from '../src/present/explanation.ts';
import { jsonText } from '../src/present/json-text.ts';
import { escapeMarkdown } from '../src/present/markdown.ts';
import { sanitizeLine } from '../src/present/sanitize.ts';
import { renderMarkdown } from '../src/present/terminal.ts';
import { truncate } from '../src/present/width.ts';
import { splitArguments } from '../src/surfaces/cli/chat/commands/command.ts';
import { lastWord } from '../src/surfaces/cli/chat/completion.ts';
import { cleanPaste } from '../src/surfaces/cli/chat/line-editor.ts';
import { toRichText } from '../src/surfaces/slack/rich-text.ts';
import { asksSomething, escapeSlackText, readSlackText } from '../src/surfaces/slack/slack-text.ts';
import { plainScreen } from './present/screens.ts';

const screen = plainScreen(80);
const mask = createMask(['s3cret/pass', 'abcabcabc']);

const PASSES: Readonly<Record<string, (text: string) => unknown>> = {
  'a line of Markdown': (text) => renderMarkdown(text, screen),
  "a table's cell": (text) => renderMarkdown(`| a | b |\n|---|---|\n| ${text} |`, screen),
  "a table's header": (text) => renderMarkdown(`| ${text} |\n|---|---|\n| a | b |`, screen),
  'a heading of rules': (text) => renderMarkdown(`|\n${text}`, screen),
  'the readable text': readable,
  'an explanation': (text) => renderExplanation(text, screen),
  'escaped Markdown': escapeMarkdown,
  'a sanitised line': sanitizeLine,
  JSON: (text) => jsonText(text),
  CSV: (text) => [...csvOf({ header: [text], rows: [[{ text, isNumber: false }]] }).lines],
  'a name': quoteName,
  'a cell': quoteCell,
  'a filter': quoteFilter,
  'a cut text': (text) => truncate(text, 40),
  'a masked address': (text) => maskUri(`http://host/?${text}`),
  'a masked name': (text) => maskUri(`ab:${text}`),
  'a mask': mask,
  tokens: tokenize,
  'a loose name': loosen,
  'a paste': (text) => cleanPaste(text, '↵'),
  'listed choices': readListed,
  'what Slack sends': (text) => readSlackText(text, 'UBOT'),
  'what Slack is sent': escapeSlackText,
  'rich text': toRichText,
  'a message to Slack that may ask nothing': asksSomething,
  'arguments of a command': splitArguments,
  'a word to complete': lastWord,
} satisfies Record<string, (text: string) => unknown>;

const FLOODS = [
  ...['a', '_', '`', '*', '[', '|', '"', "'", ' ', '1', ',', '.', '\\', '?', '-', '#', '\n', '日', '\ud800', '\u200d'],
  ...['`` ', '**a', '*a ', '** ', '[a](b)', '[a](', '](', '![', '|a|\n|-|\n', '-|', ':-', '12:', '500,', "'a ", '" '],
  ...[
    'a\u0301\u0315\u0300',
    '\u0315\u0300',
    '👩‍🔬',
    '```\n',
    '```python\n',
    '&key',
    'key',
    '> ',
    '1. ',
    'aB',
    'eyJ-',
    ' x',
  ],
];

const flood = (unit: string, length: number): string => `${unit.repeat(length / unit.length)}x`;

/** Milliseconds of this thread's work, the best of some runs. */
function time(work: () => unknown, runs: number): number {
  const spent = () => process.threadCpuUsage().user / 1000;
  const times = Array.from({ length: runs }, () => {
    const started = spent();
    work();
    return spent() - started;
  });
  return Math.min(...times);
}

/** What is quicker than this is quick however it grows; with the square, no pass is. The whole goes up to 2^18. */
const [SHORT, LONG, QUICK_MS] =
  process.env.RUNSIGHT_WHOLE === '1' ? [2 ** 14, 2 ** 18, 2_000] : [2 ** 10, 2 ** 14, 100];
/** Between linear (16) and square (256). */
const MOST_GROWTH = 90;

describe('time grows with the text', () => {
  test.each(Object.entries(PASSES))('%s', (_, pass) => {
    const slow = FLOODS.flatMap((unit) => {
      const [short, long] = [flood(unit, SHORT), flood(unit, LONG)];
      const took = time(() => pass(long), 1);
      if (took < QUICK_MS) return [];
      const growth = time(() => pass(long), 5) / time(() => pass(short), 8);
      return growth > MOST_GROWTH ? [{ unit, growth, took }] : [];
    });
    expect(slow).toEqual([]);
  });
});
