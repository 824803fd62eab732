/**
 * The prompt line: readline's editing, with what a chat needs beyond it. Keys pass through here first, so that what is
 * typed during an answer waits for the prompt, a paste of several lines stays one question, and Tab may take its time.
 */
import { emitKeypressEvents, type Key } from 'node:readline';
import { createInterface } from 'node:readline/promises';
import { PassThrough, Writable } from 'node:stream';
import { LONGEST_QUESTION } from '../../../agent/longest-question.ts';
import { formatCount } from '../../../finding/format.ts';
import type { Completion } from './completion.ts';
import { PASTE_OFF, PASTE_ON } from './terminal-modes.ts';

export interface EditorOptions {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  /** Newest first. */
  readonly history: readonly string[];
  readonly historySize: number;
  /** What a line break of a paste shows as, one column wide. */
  readonly lineBreak: string;
  /** A line was entered; keys wait from here until `prompt`. */
  submit(line: string): void;
  /** Ctrl-C. */
  interrupt(): void;
  /** Ctrl-D, or the terminal is gone. */
  leave(): void;
  complete(before: string): Promise<Completion | undefined>;
  /** Lines that show the names which a word may become. */
  list(names: readonly string[]): readonly string[];
  /** A digit up to it enters itself when it is the first on the line. */
  choices(): number;
  /** Something was typed while keys wait. */
  typedAhead(text: string): void;
}

export interface LineEditor {
  /** Shows the prompt and takes keys, those that waited first. */
  prompt(text: string): void;
  /** What stands on the line. */
  line(): string;
  clearLine(): void;
  /** Above the prompt, which stays. */
  printAbove(lines: readonly string[]): void;
  /** The terminal's width has changed. */
  resize(): void;
  close(): void;
}

type Input = { readonly paste: string } | { readonly text: string | undefined; readonly key: Key };

/** A paste whose end never comes must not swallow the keyboard. */
const PASTE_SILENCE_MS = 1000;
const BELL = '\x07';

