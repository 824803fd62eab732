/** The chat in a terminal: prompt, answer, prompt, until the person leaves. */
import { sanitizeLine } from '../../../present/sanitize.ts';
import { paint } from '../../../present/style.ts';
import { truncate } from '../../../present/width.ts';
import { EXIT_CODES, type ExitCode } from '../../shared/exit-codes.ts';
import { createNames, NO_NAMES } from '../../shared/names.ts';
import type { Process } from '../../shared/process.ts';
import { createProgress } from '../progress.ts';
import type { Chat } from './chat.ts';
import { completeLine, listNames } from './completion.ts';
import { firstScreen, readOverview } from './first-screen.ts';
import { historyFile, MOST_ENTRIES, openHistory } from './history-file.ts';
import { takeWarning } from './keeping.ts';
import { createLineEditor } from './line-editor.ts';
import { type QuestionView, viewQuestion } from './question-view.ts';
import { respond } from './respond.ts';
import { enterTerminal } from './terminal-modes.ts';
import { warmUp } from './warm-up.ts';

const LONGEST_PIN = 24;
/** Names that take longer are of no use to whoever pressed Tab. */
const COMPLETION_MS = 1000;
/** The prompt first. */
const WARM_UP_DELAY_MS = 20;

/** `opening`: lines below the first screen. @throws StoreError where there is nothing to talk about. */
export async function chatInTerminal(chat: Chat, cli: Process, opening: readonly string[]): Promise<ExitCode> {
  const { stdin, stdout } = cli;
  const ending = new AbortController();
  const signal = AbortSignal.any([cli.signal, ending.signal]);
  const overview = await openOverview(chat, cli);
  print([...firstScreen(chat, await chat.app.describeSource(), overview), '']);
  if (opening.length > 0) print([...opening, '']);
  const history = openHistory(historyFile(cli.env), chat.keeping.isSecret);
  warn(history.warning);

  const { promise: left, resolve: leave, reject: fail } = Promise.withResolvers<ExitCode>();
  const names = createNames(() => chat.app.openStore(), signal);
  const rehearsal = new AbortController();
  const rehearse = () => void warmUp(chat, names, overview, AbortSignal.any([signal, rehearsal.signal]));
  const warmer = setTimeout(rehearse, WARM_UP_DELAY_MS);
  let running: { readonly cancel: AbortController; readonly view: QuestionView } | undefined;
  let wasInterrupted = false;
  let isClosing = false;

  const restore = enterTerminal(stdout, () => running?.view.end());
  const editor = createLineEditor({
    stdin,
    stdout,
    history: history.entries,
    historySize: MOST_ENTRIES,
    lineBreak: chat.screen().unicode ? '↵' : ' ',
    submit: (line) => void take(line).catch(fail),
    interrupt,
    leave() {
      isClosing = true;
      if (running === undefined) leave(EXIT_CODES.ok);
      else running.cancel.abort();
    },
    complete: async (before) => completeLine(before, chat, await Promise.race([names.read(), loseNames()])),
    list: (found) => listNames(found, chat.screen().width),
    choices: () => (chat.offered.length > 0 ? chat.offered : chat.conversation.choices).length,
    typedAhead: (text) => running?.view.setTyped(text),
  });
  const onResize = () => {
    editor.resize();
    running?.view.redraw();
  };
  stdout.on('resize', onResize);
  cli.signal.addEventListener('abort', () => leave(EXIT_CODES.interrupted));
  prompt();
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

  async function take(line: string): Promise<void> {
    wasInterrupted = false;
    clearTimeout(warmer);
    rehearsal.abort();
    if (line.trim() !== '') {
      warn(history.add(line.replaceAll('\n', ' ')));
      const cancel = new AbortController();
      const view = viewQuestion(stdout, chat.screen);
      running = { cancel, view };
      const lines = await respond(line, chat, view, AbortSignal.any([signal, cancel.signal]));
      running = undefined;
      warn(takeWarning(chat.keeping));
      if (lines === undefined) isClosing = true;
      else print([...lines, '']);
    }
    if (isClosing) leave(EXIT_CODES.ok);
    else prompt();
  }

  /** Ctrl-C: the question, else the line, else the chat when pressed twice. */
  function interrupt(): void {
    if (running !== undefined) running.cancel.abort();
    else if (editor.line() !== '') editor.clearLine();
    else if (wasInterrupted) leave(EXIT_CODES.interrupted);
    else {
      editor.printAbove([dim('Press Ctrl-C again to leave.')]);
      wasInterrupted = true;
      return;
    }
    wasInterrupted = false;
  }

  function prompt(): void {
    const { pinned } = chat.conversation.memory;
    const about = pinned === undefined ? '' : `${dim(truncate(sanitizeLine(pinned.name), LONGEST_PIN))} `;
    editor.prompt(`${about}${paint(chat.screen(), 'strong', '>')} `);
  }

  function print(lines: readonly string[]): void {
    stdout.write(lines.map((line) => `${line}\r\n`).join(''));
  }

  function warn(warning: string | undefined): void {
    if (warning !== undefined) print([dim(warning)]);
  }

  function dim(text: string): string {
    return paint(chat.screen(), 'dim', truncate(text, chat.screen().width));
  }
}

/** Says what it waits for where a server takes its time. */
async function openOverview(chat: Chat, { stderr, signal }: Process) {
  const progress = createProgress(stderr);
  progress.show('opening the store');
  try {
    return await readOverview(await chat.app.openStore(), signal);
  } finally {
    progress.clear();
  }
}

async function loseNames() {
  await new Promise((resolve) => setTimeout(resolve, COMPLETION_MS).unref());
  return NO_NAMES;
}
