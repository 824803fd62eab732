/** `chat --json`: one `{"question", "reset"}` a line in, one answer record a line out. */
import { createConversation } from '../../../agent/conversation/conversation.ts';
import type { Answer, AnswerError } from '../../../agent/events.ts';
import type { App } from '../../../app/create-app.ts';
import { faultAnswer } from '../../../app/fault-answer.ts';
import type { Config } from '../../../config/config.ts';
import { answerJson } from '../../../present/json.ts';
import { EXIT_CODES, type ExitCode } from '../../shared/exit-codes.ts';
import type { Cli } from '../command-line.ts';
import { readLines } from './read-lines.ts';

interface Request {
  readonly question: string;
  /** Whether a new conversation begins. */
  readonly reset: boolean;
}

/** A line that is no request gets an error record, and the next one its answer. */
export async function chatInJson(app: App, config: Config, cli: Cli): Promise<ExitCode> {
  let conversation = createConversation();
  for await (const line of readLines(cli)) {
    const request = readRequest(line);
    if (typeof request !== 'string' && request.reset) conversation = createConversation();
    const answer =
      typeof request === 'string'
        ? faultAnswer(line, badRequest(request), conversation.id, config)
        : await lastAnswer(app, request.question, conversation, cli.signal);
    cli.stdout.write(`${JSON.stringify(answerJson(answer))}\n`);
  }
  return cli.signal.aborted ? EXIT_CODES.interrupted : EXIT_CODES.ok;
}

/** Or what is wrong with the line. */
function readRequest(line: string): Request | string {
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

async function lastAnswer(
  app: App,
  question: string,
  conversation: ReturnType<typeof createConversation>,
  signal: AbortSignal,
): Promise<Answer> {
  let answer: Answer | undefined;
  for await (const event of app.ask(question, signal, conversation)) {
    if (event.type === 'answer') answer = event.answer;
  }
  if (answer === undefined) throw new Error('the question ended without an answer');
  return answer;
}