export function createLineEditor(options: EditorOptions): LineEditor {
  const { stdin, stdout } = options;
  // Readline sees these in place of the terminal: keys come when they are due, and a new width when it is dealt with.
  const input = Object.assign(new PassThrough(), { setRawMode: (on: boolean) => void stdin.setRawMode(on) });
  const output = new PromptOutput(stdout);
  const readline = createInterface({
    input,
    output,
    terminal: true,
    history: [...options.history],
    historySize: options.historySize,
    removeHistoryDuplicates: true,
  });
  const waiting: Input[] = [];
  let isHeld = true;
  let pasted: string[] | undefined;
  let silence: NodeJS.Timeout | undefined;
  let skipsEnter = false;
  /** What `waiting` will roughly put on the line. */
  let ahead = '';
  /** Keys that came at once are put on the line at once: it is measured with each. */
  let burst = '';
  let flushing: NodeJS.Immediate | undefined;

  function onKeypress(text: string | undefined, key: Key): void {
    if (pasted !== undefined) onPasted(key);
    else if (key.name === 'paste-start') startPaste();
    else if (key.ctrl && key.name === 'c') options.interrupt();
    else take({ text, key });
  }

  function startPaste(): void {
    pasted = [];
    silence = setTimeout(endPaste, PASTE_SILENCE_MS);
  }

  function onPasted(key: Key): void {
    silence?.refresh();
    if (key.name === 'paste-end') endPaste();
    else pasted?.push(key.sequence ?? '');
  }

  function endPaste(): void {
    clearTimeout(silence);
    const paste = cleanPaste((pasted ?? []).join(''), options.lineBreak);
    pasted = undefined;
    if (paste !== '') take({ paste });
  }

  function take(one: Input): void {
    if (!isHeld) dispatch(one, true);
    else if (waiting.length >= LONGEST_QUESTION) stdout.write(BELL);
    else {
      waiting.push(one);
      ahead = describeAhead(ahead, one);
      options.typedAhead(ahead);
    }
  }

  /** `isLive`: typed at this prompt, not before it was there. */
  function dispatch(one: Input, isLive: boolean): void {
    if ('paste' in one) {
      flush();
      insert(one.paste);
      return;
    }
    const { text, key } = one;
    const isReturn = key.name === 'return' || key.name === 'enter';
    const isSkipped = skipsEnter && isReturn;
    skipsEnter = false;
    if (isSkipped) return;
    if (key.name === 'tab') {
      flush();
      return void completeAtCursor();
    }
    // Whoever has the terminal next asked for no marks around pastes.
    if (key.ctrl && key.name === 'z') stdout.write(PASTE_OFF);
    if (isLive && readline.line === '' && burst === '' && text !== undefined && isChoice(text, options.choices())) {
      skipsEnter = true;
      readline.write(text);
      input.emit('keypress', '\r', { name: 'return', sequence: '\r' });
      return;
    }
    if (isPrintable(text, key)) {
      burst += text;
      flushing ??= setImmediate(flush);
      return;
    }
    flush();
    input.emit('keypress', text, key);
  }

  function flush(): void {
    clearImmediate(flushing);
    flushing = undefined;
    const text = burst;
    burst = '';
    if (text !== '' && !closed) insert(text);
  }

  /** All of it or, aloud, nothing: half a question is another one. */
  function insert(text: string): void {
    if (readline.line.length + text.length <= LONGEST_QUESTION) readline.write(text);
    else printAbove([tooMuch(text.length)]);
  }

  async function completeAtCursor(): Promise<void> {
    if (readline.cursor === 0 && readline.line !== '') return;
    isHeld = true;
    const before = readline.line.slice(0, readline.cursor);
    const completion = await options.complete(before).catch(() => undefined);
    if (closed) return;
    // Ctrl-C may have cleared the line meanwhile.
    if (readline.line.slice(0, readline.cursor) === before) apply(completion);
    release();
  }

  function apply(completion: Completion | undefined): void {
    if (completion?.kind === 'insert') {
      for (let count = 0; count < completion.remove; count++) readline.write('', { name: 'backspace' });
      readline.write(completion.insert);
    } else if (completion?.kind === 'list') printAbove(options.list(completion.names));
  }

  function release(): void {
    isHeld = false;
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      dispatch(one, false);
      if (isHeld) break;
    }
    ahead = waiting.reduce(describeAhead, '');
    if (!isHeld) flush();
  }

  /** Rows between the prompt's first and the cursor, and how to get from there to where readline believes to be. */
  function leaveRows(rows: number, believed: number): string {
    return `${rows > 0 ? `\x1b[${rows}A` : ''}\r\x1b[J${'\n'.repeat(believed)}`;
  }

  function printAbove(lines: readonly string[]): void {
    const { rows } = readline.getCursorPos();
    const text = lines.map((line) => `${line}\r\n`).join('');
    stdout.write(`${leaveRows(rows, 0)}${text}${'\n'.repeat(rows)}`);
    readline.prompt(true);
  }

  let closed = false;
  const leave = () => {
    if (closed) return;
    closed = true;
    options.leave();
  };
  readline.on('line', (line) => {
    isHeld = true;
    options.submit(line.replaceAll(options.lineBreak, options.lineBreak === ' ' ? ' ' : '\n'));
  });
  readline.on('close', leave);
  readline.on('SIGCONT', () => {
    stdout.write(PASTE_ON);
    readline.prompt(true);
  });
  // Not told of readline: in text that comes at once it would write without counting rows.
  emitKeypressEvents(stdin);
  stdin.on('keypress', onKeypress).on('end', leave).on('error', leave);
  stdin.resume();

  return {
    prompt(text) {
      if (closed) return;
      readline.setPrompt(text);
      readline.prompt();
      release();
    },
    line() {
      flush();
      return readline.line;
    },
    clearLine() {
      flush();
      readline.write('', { ctrl: true, name: 'e' });
      readline.write('', { ctrl: true, name: 'u' });
    },
    printAbove,
    resize() {
      const before = readline.getCursorPos().rows;
      output.columns = stdout.columns;
      if (isHeld) return;
      // The terminal has broken the line anew by itself.
      stdout.write(leaveRows(readline.getCursorPos().rows, before));
      readline.prompt(true);
    },
    close() {
      closed = true;
      clearImmediate(flushing);
      clearTimeout(silence);
      stdin.off('keypress', onKeypress).off('end', leave).off('error', leave);
      readline.close();
      stdin.pause();
    },
  };
}

/** What readline writes to: the terminal, at the width that the line was last drawn for. */
class PromptOutput extends Writable {
  columns: number;
  readonly #terminal: NodeJS.WriteStream;

  constructor(terminal: NodeJS.WriteStream) {
    super({ decodeStrings: false });
    this.#terminal = terminal;
    this.columns = terminal.columns;
  }

  override _write(chunk: string, _encoding: BufferEncoding, done: () => void): void {
    this.#terminal.write(chunk);
    done();
  }
}

const isChoice = (text: string, choices: number): boolean =>
  /^[1-9]$/.test(text) && choices <= 9 && Number(text) <= choices;

/** A paste as one line: breaks show as marks, and nothing in it is a key. */
export function cleanPaste(text: string, lineBreak: string): string {
  return text
    .trimEnd()
    .replace(/^[\r\n\u2028\u2029]+/, '')
    .replace(/\r\n?|[\n\u2028\u2029]/g, lineBreak)
    .replaceAll('\t', ' ')
    .replace(/\p{Cc}/gu, '');
}

/** Roughly what one more waiting key makes of what the others will put on the line. */
function describeAhead(line: string, one: Input): string {
  if ('paste' in one) return line + one.paste;
  if (one.key.name === 'backspace') return line.slice(0, -1);
  if (one.key.name === 'return') return `${line} / `;
  return isPrintable(one.text, one.key) ? line + one.text : line;
}

const isPrintable = (text: string | undefined, { ctrl, meta }: Key): text is string =>
  text !== undefined && ctrl !== true && meta !== true && !/\p{Cc}/u.test(text);

const tooMuch = (typed: number): string =>
  `A question has up to ${formatCount(LONGEST_QUESTION)} characters: the last ${formatCount(typed)} were left out.`;
