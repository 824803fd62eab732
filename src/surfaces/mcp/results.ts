/** Answers and findings as results of a tool: text for who reads, data for who computes, links to what is kept. */
import type { CallToolResult, ContentBlock } from '@modelcontextprotocol/server';
import type { Answer } from '../../agent/events.ts';
import type { ToolFailure } from '../../agent/models/model.ts';
import { chartOf } from '../../finding/charts.ts';
import type { Finding } from '../../finding/finding.ts';
import { countOf } from '../../finding/format.ts';
import { findingJson } from '../../finding/json.ts';
import { findingText } from '../../finding/text.ts';
import { evidenceTexts } from '../../present/evidence.ts';
import { answerJson } from '../../present/json.ts';
import { drawPicture } from '../../present/picture.ts';
import { sanitizeForTerminal, sanitizeLine } from '../../present/sanitize.ts';
import { endSentence } from '../shared/faults.ts';
import type { AskedQuestion } from './answers.ts';
import { type Shelf, shelfUri } from './shelf.ts';

type Structured = Record<string, unknown>;

/** Characters of an answer's text; clients cut what is much longer, wherever that falls. */
const MOST_TEXT = 20_000;
const MOST_PICTURES = 2;

/** Nothing in it can steer a terminal that it is shown on, or turn its direction. */
export function textBlock(text: string): ContentBlock {
  return { type: 'text', text: sanitizeForTerminal(text) };
}

/** What went wrong and the mend, in one line. */
export function errorResult(message: string, hint?: string): CallToolResult {
  const text = hint === undefined ? message : `${endSentence(message)} ${hint}`;
  return { isError: true, content: [{ type: 'text', text: sanitizeLine(text.replace(/\s*\n\s*/g, ' ').trim()) }] };
}

/** Of a tool by its name, with what could be meant, as inputs that settle it. */
export function failureResult(tool: string, { code, message, hint, choices }: ToolFailure): CallToolResult {
  const options = choices.map(({ slot, value, label }) => `${slot}: ${JSON.stringify(value)} (${label})`);
  const text = code === 'invalid_input' ? `${tool}: ${inOneLine(message)}` : message;
  return errorResult(text, [hint, ...options].filter((part) => part !== undefined).join('; ') || undefined);
}

/** What is wrong with an input stands in a line each. */
const inOneLine = (reasons: string): string =>
  reasons
    .replace(/^✖ /, '')
    .replace(/\n\s*→/g, '')
    .replace(/\n✖ /g, '; ');

export function findingResult(finding: Finding, timeZone: string, shelf: Shelf): CallToolResult {
  return {
    content: [textBlock(findingText(finding, { timeZone })), ...linksTo(finding, shelf)],
    structuredContent: findingJson(finding),
  };
}

export function findingsResult(findings: readonly Finding[], timeZone: string, shelf: Shelf): CallToolResult {
  const text = findings.map((finding) => findingText(finding, { timeZone })).join('\n\n');
  return {
    content: [textBlock(text), ...findings.flatMap((finding) => linksTo(finding, shelf))],
    structuredContent: { findings: findings.map(findingJson) },
  };
}

/** Answered, or asking back, or refusing: all of it is an answer. Only a fault is an error. */
export async function answerResult(answer: Answer, shelf: Shelf): Promise<CallToolResult> {
  const pictures = await Promise.all(answer.charts.slice(0, MOST_PICTURES).map(pictureBlock));
  return {
    content: [
      textBlock(answerText(answer)),
      ...pictures,
      ...skillsFor(answer),
      ...answer.findings.flatMap((finding) => linksTo(finding, shelf)),
    ],
    structuredContent: answerJson(answer),
    ...(answer.status === 'error' && { isError: true }),
  };
}

/** Of a question that is still worked on, or no longer. */
export function pendingResult({ handle, conversation, state, seconds }: AskedQuestion): CallToolResult {
  const pending: Structured = { handle, conversation, state: state(), seconds: seconds() };
  const text =
    state() === 'cancelled'
      ? `The question ${handle} was cancelled.`
      : `Not answered yet, after ${seconds()} s. Call get_answer with handle "${handle}" to wait for the answer, or with cancel to give it up.`;
  return { content: [textBlock(text)], structuredContent: { pending } };
}

/** What no store holds, and yet is asked: how to log and how to set up. */
const HOW_TO = /\b(?:log|logs|logging|set ?up|install|configure|connect)\b/i;
const HOW_TO_SKILLS = ['log-for-questions', 'set-up-runsight'];

function skillsFor({ status, receipt }: Answer): ContentBlock[] {
  if (status !== 'cannot' || !HOW_TO.test(receipt.question)) return [];
  return HOW_TO_SKILLS.map((name) => ({
    type: 'resource_link',
    uri: `skill://${name}/SKILL.md`,
    name,
    mimeType: 'text/markdown',
  }));
}

function answerText(answer: Answer): string {
  const { text, warnings, charts, choices, followUps, conversation } = answer;
  const list = (heading: string, lines: readonly string[]) =>
    lines.length === 0 ? '' : [heading, ...lines.map((line) => `- ${line}`)].join('\n');
  return [
    shortened(text),
    evidenceTexts(answer).join('\n'),
    warnings.map((warning) => `Note: ${warning}`).join('\n'),
    charts.map(({ title, alt }) => `Chart: ${title}. ${alt}`).join('\n'),
    list(
      'Ask one of:',
      choices.map(({ question }) => question),
    ),
    list('Ask next:', followUps),
    `Conversation: ${conversation}`,
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

/** Cut where a line ends, and said so. */
function shortened(text: string): string {
  if (text.length <= MOST_TEXT) return text;
  const shown = text.slice(0, text.lastIndexOf('\n', MOST_TEXT) + 1 || MOST_TEXT).toWellFormed();
  return `${shown}\n\nThe text goes on for ${countOf(text.length - shown.length, 'character')}; the structured content has all of it.`;
}

async function pictureBlock(chart: Answer['charts'][number]): Promise<ContentBlock> {
  const png = await drawPicture(chart, 'png');
  return { type: 'image', data: Buffer.from(png).toString('base64'), mimeType: 'image/png' };
}

/** Names are ours: none that a store holds. */
function linksTo(finding: Finding, shelf: Shelf): ContentBlock[] {
  const id = shelf.put(finding);
  const { handle } = finding;
  const whole = { uri: shelfUri('findings', id), name: `finding ${handle}`, mimeType: 'application/json' };
  const chart = { uri: shelfUri('charts', id), name: `chart of finding ${handle}`, mimeType: 'image/png' };
  return [whole, ...(chartOf(finding) === undefined ? [] : [chart])].map((link) => ({
    type: 'resource_link',
    ...link,
  }));
}
