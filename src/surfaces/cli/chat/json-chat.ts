/** `chat --json`: one `{"question", "reset"}` a line in, one answer record a line out. */
import { createConversation } from '../../../agent/conversation/conversation.ts';
import type { AnswerError } from '../../../agent/events.ts';
import { faultAnswer } from '../../../app/fault-answer.ts';
import { answerJson } from '../../../present/json.ts';
import { jsonText } from '../../../present/json-text.ts';
import { EXIT_CODES, type ExitCode } from '../../shared/exit-codes.ts';
import { lastAnswer } from '../../shared/last-answer.ts';
import type { Process } from '../../shared/process.ts';
import { readLines, type TooLongLine } from '../../shared/read-lines.ts';
import { askInChat, type Chat } from './chat.ts';

interface Request {
  readonly question: string;
  /** Whether a new conversation begins. */
  readonly reset: boolean;
}

/** A line that is no request gets an error record, and the next one its answer. */
export async function chatInJson(chat: Chat, cli: Process): Promise<ExitCode> {
  for await (const line of readLines(cli)) {
    const request = readRequest(line);
    if (typeof request !== 'string' && request.reset) chat.conversation = createConversation();
    const answer =
      typeof request === 'string'
        ? faultAnswer(typeof line === 'string' ? line : '', badRequest(request), chat.conversation.id, chat.config)
        : await lastAnswer(askInChat(chat, request.question, cli.signal));
    cli.stdout.write(`${jsonText(answerJson(answer))}\n`);
  }
  return cli.signal.aborted ? EXIT_CODES.interrupted : EXIT_CODES.ok;
}

/** Or what is wrong with the line. */
function readRequest(line: string | TooLongLine): Request | string {
  if (typeof line !== 'string') return line.message;
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch (error) {
    return `the line is not JSON: ${(error as Error).message}`;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return 'the line is no JSON object';
  const { question, reset = false, ...others } = parsed as Record<string, unknown>;
  if (typeof question !== 'string' || question.trim() === '') return '"question" must be text';
  if (typeof reset !== 'boolean') return '"reset" must be true or false';
  const [other] = Object.keys(others);
  return other === undefined ? { question, reset } : `unknown key "${other}"; it takes question and reset`;
}

function badRequest(message: string): AnswerError {
  const hint = 'Send {"question": "…"} on one line.';
  return { code: 'bad_request', message, hint, retryable: false, source: 'program' };
}
