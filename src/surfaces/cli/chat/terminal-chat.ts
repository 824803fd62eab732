/** The chat in a terminal: prompt, answer, prompt, until the person leaves. */
import type { Answer } from '../../../agent/events.ts';
import { ModelError } from '../../../agent/models/model.ts';
import { ConfigError, type ModelChoice } from '../../../config.ts';
import { StoreError } from '../../../mlflow/errors.ts';
import { sanitizeLine } from '../../../present/sanitize.ts';
import { paint } from '../../../present/style.ts';
import { truncate } from '../../../present/width.ts';
import type { Cli } from '../command-line.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { endSentence } from '../faults.ts';
import { createProgress } from '../progress.ts';
import { askInChat, type Chat } from './chat.ts';
import { completeLine, listNames } from './completion.ts';
import { firstScreen, readOverview } from './first-screen.ts';
import { historyFile, MOST_ENTRIES, openHistory, secretTest } from './history-file.ts';
import { createLineEditor } from './line-editor.ts';
import { createNames, NO_NAMES } from './names.ts';
import { type QuestionView, viewQuestion } from './question-view.ts';
import { answerLines, problemLines, readLine, replyLines } from './replies.ts';
import { enterTerminal } from './terminal-modes.ts';
import { warmUp } from './warm-up.ts';

const LONGEST_PIN = 24;
/** Completion that takes longer is of no use. */
const COMPLETION_MS = 1000;
/** The first keystroke is not kept waiting. */
const WARM_UP_MS = 20;

/** @throws StoreError where there is nothing to talk about. */
export async function chatInTerminal(chat: Chat, cli: Cli): Promise<ExitCode> {
  const { stdin, stdout } = cli;
  const ending = new AbortController();
  const signal = AbortSignal.any([cli.signal, ending.signal]);
  const overview = await openOverview(chat, cli);
  stdout.write(`${firstScreen(chat, await chat.app.describeSource(), overview).join('\n')}\n\n`);
  const history = openHistory(historyFile(cli.env), secretTest(chat.config));
  if (history.warning !== undefined) say([dim(history.warning)]);

  const { promise: left, resolve: leave, reject: fail } = Promise.withResolvers<ExitCode>();
  const names = createNames(() => chat.app.openStore(), signal);
  let running: { readonly cancel: AbortController; readonly view: QuestionView } | undefined;
  let wasInterrupted = false;
  let isOver = false;

  const restore = enterTerminal(stdout, () => running?.view.end());
  const editor = createLineEditor({
    stdin,
    stdout,
    history: history.entries,
    historySize: MOST_ENTRIES,
    lineBreak: chat.screen().unicode ? '↵' : ' ',
    submit(line) {
      wasInterrupted = false;
      take(line).then(
        () => (isOver ? leave(EXIT_CODES.ok) : prompt()),
        (error: unknown) => fail(error),
      );
    },
    interrupt() {
      if (running !== undefined) {
        editor.dropWaiting();
        running.cancel.abort();
      } else if (editor.line() !== '') {
        wasInterrupted = false;
        editor.clearLine();
      } else if (wasInterrupted) leave(EXIT_CODES.interrupted);
      else {
        wasInterrupted = true;
        editor.printAbove([dim('Press Ctrl-C again to leave.')]);
      }
    },
    leave() {
      isOver = true;
      if (running === undefined) leave(EXIT_CODES.ok);
    },
    async complete(before) {
      const known = await Promise.race([names.read(), patience()]);
      return completeLine(before, chat, known);
    },
    list: (found) => listNames(found, chat.screen().width),
    choices: () => chat.conversation.choices.length,
    typedAhead: (text) => running?.view.setTyped(text),
  });

  const onResize = () => {
    editor.resize();
    running?.view.redraw();
  };
  stdout.on('resize', onResize);
  cli.signal.addEventListener('abort', () => leave(EXIT_CODES.interrupted));
  prompt();
  const warming = new AbortController();
  const warmer = setTimeout(() => void warmUp(chat, names, AbortSignal.any([signal, warming.signal])), WARM_UP_MS);
  try {
    return await left;
  } finally {
    ending.abort();
    clearTimeout(warmer);
    stdout.off('resize', onResize);
    editor.close();
    restore();
    stdout.write('\r\n');
  }

  function prompt(): void {
    const { pinned } = chat.conversation.memory;
    const about =
      pinned === undefined ? '' : paint(chat.screen(), 'dim', `${truncate(sanitizeLine(pinned.name), LONGEST_PIN)} `);
    editor.prompt(`${about}${paint(chat.screen(), 'strong', '>')} `);
  }

  function say(lines: readonly string[]): void {
    stdout.write(lines.map((line) => `${line}\n`).join(''));
  }

  function dim(text: string): string {
    return paint(chat.screen(), 'dim', truncate(text, chat.screen().width));
  }

  async function take(line: string): Promise<void> {
    if (line.trim() === '') return;
    clearTimeout(warmer);
    warming.abort();
    const warning = history.add(line.replaceAll('\n', ' '));
    const lines = await reply(line);
    say([...lines, ...(lines.length > 0 ? [''] : []), ...(warning === undefined ? [] : [dim(warning)])]);
  }

  async function reply(line: string): Promise<string[]> {
    const cancel = new AbortController();
    const view = viewQuestion(stdout, chat.screen);
    running = { cancel, view };
    try {
      const answered = await answer(line, AbortSignal.any([signal, cancel.signal]), view);
      view.end();
      return answered;
    } catch (error) {
      view.end();
      if (cancel.signal.aborted) return [dim('Cancelled.')];
      if (!(error instanceof ConfigError || error instanceof StoreError || error instanceof ModelError)) throw error;
      const hint = 'hint' in error ? error.hint : undefined;
      return problemLines(hint === undefined ? error.message : `${endSentence(error.message)} ${hint}`, chat);
    } finally {
      running = undefined;
    }
  }

  async function answer(line: string, questionSignal: AbortSignal, view: QuestionView): Promise<string[]> {
    const found = await readLine(line, chat, questionSignal);
    if (found.kind === 'leave') {
      isOver = true;
      return [];
    }
    if (found.kind !== 'ask') return replyLines(found, chat);
    return answerLines(await hear(found.question, found.model, questionSignal, view), chat);
  }

  async function hear(
    question: string,
    model: ModelChoice | undefined,
    questionSignal: AbortSignal,
    view: QuestionView,
  ): Promise<Answer> {
    let last: Answer | undefined;
    for await (const event of askInChat(chat, question, questionSignal, model)) {
      if (event.type === 'answer') last = event.answer;
      else view.show(event);
    }
    if (last === undefined) throw new Error('the question ended without an answer');
    return last;
  }
}

/** Says what it waits for where a server takes its time. */
async function openOverview(chat: Chat, { stderr, signal }: Cli) {
  const progress = createProgress(stderr);
  progress.show('opening the store, Ctrl-C leaves');
  try {
    return await readOverview(await chat.app.openStore(), signal);
  } finally {
    progress.clear();
  }
}

async function patience() {
  await new Promise((resolve) => setTimeout(resolve, COMPLETION_MS).unref());
  return NO_NAMES;
}
