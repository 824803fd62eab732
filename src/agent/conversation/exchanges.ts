/** Messages by question: each with all that was called, found and said for it. */
import { isRepairNote } from '../check/repair-note.ts';
import type { Message } from '../models/model.ts';

/** A person's, and not what the loop sends back to a model. */
export const isQuestion = (message: Message): boolean => message.role === 'user' && !isRepairNote(message.text);

export function splitExchanges(messages: readonly Message[]): Message[][] {
  const exchanges: Message[][] = [];
  for (const message of messages) {
    if (isQuestion(message) || exchanges.length === 0) exchanges.push([]);
    exchanges.at(-1)?.push(message);
  }
  return exchanges;
}
