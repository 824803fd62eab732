/** What a line that was typed leads to on the screen. */
import { ConversationError } from '../../../agent/conversation/codec.ts';
import { ModelError } from '../../../agent/models/model.ts';
import { ConfigError, type ModelChoice } from '../../../config/config.ts';
import { StoreError } from '../../../mlflow/errors.ts';
import { paint } from '../../../present/style.ts';
import { endSentence } from '../../shared/faults.ts';
import { askInChat, type Chat } from './chat.ts';
import type { QuestionView } from './question-view.ts';
import { answerLines, problemLines, readLine, replyLines } from './replies.ts';

/** The lines to show, once the view is gone; undefined: the person leaves. */
export async function respond(
  line: string,
  chat: Chat,
  view: QuestionView,
  signal: AbortSignal,
): Promise<string[] | undefined> {
  try {
    const reply = await readLine(line, chat, signal);
    if (reply.kind === 'leave') return undefined;
    if (reply.kind !== 'ask') return replyLines(reply, chat);
    return await hear(reply.question, reply.model, chat, view, signal);
  } catch (error) {
    if (signal.aborted) return [paint(chat.screen(), 'dim', 'Cancelled.')];
    return problemLines(wordsOf(error), chat);
  } finally {
    view.end();
  }
}

async function hear(
  question: string,
  model: ModelChoice | undefined,
  chat: Chat,
  view: QuestionView,
  signal: AbortSignal,
): Promise<string[]> {
  let lines: string[] | undefined;
  for await (const event of askInChat(chat, question, signal, model)) {
    if (event.type === 'answer') lines = answerLines(event.answer, chat);
    else view.show(event);
  }
  if (lines === undefined) throw new Error('the question ended without an answer');
  return lines;
}

/** @throws what is nobody's to mend but ours. */
function wordsOf(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (!(error instanceof StoreError || error instanceof ConversationError || error instanceof ModelError)) throw error;
  return error.hint === undefined ? error.message : `${endSentence(error.message)} ${error.hint}`;
}
