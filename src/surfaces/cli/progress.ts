/** One line on the terminal while a question takes longer than half a second; gone when the answer comes. */
import { sanitizeLine } from '../../present/sanitize.ts';
import { truncate } from '../../present/width.ts';

export interface Progress {
  show(message: string): void;
  clear(): void;
}

const DELAY_MS = 500;

export function createProgress(stderr: NodeJS.WriteStream): Progress {
  if (!stderr.isTTY) return { show: () => undefined, clear: () => undefined };
  const started = performance.now();
  let latest = 'reading';
  let drawn = false;
  const draw = () => {
    drawn = true;
    stderr.write(`\r\x1b[2K${truncate(`${sanitizeLine(latest)} …`, (stderr.columns ?? 80) - 1)}`);
  };
  const timer = setTimeout(draw, DELAY_MS).unref();
  return {
    show(message) {
      latest = message;
      // A long synchronous read holds the timer up, so what comes late is drawn at once.
      if (performance.now() - started >= DELAY_MS) draw();
    },
    clear() {
      clearTimeout(timer);
      if (drawn) stderr.write('\r\x1b[2K');
      drawn = false;
    },
  };
}
