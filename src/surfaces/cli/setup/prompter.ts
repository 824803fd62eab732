/** Asks on a terminal, line by line; what is secret shows nothing at all while it is typed. */
import { createInterface, type Interface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { displayWidth } from '../../../present/width.ts';

export interface Prompter {
  /**
   * The answer without the spaces around it. Where `conceal` makes something else of it, that stays on the screen in its
   * place. @throws Interrupted
   */
  ask(prompt: string, conceal?: (answer: string) => string): Promise<string>;
  /** As `ask`, with no echo of any kind. @throws Interrupted */
  askSecret(prompt: string): Promise<string>;
  say(lines: readonly string[]): void;
  /** Aborted by Ctrl-C and Ctrl-D, also between two questions. */
  readonly signal: AbortSignal;
  /** Gives the terminal back. */
  close(): void;
}

/** Ctrl-C or Ctrl-D: the person leaves. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/**
 * One reader for the whole conversation: the terminal stays in raw mode between questions, so that a key pasted too
 * early is not echoed by it either.
 */
export function createTerminalPrompter(stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream): Prompter {
  const leaving = new AbortController();
  const echo = new Echo(stdout);
  const reader = createInterface({ input: stdin, output: echo, terminal: true, historySize: 0 });
  const leave = () => leaving.abort(new Interrupted('interrupted'));
  reader.on('SIGINT', leave);
  reader.on('close', leave);
  let hiddenPrompt = '';
  // After Ctrl-Z and fg the reader is paused, and draws again only what it had drawn itself.
  reader.on('SIGCONT', () => {
    reader.resume();
    stdout.write(hiddenPrompt);
  });

  async function read(prompt: string, isShown: boolean): Promise<string> {
    forgetTypedAhead(reader);
    leaving.signal.throwIfAborted();
    hiddenPrompt = isShown ? '' : prompt;
    stdout.write(hiddenPrompt);
    echo.isOn = isShown;
    try {
      return (await reader.question(isShown ? prompt : '', { signal: leaving.signal })).trim();
    } catch {
      throw new Interrupted('interrupted');
    } finally {
      hiddenPrompt = '';
      echo.isOn = false;
      if (!isShown || leaving.signal.aborted) stdout.write('\n');
    }
  }

  return {
    async ask(prompt, conceal = (answer) => answer) {
      const answer = await read(prompt, true);
      const kept = conceal(answer);
      if (kept !== answer) stdout.write(redraw(`${prompt}${answer}`, `${prompt}${kept}`, stdout.columns));
      return answer;
    },
    askSecret: (prompt) => read(prompt, false),
    say: (lines) => void stdout.write(lines.map((line) => `${line}\n`).join('')),
    signal: leaving.signal,
    close() {
      reader.removeListener('close', leave);
      reader.close();
    },
  };
}

/** Writes other text over a line that was typed, and over the rows that it had been broken into. */
function redraw(typed: string, kept: string, columns: number): string {
  const rows = Math.floor(displayWidth(typed) / columns) + 1;
  return `\x1b[${rows}A\r\x1b[J${kept}\n`;
}

/** The rest of a pasted secret waits in the reader's line: the next question must not show it. */
function forgetTypedAhead(reader: Interface): void {
  Object.assign(reader, { line: '', cursor: 0 });
}

/** The terminal as the reader sees it: everything the reader would draw is dropped unless a question may be seen. */
class Echo extends Writable {
  isOn = false;
  readonly #stdout: NodeJS.WriteStream;

  constructor(stdout: NodeJS.WriteStream) {
    super();
    this.#stdout = stdout;
  }

  get columns(): number {
    return this.#stdout.columns;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.isOn) this.#stdout.write(chunk);
    done();
  }
}
