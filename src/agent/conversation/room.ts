/** Fits a conversation into what a model can read: the oldest detail goes first, and every call keeps its answer. */

import type { Message, ToolResult } from '../models/model.ts';
import { isQuestion } from './exchanges.ts';

/** A guess from above for prose; dense ids and digits may take more. */
const BYTES_PER_TOKEN = 3;

/** About how many tokens the messages take. */
export function estimateTokens(messages: readonly Message[]): number {
  return messages.reduce((sum, message) => sum + Math.ceil(bytesOf(message) / BYTES_PER_TOKEN), 0);
}

function bytesOf(message: Message): number {
  if (message.role === 'user') return Buffer.byteLength(message.text);
  if (message.role === 'tools') return message.results.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  const { text, calls, usage } = message.turn;
  // What a model wrote counts whole: its thoughts are sent back to it.
  return Math.max(Buffer.byteLength(text + JSON.stringify(calls)), usage.outputTokens * BYTES_PER_TOKEN);
}

/**
 * The messages in at most so many tokens, as far as that goes: oldest results become one line with their handle, then
 * oldest questions go altogether. The newest result and the present question stay.
 */
export function fitMessages(messages: readonly Message[], tokens: number): readonly Message[] {
  let excess = estimateTokens(messages) - tokens;
  if (excess <= 0) return messages;
  const fitted = [...messages];
  const newest = messages.flatMap((message) => (message.role === 'tools' ? message.results : [])).at(-1);
  for (const [index, message] of messages.entries()) {
    if (message.role !== 'tools') continue;
    const results = message.results.map((result) => {
      if (excess <= 0 || result === newest) return result;
      const short = { ...result, text: stub(result) };
      if (short.text.length >= result.text.length) return result;
      excess -= estimateTokens([{ role: 'tools', results: [result] }]);
      excess += estimateTokens([{ role: 'tools', results: [short] }]);
      return short;
    });
    fitted[index] = { role: 'tools', results };
  }
  while (excess > 0) {
    const second = fitted.findIndex((message, index) => index > 0 && isQuestion(message));
    if (second < 0) break;
    excess -= estimateTokens(fitted.splice(0, second));
  }
  return fitted;
}

function stub({ outcome }: ToolResult): string {
  const handle = outcome.ok ? outcome.finding.handle : 'error';
  return `(${handle}: left out to save space; call the tool again if it is needed)`;
}
