/** One line of a chat, read and answered: a command, a finding by its handle, or a question. */
import type { Answer } from '../../../agent/events.ts';
import { findingText } from '../../../finding/text.ts';
import { renderAnswer } from '../../../present/answer.ts';
import { renderExplanation } from '../../../present/explanation.ts';
import { sanitizeForTerminal, sanitizeLine } from '../../../present/sanitize.ts';
import { paintSpans, wrapSpans } from '../../../present/spans.ts';
import type { Chat } from './chat.ts';
import type { Reply } from './commands/command.ts';
import { findingOf, isHandle } from './commands/findings.ts';
import { readCommand } from './commands/index.ts';

/** @throws ConfigError, StoreError and ConversationError, in words for the person who typed. */
export async function readLine(line: string, chat: Chat, signal: AbortSignal): Promise<Reply> {
  const { offered } = chat;
  chat.offered = [];
  const typed = line.trim();
  const text = (/^\d$/.test(typed) ? offered[Number(typed) - 1] : undefined) ?? typed;
  const found = readCommand(text);
  if (found !== undefined) return found.command.run(found.rest, chat, signal);
  if (isHandle(text))
    return { kind: 'say', markdown: findingText(findingOf(chat, text), { timeZone: chat.config.timeZone }) };
  return { kind: 'ask', question: text };
}

/** What a reply that asks nothing looks like. */
export function replyLines(reply: Exclude<Reply, { kind: 'ask' | 'leave' }>, chat: Chat): string[] {
  if (reply.kind === 'say') return renderExplanation(reply.markdown, chat.screen());
  if (reply.kind === 'lines') return [...reply.lines];
  const lines = reply.text.replace(/\r?\n$/, '').split(/\r?\n/);
  return chat.isTerminal ? lines.map((line) => sanitizeForTerminal(line)) : lines;
}

/** Ends in the handles of its findings, by which commands know them. */
export function answerLines(answer: Answer, chat: Chat): string[] {
  if (answer.error !== undefined) return problemLines(answer.text, chat);
  const handles = answer.findings.map(({ handle }) => handle).join(' ');
  return renderAnswer(answer, handles, chat.screen(), 'Press a number to ask:');
}

export function problemLines(text: string, chat: Chat): string[] {
  const screen = chat.screen();
  const spans = [{ text: sanitizeLine(text.replace(/\s*\n\s*/g, ' ')), tone: 'bad' as const }];
  return wrapSpans(spans, screen.width).map((line) => paintSpans(screen, line));
}
