/** The chat down a pipe: each line is a question or a command, each gets its answer, and nothing prompts. */
import type { Answer } from '../../../agent/events.ts';
import { EXIT_CODES, type ExitCode, exitCodeOfAnswer, exitCodeOfError } from '../../shared/exit-codes.ts';
import { describeError } from '../../shared/faults.ts';
import type { Process } from '../../shared/process.ts';
import { readLines, type TooLongLine } from '../../shared/read-lines.ts';
import { awaitAnswer } from '../await-answer.ts';
import { createProgress } from '../progress.ts';
import { askInChat, type Chat } from './chat.ts';
import { takeWarning } from './keeping.ts';
import { answerLines, readLine, replyLines } from './replies.ts';

/** Prints one answer after the other, with an empty line between. */
type Print = (lines: readonly string[]) => void;

/** Returns the first exit code that is not 0; undefined where not one line came. */
export async function chatThroughPipe(chat: Chat, cli: Process): Promise<ExitCode | undefined> {
  const print = printer(cli);
  let exit: ExitCode | undefined;
  for await (const line of readLines(cli)) {
    const code = await answerLine(line, chat, cli, print);
    const warning = takeWarning(chat.keeping);
    if (warning !== undefined) cli.stderr.write(`runsight: ${warning}\n`);
    exit ||= code ?? EXIT_CODES.ok;
    if (code === undefined) break;
  }
  return cli.signal.aborted ? EXIT_CODES.interrupted : exit;
}

function printer({ stdout }: Process): Print {
  let isFirst = true;
  return (lines) => {
    stdout.write(`${isFirst ? '' : '\n'}${lines.map((line) => `${line}\n`).join('')}`);
    isFirst = false;
  };
}

/** Undefined: leave. */
async function answerLine(
  line: string | TooLongLine,
  chat: Chat,
  cli: Process,
  print: Print,
): Promise<ExitCode | undefined> {
  try {
    if (typeof line !== 'string') throw line;
    const reply = await readLine(line, chat, cli.signal);
    if (reply.kind === 'leave') return undefined;
    if (reply.kind === 'ask') {
      const events = askInChat(chat, reply.question, cli.signal, reply.model);
      return printAnswer(await awaitAnswer(events, createProgress(cli.stderr)), chat, cli, print);
    }
    print(replyLines(reply, chat));
    return EXIT_CODES.ok;
  } catch (error) {
    const code = exitCodeOfError(error);
    if (code === EXIT_CODES.internal) throw error;
    cli.stderr.write(`${describeError(error, cli.env)}\n`);
    return code;
  }
}

function printAnswer(answer: Answer, chat: Chat, cli: Process, print: Print): ExitCode {
  if (answer.error !== undefined) cli.stderr.write(`${describeError(answer.error, cli.env)}\n`);
  else print(answerLines(answer, chat));
  return exitCodeOfAnswer(answer);
}
