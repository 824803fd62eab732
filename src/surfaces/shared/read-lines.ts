/** Lines of standard input, until its end or Ctrl-C. */
import { createInterface } from 'node:readline/promises';
import { setImmediate } from 'node:timers/promises';
import type { Process } from './process.ts';

/** Empty lines are passed over. */
export async function* readLines({ stdin, signal }: Process): AsyncGenerator<string, void, undefined> {
  const lines = createInterface({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY, signal });
  for await (const line of lines) {
    // What is answered offline never waits: without a pause, a closed pipe and Ctrl-C would not be seen in between.
    await setImmediate();
    if (signal.aborted) return;
    if (line.trim() !== '') yield line;
  }
}
