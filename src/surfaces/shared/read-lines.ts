/** Lines of standard input, until its end or Ctrl-C. */
import { addAbortSignal } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { ConfigError } from '../../config/error.ts';
import { formatCount } from '../../finding/format.ts';
import type { Process } from './process.ts';

/** Characters. Holds the longest question, be each of its characters escaped in JSON. */
const LONGEST_LINE = 100_000;
const LINE_END = /\r\n|[\r\n]/;

/** What stands for a line of which nothing was kept: it had more characters than the longest. */
export class TooLongLine extends ConfigError {
  constructor() {
    super(`the line is longer than ${formatCount(LONGEST_LINE)} characters, and nothing of it was read`);
  }
}

/** Empty lines are passed over. */
export async function* readLines({ stdin, signal }: Process): AsyncGenerator<string | TooLongLine, void, undefined> {
  addAbortSignal(signal, stdin);
  try {
    for await (const line of splitLines(stdin.setEncoding('utf8'))) {
      // What is answered offline never waits: without a pause, a closed pipe and Ctrl-C would not be seen in between.
      await setImmediate();
      if (signal.aborted) return;
      yield line;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function* splitLines(chunks: AsyncIterable<string>): AsyncGenerator<string | TooLongLine, void, undefined> {
  let rest = '';
  let isTooLong = false;
  function* take(line: string): Generator<string | TooLongLine, void, undefined> {
    if (isTooLong || line.length > LONGEST_LINE) yield new TooLongLine();
    else if (line.trim() !== '') yield line;
    isTooLong = false;
  }
  for await (const chunk of chunks) {
    // The second half of a line end may be in the next chunk.
    const text = rest + chunk;
    const held = text.endsWith('\r') ? 1 : 0;
    const lines = text.slice(0, text.length - held).split(LINE_END);
    const last = lines.pop() ?? '';
    for (const line of lines) yield* take(line);
    if (last.length > LONGEST_LINE) isTooLong = true;
    rest = (isTooLong ? '' : last) + text.slice(text.length - held);
  }
  if (rest !== '' || isTooLong) yield* take(rest);
}
