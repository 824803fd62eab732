/** An answer as one Slack message: headline, table, picture, what it can be held against, and buttons. */
import type { types } from '@slack/bolt';
import type { Answer } from '../../agent/events.ts';
import type { Finding } from '../../finding/finding.ts';
import { formatDuration } from '../../finding/format.ts';
import { readable } from '../../finding/markup/readable.ts';
import { evidenceTexts } from '../../present/evidence.ts';
import { sanitizeLine } from '../../present/sanitize.ts';
import { isLinkable } from '../../present/style.ts';
import { endSentence } from '../shared/faults.ts';
import { toRichText } from './rich-text.ts';
import { escapeSlackText } from './slack-text.ts';

/** Each time it is shown it is the same, so it is kept as it is. */
export interface SlackContent {
  /** For notifications and screen readers. */
  readonly text: string;
  readonly blocks: readonly types.KnownBlock[];
}

export interface Picture {
  /** Slack's id of the uploaded file. */
  readonly file: string;
  readonly title: string;
  readonly alt: string;
}

/** What goes with an answer. */
export interface Surroundings {
  /** The question's id, which its buttons bear. */
  readonly id: string;
  /** Where the data is from. */
  readonly source: string;
  readonly pictures: readonly Picture[];
  readonly hasCsv: boolean;
  /** What those who see the message did not see asked. */
  readonly unseen?: string | undefined;
  /** Whether an earlier message may have been taken to the same question. */
  readonly isRepeat: boolean;
}

export const REPEAT = '(repeat: an earlier message to this question may stand above)';
const MOST_TEXT = 2_500;
const MOST_CHOICES = 8;
const MOST_FOLLOW_UPS = 3;
const MOST_LINKS = 3;
/** What Slack takes of a button's label, of its value, and of a picture's description. */
const [LONGEST_LABEL, LONGEST_VALUE, LONGEST_ALT] = [75, 2_000, 2_000];

export function answerContent(answer: Answer, around: Surroundings): SlackContent {
  if (answer.error !== undefined) return faultContent(answer, around);
  const { blocks, characters } = toRichText(answer.text);
  const evidence = evidenceTexts(answer).map((text) => `> ${text}`);
  const asides = [...evidence, ...answer.warnings.map((warning) => `_${warning}_`)].join('\n');
  return {
    text: fallbackText(answer.text, around),
    blocks: [
      ...openingBlocks(around),
      ...blocks,
      ...around.pictures.map(pictureBlock),
      ...(asides === '' ? [] : toRichText(asides, Math.max(1_000, 10_000 - characters)).blocks),
      ...linkBlocks(answer.findings),
      ...askBlocks(answer),
      ...footerBlocks(answer, around),
    ],
  };
}

/** A line of ours. */
export function lineContent(line: string, around?: Pick<Surroundings, 'unseen' | 'isRepeat'>): SlackContent {
  return {
    text: fallbackText(line, around ?? { isRepeat: false }),
    blocks: [...(around === undefined ? [] : openingBlocks(around)), ...toRichText(line).blocks],
  };
}

function faultContent({ error, receipt }: Answer, around: Surroundings): SlackContent {
  const { message = '', hint, retryable = false } = error ?? {};
  const line = sanitizeLine(
    (hint === undefined ? message : `${endSentence(message)} ${hint}`).replace(/\s*\n\s*/g, ' '),
  );
  const { text, blocks } = lineContent(line, around);
  return { text, blocks: [...blocks, ...(retryable ? askButtons([['Ask again', receipt.question]]) : [])] };
}

function openingBlocks({ unseen, isRepeat }: Pick<Surroundings, 'unseen' | 'isRepeat'>): types.KnownBlock[] {
  const lines = [...(isRepeat ? [REPEAT] : []), ...(unseen === undefined ? [] : [`Asked: ${unseen}`])];
  return lines.map((line) => contextBlock(line));
}

function contextBlock(line: string): types.ContextBlock {
  return {
    type: 'context',
    elements: [{ type: 'plain_text', text: cut(sanitizeLine(line), LONGEST_VALUE), emoji: false }],
  };
}

function pictureBlock({ file, title, alt }: Picture): types.ImageBlock {
  return {
    type: 'image',
    slack_file: { id: file },
    alt_text: cut(sanitizeLine(alt), LONGEST_ALT),
    title: { type: 'plain_text', text: cut(sanitizeLine(title), 150), emoji: false },
  };
}

/** Only those that our own builder made. */
function linkBlocks(findings: readonly Finding[]): types.KnownBlock[] {
  const links = new Map(findings.flatMap((finding) => finding.links).map(({ url, label }) => [url, label]));
  const elements = [...links]
    .filter(([url]) => isLinkable(url))
    .slice(0, MOST_LINKS)
    .flatMap(([url, label], index): types.RichTextSection['elements'] => [
      ...(index === 0 ? [] : [{ type: 'text' as const, text: ' · ' }]),
      { type: 'link', url, text: sanitizeLine(label) },
    ]);
  return elements.length === 0 ? [] : [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }];
}

function askBlocks({ choices, followUps }: Answer): types.KnownBlock[] {
  return askButtons([
    ...choices.slice(0, MOST_CHOICES).map(({ label, question }) => [label, question] as const),
    ...followUps.slice(0, MOST_FOLLOW_UPS).map((question) => [question, question] as const),
  ]);
}

/** A press asks the question. */
function askButtons(questions: readonly (readonly [label: string, question: string])[]): types.KnownBlock[] {
  const elements = questions
    .filter(([, question]) => question.length <= LONGEST_VALUE)
    .map(([label, question], place) => button(`ask:${place}`, label, question));
  return elements.length === 0 ? [] : [{ type: 'actions', elements }];
}

function button(name: string, label: string, value: string): types.Button {
  return {
    type: 'button',
    action_id: name,
    text: { type: 'plain_text', text: cut(sanitizeLine(label), LONGEST_LABEL), emoji: false },
    value,
  };
}

function footerBlocks({ usage, timingMs }: Answer, { id, source, hasCsv }: Surroundings): types.KnownBlock[] {
  const vote = (verdict: 'up' | 'down', text: string) => ({
    text: { type: 'plain_text' as const, text },
    value: `${verdict} ${id}`,
  });
  return [
    contextBlock([source, usage.model, formatDuration(timingMs)].filter((part) => part !== '').join(' · ')),
    {
      type: 'actions',
      elements: [button('how', 'Show how', id), ...(hasCsv ? [button('csv', 'Get CSV', id)] : [])],
    },
    {
      type: 'context_actions',
      elements: [
        {
          type: 'feedback_buttons',
          action_id: 'feedback',
          positive_button: vote('up', '👍'),
          negative_button: vote('down', '👎'),
        },
      ],
    },
  ];
}

function fallbackText(markdown: string, { isRepeat }: Pick<Surroundings, 'isRepeat'>): string {
  const text = escapeSlackText(cut(readable(markdown.slice(0, MOST_TEXT)).text, MOST_TEXT));
  return isRepeat ? `${REPEAT} ${text}` : text;
}

function cut(text: string, most: number): string {
  const line = text.trim() || ' ';
  return line.length <= most ? line : `${line.slice(0, most - 1).toWellFormed()}…`;
}
